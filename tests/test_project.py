"""What holds the project together: who imports whom, the lock file, the groups, CI, the changelog."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import sysconfig
from configparser import ConfigParser
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from autograder.parts import PACKAGE, ROOT
from tests.selection import sample

LOCK = ROOT / "requirements" / "lock.txt"
WORKFLOW = ROOT / ".github" / "workflows" / "tests.yml"


def ini(name: str) -> ConfigParser:
    settings = ConfigParser()
    settings.read(ROOT / name)
    return settings


SETUP = ini("setup.cfg")
EXTRAS = {
    extra: {Requirement(line) for line in lines.split("\n") if line}
    for extra, lines in SETUP["options.extras_require"].items()
}


# --- who imports whom -------------------------------------------------------------------------

needs_import_linter = pytest.mark.skipif(
    find_spec("importlinter") is None, reason="import-linter is for Python 3.11 and newer"
)
CONTRACTS = [name.split(":")[2] for name in ini(".importlinter").sections() if ":" in name]

# A contract, and new modules that break it
BREAKS = [
    ("floors", {"reports/added.py": "import autograder.judging"}),  # the same floor
    ("floors", {"added.py": ""}),  # no floor is said
    ("floors", {"handins/added.py": "def late():\n    import autograder.grading"}),  # upward
    ("floors", {"reports/added.py": "import autograder.batch"}),  # a loop, since batch has reports
    ("loops", {"batch/added.py": "from . import late", "batch/late.py": "from . import added"}),
    ("worker", {"worker/added.py": "import autograder.errors"}),
    ("engine", {"running/added.py": "from autograder.worker import run"}),
    ("torch", {"judging/added.py": "import torch.nn"}),
    ("torch", {"reports/added.py": "from torchvision import transforms"}),
    ("server", {"reports/added.py": "import bottle"}),
    ("by-path", {"staff/added.py": "import autograder.mistakes"}),
    ("by-path", {"added.py": "from autograder import suites"}),
    ("by-path", {"cli/added.py": "from autograder.probes import gan_pytorch"}),
    ("probing", {"probing/added.py": "import autograder.errors"}),
    ("probes", {"probes/added.py": "import autograder.compare"}),
    ("suites", {"suites/added.py": "import autograder.outputs"}),
    ("mistakes", {"mistakes/added.py": "import autograder.outputs"}),
]


def lint_imports(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    tool = Path(sysconfig.get_path("scripts")) / "lint-imports"
    line = [tool, "--no-logo", "--no-cache", *words, ROOT / ".importlinter"]
    return subprocess.run(list(map(str, line)), cwd=folder, capture_output=True, text=True)


@needs_import_linter
def test_the_contracts_of_who_imports_whom_are_kept():
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout
    assert f"{len(CONTRACTS)} kept, 0 broken" in done.stdout


@needs_import_linter
@pytest.mark.parametrize(("contract", "modules"), sample(BREAKS, every=4))
def test_a_contract_can_be_broken(contract, modules, tmp_path):
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(PACKAGE, tmp_path / "autograder", ignore=ignored)
    for name, text in modules.items():
        (tmp_path / "autograder" / name).write_text(f"{text}\n")
    done = lint_imports(tmp_path, "--contract", contract)
    assert done.returncode == 1 and "0 kept, 1 broken" in done.stdout, done.stdout + done.stderr
    assert "added" in done.stdout  # what was already broken does not count


def test_each_contract_is_broken_by_a_test():
    assert {contract for contract, _ in BREAKS} == {*CONTRACTS}


# --- how long things are ------------------------------------------------------------------------

BY_PART = {"probes", "suites", "mistakes"}  # as long as a part has functions
ENGINE = [p for p in PACKAGE.rglob("*.py") if not BY_PART & {*p.relative_to(PACKAGE).parts}]
LINES, LINES_OF_A_FUNCTION = 300, 60


def test_no_module_of_the_engine_is_long():
    assert len(ENGINE) > 80
    lengths = {str(p.relative_to(PACKAGE)): p.read_text().count("\n") for p in ENGINE}
    assert {name: lines for name, lines in lengths.items() if lines > LINES} == {}


def test_no_function_of_the_engine_is_long():
    long = []
    for path in ENGINE:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = node.end_lineno - node.lineno + 1
                if lines > LINES_OF_A_FUNCTION:
                    long.append(f"{path.relative_to(PACKAGE)}: {node.name}: {lines} lines")
    assert long == []


def test_no_file_of_the_tests_is_long():
    tests = ROOT / "tests"
    ours = [path for folder in (tests, tests / "oracles") for path in folder.glob("*.py")]
    assert [path.name for path in ours if path.read_text().count("\n") > 400] == []


# --- the lock file ----------------------------------------------------------------------------

PLATFORMS = (("linux", "Linux", "x86_64"), ("darwin", "Darwin", "arm64"), ("win32", "Windows", ""))
VERSIONS = ("3.10", "3.11", "3.12", "3.13")


def environments() -> list[dict[str, str]]:
    """Return what markers are asked about on each Python and each system."""
    return [
        {
            **default_environment(),
            "python_version": version,
            "python_full_version": f"{version}.1",
            "sys_platform": system,
            "platform_system": name,
            "platform_machine": machine,
        }
        for version in VERSIONS
        for system, name, machine in PLATFORMS
    ]


def complaints(lock: str, requirements: set[Requirement]) -> list[str]:
    """Tell which requirements a lock file does not fulfil by exactly one version."""
    pins = [Requirement(line) for line in lock.splitlines() if not line.startswith("#")]
    found = []
    for environment in environments():
        pinned: dict[str, list[str]] = {}
        for pin in pins:
            if pin.marker is None or pin.marker.evaluate(environment):
                (version,) = pin.specifier
                assert version.operator == "==" and "*" not in version.version, pin
                pinned.setdefault(canonicalize_name(pin.name), []).append(version.version)
        for one in requirements:
            if one.marker is None or one.marker.evaluate(environment):
                versions = pinned.get(canonicalize_name(one.name), [])
                if len(versions) != 1 or versions[0] not in one.specifier:
                    where = environment["python_version"], environment["sys_platform"]
                    found.append(f"{one}, on {where}: {versions}; run `make lock`")
    return found


def asked_for() -> set[Requirement]:
    plain = SETUP["options"]["install_requires"].split()
    return {Requirement(line) for line in plain}.union(*EXTRAS.values())


def test_the_lock_file_fulfils_every_requirement_on_every_python_and_system():
    assert complaints(LOCK.read_text(), asked_for()) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [(r"^pytest==.*", ""), (r"^pytest==.*", "pytest==8.3.5"), (r"^(pytest==.*)", r"\1\n\1")],
    ids=["missing", "too old", "twice"],
)
def test_a_lock_file_that_does_not_fulfil_one_is_noticed(old, new):
    text = re.sub(old, new, LOCK.read_text(), flags=re.M).replace("\n\n", "\n")
    assert len(complaints(text, asked_for())) == len(environments())


def test_the_lock_file_names_no_host_and_no_path():
    for line in LOCK.read_text().splitlines():
        plain = re.fullmatch(r"[a-z0-9-]+==[\w.]+( ; [\w.,=<>!()'* ]+)?", line)
        assert plain or line in (
            "# This file was autogenerated by uv via the following command:",
            "#    make lock",
        ), line


# --- extras and groups ------------------------------------------------------------------------


def group(groups: dict[str, list[str | dict[str, str]]], name: str) -> list[Requirement]:
    """Return a group's requirements, with those of the groups that it includes (PEP 735)."""
    found = []
    for entry in groups[name]:
        if isinstance(entry, dict):
            found += group(groups, entry["include-group"])
        else:
            found.append(Requirement(entry))
    return found


def test_a_group_and_an_extra_of_the_same_name_hold_the_same():
    tomllib = pytest.importorskip("tomllib", reason="Python 3.10 reads no TOML")
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]
    assert groups.keys() & EXTRAS.keys() == {"bench", "dev", "docs"}
    for name in groups.keys() & EXTRAS.keys():
        assert {*group(groups, name)} == EXTRAS[name], name
    assert len(group(groups, "dev")) == len(EXTRAS["dev"]), "two groups hold the same requirement"


@pytest.mark.parametrize("extra", ["dask", "docs", "keras", "nbgrader", "review"])
def test_who_develops_has_what_an_extra_brings(extra):
    """Of two tests, one would else be skipped in CI; otter and JupyterLab are left out for size."""
    assert EXTRAS[extra] <= EXTRAS["dev"]


# --- what runs in CI --------------------------------------------------------------------------


def jobs() -> dict[str, dict]:
    return yaml.safe_load(WORKFLOW.read_text())["jobs"]


@pytest.mark.parametrize(
    ("schema", "change"),
    sample(
        [
            ("vendor.github-workflows", ("runs-on", "runs_on")),
            ("custom.github-workflows-require-timeout", ("timeout-minutes", "env")),
        ],
        every=2,
    ),
)
def test_the_workflow_is_valid_by_its_platforms_schema(schema, change, tmp_path):
    def validate(path: Path) -> subprocess.CompletedProcess[str]:
        line = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(path)]
        return subprocess.run(line, capture_output=True, text=True)

    done = validate(WORKFLOW)
    assert done.returncode == 0, done.stdout
    (tmp_path / "broken.yml").write_text(WORKFLOW.read_text().replace(*change))
    assert validate(tmp_path / "broken.yml").returncode == 1


def test_ci_runs_the_readmes_command_with_the_locked_versions():
    readme = (ROOT / "README.md").read_text()
    install, test = re.findall(r"^(pip install .*) && (pytest)$", readme, re.M)[0]
    install = install.replace("pip install", f"pip install -c {LOCK.relative_to(ROOT)}")
    steps = [step["run"] for step in jobs()["test"]["steps"] if "run" in step]
    assert f"{install} && {test}" in steps[0]
    script = (ROOT / ".ci" / "run").read_text()
    quiet = script.replace("--quiet --disable-pip-version-check ", "")
    assert f"\n{install}\n" in quiet and f"\n{test} " in script


def test_ci_covers_the_pythons_that_the_package_is_for():
    oldest = SETUP["options"]["python_requires"].removeprefix(">=")
    assert VERSIONS[0] == oldest
    assert jobs()["test"]["strategy"]["matrix"]["python"] == [*VERSIONS]
    typed = re.findall(r"mypy --python-version (\S+)", (ROOT / "Makefile").read_text())
    assert typed == [VERSIONS[0], VERSIONS[-1]]


def test_before_each_commit_the_linters_run_that_ci_runs():
    recipe = (ROOT / "Makefile").read_text().split("\nlint:\n")[1].split("\n\n")[0]
    tools = {re.sub(r"[A-Z]+=\S+ ", "", line).split()[0] for line in recipe.split("\n\t")}
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
    assert {hook["entry"].split()[0] for hook in hooks} == tools - {"--check-untyped-defs"}
    assert "\nmake lint\n" in (ROOT / ".ci" / "run").read_text()
    assert "make lint" in [step.get("run") for step in jobs()["lint"]["steps"]]


def test_settings_of_mypy_name_modules_that_exist():
    ours = [s for s in SETUP.sections() if s.startswith("mypy-autograder")]
    names = [name for s in ours for name in s.removeprefix("mypy-").split(",")]
    assert names
    for name in names:
        path = ROOT.joinpath(*name.removesuffix(".*").split("."))
        assert path.is_dir() if name.endswith(".*") else path.with_suffix(".py").is_file(), name


# --- the package ------------------------------------------------------------------------------


def test_package_data_covers_all_that_is_not_python():
    patterns = SETUP["options.package_data"]["autograder"].split()
    named = {path: pattern for pattern in patterns for path in PACKAGE.glob(pattern)}
    assert {*named.values()} == {*patterns}, "a pattern that finds nothing"
    files = (path for path in PACKAGE.rglob("*") if path.is_file())
    assert {*named} == {path for path in files if path.suffix not in (".py", ".pyc")}
    assert PACKAGE / "py.typed" in named


def test_what_builds_the_packages_needs_the_standard_library_alone():
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from autograder.staff import contents"
    line = [sys.executable, "-I", "-S", "-c", f"{code}; print(len(contents.students()))"]
    done = subprocess.run(line, capture_output=True, text=True)
    assert done.returncode == 0 and int(done.stdout) > 50, done.stderr


# --- the changelog ----------------------------------------------------------------------------

FRAGMENTS = [path for path in (ROOT / "changes").glob("*.md") if path.name != "README.md"]


def test_an_entry_of_the_changelog_is_a_file_of_a_known_kind():
    head = (ROOT / "CHANGELOG.md").read_text().split("\n## ")[0]
    kinds = re.findall(r"\*\*(\w+)\*\*", head)
    assert kinds == ["code", "handout", "answers"]
    for path in FRAGMENTS:
        assert re.fullmatch(rf"[a-z0-9-]+\.({'|'.join(kinds)})\.md", path.name), path.name


def test_the_next_section_lists_every_entry_with_its_kind(tmp_path):
    for name in ("CHANGELOG.md", "pyproject.toml", "autograder/__init__.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "changes", tmp_path / "changes")
    (tmp_path / "changes" / "new-answers.answers.md").write_text("Two lines,\nof which one.\n")
    line = [sys.executable, "-m", "towncrier", "build", "--draft", "--version", "9.9"]
    done = subprocess.run(line, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    heading, _, entries = done.stdout.partition("\n\n")
    assert heading.startswith("## 9.9 (") and "- answers: Two lines,\n  of which one.\n" in entries
    for path in FRAGMENTS:
        first = path.read_text().splitlines()[0]
        assert f"\n- {path.suffixes[0][1:]}: {first}\n" in done.stdout, path.name
