"""The files of each package: everything for staff, and for students what `check` needs.

The students' package holds no answer, solution or known mistake. Of suites and probes it holds only
what the public checks use, cut from the staff's files, so that nothing is written twice. Standard
library only: the build runs this before anything is installed.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from autograder.errors import SourceError
from autograder.files import parse
from autograder.parts import PACKAGE, Part

DATA = "data"  # in a package: the folder that stands for the checkout, with checks/ and the rest
STAFF_DATA = ("assignment", "checks", "solutions")
CUT = '"""The public part of the staff\'s file of this name, cut out when the package was built."""'
STUDENTS_WORDS = "autograder.mo"  # of a language; without known mistakes and hidden checks
SKIPPED = ("__pycache__", ".pyc", ".part")


def staff(root: Path) -> dict[str, bytes]:
    """Return the whole package with its data, by path relative to the package.

    `root` is the folder that holds checks/, solutions/ and assignment/.
    """
    return {**_package(), **_data(root, STAFF_DATA)}


def grading(parts: Sequence[Part]) -> dict[str, bytes]:
    """Return what grading some parts needs: the package and their answers, but no solution."""
    answers = {
        f"{DATA}/{path.relative_to(part.root)}": path.read_bytes()
        for part in parts
        for path in (part.answers, part.fingerprints, part.signatures, part.key_file)
        if path.is_file()
    }
    return {**_package(), **_data(parts[0].root, ("assignment",)), **answers}


def students() -> dict[str, bytes]:
    """Return the students' package: no answers, and only the public checks."""
    files = _package()
    kept = {
        name: data
        for name, data in files.items()
        if Path(name).parts[0] not in ("suites", "probes", "mistakes")
        and not name.startswith(("platforms/templates/", "staff/templates/"))
        and not (name.startswith("locale/") and not name.endswith(f"/{STUDENTS_WORDS}"))
    }
    for folder in ("suites", "probes", "mistakes"):
        kept[f"{folder}/__init__.py"] = b""
    for name, data in files.items():
        folder, _, file = name.partition("/")
        if folder == "suites" and file.startswith("test_"):
            suite, probes = data.decode(), f"probes/{file.removeprefix('test_')}"
            if not any(is_public for _, is_public in _checks(suite, name).values()):
                continue  # a part that students cannot check themselves
            kept[name] = public_suite(suite, name).encode()
            kept[probes] = public_probes(files[probes].decode(), suite, name).encode()
    return kept


def public_suite(source: str, name: str) -> str:
    """Return a suite without its hidden checks, and without what only those use."""
    checks = _checks(source, name)
    public = {check for check, (_, is_public) in checks.items() if is_public}
    return _only(source, roots=public, without=checks.keys() - public)


def public_probes(source: str, suite: str, name: str) -> str:
    """Return the probes that a suite's public checks name as `probe`.

    Those that they name as `instead` are left out: such a probe holds a correct version of a function.
    """
    wanted = {f"probe_{probe}" for probe, is_public in _checks(suite, name).values() if is_public}
    names = {n.name for n in parse(source).body if isinstance(n, ast.FunctionDef)}
    if missing := wanted - names:
        raise SourceError(f"{name}: there is no {', '.join(sorted(missing))}")
    others = {n for n in names if n.startswith("probe_")} - wanted
    return _only(source, roots=wanted, without=others)


def _checks(source: str, name: str) -> dict[str, tuple[str, bool]]:
    """Return a suite's tests: the probe of each, and whether it is public; raise SourceError."""
    body = parse(source).body
    named = {
        target.id: node.value
        for node in body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    checks = {}
    for node in body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            arguments = _mark(node, named)
            probe, is_public = arguments.get("probe"), arguments.get("public", False)
            if not isinstance(probe, str) or not isinstance(is_public, bool):
                raise SourceError(f"{name}: {node.name}: write probe and public as literals")
            checks[node.name] = (probe, is_public)
    return checks


def _mark(check: ast.FunctionDef, named: Mapping[str, ast.expr]) -> dict[str, object]:
    """Return the literal arguments of a check's mark; `named` are the module's constants."""
    arguments: dict[str, object] = {}
    for decorator in check.decorator_list:
        for keyword in decorator.keywords if isinstance(decorator, ast.Call) else ():
            value = keyword.value
            value = named.get(value.id, value) if isinstance(value, ast.Name) else value
            try:
                literal = ast.literal_eval(value)
            except ValueError:
                continue  # computed; the caller raises if it is needed
            arguments.update({keyword.arg: literal} if keyword.arg else literal)
    return arguments


def _only(source: str, roots: Collection[str], without: Collection[str]) -> str:
    """Return a module with only its `roots` and all that they need, directly or not.

    Comments are dropped: one may mention what was cut.
    """
    body = parse(source).body
    wanted, size = set(roots), -1
    while len(wanted) != size:  # until what is kept needs nothing more
        size = len(wanted)
        for node in body:
            if _bound(node) & wanted - set(without):
                wanted |= _names(node)
    kept = [_trimmed(node, wanted) for node in body if _bound(node) & wanted - set(without)]
    text = ast.unparse(ast.Module(body=kept, type_ignores=[]))
    return f"{CUT}\n\n{text}\n"


def _trimmed(node: ast.stmt, wanted: Collection[str]) -> ast.stmt:
    """Drop names that are not needed from an import."""
    if not isinstance(node, ast.Import | ast.ImportFrom):
        return node
    aliases = [alias for alias in node.names if _alias(alias) in wanted]
    if isinstance(node, ast.Import):
        return ast.Import(aliases)
    return ast.ImportFrom(node.module, aliases, node.level)


def _bound(node: ast.stmt) -> set[str]:
    """Return the names that a statement of a module defines."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {node.name}
    if isinstance(node, ast.Import | ast.ImportFrom):
        return {_alias(alias) for alias in node.names}
    return {
        child.id
        for child in ast.walk(node)
        if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store)
    }


def _names(node: ast.stmt) -> set[str]:
    """Return every name that a statement reads, also fixtures."""
    names = {child.id for child in ast.walk(node) if isinstance(child, ast.Name)}
    return names | {child.arg for child in ast.walk(node) if isinstance(child, ast.arg)}


def _alias(alias: ast.alias) -> str:
    return alias.asname or alias.name.partition(".")[0]


def _package() -> dict[str, bytes]:
    """Return the package's own files, without the data of an installed one."""
    files = dict(_files(PACKAGE, PACKAGE))
    return {name: files[name] for name in files if Path(name).parts[0] != DATA}


def _data(root: Path, folders: Collection[str]) -> Mapping[str, bytes]:
    files: dict[str, bytes] = {}
    for folder in folders:
        if not (root / folder).is_dir():
            raise SourceError(f"{root / folder}: not found; build from a checkout")
        files.update({f"{DATA}/{name}": data for name, data in _files(root / folder, root)})
    return files


def _files(folder: Path, top: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the files in a folder, in the order of their names, without Python's caches."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(top).as_posix()
        if path.is_file() and not any(word in name for word in SKIPPED):
            yield name, path.read_bytes()
