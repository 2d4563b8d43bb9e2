"""Run the benchmarks that take minutes, one after the other: `make bench`.

Each prints its own table; ratios within one run are what counts.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
SCRIPTS = ("cold.py", "warm.py", "walls.py", "class_grading.py", "training.py")


def main() -> int:
    """Run every script; return how many failed."""
    failed = 0
    for name in SCRIPTS:
        print(f"\n{name}", flush=True)
        failed += subprocess.run([sys.executable, str(HERE / name)], check=False).returncode != 0
    return failed


if __name__ == "__main__":
    sys.exit(main())
