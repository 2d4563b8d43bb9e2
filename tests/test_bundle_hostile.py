"""Attacks on the Gradescope bundle's own walls, with the rights that a container gives root."""

from __future__ import annotations

import ctypes.util
import functools
import json
import os

import pytest

from autograder.staff import bundle
from tests.attacks import HOSTILE, LOOT, secrets_of
from tests.hosts import IN_DOCKER, Host
from tests.selection import sample

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or ctypes.util.find_library("seccomp") is None,
    reason="a container's rights are made up by root, with libseccomp",
)

OPEN = """
import os
for folder, folders, names in os.walk({root!r}):
    for name in names:
        path = os.path.join(folder, name)
        if {home!r} not in path and os.access(path, os.R_OK) and name != "run_autograder":
            raise RuntimeError("LOOT: " + path)
for name in ("autograder.zip", "source/autograder/data/checks/gan_pytorch.npz", "source/autograder/"
        "suites/test_gan_pytorch.py", "submission_metadata.json", "results/results.json"):
    try:
        raise RuntimeError("LOOT: " + open(os.path.join({root!r}, name)).read(20))
    except OSError:
        pass
"""
WRITE = """
import os
for name in ("results/results.json", "results/x", "source/setup.sh", "submission/gan_pytorch.py",
        "submission_metadata.json", "run_autograder"):
    try:
        open(os.path.join({root!r}, name), "w").write('{{"score": 100}}')
        raise RuntimeError("LOOT: " + name)
    except OSError:
        pass
"""
NO_LANDLOCK = "no landlock"


def corpus(name):
    return (HOSTILE / f"{name}.py").read_text()


ATTACKS = {
    "read_answers_by_path": (corpus("read_answers_by_path"), ""),
    "leave_a_child": (corpus("leave_a_child"), ""),
    "flood_the_memory": (corpus("flood_the_memory"), ""),
    "read_the_hosts_files": (OPEN, ""),
    "read_the_hosts_files_where_landlock_is_not": (OPEN, NO_LANDLOCK),
    "write_the_hosts_files_where_landlock_is_not": (WRITE, NO_LANDLOCK),
}


every_attack = pytest.mark.parametrize(
    "name", sample(ATTACKS, every=6, kind=lambda name: ATTACKS[name][1])
)


@pytest.fixture(scope="module")
def outcome(part, tmp_path_factory):
    """Return a function that runs an attack, once, and returns what the host wrote."""
    zipped = tmp_path_factory.mktemp("bundle") / "autograder.zip"
    bundle.gradescope([part], zipped, "visible")
    stub = part.stub.read_text()

    @functools.cache
    def attack(name):
        source, circumstances = ATTACKS[name]
        root = tmp_path_factory.mktemp(name)
        for folder in (root, *root.parents):
            if str(folder).startswith("/tmp/"):
                folder.chmod(0o711)  # as /autograder: it is passed through, and listed by nobody
        text = (
            source.format(root=str(root), home=str(root / "home")) if "{root" in source else source
        )
        host = Host.build(root, zipped, {"gan_pytorch.py": f"{stub}\n\n{text}".encode()})
        (root / "submission_metadata.json").write_text("{}")
        more = ("--without-landlock",) if circumstances else ()
        return host.run([*IN_DOCKER, *more])

    return attack


@every_attack
def test_an_attack_in_a_container_gains_and_reaches_nothing(name, outcome, part):
    from autograder.outputs import read_npz

    told = outcome(name)
    text = json.dumps(told)
    assert told["score"] == 0 and len(told["tests"]) > 20
    assert f"RuntimeError: {LOOT}" not in text
    answers, _ = read_npz(part.answers)
    assert not [digits for digits in secrets_of(answers) if digits in text]


@every_attack
def test_the_attack_ran_behind_the_walls_that_a_container_has(name, outcome):
    layers = outcome(name)["extra_data"]["gan_pytorch"]["isolation"]
    assert "mount namespace" not in layers and "own user id" in layers
    assert ("landlock" in layers) is not (ATTACKS[name][1] == NO_LANDLOCK)


def test_the_attack_on_files_can_tell(part, tmp_path):
    """What the walls stop succeeds where the files are everybody's and there is no Landlock."""
    from autograder.handins.submission import Submission
    from autograder.running import runner
    from autograder.running.forked import ForkedWorkers

    (tmp_path / "anything").write_text("readable")
    text = part.stub.read_text() + OPEN.format(root=str(tmp_path), home="no home")
    with ForkedWorkers([part], isolation="none") as zygote:
        submission = Submission("x", "gan_pytorch.py", {"gan_pytorch.py": text.encode()})
        told = runner.run(zygote, submission, part, part.probe_names()[:1])
    assert any(LOOT in status.message for status in told.statuses.values()) or any(
        LOOT in note for note in told.notes
    )
