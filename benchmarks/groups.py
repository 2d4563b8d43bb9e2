"""Group a made class by mistakes that have no name: how pure are the groups, and how few sentences do?

    python benchmarks/groups.py [--students 200] [--kinds 20] [--seed 0] [--part gan_pytorch]

Each student has one wrong function out of `kinds` that are in no list and get no name. The most
frequent one has the share of a Zipf law with exponent 1.5, and each student writes it in a style of
their own.
Two students belong together if they have the same wrong function. Some different wrong functions
compute the same for everything that is asked; such pairs count as wrong, too.

Printed: pairwise precision and recall of the groups, and the share of students who read a sentence
after one sentence was typed for each of the largest groups.
"""

from __future__ import annotations

import argparse
import os
import random
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations

from autograder import parts
from autograder.batch.groups import Group, groups
from autograder.handins.submission import Submission
from autograder.judging.scoring import Judge
from autograder.outputs import Outputs
from autograder.results import Result
from autograder.running import runner
from autograder.running.forked import ForkedWorkers
from autograder.staff.styles import STYLES, restyled
from autograder.staff.unlisted import Unlisted, put_in, read_unlisted, try_unlisted
from autograder.staff.variants import lost_checks

EXPONENT = 1.5
SENTENCES = 5


def main() -> None:
    """Make a class, group it, and print how good the groups are."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--students", type=int, default=200)
    parser.add_argument("--kinds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--part", default="gan_pytorch")
    options = parser.parse_args()
    part, chance = parts.get(options.part), random.Random(options.seed)
    with ForkedWorkers([part]) as workers, Judge.for_staff(part) as judge:
        every = read_unlisted(part)
        chance.shuffle(every)
        kinds: list[Unlisted] = []
        while len(kinds) < options.kinds and every:
            (tried,) = try_unlisted(part, workers, judge, [every.pop()])
            kinds += [tried.unlisted] * (bool(tried.lost) and not tried.named)
        weights = [1 / (1 + place) ** EXPONENT for place in range(len(kinds))]
        class_ = dict(enumerate(chance.choices(kinds, weights, k=options.students)))
        solution = part.solution.read_text(encoding="utf-8")

        def outputs_of(source: str, function: str) -> Outputs:
            files = {f"{part.name}.py": source.encode()}
            submission = Submission("student", f"{part.name}.py", files)
            return runner.run(workers, submission, part, part.probes_of(function))

        def keeps(style: str, function: str) -> bool:
            """Return whether a style leaves the solution right."""
            source = restyled(solution, function, style)
            return source is not None and not lost_checks(
                judge, outputs_of(source, function), function
            )

        styles = {
            function: [style for style in STYLES if keeps(style, function)]
            for function in {one.function for one in kinds}
        }
        sources = {
            key: _written(put_in(one, solution), one.function, styles[one.function], chance)
            for key, one in class_.items()
        }

        def graded(key: int) -> tuple[Result, Outputs]:
            outputs = outputs_of(sources[key], class_[key].function)
            own = tuple(c for c in judge.score(outputs) if c.function == class_[key].function)
            return Result(part.name, str(key), 0, 0, own), outputs

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            done = dict(zip(map(str, class_), pool.map(graded, class_)))
    found = groups(part, {key: result for key, (result, _) in done.items()}, lambda k: done[k][1])
    truth = {str(key): one.id for key, one in class_.items()}
    _print(found, truth, len(kinds))


def _written(source: str, function: str, styles: list[str], chance: random.Random) -> str:
    """Return a file with a function in some style, or as it is."""
    return chance.choice([source, *filter(None, (restyled(source, function, s) for s in styles))])


def _print(found: list[Group], truth: dict[str, str], kinds: int) -> None:
    together = [pair for group in found for pair in combinations(sorted(group.members), 2)]
    alike = [pair for pair in combinations(sorted(truth), 2) if truth[pair[0]] == truth[pair[1]]]
    both = set(together) & set(alike)
    print(f"students {len(truth)}, wrong functions {kinds}, groups {len(found)}")
    print(f"pairwise precision {_share(len(both), len(together))}")
    print(f"pairwise recall    {_share(len(both), len(alike))}")
    reached = Counter({group.id: len(set(group.members)) for group in found})
    for count in range(1, SENTENCES + 1):
        sentences = sum(size for _, size in reached.most_common(count))
        print(f"{count} sentences reach {_share(sentences, len(truth))} of the students")
    for names in sorted(_mixed(found, truth)):
        print(f"in one group: {', '.join(names)}")
    split = Counter(id for group in found for id in {truth[key] for key in group.members})
    for id, count in split.items():
        if count > 1:
            print(f"in {count} groups: {id}")


def _share(some: int, every: int) -> str:
    return f"{some / every:.1%} ({some} of {every})" if every else "none"


def _mixed(found: Iterable[Group], truth: dict[str, str]) -> set[tuple[str, ...]]:
    """Return the wrong functions that stand in one group."""
    named = (tuple(sorted({truth[key] for key in group.members})) for group in found)
    return {names for names in named if len(names) > 1}


if __name__ == "__main__":
    main()
