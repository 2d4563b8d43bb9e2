"""Tell what a student wrote from what programs put beside it: environments, caches, settings.

An environment has thousands of source files, none of them the student's. So it is left out before
anything is counted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import PurePosixPath

IGNORED = frozenset(
    (
        *("__MACOSX", "__pycache__", "node_modules", "site-packages", "dist-packages"),
        *(".git", ".ipynb_checkpoints", ".venv"),
    )
)
PROOF = "pyvenv.cfg"  # beside the folders of an environment that Python made
CONDA = "conda-meta"  # or that conda made
# Only these folders beside the proof: some people make an environment of the folder they work in.
OF_ENVIRONMENTS = frozenset(
    "bin lib lib64 include share scripts dlls library conda-meta condabin pkgs envs etc man sbin ssl"
    " tcl tools var compiler_compat doc".split()
)


def left_by_a_program(*names: str) -> bool:
    """Return whether one of the names in a path is that of what a program or the system left.

    Names that begin with a dot are hidden from people, who do not hand in what they do not see.
    """
    return any(name in IGNORED or name.startswith(".") for name in names)


def worth_reading(folders: Iterable[str], names: Collection[str]) -> list[str]:
    """Return those of a folder's own folders, sorted, that may hold what a student wrote.

    Arguments:
        names: the names of the files in the same folder.
    """
    own = sorted(folder for folder in folders if not left_by_a_program(folder))
    if PROOF in names or CONDA in own:
        own = [folder for folder in own if folder.lower() not in OF_ENVIRONMENTS]
    return own


class Environments:
    """The environments among the paths of an archive, where all names are known in advance."""

    def __init__(self, names: Iterable[str]) -> None:
        self._roots: set[PurePosixPath] = set()
        for name in names:
            if name.endswith(PROOF):
                self._roots.add(PurePosixPath(name).parent)
            elif CONDA in name:
                parts = PurePosixPath(name).parts
                if CONDA in parts[:-1]:
                    self._roots.add(PurePosixPath(*parts[: parts.index(CONDA)]))

    def hold(self, path: PurePosixPath) -> bool:
        """Return whether a path, which must not be too deep, lies in an environment."""
        if not self._roots:
            return False
        inner = path
        for folder in path.parents:
            if folder in self._roots and inner != path and inner.name.lower() in OF_ENVIRONMENTS:
                return True
            inner = folder
        return False
