"""The workshop: large files, worked through in processes of their own."""
