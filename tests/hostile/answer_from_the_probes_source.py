# tries: to read the probes, which are public, for answers
import gc
import types

OURS = [  # no name leads to them, but they are in this process
    thing
    for thing in gc.get_objects()
    if type(thing) is types.ModuleType and thing.__name__.partition(".")[0] in ("autograder", "__main__")
]

for module in OURS:
    for key, value in vars(module).items():
        if any(word in key.lower() for word in ("answer", "expected", "tolerance", "points")):
            raise RuntimeError("LOOT: " + key)
