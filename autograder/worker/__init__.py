"""What runs beside student code, inside the sandbox. This folder is the trust line.

`zygote` forks confined workers on Linux, `one_shot` is one worker elsewhere; both use `prepare`
(import torch and the probes), `run` (load a submission, ask it the probes, send frames) and
`loading` (a file in any state). `sandbox/` holds one module a wall. Nothing in here imports
anything of ours from outside this folder, and no answer, suite or solution may ever be passed in.
"""
