"""Add a check, step 2: judge the arrays. One pytest file per part; a test with a mark is a check."""
