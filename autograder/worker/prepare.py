"""Make a process ready for submissions: packages imported, torch warm, probes loaded.

Probes import torch, and torch is imported behind the walls, where none of our files can be opened. So
their sources are read first and imported from memory. After that, none of our modules can be imported.
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import sys
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.worker.compiler import postpone_compiler
from autograder.worker.surroundings import seed_everything

OURS = "autograder"
SHARED = "probing"  # the folder beside this one, which probes import
FORMULA = f"{OURS}.{SHARED}.formula"


@dataclass(frozen=True)
class Probes:
    """The probes of each part, and how to tell them the course's key."""

    by_part: Mapping[str, types.ModuleType]
    use_key: Callable[[str], object]

    def of(self, part: str, key: str) -> types.ModuleType:
        """Return a part's probes, ready to ask with the numbers of a course's key."""
        self.use_key(key)
        return self.by_part[part]


def read_sources(probes: Mapping[str, str]) -> dict[str, str]:
    """Return the source of the probes and of what they share, by module name.

    `probes` maps a part's name to the path of its probes.
    """
    shared = Path(__file__).parents[1] / SHARED
    paths = {f"{OURS}.{SHARED}.{path.stem}": path for path in sorted(shared.glob("[!_]*.py"))}
    paths.update({f"{OURS}.probes.{part}": Path(path) for part, path in probes.items()})
    sources = {name: path.read_text(encoding="utf-8") for name, path in paths.items()}
    return {f"{OURS}.{SHARED}": "", f"{OURS}.probes": "", **sources}


def preload(names: Sequence[str]) -> dict[str, str]:
    """Import what submissions will need; return versions.

    A package that is not installed is skipped: a submission that imports it gets the error.
    """
    versions = {"python": ".".join(map(str, sys.version_info[:3]))}
    for name in names:
        try:
            importlib.import_module(name)
        except Exception:
            continue
        package = name.partition(".")[0]
        versions[package] = str(getattr(sys.modules[package], "__version__", ""))
        if name == "torch":
            postpone_compiler()
    return versions


def warm_up() -> None:
    """Take a tiny step of training, so that torch imports now what it imports on first use."""
    torch = sys.modules.get("torch")
    if torch is None:
        return
    torch.set_num_threads(1)  # threads would not survive the fork
    seed_everything()
    weight = torch.nn.Linear(1, 1)
    weight(torch.ones(1, 1)).sum().backward()
    torch.optim.Adam(weight.parameters()).step()


def import_probes(sources: Mapping[str, str]) -> Probes:
    """Import the probes from what `read_sources` returned.

    Afterwards none of our modules can be imported by name, because student code shares this process.
    """
    finder = _FromMemory(sources)
    sys.meta_path.insert(0, finder)
    prefix = f"{OURS}.probes."
    try:
        by_part = {
            name.removeprefix(prefix): importlib.import_module(name)
            for name in sources
            if name.startswith(prefix)
        }
        return Probes(by_part, importlib.import_module(FORMULA).COURSE_KEY.set)
    finally:
        sys.meta_path.remove(finder)
        for name in [name for name in sys.modules if name.partition(".")[0] == OURS]:
            del sys.modules[name]


class _FromMemory(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Import modules from sources that were read before."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self._sources = sources

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: types.ModuleType | None = None,
    ) -> importlib.machinery.ModuleSpec | None:
        """Return how to import a module that was read; None for any other."""
        if fullname not in self._sources:
            return None
        package = any(name.startswith(fullname + ".") for name in self._sources)
        return importlib.util.spec_from_loader(fullname, self, is_package=package)

    def get_source(self, fullname: str) -> str:
        """Return a module's source."""
        return self._sources[fullname]

    def get_code(self, fullname: str) -> types.CodeType:
        """Compile a module; its file name is in angle brackets, which marks it in tracebacks."""
        return compile(self._sources[fullname], f"<{fullname}>", "exec", dont_inherit=True)
