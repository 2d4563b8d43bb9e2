"""Outside the sandbox: start workers, send them submissions, read what comes back with suspicion.

`start` chooses between two kinds of workers with one `protocol`: `forked` (Linux, behind all walls) and
`fresh` (elsewhere, a new process each). `runner` asks a submission the probes, `wire` reads the frames,
`clock` and `limits` bound the time, `walls` says which layers are required, and `executors` run many
submissions at once. A new kind of worker is a module here that follows `protocol`.
"""
