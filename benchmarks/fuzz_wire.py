"""Send the engine a million made-up frames, and count the results.

    python benchmarks/fuzz_wire.py [--frames N] [--seed S]

Every reply goes the same way as a real worker's: through a pipe into ``runner.run``. A reply may be
read or refused. Anything else (an exception, a probe without a status, growing memory, a file or an
open descriptor left behind) is a failure, and the exit code is 1. "malformed" and "unloadable" are
refusals; "crash" is a reply that ended too early.
"""

from __future__ import annotations

import argparse
import collections
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tqdm import tqdm

from tests.test_wire import assert_sound
from tests.wire import Mutator, replay

GROWTH = 64  # MB; a reply holds at most 1 MB, as a pipe does


def main() -> int:
    """Run, print the figures, and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--frames", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    made_up = Mutator(options.seed)
    replies = 0
    statuses: collections.Counter[str] = collections.Counter()
    failures = 0
    folder = tempfile.mkdtemp(prefix="fuzz-")
    tempfile.tempdir = folder  # to notice files that are left behind
    replay(made_up.reply)
    memory, opened = _peak(), _open()
    began = time.monotonic()
    with tqdm(total=options.frames, unit="frame", unit_scale=True) as bar:
        while made_up.frames < options.frames:
            try:
                replies += 1
                outputs = replay(made_up.reply)
                assert_sound(outputs)
                statuses.update(s.status for s in outputs.statuses.values())
            except Exception as problem:
                failures += 1
                tqdm.write(f"{type(problem).__name__}: {problem}")
            bar.update(made_up.frames - bar.n)
    left = list(Path(folder).iterdir())
    if not left:
        Path(folder).rmdir()
    grown, opened = _peak() - memory, _open() - opened
    print(f"frames {made_up.frames} in {replies} replies, {time.monotonic() - began:.0f} s")
    print("probes by status:", ", ".join(f"{k} {n}" for k, n in sorted(statuses.items())))
    print(
        f"failures {failures}, peak memory grown by {grown} MB, "
        f"files left {len(left)}, descriptors left {opened}"
    )
    return 1 if failures or left or opened > 0 or grown > GROWTH else 0


def _open() -> int:
    return len(os.listdir("/dev/fd"))


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


if __name__ == "__main__":
    sys.exit(main())
