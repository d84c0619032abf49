"""The identity: many spellings in, one canonical key out."""
