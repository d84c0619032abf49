"""The command line's smaller commands, a file for each subject."""
