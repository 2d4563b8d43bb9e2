"""Fill in templates: pages, where everything is escaped, and plain text such as scripts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jinja2

from autograder import language


def environment(folder: Path, html: bool, trim: bool = True) -> jinja2.Environment:
    """Return an environment for the templates of a folder; a missing value is an error.

    Arguments:
        html: escape what is filled in. Not for Markdown and scripts.
        trim: drop the line break after a block.
    """
    made = jinja2.Environment(
        extensions=["jinja2.ext.i18n"] if html else [],
        loader=jinja2.FileSystemLoader(folder),
        undefined=jinja2.StrictUndefined,
        autoescape=html,
        keep_trailing_newline=not html,
        trim_blocks=trim,
        lstrip_blocks=html,
    )
    if html:
        words: Any = made  # the extension adds methods
        words.install_gettext_callables(language.say, _either, newstyle=True)
        made.globals["language"] = language.current
    return made


def _either(one: str, several: str, number: int) -> str:
    return language.say(one if number == 1 else several)


def marked_texts(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the texts that a folder's pages mark for translation, and the page of each."""
    made: Any = environment(folder, html=True)
    for path in sorted(folder.glob("*.html")):
        for _, _, found in made.extract_translations(path.read_text(encoding="utf-8")):
            for text in found if isinstance(found, tuple) else (found,):
                if text:
                    yield text, path.name
