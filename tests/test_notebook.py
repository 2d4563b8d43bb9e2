"""The notebooks: their form, their two languages, their self-checks, and that they run."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys

import pytest

from autograder.errors import SubmissionError
from autograder.grading import PUBLIC_CHECKS
from autograder.judging.suite import Suite
from autograder.notebook import check, done
from autograder.parts import PARTS, ROOT
from autograder.platforms.nbgrader.six_steps import read_steps
from tests.selection import sample

FOLDER = ROOT / "solutions"
LANGUAGES = ("", "zh")
every_part = pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
every_language = pytest.mark.parametrize("language", LANGUAGES, ids=("en", "zh"))
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def cells(part, language=""):
    return json.loads(part.notebook(language).read_text())["cells"]


def source(cell):
    return "".join(cell["source"])


def nbgrader(cell):
    return cell["metadata"].get("nbgrader", {})


def written(part, language=""):
    """Return the cells in which questions are answered."""
    return [
        cell
        for cell in cells(part, language)
        if cell["cell_type"] == "markdown" and nbgrader(cell).get("grade")
    ]


# --- form -----------------------------------------------------------------------------------------


@every_part
@every_language
def test_the_file_is_a_notebook_of_format_4_5_without_outputs(part, language):
    import nbformat

    path = part.notebook(language)
    notebook = nbformat.read(path, as_version=nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code)
    # Written as Jupyter writes it, so that saving it there changes no other line.
    assert nbformat.writes(notebook) + "\n" == path.read_text()


@every_part
@every_language
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_nbgrader_accepts_every_cell(part, language):
    import nbformat
    from nbgrader.nbgraderformat import MetadataValidator

    notebook = nbformat.read(part.notebook(language), as_version=4)
    MetadataValidator().validate_nb(notebook)
    graded = [nbgrader(cell) for cell in cells(part, language) if nbgrader(cell)]
    names = [one["grade_id"] for one in graded]
    assert len(set(names)) == len(names) > 8
    assert {one["schema_version"] for one in graded} == {3}
    ids = [cell["id"] for cell in cells(part, language)]
    assert len(set(ids)) == len(ids)


def in_english(code):
    """Return the Chinese notebook's code without the lines that choose the language of reports."""
    return code.replace("check, done, speak\n", "check, done\n").replace('\nspeak("zh")\n', "")


@every_part
def test_chinese_lines_are_not_broken(part):
    """Markdown shows a line break as a space, which Chinese does not have between characters."""
    for cell in cells(part, "zh"):
        if cell["cell_type"] == "markdown":
            assert not re.search(
                r"[\u4e00-\u9fff，。；：、] ?\n[\u4e00-\u9fff，。；：、]", source(cell)
            ), cell["id"]


@every_part
def test_both_languages_have_the_same_cells(part):
    english, chinese = cells(part), cells(part, "zh")
    assert len(english) == len(chinese)
    for one, other in zip(english, chinese):
        for key in ("id", "cell_type", "metadata"):
            assert one[key] == other[key], (one["id"], key)
        if one["cell_type"] == "code":
            assert source(one) == in_english(source(other)), one["id"]
        else:
            assert not CHINESE.search(source(one)), one["id"]
            assert CHINESE.search(source(other)), f"{one['id']}: still to be translated"


MATHS = re.compile(r"\$\$.*?\$\$", re.DOTALL)
CODE = re.compile(r"`[^`]+`")


@every_part
def test_both_languages_have_the_same_equations_headings_links_and_points(part):
    def marks(cell):
        text = source(cell)
        return {
            "equations": MATHS.findall(text),
            "code": sorted(set(CODE.findall(text))),
            "headings": re.findall(r"^#+ ", text, re.MULTILINE),
            "links": re.findall(r"https?://[^)]+", text),
            "points": re.findall(r"^- (\d)", text, re.MULTILINE),
            "markers": re.findall(r"^### .*$", text, re.MULTILINE),
        }

    for one, other in zip(cells(part), cells(part, "zh")):
        if one["cell_type"] == "markdown":
            assert marks(one) == marks(other), one["id"]


@every_part
def test_each_function_has_its_check_and_its_test_cell_with_its_points(part):
    """A function that has hidden checks alone has no table to show, and so no cell `check`."""
    points: dict[str, float] = {}
    public = set()
    with Suite(part.suite) as suite:
        for one in suite.checks:
            points[one.probe] = points.get(one.probe, 0) + one.points
            public |= {one.probe} if one.public else set()
    by_name = {nbgrader(cell).get("grade_id"): cell for cell in cells(part)}
    texts = [source(cell) for cell in cells(part)]
    for function, worth in points.items():
        cell = by_name[f"test_{function}"]
        assert nbgrader(cell)["points"] == worth, function
        assert (nbgrader(cell)["grade"], nbgrader(cell)["locked"]) == (True, True)
        called = f'"{function}"' if part is PARTS[0] else f'"{function}", "{part.name}.py"'
        assert source(cell).endswith(f"notebook.grade_cell({called})")
        assert (f"check({called})" in texts) == (function in public), function
    graded = [n for n in by_name if n and n.startswith("test_")]
    assert sorted(graded) == sorted(f"test_{function}" for function in points)


def solved_lines(part):
    """Return the lines of code that students have to find, the shortest left out."""
    regions = re.findall(
        r"### BEGIN SOLUTION\n(.*?)### (?:STUB|END)", part.solution.read_text(), re.S
    )
    lines = {line.strip() for region in regions for line in region.splitlines()}
    return {line for line in lines if len(line) > 24}


@every_part
@every_language
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_students_get_neither_answers_nor_mark_schemes(part, language):
    import nbformat
    from nbgrader.preprocessors import ClearHiddenTests, ClearSolutions

    notebook = nbformat.read(part.notebook(language), as_version=4)
    for step in (ClearSolutions(), ClearHiddenTests()):
        notebook, _ = step.preprocess(notebook, {})
    left = {cell.id: cell.source for cell in notebook.cells}
    answers = [left.pop(cell["id"]) for cell in written(part, language)]
    assert answers == ["YOUR ANSWER HERE"] * len(answers) and len(answers) >= 2
    told = {source(cell) for cell in written(part, language)}
    lines = {line for text in told for line in text.splitlines() if len(line) > 24}
    lines |= solved_lines(part) | {"Mark scheme", "评分标准", "### BEGIN", "### END", "| $y$ | 1 |"}
    for text in left.values():
        assert not [line for line in lines if line in text]
    released = json.loads((part.stub.parent / part.notebook(language).name).read_text())["cells"]
    code = {cell["id"] for cell in cells(part, language) if cell["cell_type"] == "code"}
    graded = {cell["id"] for cell in cells(part, language) if nbgrader(cell).get("grade")}
    handed_out = {cell["id"]: source(cell) for cell in released if cell["id"] in left}
    assert handed_out == {name: left[name] for name in left if name not in graded & code}
    assert "grade_cell" not in str(released)


@every_part
def test_the_mark_schemes_add_up_to_the_points(part):
    for cell in written(part):
        parts = re.findall(r"^- (\d):", source(cell), re.MULTILINE)
        assert sum(map(int, parts)) == nbgrader(cell)["points"], cell["id"]


@every_language
def test_the_solution_of_question_1_is_read_as_right(part, language):
    (cell,) = [cell for cell in cells(part, language) if cell["id"] == "question-1"]
    found = read_steps(source(cell))
    assert found is not None and found.right == nbgrader(cell)["points"] == 6


@every_part
def test_only_the_main_part_has_a_question_that_is_read_by_machine(part):
    from autograder.platforms.nbgrader.cells import STEPS

    names = {nbgrader(cell).get("grade_id") for cell in cells(part)}
    assert (STEPS in names) == (part is PARTS[0])


# --- self-checks ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def student(tmp_path_factory):
    """Return one folder for all tests here, and so one warm grader: it belongs to the answers."""
    folder = tmp_path_factory.mktemp("student")
    shutil.copy(ROOT / "assignment" / PUBLIC_CHECKS, folder)
    return folder


@pytest.fixture
def handed_out(student, monkeypatch):
    """Return a student's folder, as released, and work in it."""
    shutil.copy(ROOT / "assignment" / "gan_pytorch.py", student)
    monkeypatch.chdir(student)
    return student


def test_a_check_shows_the_public_checks_of_one_function(handed_out, capfd):
    report = check("sample_noise")
    assert not report.passed
    assert {one.status for one in report.checks} == {"skipped"}
    assert {one.function for one in report.checks} == {"sample_noise"}
    assert repr(report).count("still to do") == 1  # three checks say so, for one reason

    shutil.copy(FOLDER / "gan_pytorch.py", handed_out)
    report = check("sample_noise")  # as saved: the file changed under the same grader
    assert report.passed
    lines = repr(report).splitlines()
    assert lines[0] == "sample_noise"
    assert lines[1] == "  ✓ Noise has the shape (batch_size, dim) and lies between -1 and 1."
    assert lines[-1].startswith("  3 of 3 public checks passed. ")
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("function", ["discriminator_loss", "generator_loss"])
def test_a_loss_is_checked_without_bce_loss(handed_out, solution_text, function):
    text = solution_text.replace("(F.softplus(input) - target * input).mean()", "None")
    assert text != solution_text
    (handed_out / "gan_pytorch.py").write_text(text)
    assert not check("bce_loss").passed
    report = check(function)
    assert report.passed
    assert "judged with a right bce_loss" in repr(report)


def test_what_a_student_wrote_is_text_in_the_table_and_nothing_else(handed_out, solution_text):
    hostile = "raise ValueError('<script>alert(1)</script>')"
    text = solution_text.replace("return 2 * torch.rand(batch_size, dim) - 1", hostile)
    (handed_out / "gan_pytorch.py").write_text(text)
    report = check("sample_noise")
    assert "<script>" in repr(report)
    shown = report._repr_html_()
    assert "<script>" not in shown and "&lt;script&gt;" in shown
    assert shown.count("<tr>") == len(report.checks) == 3


def test_what_cannot_be_checked_is_told_in_one_line(handed_out, tmp_path, monkeypatch):
    with pytest.raises(
        SubmissionError, match=r"^no checks for 'nose'; the functions are: sample_noise"
    ):
        check("nose")
    with pytest.raises(SubmissionError, match=r"^elsewhere\.py: no such file"):
        check("generator", "elsewhere.py")
    shutil.copy(handed_out / "gan_pytorch.py", tmp_path)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SubmissionError, match=r"^public_checks\.npz: not found"):
        check("generator")


@pytest.mark.exhaustive(reason="3 s; the quick run has the notebook's own output")
def test_a_terminal_sees_text_and_stderr_stays_silent(handed_out):
    program = "from autograder.notebook import check; print(check('get_optimizer'))"
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        timeout=100,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0] == "get_optimizer"


# --- running --------------------------------------------------------------------------------------


DRAWN = {
    "gan_pytorch": "data noise vanilla vanilla-curves lsgan dcgan compare",
    "gaussian_gan": "data alone game clouds moments",
    "dcgan": "data brush untrained training samples walk",
    "dog_breeds": "data transforms confusion submission",
    "wgan_gp": "data alone curve",
}


def run(path, folder, monkeypatch, keep=lambda cell: True):
    """Run a notebook's code cells in a folder, without a network; return them with their outputs."""
    import nbformat
    from nbclient import NotebookClient

    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setenv("TORCH_HOME", str(folder))  # no weights that were fetched before,
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")  # and nobody there to fetch them from
    notebook = nbformat.read(path, as_version=4)
    notebook.cells = [c for c in notebook.cells if c.cell_type == "code" and keep(c)]
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(folder)}}).execute()
    return notebook.cells


# The cells that wait for a function; all of them in a notebook as it is handed out.
WAITING = {
    "gan_pytorch": "noise untrained vanilla vanilla-curves lsgan dcgan compare",
    "gaussian_gan": "alone game clouds animation moments",
    "dcgan": "untrained training samples walk",
    "dog_breeds": "data transforms loaders network untrained first-training borrow confusion "
    "submission",
    "wgan_gp": "alone game curve",
}


# Of the second part first, whose notebook takes the shortest time.
SAMPLED = sample([*PARTS[1:], PARTS[0]], every=len(PARTS))


@pytest.mark.parametrize("part", SAMPLED, ids=lambda part: part.name)
@pytest.mark.filterwarnings("ignore")  # of the kernel's own machinery
def test_run_all_goes_on_where_nothing_is_done_yet(part, tmp_path, monkeypatch):
    released = part.stub.parent
    for path in (part.stub, *part.given, released / PUBLIC_CHECKS):
        shutil.copy(path, tmp_path)
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)  # as a student runs it
    said = {
        cell.id: "".join(o.get("text", "") for o in cell.outputs)
        for cell in run(released / part.notebook().name, tmp_path, monkeypatch)
    }
    waiting = {name for name, text in said.items() if text.startswith("not done yet: ")}
    assert waiting == set(WAITING[part.name].split())
    assert all(said[name].count("\n") == 1 for name in waiting)


def test_a_function_is_done_when_it_raises_nothing_by_itself(tmp_path, capsys):
    path = tmp_path / "it.py"
    path.write_text(
        "def one():\n    return 1\n\n\nclass Two:\n    def forward(self):\n"
        "        raise NotImplementedError()\n\n\nthree = one\nfrom math import sqrt as four\n"
    )
    assert done("one", "three", "four", file=path)
    assert capsys.readouterr().out == ""
    assert not done("one", "Two", "five", file=path)
    line = "not done yet: Two, five (in it.py); this cell waits for it\n"
    assert capsys.readouterr().out == line
    path.write_text("def one(:")
    assert not done("one", file=path)
    assert not done("one", file=tmp_path / "none.py")


@pytest.mark.parametrize("part", SAMPLED, ids=lambda part: part.name)
@pytest.mark.filterwarnings("ignore")  # of the kernel's own machinery; what cells warn of is below
def test_the_notebook_runs_from_top_to_bottom_as_under_a_grader(part, tmp_path, monkeypatch):
    """Every code cell but those that are the graders'; both languages share their code."""
    for path in (part.solution, *part.given, ROOT / "assignment" / PUBLIC_CHECKS):
        shutil.copy(path, tmp_path)
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    ran = run(part.notebook(), tmp_path, monkeypatch, lambda cell: "grade_cell" not in cell.source)
    said = {}
    for cell in ran:
        for output in cell.outputs:
            assert output.get("name") != "stderr", (cell.id, output)
            said.setdefault(cell.id, []).append(output)
    checks = [cell.id for cell in ran if cell.id.startswith("check-")]
    assert len(checks) > 4
    for name in checks:
        (output,) = said[name]
        assert "text/html" in output.data and "public checks passed" in output.data["text/plain"]
        assert "✗" not in output.data["text/plain"]
    for name in DRAWN[part.name].split():
        assert any("image/png" in output.get("data", {}) for output in said[name]), name
    told = {n: "".join(o.get("text", "") for o in outputs) for n, outputs in said.items()}
    if part.name == "gan_pytorch":
        assert re.match(r"Iter: 0, D: \d\.\d+, G:\d\.\d+\n", told["vanilla"])
    if part.name == "gaussian_gan":
        assert "<img" in said["animation"][0].data["text/html"]
    if part.name == "dog_breeds":
        assert "on 36 other breeds" in told["borrow"]
