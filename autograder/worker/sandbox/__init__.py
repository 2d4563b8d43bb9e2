"""The walls around a worker, one module each, standard library only.

`room` (namespaces and an almost empty root directory), `rights` (limits, user id, capabilities),
`landlock` (files), `seccomp` (system calls). `layers` names them all, and `system` makes the calls.
To add a wall: write its module, call it from `rights.drop_rights`, and give it a name in
`layers.LAYERS`.
"""
