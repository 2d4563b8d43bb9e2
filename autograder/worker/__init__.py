"""What runs beside student code, inside the sandbox. This folder is the trust line.

`zygote` forks confined workers on Linux, `one_shot` is one worker elsewhere; both use `prepare`
(import torch and the probes), `run` (load a submission, run the probes on it, send frames) and
`loading` (a file in any state): `cells` reads notebooks, `statements` cuts a file, `needs` tells which
statements count, `budget` ends long ones, `ipython` stands in for IPython. `surroundings` puts switches
back before each probe. `sandbox/` holds one module per wall. Modules in this folder import
nothing else of this package, and no answer, suite or solution may ever be passed in.
"""
