"""The words: vocabulary and errors; imports nothing of ours."""
