"""Every reader of outside input, given bytes that nobody wrote."""
