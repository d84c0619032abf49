"""The law: files read, checked and compiled to arrays."""
