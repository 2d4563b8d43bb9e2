"""The parts of the homework. A part's name says where all of its files are."""

from __future__ import annotations

import ast
import functools
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import KW_ONLY, dataclass, replace
from pathlib import Path
from typing import overload

from autograder import homework
from autograder.errors import SourceError
from autograder.files import parse

PACKAGE = Path(__file__).resolve().parent
# In a checkout, solutions/ and checks/ are beside the package; in an installed staff package, in it.
ROOT = PACKAGE / "data" if (PACKAGE / "data").is_dir() else PACKAGE.parent
REFERENCE = "reference"
NETWORKS = (
    "networks"  # in a file of answers, beside the arrays: the layers of the solution's networks
)
STAFF_ONLY = PACKAGE / "staff" / "templates"  # the students' package lacks it
GIVEN = "_given"  # in a probe's name: the function gets correct versions of what it calls
LANGUAGES = ("", "zh")  # of notebooks; English has no suffix


@dataclass(frozen=True, slots=True)
class Part:
    """One graded module of the homework; all paths follow from its name.

    Attributes:
        name: the module's name, the student's file without its suffix.
        title: its name for people.
        imports: the packages that its solution imports; workers import them in advance.
        modules: files beside its solution that students get unchanged, without suffix.
        file: the students' file without its suffix, if it is another part's.
        answers_of: the part whose stored answers it uses, for example in another framework.
        trains: whether its probes train networks, which needs longer limits.
        reads: packages whose data its probes read, although nothing imports them.
        course: the folder in checks/ of the course's own key and answers, used if it has a key.
        root: the checkout or the data folder that holds solutions/ and checks/.
        home: the folder that holds probes/, suites/ and mistakes/: this package, or a homework.
    """

    name: str
    title: str
    _: KW_ONLY
    imports: tuple[str, ...] = ("torch", "numpy")
    modules: tuple[str, ...] = ()
    file: str = ""
    answers_of: str = ""
    trains: bool = False
    reads: tuple[str, ...] = ()
    course: str = "course"
    root: Path = ROOT
    home: Path = PACKAGE

    @property
    def outside(self) -> bool:
        """Whether it is of a course's own homework, in a folder outside of this package."""
        return self.home != PACKAGE

    @property
    def stem(self) -> str:
        """The name of the students' file, without its suffix."""
        return self.file or self.name

    @property
    def solution(self) -> Path:
        return self.root / "solutions" / f"{self.stem}.py"

    def notebook(self, language: str = "") -> Path:
        """Return the notebook's source in a language; empty means English."""
        suffix = f".{language}.ipynb" if language else ".ipynb"
        return self.root / "solutions" / f"{self.name}{suffix}"

    @property
    def given(self) -> tuple[Path, ...]:
        """The modules that students get unchanged."""
        return tuple(self.root / "solutions" / f"{name}.py" for name in self.modules)

    @property
    def stub(self) -> Path:
        return self.root / "assignment" / f"{self.stem}.py"

    @property
    def answers(self) -> Path:
        return self._checks / f"{self.answers_of or self.name}.npz"

    @property
    def fingerprints(self) -> Path:
        return self._checks / f"{self.name}.mistakes.npz"

    @property
    def signatures(self) -> Path:
        return self._checks / f"{self.name}.sha256"

    @property
    def key_file(self) -> Path:
        """The file of the course's key, if the course has one for this part."""
        return self.root / "checks" / self.course / f"{self.answers_of or self.name}.key"

    @property
    def key(self) -> str:
        """The course's key, from which the numbers that probes ask with follow; "" without one."""
        if not self.course or not self.key_file.is_file():
            return ""
        return self.key_file.read_text(encoding="utf-8").strip()

    @property
    def key_id(self) -> str:
        """What tells one key from another, and gives none away; "" without one."""
        return hashlib.sha256(f"key {key}".encode()).hexdigest()[:16] if (key := self.key) else ""

    @property
    def released(self) -> Part:
        """This part with the numbers of the public repository, which students' copies have."""
        return replace(self, course="")

    @property
    def _checks(self) -> Path:
        """The folder of answers: the course's own, if it has a key."""
        return self.root / "checks" / (self.course if self.key else "")

    @property
    def probes(self) -> Path:
        return self.home / "probes" / f"{self.name}.py"

    @property
    def suite(self) -> Path:
        return self.home / "suites" / f"test_{self.name}.py"

    @property
    def mistakes(self) -> Path:
        """The folder of known mistakes, a file for each function."""
        return self.home / "mistakes" / self.name

    @property
    def variants(self) -> Path:
        """The folder of right answers that are written in other ways."""
        return self._tests / "variants" / self.name

    @property
    def unlisted(self) -> Path:
        """The folder of wrong functions that are in no list."""
        return self._tests / "unlisted" / self.name

    @property
    def _tests(self) -> Path:
        return self.home if self.outside else ROOT / "tests"

    @property
    def asks(self) -> tuple[Path, ...]:
        """The files that define the probes: the part's own, and what all parts' probes share."""
        return (self.probes, *sorted((PACKAGE / "probing").glob("*.py")))

    def probe_names(self) -> list[str]:
        """Return the probes' names in the order of the file, which is parsed and never imported.

        `probe_reference` is left out: it runs only when answers are recorded, without student code.
        """
        return [name for name in self._functions() if name != REFERENCE]

    def functions(self) -> list[str]:
        """Return the names of what students write; each has a probe with its name."""
        return [name for name in self.probe_names() if GIVEN not in name]

    def probes_of(self, *functions: str) -> list[str]:
        """Return the probes of some functions, also those that give them correct versions to call."""
        return [name for name in self.probe_names() if name.partition(GIVEN)[0] in functions]

    def recorded_names(self) -> list[str]:
        """Return the names of the probes that run when answers are recorded."""
        return self._functions()

    def _functions(self) -> list[str]:
        return list(_probes(self.probes, self.probes.stat().st_mtime_ns))


@functools.lru_cache(maxsize=64)
def _probes(path: Path, changed: int) -> tuple[str, ...]:
    """Return the names of a file's probes; `changed`, its time, keeps the cache up to date."""
    tree = parse(path.read_text(encoding="utf-8"))
    names = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    return tuple(name.removeprefix("probe_") for name in names if name.startswith("probe_"))


class Known(Sequence[Part]):
    """The parts that commands know: this package's, or those of the homework in use."""

    def __init__(self, own: tuple[Part, ...], extra: bool = False) -> None:
        self._own = own
        self._extra = extra

    def _now(self) -> tuple[Part, ...]:
        folder = homework.in_use()
        if folder is None:
            return self._own
        return () if self._extra else _parts_of(folder, homework.parts_in(folder))

    @overload
    def __getitem__(self, place: int) -> Part: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Part, ...]: ...
    def __getitem__(self, place: int | slice) -> Part | tuple[Part, ...]:
        return self._now()[place]

    def __len__(self) -> int:
        return len(self._now())

    def __iter__(self) -> Iterator[Part]:
        return iter(self._now())


@functools.lru_cache(maxsize=4)
def _parts_of(folder: Path, described: tuple[homework.Described, ...]) -> tuple[Part, ...]:
    """Return a homework's parts; everything that belongs to one is in its folder."""
    return tuple(
        Part(
            one.name,
            one.title,
            imports=one.imports,
            modules=one.modules,
            root=folder,
            home=folder,
        )
        for one in described
    )


VISION = ("torch", "torchvision", "numpy")
OWN = (
    Part("gan_pytorch", "GANs on handwritten digits", modules=("gan_training", "ablations")),
    Part("gaussian_gan", "A GAN in two dimensions"),
    Part("dcgan", "A DCGAN on 64x64 colour images", imports=VISION),
    Part("dog_breeds", "Transfer learning on dog breeds", imports=VISION),
    Part("wgan_gp", "A Wasserstein GAN with gradient penalty"),
)
# Graded only on request, with their own points.
OWN_EXTRAS = (
    Part(
        "gan_learning",
        "Do the GANs learn?",
        file="gan_pytorch",
        trains=True,  # a minute or two
        reads=("sklearn",),
    ),
    Part(  # needs a package that the others do not
        "dcgan_keras",
        "A DCGAN in Keras 3",
        imports=("torch", "numpy", "keras"),
        answers_of="dcgan",
    ),
)
PARTS, EXTRAS = Known(OWN), Known(OWN_EXTRAS, extra=True)


def is_students_package() -> bool:
    """Tell whether this is the students' package: it has no answers, and public checks alone."""
    return not STAFF_ONLY.is_dir()


def known() -> list[Part]:
    """Return every part, the extra ones last."""
    return list(PARTS) + list(EXTRAS)


def named_after(stem: str) -> list[Part]:
    """Return the part that a file is meant for, by its name without suffix; empty if none fits."""
    fitting = [p for p in known() if not p.file and stem.startswith(p.name)]
    return sorted(fitting, key=lambda part: len(part.name))[-1:]


def training_of(chosen: Iterable[Part]) -> list[Part]:
    """Return the extra parts that train the networks of these parts."""
    files = {part.stem for part in chosen if not part.trains}
    return [part for part in EXTRAS if part.trains and part.stem in files]


def get(name: str) -> Part:
    """Return the part with that name; raise SourceError if there is none."""
    for part in known():
        if part.name == name:
            return part
    names = ", ".join(part.name for part in PARTS)
    other = "" if homework.in_use() else "; a course's own homework is named by --homework"
    raise SourceError(f"there is no part {name!r}; the parts are: {names}{other}")
