"""A folder like Gradescope's /autograder, and its script run in it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema

TESTS = Path(__file__).parent
SCHEMA = json.loads((TESTS / "gradescope.schema.json").read_text())
IN_DOCKER = (sys.executable, str(TESTS / "as_in_docker.py"))


@dataclass(frozen=True)
class Host:
    """A private root directory in place of /autograder."""

    root: Path

    @classmethod
    def build(cls, root: Path, bundle: Path, files: Mapping[str, bytes]) -> Host:
        """Unpack a bundle as Gradescope does, with the files of a submission."""
        for folder in ("submission", "home"):
            (root / folder).mkdir(parents=True)
        with zipfile.ZipFile(bundle) as archive:
            archive.extractall(root / "source")
        (root / "home" / "venv").symlink_to(sys.prefix)
        shutil.copy(root / "source" / "run_autograder", root / "run_autograder")
        for name, data in files.items():
            (root / "submission" / name).write_bytes(data)
        return cls(root)

    @property
    def results(self) -> Path:
        return self.root / "results" / "results.json"

    def run(self, before: Sequence[str] = (), home: str = "home") -> dict[str, Any]:
        """Run the bundle's script; return what it wrote, once it has the right form."""
        environment = {
            "PATH": os.environ["PATH"],
            "AUTOGRADER_ROOT": str(self.root),
            "AUTOGRADER_HOME": str(self.root / home),
        }
        line = [*before, "bash", str(self.root / "run_autograder")]
        done = subprocess.run(line, env=environment, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
        told: dict[str, Any] = json.loads(self.results.read_text())
        jsonschema.validate(told, SCHEMA)
        return told
