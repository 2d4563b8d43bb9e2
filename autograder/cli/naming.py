"""`autograder name`: one sentence for all students of a class who make the same mistake."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.cli import paths
from autograder.cli.options import fail_on, say
from autograder.cli.whole_class import judge_again
from autograder.parts import EXTRAS, PARTS

MOST = 40  # groups that are listed


@click.command()
@click.argument("results", type=paths.READ, required=False)
@click.argument("group", required=False)
@click.argument("sentence", required=False)
@click.option("--undo", is_flag=True, help="Forget the sentence that GROUP was given.")
@click.option("--share", type=paths.FILE, metavar="FILE", help="Write all sentences into one file.")
@click.option(
    "--take",
    type=paths.READ,
    metavar="FILE",
    help="Take in the sentences of another course's file.",
)
def name(
    results: Path | None,
    group: str | None,
    sentence: str | None,
    undo: bool,
    share: Path | None,
    take: Path | None,
) -> None:
    """Name a mistake that several students of a graded class make.

    RESULTS is the folder of `autograder grade-class`. With RESULTS alone, the groups without a name are
    listed. With GROUP and SENTENCE, every student of the group gets that sentence, and so does whoever
    makes the mistake later. The same GROUP again changes the sentence. --share and --take need no
    RESULTS: they are about the sentences of all classes.
    """
    if (results is None) is not bool(share or take) or (share and take):
        raise click.UsageError("give RESULTS, or --share FILE, or --take FILE")
    if share is not None:
        _share(share)
    elif take is not None:
        _take(take)
    elif results is not None:
        paths.check_readable(results)
        _name(results, group, sentence, undo)


def _name(results: Path, group: str | None, sentence: str | None, undo: bool) -> None:
    from autograder.batch import naming
    from autograder.reports.words import counted

    if group is None:
        _list(results)
        return
    if undo == (sentence is not None):
        raise click.UsageError("give a SENTENCE for the group, or --undo")
    if undo:
        part = naming.remove_name(results, group)
        click.echo(f"{group}: forgotten")
    else:
        part, students = naming.name_group(results, group, sentence or "")
        where = f"checks/{part.name}.named"
        said = f"named for {counted(students, 'student')}" if students else "renamed"
        click.echo(f"{group}: {said}; kept in {where} for the next class")
    _judge_again(results)


def _share(path: Path) -> None:
    from autograder.judging import sharing
    from autograder.reports.words import counted

    given = sharing.share((*PARTS, *EXTRAS), paths.check_file(path))
    say(f"{path}: {counted(given.count, 'sentence')}; for staff, not for students")
    if given.left:
        say(f"{given.left} left out: an error in the fingerprint names a file")
    for line in given.errors:
        say(f"it repeats this error: {line}")


def _take(path: Path) -> None:
    from autograder.judging import sharing
    from autograder.reports.words import counted

    paths.check_readable(path)
    taken = sharing.take((*PARTS, *EXTRAS), path)
    say(f"{counted(len(taken.new), 'sentence')} taken in, {len(taken.known)} there already")
    if taken.other:
        say(f"{len(taken.other)} left out: made by other probes, or with another course's key")
    if taken.new:
        say("judge a class again with them: autograder rescore RESULTS")


def _list(results: Path) -> None:
    from rich.console import Console
    from rich.text import Text

    from autograder.batch import naming
    from autograder.reports.terminal import plain_table
    from autograder.reports.words import counted

    found = naming.groups_of(results)
    if not found:
        click.echo("every lost check has a name")
        return
    students = {key for _, group in found for key in group.members}
    title = f"not named yet: {counted(len(students), 'student')}"
    columns = ("group", "students", "what they read now")
    table = plain_table(title, *columns, right=["students"])
    for _, group in found[:MOST]:
        table.add_row(group.id, str(len(group.members)), Text(group.message))
    Console().print(table)
    if len(found) > MOST:
        say(f"and {len(found) - MOST} smaller groups")
    say(f'give one a sentence: autograder name {results} GROUP "SENTENCE"')


def _judge_again(results: Path) -> None:
    from autograder.batch import rescore as judging_again
    from autograder.reports.words import counted

    with judging_again.alone(results):
        changes, failures = judge_again(results)
        failures = {**judging_again.write(results, changes), **failures}
    changed = sum(change.changed for change in changes)
    click.echo(f"{counted(changed, 'result')} changed")
    fail_on([f"{one}: not judged again: {why}" for one, why in failures.items()])
