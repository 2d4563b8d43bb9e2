"""Group submissions that resemble each other: a hint for a person, never a verdict.

Two functions are one version if all of their fragments agree, or else most. A version that many
students wrote, or that was given, says nothing: of independent students, some share it by chance. A
group is listed if so many versions are common to it, each so rare outside it, that chance explains it
once in a thousand classes. Whoever all read the same page on the web is such a group, too.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

FEWEST = 6  # fragments; shorter versions are the same only if they are equal
SAME = 0.8  # of the smaller version's fragments are in the larger one ...
LARGER = 2.5  # ... which has at most so many times as many
LONG = 60  # fragments: a version of which nobody else has any counts up to MORE more
MORE = 0.5
CHANCE = 0.001  # groups by chance in a class
BLOCK = 10_000  # fragments that are compared at once, for the sake of memory
LIMIT = 50  # groups that are listed

Classwide = Mapping[str, Mapping[str, Collection[int]]]


@dataclass(frozen=True, slots=True)
class Group:
    """Students who resemble each other, and the functions that are alike in most of them."""

    members: tuple[str, ...]
    functions: tuple[str, ...]


def groups(classwide: Classwide, given: Collection[int], limit: int = LIMIT) -> list[Group]:
    """Return groups of students, each student in one at most, the largest first.

    Arguments:
        classwide: the fragments of each function, by student.
        given: the fragments of what every student was given.
        limit: how many groups are returned at most.
    """
    students = sorted(classwide)
    names = sorted({name for functions in classwide.values() for name in functions})
    left_out = frozenset(given)
    labels = np.full((len(students), 2 * len(names)), -1)
    lengths: list[list[int]] = []
    for column, name in enumerate(names):
        versions: dict[frozenset[int], list[int]] = defaultdict(list)
        for row, student in enumerate(students):
            own = frozenset(classwide[student].get(name, ())) - left_out
            if own:
                versions[own].append(row)
        ordered = sorted(versions, key=lambda v: (-len(versions[v]), sorted(v)))
        for place, (version, leader) in enumerate(zip(ordered, _same_as(ordered))):
            labels[versions[version], column] = place
            labels[versions[version], len(names) + column] = leader
        lengths.append([len(version) for version in ordered])
    evidence = _Evidence(labels, lengths)
    found = [_group(rows, labels, students, names) for rows in evidence.linked()]
    return sorted(found, key=lambda g: (-len(g.members), g.members))[:limit]


def _same_as(versions: Sequence[frozenset[int]]) -> list[int]:
    """Return for each version the place of the first one that it is the same as, or its own."""
    common = _in_common(versions)
    sizes = np.array([len(version) for version in versions], dtype=np.float32)
    smaller = np.minimum.outer(sizes, sizes)
    larger = np.maximum.outer(sizes, sizes)
    same = (common >= SAME * smaller) & (larger <= LARGER * smaller) & (smaller >= FEWEST)
    leaders: list[int] = []
    for place in range(len(versions)):
        first = [p for p in np.flatnonzero(same[place, :place]) if leaders[p] == p]
        leaders.append(int(first[0]) if first else place)
    return leaders


def _in_common(versions: Sequence[frozenset[int]]) -> np.ndarray:
    """Return how many fragments each two versions share, (versions, versions)."""
    held = Counter(one for version in versions for one in version)
    shared = [one for one, count in held.items() if count > 1]
    common = np.zeros((len(versions), len(versions)), dtype=np.float32)
    alone = np.array([sum(held[one] == 1 for one in version) for version in versions])
    np.fill_diagonal(common, alone)  # the shared ones are added below
    for start in range(0, len(shared), BLOCK):
        places = {one: place for place, one in enumerate(shared[start : start + BLOCK])}
        has = np.zeros((len(versions), len(places)), dtype=np.float32)
        for row, version in enumerate(versions):
            has[row, [places[one] for one in version if one in places]] = 1
        common += has @ has.T
    return common


class _Evidence:
    """How unlikely it is that independent students have several versions in common.

    Arguments:
        labels: the version of each student's functions, (students, 2 functions): first what is equal,
            then what is nearly equal. -1 where there is none.
        lengths: how many fragments each version of each function has.
    """

    def __init__(self, labels: np.ndarray, lengths: Sequence[Sequence[int]]) -> None:
        self.labels = labels
        self.lengths = lengths
        self.count = len(lengths)
        count = len(labels)
        self.asked = float(np.log(max(count * count / 2, 1) / CHANCE))
        self.most = (1 + MORE) * float(np.log(count + 2))  # of one function
        self.holders = [Counter(column.tolist()) for column in labels.T]
        self.known: dict[tuple[tuple[int, int], ...], bool] = {}

    def linked(self) -> list[list[int]]:
        """Return the rows of each group: whoever shares enough with one member belongs to it."""
        group = list(range(len(self.labels)))

        def root(row: int) -> int:
            while group[row] != row:
                group[row] = group[group[row]]
                row = group[row]
            return row

        first = {
            tuple(row): number for number, row in reversed(list(enumerate(self.labels.tolist())))
        }
        for number, row in enumerate(self.labels.tolist()):
            if first[tuple(row)] != number and self._is_enough(row, row):
                group[number] = root(first[tuple(row)])
        different = sorted(first.values())
        for place, number in enumerate(different):
            others = different[place + 1 :]
            alike = (self.labels[others] == self.labels[number]) & (self.labels[number] >= 0)
            functions = alike[:, self.count :].sum(1)
            for other in np.array(others)[self.most * functions >= self.asked].tolist():
                if root(other) != root(number) and self._is_enough(
                    self.labels[number].tolist(), self.labels[other].tolist()
                ):
                    group[root(other)] = root(number)
        members: dict[int, list[int]] = defaultdict(list)
        for number in range(len(group)):
            members[root(number)].append(number)
        return [rows for rows in members.values() if len(rows) > 1]

    def _is_enough(self, one: Sequence[int], other: Sequence[int]) -> bool:
        """Tell whether chance does not explain what two rows of labels have in common."""
        near = self.count
        shared = tuple(
            (column, one[column])
            if one[column] == other[column]
            else (near + column, one[near + column])
            for column in range(near)
            if one[near + column] == other[near + column] >= 0
        )
        if shared not in self.known:
            self.known[shared] = self._sum(shared) >= self.asked
        return self.known[shared]

    def _sum(self, shared: Sequence[tuple[int, int]]) -> float:
        """Return minus the logarithm of the chance that a student outside has the same versions."""
        if not shared:
            return 0.0
        columns, versions = map(list, zip(*shared))
        inside = int((self.labels[:, columns] == versions).all(1).sum())
        outside = len(self.labels) - inside
        total = 0.0
        for column, version in shared:
            elsewhere = self.holders[column][version] - inside
            rarity = -float(np.log((elsewhere + 1) / (outside + 2)))
            length = (
                MORE * min(self.lengths[column % self.count][version] / LONG, 1)
                if not elsewhere
                else 0
            )
            total += max(rarity, 0.0) * (1 + length)
        return total


def _group(
    rows: Sequence[int], labels: np.ndarray, students: Sequence[str], names: Sequence[str]
) -> Group:
    """Describe a group: a function is listed if at least half of the members share a version of it."""
    functions = []
    for column, name in enumerate(names):
        near = labels[list(rows), len(names) + column].tolist()
        versions = Counter(label for label in near if label >= 0)
        if versions and max(versions.values()) >= max(len(rows) / 2, 2):
            functions.append(name)
    return Group(tuple(students[row] for row in rows), tuple(functions))
