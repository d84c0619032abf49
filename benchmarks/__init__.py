"""How fast the screening is: named questions, each a figure and a ratio to a baseline timed in the same run."""
