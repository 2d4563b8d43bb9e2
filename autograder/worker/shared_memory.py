"""Count and remove what submissions leave in the machine's shared memory, outside a room.

In a room, each worker has its own /dev/shm, which ends with it. If namespaces are refused, all workers
share the machine's. There a file is a submission's if the worker's user owns it. If workers have no
user of their own, a file is a submission's if it is ours, appeared while submissions ran, and no other
program uses it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

PLACE = "/dev/shm"
MOST = 10_000  # entries that are checked; honest code leaves none


class SharedMemory:
    """The files that submissions left; knows which existed before any submission ran."""

    def __init__(self) -> None:
        self._known = {path for path, _ in _entries()}

    def remember(self) -> None:
        """Assume that all files are other programs'; call it while no submission runs."""
        self._known = {path for path, _ in _entries()}

    def used_by(self, user: int) -> int:
        """Return the bytes of a submission's files."""
        return sum(state.st_blocks * 512 for _, state in self._of(user))

    def remove(self, user: int, alone: bool) -> None:
        """Remove a submission's files; `alone` says whether no other submission runs.

        If the submission has its own user, its files are certain. Otherwise a file could be another
        submission's, so all are removed when the last submission ends.
        """
        own = user != os.geteuid()
        if not own and not alone:
            return
        paths = [path for path, _ in self._of(user)]
        used = "" if own or not paths else _in_use()
        for path in paths:
            if os.path.isdir(path) and not os.path.islink(path):
                shutil.rmtree(path, ignore_errors=True)
            elif own or path not in used:
                Path(path).unlink(missing_ok=True)

    def _of(self, user: int) -> Iterator[tuple[str, os.stat_result]]:
        for path, state in _entries():
            if state.st_uid == user and path not in self._known:
                yield path, state


def _entries() -> Iterator[tuple[str, os.stat_result]]:
    folders, count = [PLACE], 0
    while folders and count < MOST:
        try:
            names = os.listdir(folder := folders.pop())
        except OSError:
            continue  # missing, or not readable for us
        for name in names[: MOST - count]:
            path = os.path.join(folder, name)
            try:
                state = os.lstat(path)
            except OSError:
                continue  # removed meanwhile
            count += 1
            yield path, state
            if os.path.isdir(path) and not os.path.islink(path):
                folders.append(path)


def _in_use() -> str:
    """Return the paths that processes have mapped or open, as far as this user may see them."""
    paths = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            paths.append((process / "maps").read_text(errors="replace"))
            handles = list((process / "fd").iterdir())
        except OSError:
            continue  # ended meanwhile, or another user's
        for handle in handles:
            try:
                paths.append(os.readlink(handle))
            except OSError:
                continue  # closed meanwhile
    return "\n".join(paths)
