"""What a worker's process starts with: its command, variables, and where it finds packages."""

from __future__ import annotations

import re
import sys
import sysconfig
from pathlib import Path

from autograder.handins.submission import Submission
from autograder.parts import PACKAGE, Part

START_LIMIT = 120.0  # seconds for importing torch, on a slow disk
SCRUBBED = {
    "PATH": "/usr/bin:/bin",
    "HOME": "/tmp",
    "USER": "student",  # the worker's user id has no name of its own
    "LANG": "C.UTF-8",
    "MPLBACKEND": "Agg",
    "MPLCONFIGDIR": "/tmp",
    "CUDA_VISIBLE_DEVICES": "",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONSAFEPATH": "1",
    "PYTHONBREAKPOINT": "0",  # a forgotten breakpoint() has nobody to talk to
    # A compiled network computes the same; compiling takes a compiler, and a minute.
    "TORCH_COMPILE_DISABLE": "1",
    "TORCHDYNAMO_DISABLE": "1",
    "TORCHINDUCTOR_COMPILE_THREADS": "1",  # else PyTorch 2.4 starts processes for it
    "PYTHONDONTWRITEBYTECODE": "1",
    "KERAS_BACKEND": "torch",
    # Workers touch every page for the first time: large pages and one growing heap save a tenth.
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1:glibc.malloc.mmap_threshold=33554432"
    ":glibc.malloc.trim_threshold=1000000000:glibc.malloc.top_pad=67108864",
}
PRELOADABLE = ("torch", "numpy", "torchvision", "matplotlib.pyplot", "PIL.Image", "scipy", "tqdm")


def command(module: str) -> list[str]:
    """Return the command that starts a module of the worker's folder."""
    return [sys.executable, "-s", "-B", "-m", f"autograder.worker.{module}"]


def where_we_are() -> dict[str, str]:
    """Return the variable by which that command finds the module, and which it then drops."""
    return {"PYTHONPATH": str(PACKAGE.parent)}


def import_paths() -> list[str]:
    """Return where this Python finds packages, without our own checkout and the current folder.

    ``python -m autograder`` puts the current folder on the path, and a class may lie in it.
    """
    ours = {str(PACKAGE.parent), str(Path.cwd())}
    paths = [str(Path(p).resolve()) for p in sys.path if p and Path(p).is_dir()]
    installed = {sysconfig.get_path(name) for name in ("purelib", "platlib")}
    return [p for p in dict.fromkeys(paths) if p not in ours or p in installed]


def library_paths() -> list[str]:
    """Return where shared libraries lie: the system's, and this Python's own."""
    places = ["/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib"]
    places += [str(Path(prefix).resolve() / "lib") for prefix in (sys.prefix, sys.base_prefix)]
    return [place for place in places if Path(place).is_dir()]


def wanted_imports(submission: Submission, part: Part) -> list[str]:
    """Return which heavy packages a submission imports at the start of a line, to be preloaded.

    A line of a notebook begins with a quotation mark. An import inside a function is not looked at.
    """
    found = set(part.imports)
    for text in submission.files.values():
        for name in PRELOADABLE:
            package = name.partition(".")[0]
            if re.search(rf'^(?: *")?(?:import|from) {package}\b'.encode(), text, re.MULTILINE):
                found.add(name)
    return [name for name in dict.fromkeys((*PRELOADABLE, *part.imports)) if name in found]
