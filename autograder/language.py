"""The language that students read: texts of the grader are translated when they are shown.

What is judged and stored stays English. A language's catalogue is in `locale/<language>/LC_MESSAGES/`:
`autograder.mo`, and for staff `staff.mo` with known mistakes and hidden checks. It holds pairs of
templates such as `returns {got}; expected {expected}`. A text is held against the templates; what
stands at a placeholder is translated too, where it is a template itself, and stays as it is otherwise:
numbers, names and code do. A text that no template fits stays English, whole.
"""

from __future__ import annotations

import functools
import gettext
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from autograder.errors import AutograderError

LOCALE = Path(__file__).resolve().parent / "locale"
DOMAIN = "autograder"
STAFF = "staff"  # what students' copies lack
PLACE = re.compile(r"\{(\w+)\}")
NAMED = re.compile(r"([A-Za-z_]\w*): (?=\S)")  # the function that a message is about
BREAK = re.compile(r"(?<=[.?!]) |[;:] ")  # between sentences, and between remarks
SEAM = re.compile(r"(?<=[\u4e00-\u9fff])(?=[A-Za-z0-9`-])|(?<=[A-Za-z0-9`])(?=[\u4e00-\u9fff])")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
LONGEST = 2000  # characters of a line that is translated; ours are shorter
DEEPEST = 4  # templates inside of templates
WORD = re.compile(r"[A-Za-z]{2,}")
FEW = 3  # words of a template
SENTENCES = 12  # of a line that is translated
WIDE = "。？！；：，"

VARIABLE = "GAN_LANGUAGE"  # of the environment: threads and processes that grade read it, too


@dataclass(frozen=True, slots=True)
class Template:
    """An English text with placeholders: literal pieces, and the names between them."""

    pieces: tuple[str, ...]
    names: tuple[str, ...]
    target: str

    @classmethod
    def of(cls, source: str, target: str) -> Template:
        """Read `returns {got}; expected {expected}`."""
        parts = PLACE.split(source)
        return cls(tuple(parts[::2]), tuple(parts[1::2]), target)

    @property
    def weight(self) -> int:
        """How much of it is literal: the more, the earlier it is tried."""
        return sum(map(len, self.pieces))

    @property
    def is_short(self) -> bool:
        """Whether it is no sentence, but words inside of one, such as `the second {name}`."""
        return self.words < 2 and not self.pieces[-1].endswith(".")

    @property
    def words(self) -> int:
        """How many words it has; with only a few, it fits sentences that are not the grader's."""
        return len(WORD.findall("".join(self.pieces)))

    def match(self, text: str) -> dict[str, str] | None:
        """Return what stands at the placeholders, the shortest that fits; None if nothing does."""
        if not text.startswith(self.pieces[0]) or not text.endswith(self.pieces[-1]):
            return None
        found: dict[str, str] = {}
        start, end = len(self.pieces[0]), len(text) - len(self.pieces[-1])
        for name, piece in zip(self.names, self.pieces[1:]):
            last = piece is self.pieces[-1]
            stop = end if last else text.find(piece, start + 1, end)
            if stop <= start:
                return None
            if found.setdefault(name, text[start:stop]) != text[start:stop]:
                return None
            start = stop + len(piece)
        return found

    def fill(self, values: dict[str, str]) -> str:
        """Return the translation with values at its placeholders."""
        pieces = PLACE.split(self.target)
        shown = [values.get(one, f"{{{one}}}") if i % 2 else one for i, one in enumerate(pieces)]
        return functools.reduce(_beside, shown)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The texts of one language: whole sentences, and templates, the most literal first."""

    texts: dict[str, str] = field(default_factory=dict)
    templates: tuple[Template, ...] = ()

    @classmethod
    def of(cls, texts: dict[str, str]) -> Catalogue:
        """Return the catalogue of English texts and their translations."""
        templates = [Template.of(one, other) for one, other in texts.items() if PLACE.search(one)]
        templates = [one for one in templates if any(piece.strip() for piece in one.pieces)]
        return cls(texts, tuple(sorted(templates, key=lambda one: -one.weight)))

    def translate(self, text: str) -> str:
        """Return a text in the language, line by line; what is not in the catalogue stays."""
        if not self.texts or not text:
            return text
        if text in self.texts:
            return self.texts[text]
        lines = text.split("\n")
        code = next((i for i, line in enumerate(lines) if line[:1] in (" ", "\t")), len(lines))
        return "\n".join([*map(self._line, lines[:code]), *lines[code:]])

    def _line(self, line: str, depth: int = 0) -> str:
        """Translate a line."""
        if len(line) > LONGEST or depth > DEEPEST or not line.strip():
            return line
        named = NAMED.match(line)
        if named and line not in self.texts:
            rest = line[named.end() :]
            if (told := self._line(rest, depth)) != rest:
                return line[: named.end()] + told
        return self._whole(line, depth) or self._sentences(line, depth)

    def _whole(self, text: str, depth: int, loose: bool = False) -> str:
        """Return the translation of one sentence; "" if there is none."""
        if text in self.texts:
            return self.texts[text]
        for template in self.templates:
            if template.is_short and not depth:
                continue
            values = template.match(text)
            if values is None or not (loose or not any(map(BREAK.search, values.values()))):
                continue
            told = {name: self._line(value, depth + 1) for name, value in values.items()}
            if template.words >= FEW or all(told[k] != v or _is_name(v) for k, v in values.items()):
                return template.fill(told)
        return ""

    def _sentences(self, line: str, depth: int) -> str:
        """Translate sentences that stand in a row; what is not known stays between them."""
        breaks = list(BREAK.finditer(line))
        if (
            len(breaks) > SENTENCES
        ):  # none of the grader's; each would be held against all templates
            return line
        for one in reversed(breaks):
            for end in (one.start(), one.start() + len(one[0].rstrip())):
                if told := self._whole(line[:end], depth):
                    after = self._whole(line[end:], depth + 1) if one[0].strip() else ""
                    if after:  # it holds what joins it, as in ": is the last layer missing?"
                        return told + after
                    return _joined(told, one[0], self._line(line[one.end() :], depth))
        if told := self._whole(line, depth, loose=True):
            return told
        if not breaks:
            return line
        first, rest = breaks[0], line[breaks[0].end() :]
        return _joined(line[: first.start()], first[0], self._line(rest, depth))


def _is_name(text: str) -> bool:
    """Tell whether a text is a name, a number or code, and not a sentence in English."""
    return len(WORD.findall(text)) < 2


def _joined(one: str, between: str, other: str) -> str:
    """Join two sentences as their punctuation asks: no space after a wide mark."""
    if one[-1:] in WIDE:
        return one + other
    wide = {"; ": "；", ": ": "："} if not one.isascii() and not other.isascii() else {}
    return one + wide.get(between, between) + other


def _beside(one: str, other: str) -> str:
    """Put two pieces side by side, with a space between a Chinese character and a Latin one."""
    if SEAM.match(one[-1:] + other[:1], 1):
        return f"{one} {other}"
    if one.endswith(" ") and CHINESE.match(one[-2:-1]) and CHINESE.match(other):
        return one[:-1] + other
    if other.startswith(" ") and CHINESE.match(one[-1:]) and CHINESE.match(other[1:]):
        return one + other[1:]
    return one + other


@functools.lru_cache(maxsize=8)
def catalogue(language: str, folder: Path = LOCALE) -> Catalogue:
    """Return the catalogue of a language, an empty one for English; raise AutograderError if none."""
    if language in ("", "en"):
        return Catalogue()
    if language not in languages(folder):
        known = ", ".join(languages(folder))
        raise AutograderError(f"no texts in the language {language!r}; there are: {known}")
    pairs: dict[object, str] = {}
    for domain in (DOMAIN, STAFF):
        path = folder / language / "LC_MESSAGES" / f"{domain}.mo"
        if path.is_file():
            with path.open("rb") as file:
                pairs |= gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    return Catalogue.of({k: v for k, v in pairs.items() if isinstance(k, str) and k and v})


def languages(folder: Path = LOCALE) -> list[str]:
    """Return the languages that there are texts in; English is always there."""
    found = folder.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")
    return ["en", *sorted(path.parent.parent.name for path in found)]


def current() -> str:
    """Return the language that texts are shown in; "en" if none was chosen."""
    return os.environ.get(VARIABLE) or "en"


@contextmanager
def use(language: str) -> Iterator[None]:
    """Show texts in a language; raise AutograderError if there is no catalogue for it."""
    catalogue(language)
    before = os.environ.get(VARIABLE)
    os.environ[VARIABLE] = language
    try:
        yield
    finally:
        del os.environ[VARIABLE]
        if before is not None:
            os.environ[VARIABLE] = before


def translate(text: str) -> str:
    """Return a text of the grader in the language that texts are shown in."""
    return catalogue(current()).translate(text)


def say(template: str, **values: object) -> str:
    """Return a template in the language that texts are shown in, with values at its placeholders.

    The template must be a literal: the catalogue's texts are collected from the calls.
    """
    texts = catalogue(current()).texts
    return PLACE.sub(
        lambda place: str(values.get(place[1], place[0])), texts.get(template, template)
    )
