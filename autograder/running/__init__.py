"""Outside the sandbox: start workers, send them submissions, and check what comes back.

`start` chooses between two kinds of workers with one `protocol`: `forked` (Linux, behind all walls) and
`fresh` (elsewhere, a new process each). `runner` runs the probes on a submission, `wire` reads the
frames, `clock` and `limits` bound the time, `walls` says which layers are required, and `executors` run
many submissions at once. A new kind of worker is a module here that follows `protocol`.
"""
