"""Find who handed in what, in a folder or a zip as a platform exports it.

Nothing is unpacked: an entry remembers the names of its files and reads them when it is its turn, so
that a class of thousands does not lie in memory.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import stat
import zipfile
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from autograder.errors import SubmissionError
from autograder.parts import Part
from autograder.submissions import (
    IGNORED,
    MAX_FILES,
    MAX_NOTEBOOK,
    MAX_RATIO,
    MAX_TOTAL,
    SOURCES,
    ZIP_ERRORS,
    Submission,
    find_in_files,
    in_utf_8,
)

HANDED_IN = (*SOURCES, ".zip")
METADATA = "submission_metadata.yml"
TIMESTAMP = "timestamp.txt"
MAX_METADATA = 256 << 20  # bytes; Gradescope writes every earlier result into it
GRADESCOPE_EXPORT, CANVAS_EXPORT, MOODLE_EXPORT, NBGRADER_COURSE, FILES = (
    "Gradescope export",
    "Canvas export",
    "Moodle export",
    "nbgrader course",
    "a file, zip or folder each",
)
UTC = dt.timezone.utc
LONGEST = 100  # characters of a folder's name; file systems stop at 255 bytes

MOODLE = re.compile(r"(?P<name>.+)_(?P<id>\d+)_assignsubmission_file_?(?P<file>.*)")
CANVAS = re.compile(
    r"(?P<name>[^_]+)_(?P<late>LATE_)?(?P<user>\d+)_(?P<attachment>\d+)_(?P<file>.+)"
)
AGAIN = re.compile(r"(?P<stem>.+?)-(?P<number>\d+)$")


@dataclass(frozen=True, slots=True)
class Person:
    """A student, as the platform knows them; what it does not tell is empty."""

    name: str
    id: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A folder or a zip file, and how to read one of its files."""

    path: Path

    def read(self, name: str) -> bytes:
        """Return a file's bytes; raise SubmissionError if it is too large or cannot be read."""
        if not self.path.is_dir():
            try:
                with zipfile.ZipFile(self.path) as archive:
                    info = archive.getinfo(name)
                    packed = max(info.compress_size, 1024)
                    if info.file_size > MAX_TOTAL or info.file_size > MAX_RATIO * packed:
                        raise SubmissionError(f"{name}: far too large")
                    return archive.read(info)
            except (KeyError, *ZIP_ERRORS) as problem:
                raise SubmissionError(f"{name}: cannot be read ({problem})") from problem
        path = self.path / name
        try:
            status = path.lstat()
            if not stat.S_ISREG(status.st_mode):
                raise SubmissionError(f"{name}: not a regular file")
            if status.st_size > MAX_TOTAL:
                raise SubmissionError(f"{name}: {status.st_size >> 20} MB is too large")
            return path.read_bytes()
        except OSError as problem:
            raise SubmissionError(f"{name}: cannot be read ({problem.strerror})") from problem


@dataclass(frozen=True, slots=True)
class Entry:
    """One hand-in.

    Attributes:
        key: the name of its results folder, unique in the class.
        people: who handed it in; several for a group.
        where: what the mapping table calls its place.
        source, names: where its files are, by their path in the source and in the submission.
        others: the names of files that hold no program, such as a report.
        submitted: when, if the platform or the file system tells.
        late: after the deadline, or marked so by the platform.
    """

    key: str
    people: tuple[Person, ...]
    where: str
    source: Source
    names: Mapping[str, str]
    submitted: dt.datetime | None = None
    late: bool = False
    others: tuple[str, ...] = ()

    def load(self, part: Part) -> Submission:
        """Read the files; raise SubmissionError if the part is not among them."""
        if len(self.names) > MAX_FILES:
            raise SubmissionError(f"{self.key}: more than {MAX_FILES} files")
        files: dict[str, bytes] = {}
        total = 0
        for name, inside in self.names.items():
            files[inside] = self.source.read(name)
            total += len(files[inside])
            if total > MAX_TOTAL + MAX_NOTEBOOK:
                raise SubmissionError(f"{self.key}: more than {MAX_TOTAL >> 20} MB")
        return find_in_files(self.key, files, part, self.key, self.others)


@dataclass(frozen=True, slots=True)
class Roster:
    """What a class handed in: the layout that was recognised, what counts, and what does not."""

    layout: str
    rule: str
    entries: tuple[Entry, ...]
    dropped: tuple[tuple[Entry, str], ...] = ()
    unread: tuple[str, ...] = ()  # files that cannot be a submission, by their names
    replaced: tuple[
        tuple[str, str], ...
    ] = ()  # files, and the later ones that count in their place
    assignment: str = ""  # what the platform calls it, where the layout tells


def find_class(
    path: Path, part: Part, deadline: dt.datetime | None = None, assignment: str = ""
) -> Roster:
    """Recognise a class's layout and choose one entry of each student; raise SubmissionError.

    A student all of whose files are of another kind (a report, a time stamp) has an entry as well.

    Arguments:
        part: in a course with several assignments, the one that holds its file is meant.
        deadline: of several hand-ins the latest before it counts; aware, or taken as UTC.
        assignment: which one of an nbgrader course is meant, where several hold the part's file.
    """
    source = Source(path)
    times, others = _list(path)
    if deadline is not None and deadline.tzinfo is None:
        deadline = deadline.replace(tzinfo=UTC)
    layout, found, assignment = _recognise(source, times, others, part, assignment)
    if not found:
        kinds = ", ".join(HANDED_IN)
        raise SubmissionError(f"{path}: no submissions found; expected files that end in {kinds}")
    if deadline is not None:
        found = [_judge_time(entry, deadline) for entry in found]
    kept, dropped = _choose_latest(found)
    rule = "of several hand-ins by one student the latest counts"
    if deadline is not None and not any(entry.submitted for entry in found):
        rule += f"; a {layout} tells no times, so --deadline changes nothing"
        rule += " and late is who the platform marks so" if layout == CANVAS_EXPORT else ""
    elif deadline is not None:
        moment = deadline.isoformat(sep=" ", timespec="minutes")
        rule = (
            f"of several hand-ins by one student the latest not after {moment} counts; "
            "where all are late, the latest, marked late"
        )
    ordered = sorted(_distinct(kept), key=lambda e: (e.key.casefold(), e.key))
    replaced = _earlier_attachments(found, times) if layout == CANVAS_EXPORT else []
    unread = [*others, *_strays(layout, found, times, replaced)]
    return Roster(
        layout=layout,
        rule=rule,
        entries=tuple(ordered),
        dropped=tuple(dropped),
        unread=tuple(map(in_utf_8, unread)),
        replaced=tuple((in_utf_8(old), in_utf_8(new)) for old, new in replaced),
        assignment=in_utf_8(assignment),
    )


def parse_time(text: str) -> dt.datetime | None:
    """Read a time as Gradescope and nbgrader write it; None if it is none. No zone means UTC."""
    text = text.strip().strip("'\"")
    text = re.sub(r"(\.\d{6})\d+", r"\1", text)
    text = re.sub(r"\s*(Z|UTC)$", "+00:00", text)
    text = re.sub(r"\s+([+-]\d\d:?\d\d)$", r"\1", text)
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


# --- what is there ----------------------------------------------------------------------------


def _list(path: Path) -> tuple[dict[str, dt.datetime], list[str]]:
    """Return every file of interest and when it was last changed, and the names of the others."""
    if path.is_dir():
        return _list_folder(path)
    if not path.exists():
        raise SubmissionError(f"{path}: no such file or folder")
    if path.suffix.lower() != ".zip":
        raise SubmissionError(f"{path}: expected a folder or a .zip with a class's submissions")
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
    except ZIP_ERRORS as problem:
        raise SubmissionError(f"{path}: not a readable zip file ({problem})") from problem
    times, others = {}, []
    for info in infos:
        name = PurePosixPath(info.filename)
        if info.is_dir() or _left_behind(name):
            continue
        if stat.S_ISLNK(info.external_attr >> 16):
            others.append(f"{info.filename} (a link)")
            continue
        if not _of_interest(name):
            others.append(info.filename)
            continue
        if name.is_absolute() or ".." in name.parts:
            raise SubmissionError(f"{path}: holds a path outside of itself: {info.filename!r}")
        times[info.filename] = _zip_time(info)
    return times, others


def _list_folder(top: Path) -> tuple[dict[str, dt.datetime], list[str]]:
    def refuse(problem: OSError) -> None:  # or a student would be missing, and nobody told
        raise SubmissionError(f"{problem.filename}: cannot be read ({problem.strerror})")

    times, others = {}, []
    for folder, folders, names in os.walk(top, onerror=refuse, followlinks=False):
        folders[:] = sorted(f for f in folders if f not in IGNORED and not f.startswith("."))
        if not folders and not names and Path(folder) != top:
            others.append(f"{Path(folder).relative_to(top).as_posix()}/(empty)")
        for name in sorted(names):
            path = Path(folder, name)
            inside = path.relative_to(top).as_posix()
            status = path.lstat()
            if stat.S_ISREG(status.st_mode) and _of_interest(PurePosixPath(name)):
                times[inside] = dt.datetime.fromtimestamp(int(status.st_mtime), UTC)
            elif not _left_behind(PurePosixPath(name)):
                others.append(inside if stat.S_ISREG(status.st_mode) else f"{inside} (a link)")
    return times, others


def _left_behind(name: PurePosixPath) -> bool:
    """Tell what systems and editors leave beside a hand-in."""
    return any(part in IGNORED or part.startswith(".") for part in name.parts)


def _of_interest(name: PurePosixPath) -> bool:
    return name.suffix.lower() in HANDED_IN or name.name in (METADATA, TIMESTAMP)


def _zip_time(info: zipfile.ZipInfo) -> dt.datetime:
    try:
        return dt.datetime(*info.date_time, tzinfo=UTC)
    except ValueError:
        return dt.datetime(1980, 1, 1, tzinfo=UTC)


# --- whose it is ------------------------------------------------------------------------------


def _recognise(
    source: Source, times: dict[str, dt.datetime], others: list[str], part: Part, assignment: str
) -> tuple[str, list[Entry], str]:
    """Return the layout's name, its entries, and the assignment's name where it tells one."""
    names = list(times)
    metadata = [n for n in names if PurePosixPath(n).name == METADATA]
    if metadata:
        first = min(metadata, key=lambda n: len(PurePosixPath(n).parts))
        return GRADESCOPE_EXPORT, _gradescope(source, first, [*names, *others]), ""
    top = PurePosixPath() if source.path.name == "submitted" else _common_folder(names)
    below = [n for n in [*names, *others] if PurePosixPath(n).is_relative_to(top) and n != str(top)]
    tails = {n: PurePosixPath(n).relative_to(top) for n in below}
    if any(MOODLE.fullmatch(tail.parts[0]) for tail in tails.values()):
        return MOODLE_EXPORT, _moodle(source, tails, times), ""
    if _is_canvas([tails[n] for n in names if n in tails]):
        return CANVAS_EXPORT, _canvas(source, tails), ""
    submitted = {
        n: PurePosixPath(*t.parts[1:])
        for n, t in tails.items()
        if t.parts[0] == "submitted" and len(t.parts) > 3
    }
    if not submitted and "submitted" in (source.path.name, top.name):
        submitted = {n: t for n, t in tails.items() if len(t.parts) > 2}
    if submitted:
        return NBGRADER_COURSE, *_nbgrader(source, submitted, times, part, assignment)
    return FILES, _plain(source, tails, times), ""


def _is_canvas(tails: Collection[PurePosixPath]) -> bool:
    """Tell whether more than half of the files lie flat and are named as Canvas names them."""
    named = [t for t in tails if len(t.parts) == 1 and CANVAS.fullmatch(t.name)]
    return 2 * len(named) > len(tails)


def _strays(
    layout: str,
    found: Iterable[Entry],
    times: Iterable[str],
    replaced: Iterable[tuple[str, str]],
) -> list[str]:
    """Return the files that a platform's export should not hold, since they are nobody's."""
    if layout in (NBGRADER_COURSE, FILES):
        return []
    known = {name for entry in found for name in entry.names} | {old for old, _ in replaced}
    return [n for n in times if n not in known and PurePosixPath(n).name != METADATA]


def _common_folder(names: Iterable[str]) -> PurePosixPath:
    """Return the folder that holds everything, as long as it holds no hand-in itself."""
    top = PurePosixPath()
    rest = [PurePosixPath(n) for n in names]
    while rest and len({p.parts[0] for p in rest}) == 1 and all(len(p.parts) > 2 for p in rest):
        top /= rest[0].parts[0]
        rest = [PurePosixPath(*p.parts[1:]) for p in rest]
        if top.name == "submitted":
            break
    return top


def _gradescope(source: Source, metadata: str, names: list[str]) -> list[Entry]:
    top = PurePosixPath(metadata).parent
    entries = []
    text = _read_metadata(source, metadata)
    for folder, (people, submitted) in read_gradescope_metadata(text).items():
        inside = _below(names, top / folder)
        key = people[0].name or people[0].email or folder
        entries.append(_entry(key, people, folder, source, inside, submitted))
    return entries


def _read_metadata(source: Source, name: str) -> str:
    if source.path.is_dir():
        data = (source.path / name).read_bytes()
    else:
        with zipfile.ZipFile(source.path) as archive:
            if archive.getinfo(name).file_size > MAX_METADATA:
                raise SubmissionError(f"{name}: too large")
            data = archive.read(name)
    return data.decode("utf-8", errors="replace")


def read_gradescope_metadata(
    text: str,
) -> dict[str, tuple[tuple[Person, ...], dt.datetime | None]]:
    """Read submitters and times, by folder, from Gradescope's submission_metadata.yml.

    Only these lines are read, by their indentation: the rest is every student's output.
    """
    found: dict[str, tuple[tuple[Person, ...], dt.datetime | None]] = {}
    people: list[dict[str, str]] = []
    folder, submitted, listing = "", None, False

    def finish() -> None:
        if folder:
            persons = tuple(
                Person(p.get("name", ""), p.get("sid", ""), p.get("email", "")) for p in people
            )
            found[folder] = (persons or (Person(folder),), submitted)

    for line in text.splitlines():
        if start := re.fullmatch(r"['\"]?(submission_\d+)['\"]?:\s*", line):
            finish()
            folder, people, submitted, listing = start[1], [], None, False
        elif field := re.fullmatch(r"  :?(\w+):\s*(.*)", line):
            listing = field[1] == "submitters"
            if field[1] == "created_at":
                submitted = parse_time(field[2])
        elif listing and (field := re.fullmatch(r"\s+(- )?\s*:?(\w+):\s*(.*)", line)):
            if field[1]:
                people.append({})
            if people:
                people[-1][field[2]] = _scalar(field[3])
    finish()
    return found


def _scalar(text: str) -> str:
    """Return a YAML scalar of one line as text."""
    text = text.strip()
    if len(text) >= 2 and text[0] == text[-1] == "'":
        return text[1:-1].replace("''", "'")
    if len(text) >= 2 and text[0] == text[-1] == '"':
        body = re.sub(
            r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})",
            lambda m: chr(int(m[1][1:], 16)),
            text[1:-1],
        )
        return re.sub(r"\\(.)", r"\1", body)
    return "" if text in ("null", "~") else text


def _moodle(
    source: Source, tails: Mapping[str, PurePosixPath], times: Mapping[str, dt.datetime]
) -> list[Entry]:
    groups: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for name, tail in tails.items():
        match = MOODLE.fullmatch(tail.parts[0])
        if match:
            inside = PurePosixPath(match["file"] if len(tail.parts) == 1 else "", *tail.parts[1:])
            groups[match["name"], match["id"]][name] = str(inside)
    return [
        _entry(
            name, (Person(name, number),), f"{name}_{number}", source, files, _newest(files, times)
        )
        for (name, number), files in groups.items()
    ]


def _canvas(source: Source, tails: Mapping[str, PurePosixPath]) -> list[Entry]:
    """Group Canvas's flat files; of files that differ by -N alone the last attachment counts."""
    groups: dict[tuple[str, str], dict[str, tuple[tuple[int, int], str]]] = defaultdict(dict)
    late: set[tuple[str, str]] = set()
    for name, tail in tails.items():
        match = CANVAS.fullmatch(tail.name)
        if not match or len(tail.parts) > 1:
            continue
        who = (match["name"], match["user"])
        inside, order = _attachment(match)
        if inside not in groups[who] or groups[who][inside][0] < order:
            groups[who][inside] = (order, name)
        if match["late"]:
            late.add(who)
    return [
        replace(
            _entry(
                who[0],
                (Person(*who),),
                f"{who[0]}_{who[1]}",
                source,
                {name: inside for inside, (_, name) in files.items()},
                None,
            ),
            late=who in late,
        )
        for who, files in groups.items()
    ]


def _attachment(match: re.Match[str]) -> tuple[str, tuple[int, int]]:
    """Return what the student called a file, and which attachment of that name it is."""
    file = PurePosixPath(match["file"])
    again = AGAIN.fullmatch(file.stem)
    number = int(again["number"]) if again else 0
    return (again["stem"] if again else file.stem) + file.suffix, (int(match["attachment"]), number)


def _earlier_attachments(found: Iterable[Entry], times: Iterable[str]) -> list[tuple[str, str]]:
    """Return Canvas's files that a later one of the same student and name replaces, and that one."""
    counts = {
        (entry.people[0].id, inside): name
        for entry in found
        for name, inside in entry.names.items()
    }
    earlier = []
    for name in times:
        match = CANVAS.fullmatch(PurePosixPath(name).name)
        last = counts.get((match["user"], _attachment(match)[0])) if match else None
        if last is not None and last != name:
            earlier.append((name, last))
    return earlier


def _nbgrader(
    source: Source,
    tails: Mapping[str, PurePosixPath],
    times: Mapping[str, dt.datetime],
    part: Part,
    assignment: str,
) -> tuple[list[Entry], str]:
    """Take one assignment's hand-ins; return them and its name.

    Raises SubmissionError where several assignments hold the part's file and none is named.
    """
    groups: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    stamps: dict[tuple[str, str], dt.datetime | None] = {}
    for name, tail in tails.items():
        who = (tail.parts[0], tail.parts[1])
        groups[who][name] = str(PurePosixPath(*tail.parts[2:]))
        if tail.name == TIMESTAMP and name in times:
            stamps[who] = parse_time(source.read(name).decode("utf-8", errors="replace"))
    known = {who[1] for who in groups}
    meant = {a for (_, a), files in groups.items() if any(part.stem in f for f in files.values())}
    chosen = {assignment} if assignment else meant or known
    if len(chosen) > 1:
        names = ", ".join(sorted(chosen))
        raise SubmissionError(f"several assignments ({names}); choose one with --assignment")
    if not chosen <= known:
        names = ", ".join(sorted(known))
        raise SubmissionError(f"there is no assignment {assignment!r}; there are: {names}")
    entries = [
        _entry(
            who[0],
            (Person(who[0], who[0]),),
            "/".join(who),
            source,
            files,
            stamps.get(who) or _newest(files, times),
        )
        for who, files in groups.items()
        if who[1] in chosen
    ]
    return entries, min(chosen)


def _plain(
    source: Source, tails: Mapping[str, PurePosixPath], times: Mapping[str, dt.datetime]
) -> list[Entry]:
    """Take each folder, zip or source file at the top as one student's."""
    groups: dict[str, dict[str, str]] = defaultdict(dict)
    for name, tail in tails.items():
        if len(tail.parts) > 1 or tail.suffix.lower() in HANDED_IN:
            inside = tail.name if len(tail.parts) == 1 else str(PurePosixPath(*tail.parts[1:]))
            groups[tail.parts[0]][name] = inside
    entries = []
    for top, files in groups.items():
        alone = len(files) == 1 and next(iter(files.values())) == top
        name = PurePosixPath(top).stem if alone else top
        entries.append(_entry(name, (Person(name),), top, source, files, _newest(files, times)))
    return entries


def _newest(files: Iterable[str], times: Mapping[str, dt.datetime]) -> dt.datetime | None:
    return max((times[name] for name in files if name in times), default=None)


def _below(names: Iterable[str], folder: PurePosixPath) -> dict[str, str]:
    return {
        name: str(PurePosixPath(name).relative_to(folder))
        for name in names
        if PurePosixPath(name).is_relative_to(folder)
    }


def _entry(
    name: str,
    people: tuple[Person, ...],
    where: str,
    source: Source,
    names: Mapping[str, str],
    submitted: dt.datetime | None,
) -> Entry:
    named = tuple(replace(person, name=in_utf_8(person.name)) for person in people)
    read = {
        n: in_utf_8(i) for n, i in names.items() if PurePosixPath(n).suffix.lower() in HANDED_IN
    }
    others = tuple(in_utf_8(inside) for n, inside in names.items() if n not in read)
    key = _folder_name(name)
    return Entry(key, named, in_utf_8(where), source, read, submitted, others=others)


def _folder_name(name: str) -> str:
    """Make a name fit for a folder on any system, and for a link; letters of any script stay."""
    safe = "".join(c if c.isprintable() and c not in '/\\:*?"<>|%#' else "-" for c in name)
    safe = safe.strip(" .")
    while len(safe.encode()) > 2 * LONGEST:
        safe = safe[:-1]
    return safe[:LONGEST].strip(" .") or "nobody"


# --- which one counts -------------------------------------------------------------------------


def _judge_time(entry: Entry, deadline: dt.datetime) -> Entry:
    if entry.submitted is None:
        return entry
    return replace(entry, late=entry.submitted > deadline)


def _choose_latest(found: list[Entry]) -> tuple[list[Entry], list[tuple[Entry, str]]]:
    """Keep one entry of each student: in time before late, then the latest, then the last name."""
    groups: dict[tuple[Person, ...], list[Entry]] = defaultdict(list)
    for entry in found:
        groups[_identity(entry)].append(entry)
    kept, dropped = [], []
    oldest = dt.datetime.min.replace(tzinfo=UTC)
    for entries in groups.values():
        entries.sort(key=lambda e: (not e.late, e.submitted or oldest, e.where))
        kept.append(entries[-1])
        for entry in entries[:-1]:
            why = "after the deadline" if entry.late and not entries[-1].late else "handed in again"
            dropped.append((entry, f"{why}; {entries[-1].where} counts"))
    return kept, dropped


def _identity(entry: Entry) -> tuple[Person, ...]:
    """Return what makes two entries one student's: the platform's number or address, or the name."""
    known = []
    for person in entry.people:
        number = person.id or person.email
        known.append(Person("", number) if number else Person(person.name))
    return tuple(sorted(known, key=lambda p: (p.id, p.name)))


def _distinct(entries: list[Entry]) -> list[Entry]:
    """Give entries whose names differ in nothing that a folder's name keeps another key."""
    groups: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[entry.key.casefold()].append(entry)
    result, used = [], {key for key, same in groups.items() if len(same) == 1}
    for same in groups.values():
        if len(same) == 1:
            result += same
            continue
        for entry in sorted(same, key=lambda e: e.where):
            mark = entry.people[0].id or entry.people[0].email or entry.where
            key = base = _folder_name(f"{entry.key[:40]} ({mark})")
            number = 2
            while key.casefold() in used:
                key, number = f"{base} {number}", number + 1
            used.add(key.casefold())
            result.append(replace(entry, key=key))
    return result
