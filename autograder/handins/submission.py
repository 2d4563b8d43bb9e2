"""Find what was handed in: a .py, a notebook, a folder or an archive -> a Submission in memory.

Nothing is unpacked to disk or run here: a submission is names and bytes; the worker writes them.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from autograder.errors import SubmissionError
from autograder.handins import tree as trees
from autograder.handins.beside import data_beside, in_its_package, modules_beside, owns_folder
from autograder.handins.choosing import Choice, Facts, choose, held
from autograder.handins.completing import completed
from autograder.handins.members import Member, Problem, is_archive
from autograder.handins.names import gives
from autograder.handins.packing import packed
from autograder.handins.reading import SOURCES, check_text, in_utf_8, read_file
from autograder.handins.tree import Tree
from autograder.handins.writes import code_of
from autograder.parts import Part

FEW = 5  # files that a line names
NOTHING = "it defines none of the functions; hand in the {}.py that defines them"
GIVEN = "a module that the homework gives, not your work; hand in {}.py"


@dataclass(frozen=True, slots=True)
class Submission:
    """What one student handed in for one part.

    Attributes:
        label: its name in reports.
        main: the path of the file that holds the part's functions; its name is the part's.
        files: every source file, and the data that they read, by their paths from the top.
        notes: lines for the student, such as which files were not graded.
    """

    label: str
    main: str
    files: dict[str, bytes]
    notes: tuple[str, ...] = ()
    source: str = ""  # the main file's name as it was handed in


class HandIn:
    """Everything that one student handed in; read once, for all parts.

    Arguments:
        label: its name in reports.
        where: its name in messages.
        tree: what it holds.
        alone: the file's own path, if one file was given and what lies beside it may be others'.
    """

    def __init__(self, label: str, where: str, tree: Tree, alone: Path | None = None) -> None:
        self.label = label
        self._where = where
        self.tree = tree
        self.alone = alone
        self._facts = Facts.of(tree.sources)

    def holds(self, part: Part) -> bool:
        """Return whether a name, or most functions, say that this holds a part."""
        self._learn(part)
        return choose(self._facts, part).sure

    def of(self, part: Part) -> Submission:
        """Return the submission for a part; raise SubmissionError, which says what there is instead."""
        self._learn(part)
        if self.alone is not None:
            return self._of_one_file(self.alone, part)
        tree = self.tree
        choice = choose(self._facts, part, whole=not tree.others and not tree.problems)
        if choice.main is None or (tree.problems and not choice.sure):
            raise self._nothing(part)
        name, sources = choice.main, tree.sources
        check_text(f"{self._where}: {name}", sources[name])
        if self._is_empty_notebook(name, part) and not _modules(sources):
            raise SubmissionError(f"{self._where}: {name}: {NOTHING.format(part.stem)}")
        text, note = self._text(choice, part)
        if not choice.sure and self._facts.defines_nothing(name, part):
            note.append(f"{_short(name)} defines none of the functions")
        notes = (*_aside(choice), *note, *tree.notes, *_unread(tree.problems))
        main, files = packed(name, text, part, sources, tree.data, self.label)
        return Submission(self.label, main, files, notes, name)

    def _learn(self, part: Part) -> None:
        """Read the files again for a part that is not one of the homework's."""
        if not self._facts.know(part):
            self._facts = Facts.of(self.tree.sources, part)

    def _is_empty_notebook(self, name: str, part: Part) -> bool:
        """Return whether a file is a notebook that defines and imports none of the part's functions.

        Notebooks are handed out like that: the functions are in the .py beside them. A damaged one is
        left to the worker, which says so.
        """
        if self._facts.code[name] is None or not name.endswith(".ipynb"):
            return False
        return self._facts.defines_nothing(name, part)

    def _text(self, choice: Choice, part: Part) -> tuple[bytes, list[str]]:
        """Return the text of the main file, with what another file adds to it, and a note on that."""
        assert choice.main is not None
        if not choice.completed:
            return self.tree.sources[choice.main], []
        text = completed(self._facts, choice.main, choice.completed, part)
        if text is None:
            return self.tree.sources[choice.main], []
        added = self._facts.total(choice.completed, part) - self._facts.total(choice.main, part)
        names = ", ".join(sorted(added))
        return text, [f"graded together: {choice.main}, and from {choice.completed}: {names}"]

    def _of_one_file(self, path: Path, part: Part) -> Submission:
        """Return the submission of one file of any name, with what lies beside it and belongs to it."""
        (name,) = self.tree.sources
        stem, data = PurePosixPath(name).stem, self.tree.sources[name]
        choice = choose(self._facts, part)
        if choice.main is None and (wrong := self._wrong(stem, name, part)):
            raise SubmissionError(f"{path}: {wrong}")
        lacking = self._facts.functions(part) - self._facts.total(name, part)
        if stem == part.stem and lacking and (pair := _pair(path, part)) is not None:
            both = Tree({name: data, pair.name: read_file(pair, pair.suffix.lower())})
            facts = Facts.of(both.sources, part)
            if self._is_empty_notebook(name, part) or facts.total(pair.name, part) & lacking:
                one = HandIn(self.label, str(path.parent), both).of(part)
                return self._with_beside(path, one, part)
        if self._is_empty_notebook(name, part):
            raise SubmissionError(f"{path}: {NOTHING.format(part.stem)}")
        main = part.stem + PurePosixPath(name).suffix.lower()
        silent = stem == part.stem or not self._facts.defines_nothing(name, part)
        notes = () if silent else (f"{_short(name)} defines none of the functions",)
        one = Submission(self.label, main, {main: data}, notes, name)
        return self._with_beside(path, one, part)

    def _wrong(self, stem: str, name: str, part: Part) -> str:
        """Say why a file that defines none of the part's functions is not graded; "" if it may be."""
        if (giving := gives(stem)) is not None:
            return GIVEN.format(giving.stem)
        if hint := _hint(self._facts, only=True):
            return f"defines none of the functions of {part.name}{hint}"
        return ""

    def _with_beside(self, path: Path, one: Submission, part: Part) -> Submission:
        modules, notes = modules_beside(path, code_of(one.main, one.files[one.main]) or "", part)
        own = {**modules, **one.files}
        data = data_beside(path, own.items(), part)
        main, files = in_its_package(path, one.main, {**data, **own})
        return replace(one, main=main, files=files, notes=(*one.notes, *notes))

    def _nothing(self, part: Part) -> SubmissionError:
        """Return the error for a hand-in that does not hold a part."""
        for problem in self.tree.problems:
            return _cannot_be_read(problem, self._where)
        found = self.tree.sources
        seen = _listed(found) if found else "no source file at all"
        if not found and self.tree.others:
            seen += f", only {_listed(self.tree.others)}"
        hint = _hint(self._facts)
        if found and all(gives(PurePosixPath(name).stem) for name in found):
            hint = f"; {seen}: {GIVEN.format(part.stem)}"
        return SubmissionError(
            f"{self._where}: holds no {part.stem}.py or {part.stem}.ipynb, and no other file with "
            f"its functions (found: {seen}){hint}"
        )


def opened(path: Path) -> HandIn:
    """Read what is at a path; raise SubmissionError with a line that a student understands.

    A symbolic link is refused, because its target may belong to another person.
    """
    if "\0" in str(path):
        raise SubmissionError(f"{shortened(str(path))}: no file's name holds a NUL character")
    try:
        if path.is_symlink():
            raise SubmissionError(
                f"{path}: neither a file nor a folder, but a link; hand in what it leads to"
            )
        return _opened(path)
    except OSError as problem:
        raise _cannot_be_read(problem, path) from problem


def _opened(path: Path) -> HandIn:
    label, suffix = in_utf_8(path.name), path.suffix.lower()
    if not path.exists():
        raise SubmissionError(f"{path}: no such file or folder")
    if path.is_dir():
        return HandIn(label, str(path), trees.of_folder(path))
    if not path.is_file():
        raise SubmissionError(f"{path}: neither a file nor a folder")
    if is_archive(path.name):
        return HandIn(label, str(path), trees.of_archive(path))
    if suffix not in SOURCES:
        raise SubmissionError(f"{path}: expected a .py, an .ipynb, a .zip, a .tar or a folder")
    return HandIn(label, str(path), Tree({label: read_file(path, suffix)}), alone=path)


def find(path: Path, part: Part) -> Submission:
    """Read the submission for a part at a path; raise SubmissionError.

    In a folder or an archive, what the files define decides, as `choosing` says. A single file may have
    any name; `beside` decides which files beside it belong to it.
    """
    return opened(path).of(part)


def of_members(label: str, files: Iterable[Member], others: Iterable[str] = ()) -> HandIn:
    """Read a hand-in whose files a class's listing names; raise SubmissionError.

    Arguments:
        label: its name, also in messages.
        others: the names of what else was handed in, for the message if there is no source file.
    """
    label = in_utf_8(label)
    tree = trees.of_members(files, label)
    tree.others += others
    return HandIn(label, label, tree)


def find_in_files(
    label: str, files: Mapping[str, bytes], part: Part, where: str, others: Iterable[str] = ()
) -> Submission:
    """Find the part among files in memory and in the archives among them; raise SubmissionError."""

    def member(name: str, data: bytes) -> Member:
        return Member(name, len(data), lambda most: io.BytesIO(data).read())

    return of_members(label, [member(*one) for one in files.items()], others).of(part)


def shortened(text: str) -> str:
    """Return a path as messages show it; a path may have thousands of characters."""
    return text if len(text) <= 300 else f"{text[:100]}...{text[-100:]}"


def _cannot_be_read(problem: Problem, path: Path | str) -> SubmissionError:
    if isinstance(problem, SubmissionError):
        return problem
    named = shortened(str(problem.filename or path))
    return SubmissionError(f"{named}: cannot be read: {problem.strerror}")


def _pair(path: Path, part: Part) -> Path | None:
    """Return the notebook beside a part's own .py, or the .py beside its notebook."""
    other = path.with_suffix(".ipynb" if path.suffix.lower() == ".py" else ".py")
    there = other.is_file() and not other.is_symlink() and owns_folder(path, part)
    return other if there else None


def _modules(sources: Mapping[str, bytes]) -> bool:
    return any(name.endswith(".py") for name in sources)


def _aside(choice: Choice) -> list[str]:
    """Say which files were left aside, each with its reason."""
    if not choice.aside:
        return []
    told = [f"{_short(name)} ({why})" for name, why in choice.aside[:FEW]]
    more = len(choice.aside) - FEW
    rest = f", and {more} more" if more > 0 else ""
    return [f"graded: {_short(choice.main or '')}; not graded: {', '.join(told)}{rest}"]


def _unread(problems: Iterable[Problem]) -> list[str]:
    """Say which files could not be read."""
    lines = []
    for problem in list(problems)[:FEW]:
        if isinstance(problem, OSError):
            named = PurePosixPath(str(problem.filename or "a file")).name
            lines.append(f"not read: {_short(in_utf_8(named))}: {problem.strerror}")
        else:
            lines.append(f"not read: {shortened(str(problem))}")
    return lines


def _hint(facts: Facts, only: bool = False) -> str:
    """Say which other parts the files hold."""
    found = held(facts)[:FEW]
    if only:
        return f", but those of {', '.join(dict.fromkeys(p for _, p in found))}" if found else ""
    told = ", ".join(f"{_short(name)} holds {part}" for name, part in found)
    return f"; {told}" if told else ""


def _listed(names: Iterable[str]) -> str:
    """Return the first five names, shortened."""
    return ", ".join(map(_short, sorted(names)[:FEW]))


def _short(name: str) -> str:
    """Return a name for a line: not too long, and with one kind of space."""
    name = "".join(" " if unicodedata.category(c) == "Zs" else c for c in name)
    return name if len(name) <= 40 else f"{name[:37]}..."
