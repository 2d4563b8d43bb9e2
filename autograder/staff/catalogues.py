"""Catalogues of translations: read, complete and compile a language's file, and list what it lacks.

locale/zh/LC_MESSAGES/autograder.po    what translators write, in any editor of .po files
locale/zh/LC_MESSAGES/staff.po         known mistakes and hidden checks; students have no copy
locale/zh/LC_MESSAGES/*.mo             the same, compiled, which the grader reads
"""

from __future__ import annotations

import datetime as dt
import gettext
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autograder.errors import SourceError
from autograder.files import write_bytes
from autograder.language import DOMAIN, LOCALE, PLACE, STAFF

HEADER = (
    "# What students read. Write the translations in any editor of .po files, then run\n"
    "# `autograder messages` with the code of the language."
)
UNDATED = dt.datetime(2000, 1, 1, tzinfo=dt.timezone.utc)  # equal texts give equal bytes
GENERATED = re.compile(rb'"Generated-By: .*\n')
PRINTF = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True, slots=True)
class State:
    """What a language's files lack: translations, placeholders; and which files are not up to date."""

    missing: tuple[str, ...]
    wrong: tuple[str, ...]
    old: tuple[Path, ...] = ()


def path_of(language: str, domain: str, folder: Path = LOCALE) -> Path:
    """Return a file that translators of a language write."""
    return folder / language / "LC_MESSAGES" / f"{domain}.po"


def domain_of(source: str) -> str:
    """Return the file that the texts of a source belong to."""
    return STAFF if source.startswith("staff/") else DOMAIN


def translations(language: str, folder: Path = LOCALE) -> dict[str, str]:
    """Return what a language's files hold, by English text; raise SourceError if one is no .po file."""
    paths = [path_of(language, domain, folder) for domain in (DOMAIN, STAFF)]
    return {text: told for path in paths for text, told in _read(path).items()}


def _read(path: Path) -> dict[str, str]:
    from babel.messages import pofile

    if not path.is_file():
        return {}
    try:
        with path.open("rb") as file:
            catalog = pofile.read_po(file, abort_invalid=True)
    except (pofile.PoFileError, ValueError) as problem:
        raise SourceError(f"{path}: not a .po file: {problem}") from problem
    return {str(one.id): str(one.string) for one in catalog if one.id and one.string}


def state(known: Mapping[str, str], texts: Mapping[str, str]) -> State:
    """Return what translations lack of the texts."""
    missing = tuple(text for text in texts if not known.get(text))
    wrong = tuple(text for text in texts if known.get(text) and not _same_places(text, known[text]))
    return State(missing, wrong)


def update(language: str, texts: Mapping[str, str], folder: Path = LOCALE) -> State:
    """Write a language's files again with all texts, and compile them; return what they lack.

    Translations are kept; those of texts that are gone are dropped. Raises SourceError for a name that
    is no language.

    Arguments:
        texts: by text, the file that it comes from.
    """
    for path, data in _files(language, texts, folder).items():
        write_bytes(path, data)
    return state(translations(language, folder), texts)


def stale(language: str, texts: Mapping[str, str], folder: Path = LOCALE) -> State:
    """Return what a language's files lack, and which of them `update` would change; write nothing."""
    files = _files(language, texts, folder)
    old = [path for path, data in files.items() if not _holds(path, data)]
    return replace(state(translations(language, folder), texts), old=tuple(old))


def _files(language: str, texts: Mapping[str, str], folder: Path) -> dict[Path, bytes]:
    known = translations(language, folder)
    files: dict[Path, bytes] = {}
    for domain in (DOMAIN, STAFF):
        own = {text: where for text, where in texts.items() if domain_of(where) == domain}
        if own:
            files |= _written(path_of(language, domain, folder), language, known, own)
    return files


def _written(
    path: Path, language: str, known: Mapping[str, str], texts: Mapping[str, str]
) -> dict[Path, bytes]:
    """Return a file as .po and as .mo; a text that is not translated stays empty in the .po."""
    from babel.core import Locale, UnknownLocaleError
    from babel.messages import mofile, pofile
    from babel.messages.catalog import Catalog

    try:
        catalog: Any = Catalog(locale=Locale.parse(language), header_comment=HEADER, fuzzy=False)
    except (UnknownLocaleError, ValueError) as problem:
        raise SourceError(f"{language!r}: not the code of a language, as zh or pt_BR") from problem
    catalog.creation_date = catalog.revision_date = UNDATED
    for text, where in texts.items():
        catalog.add(text, known.get(text, ""), locations=[(where, None)])
    editable, compiled = io.BytesIO(), io.BytesIO()
    pofile.write_po(editable, catalog, width=100, include_lineno=False)
    mofile.write_mo(compiled, catalog)
    return {path: editable.getvalue(), path.with_suffix(".mo"): compiled.getvalue()}


def _holds(path: Path, data: bytes) -> bool:
    """Tell whether a file holds what would be written; a version of Babel's may differ."""
    if not path.is_file():
        return False
    if path.suffix == ".po":
        return GENERATED.sub(b"", path.read_bytes()) == GENERATED.sub(b"", data)
    there, new = (gettext.GNUTranslations(io.BytesIO(one)) for one in (path.read_bytes(), data))
    return all(there.gettext(text) == told for text, told in _pairs(new)) and len(
        _pairs(there)
    ) == len(_pairs(new))


def _pairs(messages: gettext.GNUTranslations) -> list[tuple[str, str]]:
    return [(k, v) for k, v in messages._catalog.items() if k]  # type: ignore[attr-defined]


def _same_places(text: str, told: str) -> bool:
    for pattern in (PLACE, PRINTF):
        if not set(pattern.findall(told)) <= set(pattern.findall(text)):
            return False
        if pattern is PRINTF and set(pattern.findall(told)) != set(pattern.findall(text)):
            return False
    return True
