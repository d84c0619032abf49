"""The work: one file per verb; no SQL, no HTTP."""
