"""The version of this software, named in every decision."""

VERSION = "0.1.0"
