"""What students read, collected from the sources: the texts that a language's catalogue must hold.

A text is a template: what an f-string fills in is a placeholder, `{got}` for a name and `{1}` for
anything else. The name of a function in front of a message is left out.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from autograder.files import parse
from autograder.language import PLACE
from autograder.mistake import load_mistakes
from autograder.outputs import SAID
from autograder.parts import EXTRAS, PACKAGE, PARTS, Part
from autograder.reports import rendering
from autograder.reports.messages import SAME
from autograder.reports.webpage import TEMPLATES
from autograder.staff import contents

# Modules whose sentences reach a student, besides the suites. A sentence has two words or more.
TELLING = (
    "compare.py",
    "judging/scoring.py",
    *(
        f"operators/{name}.py"
        for name in ("layers", "losses", "numbers", "slots", "steps", "words")
    ),
    *(f"worker/{name}.py" for name in ("failures", "unfinished", "misprints", "conflicts", "run")),
    *(f"worker/{name}.py" for name in ("describing", "loading", "surroundings")),
    *(f"probing/{name}.py" for name in ("losses", "networks", "values")),
    "running/endings.py",
    "running/runner.py",
    "reports/lines.py",
    "reports/diagrams.py",
    "reports/networks.py",
    "reports/pictures.py",
)
# Modules that mark their texts with a call of `say`.
SAYING = ("reports/*.py", "notebook.py", "cli/grading.py")
# What is put into sentences, and is too short to be told from a key.
WORDS = (
    *("discriminator", "generator", "generators", "network", "layer", "label", "scores"),
    *("the discriminator", "the generator", "the network", "the label", "a network", "a value"),
    *("the loss", "parameters", "brightness", "contrast", "saturation", "black", "white"),
    *("argument", "number", "activation", "linear layer", "convolution", "transposed convolution"),
    *(
        "batch norm",
        "pooling",
        "flatten",
        "pair",
        "mean",
        "sum",
        "term",
        "factor",
        "NaN",
        "infinity",
    ),
    *("passed", "failed", "error", "skipped"),
    *("the last {name}", "the first {name}", "the second {name}", "the third {name}"),
    *("the fourth {name}", "the fifth {name}", "the sixth {name}", "the {name}", "every {name}"),
    *("The last {name}", "The first {name}", "The second {name}", "The third {name}"),
    *("The fourth {name}", "The fifth {name}", "The sixth {name}", "The {name}", "Every {name}"),
    *("{layer} stands where {place} belongs.", "{layer} stands before {place}."),
    *("{layer} stands after {place}.", "{place} gets {new}, which is not asked for."),
    *("{what} is {words}; the description asks for {name}.", "{what} is {new}."),
    "{what} is {words}; the description asks for {name} with slope {slope}.",
    "How bright the pixels are: the line is your generator's, the dashed one the described "
    "generator's, with the same weights and the same noise; nothing is trained yet. The ends count "
    "all that lies beyond.",
    "running the whole file took longer than {limit} s (a training loop at the bottom?)",
    *(
        "What is returned is {words}.",
        "{what} is {words}.",
        "{place} is missing.",
        "The argument {name}",
        "the argument {name}",
    ),
)
# In these modules, but not said to a student: patterns, names of edits, errors for staff.
UNSAID = re.compile(
    r"\\|\(\?|__|^(?:drop|swap|norms|to|no bias|outside|naming the)\b|^and as assert"
    r"|^modified by an inplace|^holds no answers|^expected an indented|^\{comes\}|^\{\} stands"
    r"|^ ?is not Python$"
)
SAY = ("say", "language.say")
PUBLIC = "public-checks"
SENTENCE = re.compile(r"[A-Za-z`)}]{2,}[,;:]? [`({a-z]")
FRONT = re.compile(r"^(?:\{\w+\}|[A-Za-z]\w*): (?=\S)")


def messages() -> dict[str, str]:
    """Return every text, and the file that it comes from, in the order of the files.

    Those that students' copies lack, of hidden checks and known mistakes, come from "staff/...".
    """
    found: dict[str, str] = {}
    _add(found, PUBLIC, (text for part in _known() for text in _of_suite(part, public=True)))
    for path in (path for one in TELLING for path in sorted(PACKAGE.glob(one))):
        _add(found, path.relative_to(PACKAGE).as_posix(), sentences(_read(path)))
    _add(found, "parts.py", (part.title for part in _known()))
    for path in (path for one in SAYING for path in sorted(PACKAGE.glob(one))):
        _add(found, path.relative_to(PACKAGE).as_posix(), said(_read(path)))
    for text, page in rendering.marked_texts(TEMPLATES):
        _add(found, page, [text])
    _add(found, "words", (SAID, SAME, *WORDS))
    for part in _known():
        _add(found, f"staff/suites/{part.suite.name}", _of_suite(part, public=False))
        if part.mistakes.is_dir():
            for mistake in load_mistakes(part, recorded=False):
                where = f"staff/mistakes/{part.name}/{mistake.function}.py"
                _add(found, where, filter(None, (mistake.says, mistake.hint)))
    return found


def _add(found: dict[str, str], where: str, texts: Iterable[str]) -> None:
    for text in texts:
        found.setdefault(text, where)


def _known() -> list[Part]:
    return [*PARTS, *EXTRAS]


def _of_suite(part: Part, public: bool) -> Iterator[str]:
    """Yield the texts of a part's checks and probes, of the public ones alone or of all."""
    suite, probes = _read(part.suite), _read(part.probes)
    if public:
        name = part.suite.name
        suite, probes = (
            contents.public_suite(suite, name),
            contents.public_probes(probes, suite, name),
        )
    yield from titles(suite)
    yield from sentences(suite)
    yield from sentences(probes)


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def titles(source: str) -> Iterator[str]:
    """Yield the titles of a suite's checks."""
    for node in parse(source).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield (ast.get_docstring(node) or "").splitlines()[0]


def sentences(source: str) -> Iterator[str]:
    """Yield the templates of a file's texts of two words or more; docstrings are none."""
    tree = parse(source)
    inside = _docstrings(tree) | {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for part in ast.walk(node)
        if part is not node
    }
    for node in ast.walk(tree):
        if id(node) not in inside and (text := template(node)):
            text = FRONT.sub("", text)
            if "\n" not in text and _is_said(text):
                yield text.replace("{}", "{new}")


def _is_said(text: str) -> bool:
    """Tell whether a text is a sentence, with as many words as placeholders at least."""
    words = re.findall(r"[A-Za-z]{2,}", PLACE.sub("", text))
    said = SENTENCE.search(text) and not UNSAID.search(text)
    return bool(said) and len(words) >= len(PLACE.findall(text))


def _docstrings(tree: ast.AST) -> set[int]:
    kinds = (ast.FunctionDef, ast.ClassDef, ast.Module)
    first = [node.body[0] for node in ast.walk(tree) if isinstance(node, kinds) and node.body]
    return {id(one.value) for one in first if isinstance(one, ast.Expr)}


def template(node: ast.AST) -> str:
    """Return a string or an f-string as a template; "" for anything else."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if not isinstance(node, ast.JoinedStr):
        return ""
    return "".join(_pieces(node.values))


def _pieces(values: Iterable[ast.expr]) -> Iterator[str]:
    unnamed = 0
    for value in values:
        if isinstance(value, ast.FormattedValue):
            if isinstance(value.value, ast.Name):
                yield f"{{{value.value.id}}}"
            else:
                unnamed += 1
                yield f"{{{unnamed}}}"
        elif isinstance(value, ast.Constant):
            yield str(value.value)


def said(source: str) -> Iterator[str]:
    """Yield the texts that a file gives to `say`."""
    for node in ast.walk(parse(source)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        if ast.unparse(node.func) in SAY and isinstance(node.args[0], ast.Constant):
            yield str(node.args[0].value)
