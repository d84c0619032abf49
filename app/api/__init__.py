"""The door: HTTP in, HTTP out; translates, decides nothing."""
