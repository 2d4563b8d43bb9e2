"""A graded class without student code: the right outputs, changed where a student went wrong."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from autograder import grading
from autograder.batch import publish
from autograder.batch.store import ClassRecord, HandedIn, Store
from autograder.handins.layouts.entry import Person
from autograder.judging.scoring import Judge
from autograder.outputs import Outputs, ProbeStatus, dumps, read_npz
from autograder.parts import GIVEN, get

PART = get("gan_pytorch")


class Wrong(NamedTuple):
    """What a student did to a function: its numbers are scaled, or it raises; and its text."""

    factor: float = 1.0
    error: str = ""
    code: str = ""


def outputs_of(wrong: Mapping[str, Wrong]) -> Outputs:
    """Return what the probes of a submission returned."""
    answers, _ = read_npz(PART.answers)
    arrays, statuses = {}, {}
    for probe in PART.probe_names():
        one = wrong.get(probe.partition(GIVEN)[0], Wrong())
        statuses[probe] = ProbeStatus("error", one.error) if one.error else ProbeStatus("ok")
        for key, array in answers.items():
            if key.startswith(f"{probe}/") and not one.error:
                scaled = one.factor != 1 and array.dtype.kind == "f"
                arrays[key] = (array * one.factor).astype(array.dtype) if scaled else array
    return Outputs(PART.name, arrays, statuses, key=PART.key_id)


def write_class(folder: Path, students: Mapping[str, Mapping[str, Wrong]], judge: Judge) -> None:
    """Write the folder of a graded class."""
    store = Store(folder)
    for key, wrong in students.items():
        outputs = outputs_of(wrong)
        result = grading.result(judge, outputs, key)
        mark = {"run": "", "judged": "", "outputs": store.write_outputs(key, dumps(outputs))}
        store.write_result(key, result, publish.page_for(result, outputs, {}, ()), mark)
        code = {function: one.code for function, one in wrong.items()}
        (store.of(key) / "code.json").write_text(json.dumps(code))
    entries = tuple(HandedIn(key, (Person(key),)) for key in students)
    store.write_class(ClassRecord(PART.name, "a folder each", "the latest counts", entries=entries))
    publish.publish(store)


def copy_of(folder: Path, to: Path) -> Path:
    """Return a copy of a class, which a test may change."""
    return Path(shutil.copytree(folder, to))
