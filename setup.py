"""Build one of two packages from one checkout; metadata is in setup.cfg.

    pip wheel --no-deps .                             gan-homework: what students need for `check`
    GAN_HOMEWORK=staff pip wheel --no-deps .          gan-homework-staff: everything, answers too

Without the word it is the students', so that nobody gives answers away by forgetting it.
"""

import os
import shutil
import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py
from setuptools.command.sdist import sdist

HERE = Path(__file__).resolve().parent
KIND = os.environ.get("GAN_HOMEWORK", "students")


class BuildPackage(build_py):
    """Build exactly the files that `autograder.staff.contents` says."""

    def run(self) -> None:
        """Replace what setuptools gathered; an editable install keeps the checkout as it is."""
        super().run()
        if self.editable_mode:
            return
        sys.path.insert(0, str(HERE))
        from autograder.staff import contents

        files = contents.staff(HERE) if KIND == "staff" else contents.students()
        target = Path(self.build_lib) / "autograder"
        shutil.rmtree(target)  # an earlier build may have been of the other kind
        for name, data in files.items():
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)


class NoSource(sdist):
    """Refuse: a source distribution would hold the solutions and the answers."""

    def run(self) -> None:
        """Say what to do instead."""
        sys.exit("no source distribution: it would hold the solutions; build with --wheel")


if KIND not in ("students", "staff"):
    sys.exit(f"GAN_HOMEWORK={KIND!r}: say students or staff")

setup(
    name="gan-homework-staff" if KIND == "staff" else "gan-homework",
    cmdclass={"build_py": BuildPackage, "sdist": NoSource},
)
