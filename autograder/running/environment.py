"""What a worker's process starts with: its command, its variables, and the paths of packages."""

from __future__ import annotations

import re
import site
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograder.handins.submission import Submission
from autograder.parts import PACKAGE, Part
from autograder.running.limits import Limits

START_LIMIT = 120.0  # seconds for importing torch, on a slow disk
SCRUBBED = {
    "PATH": "/usr/bin:/bin",
    "HOME": "/tmp",
    "USER": "student",  # the worker's user id has no name
    "LANG": "C.UTF-8",
    "MPLBACKEND": "Agg",
    "MPLCONFIGDIR": "/tmp",
    "CUDA_VISIBLE_DEVICES": "",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONSAFEPATH": "1",
    "PYTHONBREAKPOINT": "0",  # nobody can answer a forgotten breakpoint()
    # A compiled network computes the same, but compiling needs a compiler and a minute.
    "TORCH_COMPILE_DISABLE": "1",
    "TORCHDYNAMO_DISABLE": "1",
    "TORCHINDUCTOR_COMPILE_THREADS": "1",  # else PyTorch 2.4 starts processes for it
    "PYTHONDONTWRITEBYTECODE": "1",
    "KERAS_BACKEND": "torch",
    # Each worker touches its memory for the first time: large pages and one growing heap save a tenth.
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1:glibc.malloc.mmap_threshold=33554432"
    ":glibc.malloc.trim_threshold=1000000000:glibc.malloc.top_pad=67108864",
}
PRELOADABLE = ("torch", "numpy", "torchvision", "matplotlib.pyplot", "PIL.Image", "scipy", "tqdm")
IMPORT = re.compile(rb'^(?: *")?(?:import|from) (\w{1,20})\b', re.MULTILINE)


def command(module: str) -> list[str]:
    """Return the command that starts a module of the worker's folder."""
    return [sys.executable, "-s", "-B", "-m", f"autograder.worker.{module}"]


def where_we_are() -> dict[str, str]:
    """Return the variable with which that command finds the module; the worker then removes it."""
    return {"PYTHONPATH": str(PACKAGE.parent)}


def specification(
    parts: Sequence[Part], isolation: str, preload: Sequence[str], limits: Limits
) -> dict[str, Any]:
    """Return what a process of the worker's folder is told before it gets a request."""
    return {
        "isolation": isolation,
        "sys_path": import_paths(),
        "preload": list(preload),
        "probes": {part.name: str(part.probes) for part in parts},
        "memory": limits.memory,
        "cpu_seconds": int(limits.total_seconds) + 5,
    }


def import_paths() -> list[str]:
    """Return where this Python finds installed packages: what student code may import and read.

    That is its own library, and what pip or the system installed. Other folders on the path stay out:
    our checkout, the current folder, in which a class's files may be (``python -m`` puts it there), and
    what staff put into PYTHONPATH, such as their helpers or answers.
    """
    places = [place for place in map(_real, sys.path) if place is not None]
    own = {_real(place) for place in _installed()}
    ours = _real(str(PACKAGE.parent))
    here = {ours, Path.cwd().resolve()}
    purelib = _real(sysconfig.get_path("purelib"))  # also holds this package, if it is installed
    return [
        str(place)
        for place in dict.fromkeys(places)
        if place in own - {ours}
        or place == purelib
        or (place not in here and _holds_packages(place))
    ]


def _real(place: str) -> Path | None:
    """Return a folder's path without links; None if it is not a folder, or is '' (the current one)."""
    path = Path(place)
    return path.resolve() if place and path.is_dir() else None


def _installed() -> list[str]:
    """Return the folders of this Python's own library and of packages, and what .pth files add."""
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    packages = [sysconfig.get_path(name) for name in names]
    packages += site.getsitepackages()
    if site.ENABLE_USER_SITE:
        packages.append(site.getusersitepackages())
    dynamic = [str(Path(place, "lib-dynload")) for place in packages[:2]]
    on_windows = [sys.base_prefix, str(Path(sys.base_prefix, "DLLs"))] * (sys.platform == "win32")
    added = [
        str(Path(place, line.strip()))  # a package in development (`pip install -e`)
        for place in dict.fromkeys(packages[2:])
        for pth in sorted(Path(place).glob("*.pth"))
        for line in pth.read_text(encoding="utf-8", errors="replace").splitlines()
        if line.strip() and not line.startswith(("import ", "import\t", "#"))
    ]
    return [*packages, *dynamic, *on_windows, *added]


def _holds_packages(place: Path) -> bool:
    """Return whether a folder holds installed packages; `pip --target` accepts any folder's name."""
    return place.name in ("site-packages", "dist-packages") or any(
        about.is_dir() for about in place.glob("*.dist-info")
    )


def library_paths() -> list[str]:
    """Return the folders of shared libraries: the system's, and this Python's own."""
    places = ["/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib"]
    places += [str(Path(prefix).resolve() / "lib") for prefix in (sys.prefix, sys.base_prefix)]
    return [place for place in places if Path(place).is_dir()]


def wanted_imports(submission: Submission, part: Part) -> list[str]:
    """Return the heavy packages that a submission imports at the start of a line, to preload them.

    A line of a notebook begins with a quotation mark. Imports inside functions are ignored.
    """
    wanted = set(part.imports)
    packages = {name.partition(".")[0]: name for name in PRELOADABLE}
    for text in submission.files.values():
        for match in IMPORT.finditer(text):
            if name := packages.get(match[1].decode()):
                wanted.add(name)
    return [name for name in dict.fromkeys((*PRELOADABLE, *part.imports)) if name in wanted]
