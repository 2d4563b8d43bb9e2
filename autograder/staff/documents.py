"""Write generated tables into pages that people write, between two marks."""

from __future__ import annotations

import re
from pathlib import Path

from autograder.errors import SourceError
from autograder.files import write_bytes


def write_section(page: Path, name: str, text: str) -> None:
    """Replace the text between a page's ``<!-- begin NAME -->`` and ``<!-- end NAME -->``.

    Raises SourceError if the page has no such section.
    """
    pattern = re.compile(
        rf"(<!-- begin {re.escape(name)} -->\n).*?(<!-- end {re.escape(name)} -->)", re.DOTALL
    )
    whole = page.read_text(encoding="utf-8")
    if not pattern.search(whole):
        raise SourceError(f"{page}: holds no section {name!r}")
    write_bytes(page, pattern.sub(lambda m: f"{m[1]}{text}\n{m[2]}", whole).encode())
