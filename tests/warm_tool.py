"""Run a tool many times, in processes that are forked from one that has imported it.

    with WarmTool(["nbgrader.apps"], environment) as tool:
        done = tool.run("nbgrader", "autograde", "gan_pytorch", cwd=course)

is `python -m nbgrader autograde gan_pytorch` in that folder, without two seconds of imports each time.
"""

from __future__ import annotations

import importlib
import json
import os
import runpy
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path


class WarmTool:
    """A process with a tool's modules; close it when done."""

    def __init__(self, modules: Sequence[str], environment: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__, *modules],
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> WarmTool:
        return self

    def __exit__(self, *problem: object) -> None:
        self._process.communicate()

    def run(self, module: str, *arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
        """Run a module as `python -m` does; its output is stdout and stderr as they came."""
        assert self._process.stdin and self._process.stdout
        words = [module, *map(str, arguments)]
        with tempfile.NamedTemporaryFile() as printed:
            json.dump([words, str(cwd), printed.name], self._process.stdin)
            print(file=self._process.stdin, flush=True)
            code = int(self._process.stdout.readline())
            said = Path(printed.name).read_text()
        return subprocess.CompletedProcess(words, code, said)


def serve() -> None:
    """Run what is asked for on stdin, one after the other; answer with its exit code."""
    for line in sys.stdin:
        words, folder, printed = json.loads(line)
        pid = os.fork()
        if not pid:
            be_the_tool(words, folder, printed)
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def be_the_tool(words: list[str], folder: str, printed: str) -> None:
    """Run a module as if this process had been started for it; it ends by an exception or here."""
    target = os.open(printed, os.O_WRONLY)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(target, 1)
    os.dup2(target, 2)
    os.chdir(folder)
    sys.argv = words
    sys.path[0] = folder  # as `python -m` has it
    runpy.run_module(words[0], run_name="__main__", alter_sys=True)
    sys.exit()


if __name__ == "__main__":
    for name in sys.argv[1:]:
        importlib.import_module(name)
    serve()
