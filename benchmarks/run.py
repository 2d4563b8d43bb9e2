"""Run the benchmarks, one after the other, and print their tables: `make bench`, about 15 minutes.

    python benchmarks/run.py [--only peers cold ...] [--write]

Compare ratios within one run only. `--write` puts the tables into docs/performance.md, with the
versions and the date. The peers need `pip install -e ".[bench]"`.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import platform
import subprocess
import sys
from importlib import metadata
from pathlib import Path

from as_markdown import as_markdown

from autograder.parts import ROOT
from autograder.staff.documents import write_section

HERE = Path(__file__).resolve().parent
PAGE = ROOT / "docs" / "performance.md"
SCRIPTS = {
    "peers": ["peers"],
    "class": ["class_grading.py"],
    "warm": ["warm.py"],
    "walls": ["walls.py"],
    "cold": ["cold.py"],
    "training": ["training.py"],
}
WIDTH = "160"  # characters of a table: a cell that is wrapped would be two rows


def main() -> int:
    """Run every script; return how many failed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", nargs="+", choices=SCRIPTS, default=list(SCRIPTS))
    parser.add_argument("--write", action="store_true", help=f"Write into {PAGE.name}.")
    options = parser.parse_args()
    failed = 0
    for name in options.only:
        print(f"\n{name}", flush=True)
        line = [sys.executable, str(HERE / SCRIPTS[name][0]), *SCRIPTS[name][1:]]
        environment = {**os.environ, "COLUMNS": WIDTH}
        done = subprocess.run(line, check=False, stdout=subprocess.PIPE, text=True, env=environment)
        print(done.stdout, end="", flush=True)
        failed += done.returncode != 0
        if options.write and done.returncode == 0:
            write_section(PAGE, name, f"{circumstances()}\n\n{as_markdown(done.stdout)}")
    return failed


def circumstances() -> str:
    """Return the date, the versions and the machine of a measurement."""
    versions = [f"{name} {metadata.version(name)}" for name in ("torch", "numpy")]
    where = f"{os.cpu_count()} shared processor cores, {platform.system()} {platform.machine()}"
    when = dt.date.today().isoformat()
    return f"{when}, Python {platform.python_version()}, {', '.join(versions)}, {where}."


if __name__ == "__main__":
    sys.exit(main())
