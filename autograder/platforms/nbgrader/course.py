"""Write an nbgrader course, and the students' copies of notebooks. Needs nbgrader.

source notebook -> nbgrader's own converters in a scratch course -> the students' notebook
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autograder.errors import AutograderError, SourceError
from autograder.files import write_bytes
from autograder.parts import PARTS, Part

CONFIG = "nbgrader_config.py"
SCRATCH = "assignment"
SETTINGS = '''"""nbgrader's settings for the course. Written by `autograder release --nbgrader`."""

from autograder.platforms.nbgrader import hand_ins

c = get_config()  # noqa: F821

# Notebooks that were damaged are put in order before nbgrader looks for them; the originals are kept.
hand_ins.install()

# Students hand in their module beside the notebook; everything else is put back as it was released.
c.Autograde.exclude_overwriting = {overwriting}
c.OverwriteCells.add_missing_cells = True

# Points come from autograder's engine, which runs the students' modules in its sandbox, and never from
# what a kernel printed.
# {why}
c.Autograde.sanitize_preprocessors = [
    {clear}"nbgrader.preprocessors.DeduplicateIds",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Autograde.autograde_preprocessors = [
    {execute}"autograder.platforms.nbgrader.cells.GradeCells",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "autograder.platforms.nbgrader.cells.SaveGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
'''
KEPT = "Notebooks are not run: their outputs stay as the students saw them."
RUN = "Notebooks are run as well, by a kernel with your rights: that is outside of the sandbox."


def write_course(
    course: Path, part: Part, files: Mapping[str, bytes], language: str = "", execute: bool = False
) -> list[Path]:
    """Write source/<part>/ and the settings; return the files.

    Arguments:
        files: what students get beside the notebook, by name.
        language: of the notebook, as in "zh"; empty for English.
        execute: run the notebooks in nbgrader's kernel too, beside the grading.

    Raises AutograderError if the course has other settings, which the instructor has to merge.
    """
    notebook = part.notebook(language)
    if not notebook.is_file():
        raise SourceError(f"{notebook.name}: not found; the part has no such notebook")
    modules = "".join(f'    "{one.name}": ["{one.stub.name}"],\n' for one in PARTS)
    settings = SETTINGS.format(
        overwriting=f"{{\n{modules}}}",
        why=RUN if execute else KEPT,
        clear='"nbgrader.preprocessors.ClearOutput",\n    ' if execute else "",
        execute='"nbgrader.preprocessors.Execute",\n    ' if execute else "",
    ).encode()
    config = course / CONFIG
    if config.exists() and _as_today(config.read_bytes()) != settings:
        raise AutograderError(
            f"{config}: exists and has other settings; move it away, run this again, and merge them"
        )
    folder = course / "source" / part.name
    contents = {folder / name: data for name, data in files.items()}
    contents[folder / f"{part.name}.ipynb"] = notebook.read_bytes()
    contents[config] = settings
    for path, data in contents.items():
        write_bytes(path, data)
    return list(contents)


def student_notebooks(sources: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return notebooks as nbgrader gives them to students, by name: no solutions, no mark schemes.

    Raises AutograderError if nbgrader is not installed or refuses a notebook.
    """
    try:
        from nbgrader.apps import NbGraderAPI
        from nbgrader.converters import GenerateAssignment
        from nbgrader.preprocessors import SaveCells
        from nbgrader.utils import capture_log
        from traitlets.config import Config
    except ImportError:
        raise AutograderError(
            "notebooks need nbgrader; install it with `pip install gan-homework[nbgrader]`"
        ) from None
    with tempfile.TemporaryDirectory() as name:
        source = Path(name, "source", SCRATCH)
        source.mkdir(parents=True)
        for file, data in sources.items():
            (source / file).write_bytes(data)
        config = Config()
        config.CourseDirectory.root = name
        config.CourseDirectory.assignment_id = SCRATCH
        api = NbGraderAPI(config=config)
        converter = GenerateAssignment(coursedir=api.coursedir, parent=api)
        converter.no_database = True  # it is slow, and would be deleted at once
        converter.preprocessors = [p for p in converter.preprocessors if p is not SaveCells]
        done = capture_log(converter)
        if not done["success"]:
            raise AutograderError(f"nbgrader refuses the notebooks: {_reason(done)}")
        made = Path(name, "release", SCRATCH)
        return {file: (made / file).read_bytes() for file in sources}


def _as_today(settings: bytes) -> bytes:
    """Return a course's settings with today's names of modules."""
    return settings.replace(b"autograder.nbgrader_cells.", b"autograder.platforms.nbgrader.cells.")


def _reason(done: Mapping[str, Any]) -> str:
    """Return the first error of the logged traceback, which says the most."""
    errors = re.findall(r"(?m)^\s*(?:\w+\.)+\w+: (.+)$", str(done.get("log", "")))
    return str(errors[0]) if errors else "it gives no reason"
