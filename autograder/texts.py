"""Make text from others safe for a terminal, a log or a page: names, notes and messages."""

from __future__ import annotations

import unicodedata

JOINERS = "\u200c\u200d"  # parts of Persian and Indic words, and of emoji


def printable(text: str, kept: str = "\n") -> str:
    """Return a text without characters that control a terminal or that a reader cannot see.

    Control characters, escape sequences, line separators, surrogates, and marks that change the
    direction of text become U+FFFD. Spaces of every width stay: names in many scripts have them.

    Arguments:
        kept: control characters that stay.
    """
    if text.isprintable():
        return text
    return "".join(c if _is_shown(c) or c in kept else "\N{REPLACEMENT CHARACTER}" for c in text)


def one_line(text: str) -> str:
    """Return a printable text without line feeds."""
    return printable(text, kept="")


def _is_shown(character: str) -> bool:
    return (
        character.isprintable() or character in JOINERS or unicodedata.category(character) == "Zs"
    )
