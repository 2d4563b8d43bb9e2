"""One part on a student's page: what to mend, function by function, and what passed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from autograder import parts
from autograder.errors import SourceError
from autograder.language import translate
from autograder.outputs import SAID
from autograder.reports.diagrams import Diagram
from autograder.reports.functions import Function, alike, failed_whole, functions_of
from autograder.reports.histograms import Histogram
from autograder.reports.lines import Lines
from autograder.reports.messages import brief, said_by_all, said_once, translated
from autograder.reports.networks import Network
from autograder.reports.pictures import Picture
from autograder.results import CheckResult, Result


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier attempt that was kept, and the address of its page."""

    number: int
    score: float
    full: float
    link: str


@dataclass(frozen=True, slots=True)
class About:
    """Which hand-in a result is about; a field that is not known is empty.

    Attributes:
        file: the name of the file that was graded.
        submitted: when it was handed in, as ISO text.
        attempt: which of the student's hand-ins it is, of those that were graded here.
        earlier: those before, whose pages were kept.
    """

    file: str = ""
    submitted: str = ""
    late: bool = False
    attempt: int = 0
    earlier: Sequence[Earlier] = ()

    def to_mark(self) -> dict[str, Any]:
        """Return what is stored of it; the attempts are found in their folders."""
        return {"file": self.file, "submitted": self.submitted, "late": self.late}


UNKNOWN = About()


@dataclass(frozen=True, slots=True)
class Line:
    """A check on the student's page, and the message below it."""

    check: CheckResult
    message: str


@dataclass(frozen=True, slots=True)
class Trace:
    """What one function of several that failed alike has to add, such as its line."""

    function: str
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """What to mend in a function, or in several that failed for one reason.

    Attributes:
        message: what all of the lost checks say; then `lines` hold no messages.
        lines: the lost checks.
        passed: the checks of the function that passed.
    """

    functions: tuple[Function, ...]
    status: str
    message: str
    traces: tuple[Trace, ...]
    lines: tuple[Line, ...]
    passed: tuple[Line, ...] = ()

    @property
    def score(self) -> float:
        """The points that its functions earned."""
        return sum(function.score for function in self.functions)

    @property
    def full(self) -> float:
        """The points that its functions can earn."""
        return sum(function.full for function in self.functions)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One part on a student's page: its result, and what else its outputs show."""

    result: Result
    networks: Sequence[Network] = ()
    pictures: Sequence[Picture] = ()
    unreadable: Sequence[str] = ()  # one sentence for each thing that cannot be shown
    about: About = UNKNOWN
    histograms: Sequence[Histogram] = ()
    diagrams: Sequence[Diagram] = ()
    lines: Mapping[str, Lines] = field(default_factory=dict)  # by function

    def drawn(self, section: Section) -> list[Diagram]:
        """Return the diagrams of a section: where something is marked, or an error ended the run."""
        names = {function.name for function in section.functions}
        shown = [one for one in self.diagrams if one.function in names]
        return [one for one in shown if one.is_marked or section.status == "error"]

    @property
    def other_diagrams(self) -> dict[str, Diagram]:
        """The diagrams in which nothing is marked, by function."""
        return {one.function: one for one in self.diagrams if not one.is_marked}

    @property
    def title(self) -> str:
        """The part's name for people."""
        try:
            return translate(parts.get(self.result.part).title)
        except SourceError:
            return ""

    @property
    def functions(self) -> list[Function]:
        """Its functions, in the order of the students' file."""
        return functions_of(self.result)

    @property
    def failed_whole(self) -> str:
        """The one reason for which nothing was judged; empty if there is none."""
        return failed_whole(self.result)

    @property
    def to_mend(self) -> list[Section]:
        """What to mend, in the order of the students' file."""
        return [_section(group) for group in alike(f for f in self.functions if f.lost)]

    @property
    def passed(self) -> list[Section]:
        """The functions that passed whole."""
        whole = (function for function in self.functions if not function.lost)
        return [Section((f,), "passed", "", (), (), _lines(f.passed)) for f in whole]


def in_language(sheet: Sheet) -> Sheet:
    """Return a sheet with its texts in the language that texts are shown in."""
    pictures = [
        replace(one, title=translate(one.title), alt=translate(one.alt)) for one in sheet.pictures
    ]
    unreadable = [translate(text) for text in sheet.unreadable]
    result = translated(sheet.result)
    return replace(sheet, result=result, pictures=pictures, unreadable=unreadable)


def _section(group: Sequence[Function]) -> Section:
    checks = [check for function in group for check in function.lost]
    if len(group) > 1:
        traces = tuple(Trace(function.name, _rest(function)) for function in group)
        shown = traces if any(trace.text for trace in traces) else ()
        message, lines = group[0].reason, tuple(Line(check, "") for check in checks)
        return Section(tuple(group), checks[0].status, message, shown, lines)
    shared = said_by_all(checks) if len(checks) > 1 else ""
    lines = tuple(Line(check, "") for check in checks) if shared else _lines(checks)
    passed = _lines(group[0].passed)
    return Section(tuple(group), checks[0].status, shared, (), lines, passed)


def _lines(checks: Sequence[CheckResult]) -> tuple[Line, ...]:
    shared = said_by_all(checks) if len(checks) > 1 else ""
    if shared:  # a remark on all that passed, shown once
        return tuple(Line(check, "" if i else shared) for i, check in enumerate(checks))
    return tuple(Line(check, message) for check, message in said_once(checks))


def _rest(function: Function) -> str:
    """Return what a function's first message says after its first line."""
    return brief(function.checks[0]).removeprefix(SAID).partition("\n")[2]
