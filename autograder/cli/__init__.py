"""The command line: arguments -> one call, printed. `main` is the entry, `options` what commands share.

To add a command: a function in the module of its kind, and its name in `main`.
"""
