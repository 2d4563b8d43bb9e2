"""What this machine offers, as a table: walls around student code, and versions."""

from __future__ import annotations

import platform

from rich.console import Group, RenderableType
from rich.text import Text

from autograder import __version__
from autograder.parts import PARTS, is_students_package
from autograder.reports.status import IN_TERMINAL, SIGNS
from autograder.reports.terminal import plain_table
from autograder.running.runner import layers_in_force
from autograder.running.start import can_fork, start
from autograder.worker.sandbox.layers import LAYERS, STRICT

WHY = {
    "user namespace": "the worker's root is nobody outside",
    "mount namespace": "no answers, solutions or home folders in its file system",
    "pid namespace": "it sees no other process, and all it starts dies with it",
    "network namespace": "no network, not even to this machine",
    "ipc namespace": "no shared memory with others",
    "uts namespace": "its own host name",
    "own user id": "root is dropped; each worker is another user",
    "no capabilities": "it can undo none of this",
    "no new privileges": "no set-uid program helps it",
    "system-call filter": "no sockets, programs, tracing, mounts",
    "landlock": "a second list of the files that may be opened",
    "resource limits": "memory, processor time, processes, file sizes",
}


def examine() -> tuple[tuple[str, ...], dict[str, str]]:
    """Start a worker as for grading; return the layers in force and the versions."""
    part = PARTS[0]
    with start([part]) as workers:
        return layers_in_force(workers, part), workers.versions


def render(layers: tuple[str, ...], versions: dict[str, str]) -> RenderableType:
    """Return the table, and one line with the conclusion."""
    table = plain_table("Walls around student code", "", "layer", "what it is for")
    for layer in LAYERS:
        status = "passed" if layer in layers else "failed"
        sign = Text(SIGNS[status], style=IN_TERMINAL[status])
        table.add_row(sign, layer, WHY[layer])
    missing = [layer for layer in STRICT if layer not in layers]
    if not can_fork():
        verdict = (
            "This system has no walls for student code, and a submission takes seconds: check "
            "your own work here, and grade other people's on Linux (also in Docker, or WSL)."
        )
    elif missing:
        verdict = f"`--isolation strict` is unavailable here; missing: {', '.join(missing)}."
    else:
        verdict = "`--isolation strict` works here."
    versions_line = ", ".join(f"{name} {version}" for name, version in versions.items())
    host = f"{platform.system()} {platform.release()} {platform.machine()}"
    last = f"autograder {__version__}, {versions_line}, {host}"
    lines = ["", verdict, *([] if is_students_package() else [hidden_numbers()]), last]
    return Group(table, Text("\n".join(lines)))


def hidden_numbers() -> str:
    """Return one line: whether anybody can know what the hidden checks ask with."""
    own = [part.name for part in PARTS if part.key]
    if len(own) == len(PARTS):
        return "Hidden checks ask with numbers of your course's own."
    rest = (
        "Hidden checks ask with the public repository's numbers, for which anybody can look up the "
    )
    rest += "answers; `autograder record --key` draws numbers of your course's own."
    return f"{rest} It has some for {', '.join(own)}." if own else rest
