"""The command line: each command makes one call and prints the result.

`main` is the entry, and `options` holds what commands share. To add a command, write a function in the
module of its kind, and add it to `main`.
"""
