"""Add a check, step 1: ask the student's code something, and return arrays. One file a part."""
