"""Write what other platforms need to grade with this package: Gradescope, Classroom 50, otter, Docker.

Each bundle is the package's own files and a few templates from `platforms/`. A platform whose files
students can read gets the students' copy of the package.
"""

from __future__ import annotations

import importlib.util
import platform
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

from autograder.errors import SourceError
from autograder.files import pack_zip, write_bytes
from autograder.grading import PUBLIC_CHECKS
from autograder.judging import signatures
from autograder.judging.suite import Suite
from autograder.parts import PACKAGE, Part
from autograder.platforms.hosted import CONFIG, Config
from autograder.reports import rendering
from autograder.running.environment import PRELOADABLE
from autograder.staff import contents, release

TEMPLATES = PACKAGE / "platforms" / "templates"
UV = "0.13.9"  # installs the right Python if the system has another one
CPU_INDEX = "https://download.pytorch.org/whl/cpu"  # from PyTorch's manual; a tenth of the size
GRADES = ("numpy", "pytest")  # what `hosted` imports
COMMANDS = ("click", "jinja2", "packaging", "rich")  # what `grade-class` imports besides
OF_TORCH = re.compile(
    r"torch(vision)?|triton|nvidia-.*|cuda-.*"
)  # torch's index has its own builds
# Import name -> name of the package, if they differ.
DISTRIBUTIONS = {"PIL": "pillow", "sklearn": "scikit-learn"}


def gradescope(parts: Sequence[Part], path: Path, hidden: str, cpu: bool = True) -> None:
    """Write the zip that is uploaded as a programming assignment's autograder.

    Arguments:
        hidden: when students see hidden checks: "after_published", "hidden" or "visible".
        cpu: install PyTorch without CUDA, from PyTorch's own index.
    """
    values = _values(parts, cpu)
    source = _source(parts, hidden)
    source["requirements.txt"] = _lines(pins(_names(parts)))
    scripts = ("setup.sh", "run_autograder")
    source.update({name: _rendered(f"gradescope/{name}", values) for name in scripts})
    write_bytes(path, pack_zip(source, scripts))


def classroom50(parts: Sequence[Part], folder: Path, cpu: bool = True) -> list[Path]:
    """Write an assignment's folder for Classroom 50, and a plain workflow; return the files."""
    values = _values(parts, cpu)
    files = {f"autograder/{name}": data for name, data in contents.students().items()}
    files[PUBLIC_CHECKS] = release.public_checks(parts)
    files["requirements.txt"] = _lines(pins(_names(parts)))
    for name in ("autograder.py", "grade.yml"):
        files[name] = _rendered(f"classroom50/{name}", values)
    return _written(folder, files)


def otter(parts: Sequence[Part], folder: Path) -> list[Path]:
    """Write a test file for each part in otter's exception form; return the files."""
    files = {}
    for part in parts:
        with Suite(part.suite) as suite:
            values = {"part": part.name, "checks": suite.checks}
            files[f"tests/{part.name}.py"] = _rendered("otter/tests.py", values)
    return _written(folder, files)


def container(parts: Sequence[Part], folder: Path, cpu: bool = True) -> list[Path]:
    """Write the folder that builds a grading host's image; return the files."""
    values = _values(parts, cpu)
    files = {f"source/{name}": data for name, data in _source(parts).items()}
    files["requirements.txt"] = _lines(pins([*_names(parts), *COMMANDS]))
    for name in ("Dockerfile", "compose.yaml"):
        files[name] = _rendered(f"container/{name}", values)
    return _written(folder, files)


def pins(names: Iterable[str]) -> list[str]:
    """Return these distributions and all that they need, at the versions installed here, sorted.

    PyTorch's own are left out: see `torch_pins`. What is not installed here is skipped.
    """
    waiting, versions = list(names), dict[str, str]()
    while waiting:
        name = _canonical(waiting.pop())
        if name in versions or OF_TORCH.fullmatch(name):
            continue
        try:
            about = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        versions[name] = about.version
        for line in about.requires or ():
            requirement = Requirement(line)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                waiting.append(requirement.name)
    return [f"{name}=={version}" for name, version in sorted(versions.items())]


def torch_pins() -> list[str]:
    """Return PyTorch's distributions at the versions installed here, without the build."""
    versions = {name: metadata.version(name).partition("+")[0] for name in ("torch", "torchvision")}
    return [f"{name}=={version}" for name, version in versions.items()]


def _names(parts: Sequence[Part]) -> list[str]:
    """Return what the grader, the parts and most submissions import, and what probes read.

    Raises SourceError if a part's data is not installed here: it would be missing there, too.
    """
    for part in parts:
        for name in part.reads:
            if importlib.util.find_spec(name) is None:
                raise SourceError(f"{part.name}: needs {DISTRIBUTIONS.get(name, name)}; install it")
    wanted = [*PRELOADABLE, *(name for part in parts for name in (*part.imports, *part.reads))]
    packages = {name.partition(".")[0] for name in wanted}
    needed = {
        name for line in metadata.requires("torch") or () for name in [Requirement(line).name]
    }
    return [*GRADES, *sorted(needed), *sorted(DISTRIBUTIONS.get(name, name) for name in packages)]


def _source(parts: Sequence[Part], hidden: str = Config(()).hidden) -> dict[str, bytes]:
    """Return the package without solutions, these parts' answers, and the bundle's settings."""
    for part in parts:
        signatures.check(part)
    files = {f"autograder/{n}": data for n, data in contents.grading(parts).items()}
    config = Config(tuple(parts), hidden).dumps()
    return {**files, f"autograder/{contents.DATA}/{CONFIG}": config}


def _values(parts: Sequence[Part], cpu: bool) -> dict[str, object]:
    version = platform.python_version_tuple()
    return {
        "parts": [part.name for part in parts],
        "python": ".".join(version[:2]),
        "torch": torch_pins(),
        "index": CPU_INDEX if cpu else "",
        "uv": UV,
    }


def _rendered(name: str, values: Mapping[str, object]) -> bytes:
    environment = rendering.environment(TEMPLATES, html=False, trim=False)
    return environment.get_template(f"{name}.jinja").render(values).encode()


def _lines(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _written(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write files into a new or empty folder; return their paths."""
    if folder.is_dir() and any(folder.iterdir()):
        raise SourceError(f"{folder}: is not empty; choose a new folder")
    try:
        for name, data in files.items():
            write_bytes(folder / name, data)
    except BaseException:  # such as a full disk: half a bundle would only be in the way
        for name in files:
            top = folder / Path(name).parts[0]
            shutil.rmtree(top) if top.is_dir() else top.unlink(missing_ok=True)
        raise
    return [folder / name for name in files]
