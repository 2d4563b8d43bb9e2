"""Repair the notebooks of a course before nbgrader looks for them; nbgrader_config.py asks for it.

None of nbgrader's hooks runs early enough: it passes over a student without a notebook, and stops at
one that is no JSON, before it calls any. So `install` puts a step in front of `Autograde`'s first one.
The student's own file is kept, in the folder ORIGINALS beside the repaired one.
"""

from __future__ import annotations

import functools
import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograder.handins.reading import read_regular
from autograder.platforms.nbgrader import reading, repair
from autograder.platforms.nbgrader.reading import Cell, Notebook

ORIGINALS = "as-handed-in"
NOTE = "autograder-repaired"  # the id of the cell that tells the student
UNLIKE = 0.2  # as much of the released notebook is in another one by chance
LARGEST = 50 << 20  # bytes of a notebook


def install() -> None:
    """Let `nbgrader autograde` repair notebooks first, in this process."""
    from nbgrader.converters import Autograde

    before = Autograde.init_notebooks
    if getattr(before, "repairs", False):
        return

    @functools.wraps(before)
    def init_notebooks(self: Any) -> None:
        directory = self.coursedir
        pattern = directory.format_path(
            directory.submitted_directory, directory.student_id, directory.assignment_id
        )
        release = directory.format_path(directory.release_directory, ".", directory.assignment_id)
        if not Path(release).is_dir():
            self.log.warning(f"{release} is not there: damaged notebooks cannot be repaired")
        for folder in sorted(Path(directory.root).glob(os.path.relpath(pattern, directory.root))):
            try:
                for line in repair_folder(folder, Path(release)):
                    self.log.warning(line)
            except Exception as problem:  # one student's notebook must not cost the others
                self.log.error(f"{folder}: could not be repaired ({problem!r:.200})")
        before(self)

    init_notebooks.repairs = True  # type: ignore[attr-defined]
    Autograde.init_notebooks = init_notebooks


def repair_folder(folder: Path, release: Path) -> list[str]:
    """Repair the notebooks in a student's folder; return a line for each that was damaged.

    Arguments:
        folder: submitted/<student>/<assignment>, which is written.
        release: release/<assignment>, with the notebooks that students got.
    """
    if not folder.is_dir():
        return []
    lines = []
    released = sorted(release.glob("*.ipynb"))
    names = {path.name for path in released}
    for path in released:
        original, _ = reading.read(path.read_bytes())
        if original is None:
            continue
        source, notebook, damages = _found(folder, path.name, names, original)
        if source is not None and source.name == path.name and not damages:
            continue
        if source is not None:
            if source.name != path.name:
                damages.insert(0, f"it is called {source.name}")
        else:
            damages = ["it was not handed in"]
        made = repair.repaired(notebook, original)  # before anything is moved
        made["cells"].insert(0, _told(damages, source))
        if source is not None:
            _keep(folder, source)
        (folder / path.name).write_text(json.dumps(made, indent=1), encoding="utf-8")
        lines.append(f"{folder / path.name} was repaired: {'; '.join(damages)}")
    return lines


def _found(
    folder: Path, name: str, names: set[str], original: Notebook
) -> tuple[Path | None, Notebook | None, list[str]]:
    """Return the file that is this notebook, what is in it, and what is wrong with it."""
    exact = folder / name
    others = [p for p in sorted(folder.glob("*.ipynb")) if p.name not in names]
    candidates = [exact] if os.path.lexists(exact) else others
    best: tuple[float, Path, Notebook | None, list[str]] | None = None
    for path in candidates:
        notebook, damages = None, ["it is too large or no file"]
        data = _data(path)
        if data is not None:
            notebook, damages = reading.read(data)
        if notebook is not None:
            damages += repair.damages_of(notebook, original)
        alike = repair.likeness(notebook, original) if notebook is not None else -1.0
        if path == exact and 0 <= alike <= UNLIKE:
            notebook, damages = None, ["it is another notebook"]
        if best is None or alike > best[0]:
            best = alike, path, notebook, damages
    if best is None or (best[1] != exact and best[0] <= UNLIKE):
        return None, None, []
    return best[1], best[2], best[3]


def _data(path: Path) -> bytes | None:
    try:
        return read_regular(path, LARGEST)
    except Exception:  # a pipe, a link to nowhere, or a huge file: it is told as damage
        return None


def _keep(folder: Path, source: Path) -> None:
    """Move what was handed in aside, under a name that is free."""
    kept = folder / ORIGINALS
    kept.mkdir(exist_ok=True)
    target, number = kept / source.name, 1
    while target.exists():
        number += 1
        target = kept / f"{source.stem} {number}{source.suffix}"
    shutil.move(source, target)


def _told(damages: Sequence[str], source: Path | None) -> Cell:
    """Return the cell that tells the student what was done."""
    text = "**This notebook was put in order before it was graded**: " + "; ".join(damages) + "."
    if source is not None:
        text += f" What you handed in is kept as it was, in `{ORIGINALS}/{source.name}`."
    return {"cell_type": "markdown", "id": NOTE, "metadata": {}, "source": text}
