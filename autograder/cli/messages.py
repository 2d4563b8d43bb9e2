"""`autograder messages`: the catalogues of translations."""

from __future__ import annotations

import click

from autograder.cli.options import fail_on, say


@click.command()
@click.argument("language", metavar="LANGUAGE")
@click.option("--verify", is_flag=True, help="Write nothing; fail if the files are not up to date.")
def messages(language: str, verify: bool) -> None:
    """Write a LANGUAGE's catalogues again, such as zh, and list the texts without a translation."""
    from autograder.staff import catalogues
    from autograder.staff.messages import messages as texts

    found = catalogues.stale(language, texts()) if verify else catalogues.update(language, texts())
    for text in found.missing:
        say(f"no translation: {text}")
    for text in found.wrong:
        say(f"other placeholders than the English text has: {text}")
    for path in found.old:
        say(f"{path}: not up to date; run: autograder messages {language}")
    if not (found.missing or found.wrong or found.old):
        say(f"{language}: every text is translated")
        return
    fail_on([f"{language}: {len(found.missing)} missing, {len(found.wrong)} wrong"])
