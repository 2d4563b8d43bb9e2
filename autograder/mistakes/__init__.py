"""Add a check, step 3: how students get it wrong, in what words they read it.

A folder for each part, and in it a file for each function.
"""
