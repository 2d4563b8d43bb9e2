"""What a person looks at to name mistakes: a class's groups with and without a name.

Whoever saves tells which sentence they saw. If another person saved one meanwhile, nothing is written,
and both sentences are shown.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from autograder import parts
from autograder.batch.explained import Explanations
from autograder.batch.groups import GROUPED, Group, groups, id_of
from autograder.batch.naming import results_of, write_group
from autograder.batch.store import MARK, RESULTS, Store
from autograder.batch.turns import NAMING, turn
from autograder.errors import AutograderError
from autograder.judging import named
from autograder.judging.shown import shown
from autograder.parts import Part
from autograder.results import Result

PERSON, SEARCH = "person", "search"


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One group of a class, and the sentence that its students have.

    Attributes:
        titles: of the checks that each of them loses.
        told: whether the stored results have a sentence for it; else they change when judged again.
        says: the sentence, or "".
        earlier: the sentences that it replaced, the latest last.
        by: who gave it: PERSON, SEARCH, or "" for nobody.
    """

    store: Store
    part: Part
    group: Group
    titles: tuple[str, ...]
    told: bool
    says: str = ""
    earlier: tuple[str, ...] = ()
    by: str = ""

    @property
    def id(self) -> str:
        return self.group.id

    @property
    def students(self) -> int:
        return len(self.group.members)

    @property
    def version(self) -> str:
        """What a form carries: it changes with the sentence."""
        return hashlib.sha256(self.says.encode()).hexdigest()[:16]


class Changed(AutograderError):
    """Another person changed the sentence since the page was opened; `now` is the group as it is."""

    def __init__(self, now: Reviewed) -> None:
        super().__init__(f"{now.id}: another person changed the sentence meanwhile")
        self.now = now


class Gone(AutograderError):
    """There is no such group any more."""


class Reviews:
    """The groups of one graded class; may be shared by threads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._stamp: object = None
        self._groups: list[Reviewed] = []

    def look(self, again: bool = True) -> list[Reviewed]:
        """Return all groups with the sentences that are stored now, the largest first.

        Arguments:
            again: group anew if results changed; without it, groups may be those of the last look.

        Raises AnswersError if no class was graded into the folder.
        """
        with self._lock:
            if again or self._stamp is None:
                stamp = _stamp(self.folder)
                if stamp != self._stamp:
                    self._groups, self._stamp = _groups(self.folder), stamp
            found = self._groups
        stores = {one.store.folder: one for one in found}
        sentences = {folder: _sentences(one.store, one.part) for folder, one in stores.items()}
        return [_with(one, sentences[one.store.folder]) for one in found]

    def save(self, id: str, says: str, seen: str) -> Reviewed:
        """Store a sentence for a group; return the group with it.

        Arguments:
            seen: the version of the group that the person saw.

        Raises Changed, Gone, or AutograderError for a sentence that is empty or too long.
        """
        try:
            with turn(self.folder, NAMING):
                one = self._seen(id, seen)
                if one.says != named.sentence(says):
                    _write(one, says)
                return self._find(id)
        except ValueError as problem:
            raise AutograderError(str(problem)) from problem

    def take_back(self, id: str, seen: str) -> Reviewed:
        """Return to the sentence before, or to none; return the group as it was until now.

        Raises Changed or Gone.
        """
        with turn(self.folder, NAMING):
            one = self._seen(id, seen)
            if not Explanations.of(one.store.folder, one.part).take_back(id):
                named.take_back(one.part, id)
            return one

    def _seen(self, id: str, seen: str) -> Reviewed:
        one = self._find(id)
        if one.version != seen:
            raise Changed(one)
        return one

    def _find(self, id: str) -> Reviewed:
        """Return a group of the last look, which the person has seen, with the sentence of now."""
        for one in self.look(again=False):
            if one.id == id:
                return one
        raise Gone(f"{id}: there is no such group any more")


def _write(one: Reviewed, says: str) -> None:
    if Explanations.of(one.store.folder, one.part).change(one.id, says):
        return
    if one.told and named.rename(one.part, one.id, says):
        return
    if not _still_shows(one):
        raise Gone(f"{one.id}: the class was graded again since, and the group is another one")
    write_group(one.store, one.part, one.group, says)


def _still_shows(one: Reviewed) -> bool:
    """Return whether the stored outputs of the first member are still those of the group."""
    key, function = one.group.members[0], one.group.function
    result, _ = one.store.result(key)
    if result is None:
        return False
    lost = [c for c in result.checks if c.function == function and c.status in GROUPED]
    if one.told:
        return one.id in [check.mistake for check in lost]
    seen = shown(one.part, function, one.store.outputs(key))
    names = [check.name for check in lost if not check.withheld]
    return seen is not None and id_of(function, names, seen) == one.id


def _groups(folder: Path) -> list[Reviewed]:
    """Group a class, without the sentences."""
    found = []
    for store in Store(folder).parts():
        part = parts.get(store.read_class().part)
        results = results_of(store)
        known = _sentences(store, part).keys()
        for told, several in (
            (False, groups(part, results, store.outputs)),
            (True, _told(results, known)),
        ):
            for group in several:
                first = results[group.members[0]]
                titles = tuple(c.title for c in first.checks if c.name in group.checks)
                found.append(Reviewed(store, part, group, titles, told))
    return sorted(found, key=lambda one: (-one.students, one.id))


def _told(results: Mapping[str, Result], known: Collection[str]) -> list[Group]:
    """Return the groups of those who have a sentence that a person or the search gave."""
    found: dict[str, Group] = {}
    for key, result in sorted(results.items()):
        lost: dict[str, list[str]] = {}
        for check in result.checks:
            id = check.mistake
            if id is not None and id in known and check.status in GROUPED:
                lost.setdefault(id, []).append(check.name)
                message = check.message.partition("\n")[0]
                found.setdefault(id, Group(id, check.function, (), message, ()))
        for id, names in lost.items():
            before = found[id]
            checks = tuple(dict.fromkeys((*before.checks, *names)))
            found[id] = replace(before, checks=checks, members=(*before.members, key))
    return list(found.values())


def _sentences(store: Store, part: Part) -> dict[str, tuple[str, str, tuple[str, ...]]]:
    """Return who gave each sentence, the sentence, and earlier ones, by the mistake's id."""
    explained = Explanations.of(store.folder, part).known
    found = {one.id: (SEARCH if one.says else "", one.says, one.earlier) for one in explained}
    for one in named.load_named(part):
        found[one.mistake.id] = (PERSON, one.mistake.says, one.earlier)
    return found


def _with(one: Reviewed, sentences: Mapping[str, tuple[str, str, tuple[str, ...]]]) -> Reviewed:
    by, says, earlier = sentences.get(one.id, ("", "", ()))
    return replace(one, by=by, says=says, earlier=earlier)


def _stamp(folder: Path) -> object:
    """Return what changes when any result of the class does."""
    stores = Store(folder).parts()
    paths = [path for store in stores for path in store.folder.glob(f"{RESULTS}/*/{MARK}")]
    try:
        return sorted((str(path), path.stat().st_mtime_ns) for path in paths)
    except FileNotFoundError:  # a student left the class just now
        return object()
