"""Nothing gets in, nothing gets out, nothing stays: the corpus of attacks, one after the other."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

import numpy as np
import psutil
import pytest

from autograder.handins.submission import Submission
from autograder.judging.scoring import Judge
from autograder.parts import ROOT
from autograder.running import runner
from autograder.running.forked import ForkedWorkers
from autograder.worker.sandbox import layers
from tests.attacks import LIMITS, PART, PROBES, attacks, secrets_of, try_attack
from tests.selection import sample

CORPUS = attacks()
# What workers and the corpus write; a grader without walls keeps a submission's folder while it runs.
LEFT = re.compile(r"autograder-|flood|file-\d|left-behind|result\.json")
WITNESS = ["generator_loss", "ls_generator_loss"]


@pytest.fixture(scope="module")
def zygote():
    os.environ["GRADERS_SECRET"] = "CANARY"
    with ForkedWorkers([PART], limits=LIMITS) as zygote:
        yield zygote
    del os.environ["GRADERS_SECRET"]


@pytest.fixture(scope="module")
def judge():
    with Judge.for_staff(PART) as judge:
        yield judge


@pytest.fixture(scope="module")
def secrets(judge):
    return secrets_of(judge.answers)


@pytest.fixture(scope="module")
def alone(grader):
    """Return what the solution's outputs are where no attack has been."""
    return witness(grader.workers).arrays


def witness(zygote):
    name = PART.solution.name
    honest = Submission("honest", name, {name: PART.solution.read_bytes()})
    return runner.run(zygote, honest, PART, WITNESS)


def walls(zygote):
    return all(layer in zygote.layers for layer in layers.NAMESPACES)


def left_in_tmp():
    return {path.name for path in Path("/tmp").iterdir() if LEFT.match(path.name)}


def what_stays_of(names):
    """Return what is still there after a while: folders of tests beside this one go by themselves."""
    deadline = time.monotonic() + 20
    while names and time.monotonic() < deadline:
        time.sleep(0.1)
        names = names & left_in_tmp()
    return names


@pytest.mark.parametrize(
    "attack",
    sample(CORPUS, every=16, kind=lambda it: (it.harmful, it.twice, bool(it.never), it.honest)),
    ids=lambda attack: attack.name,
)
def test_an_attack_gains_nothing_and_leaves_nothing(attack, zygote, judge, secrets, alone):
    if attack.harmful and not walls(zygote):
        pytest.skip("would harm this machine, which offers no namespaces")
    before = left_in_tmp()
    outcome = try_attack(attack, zygote, judge, secrets)
    assert outcome.points <= attack.honest
    if walls(zygote):
        assert outcome.loot == ()
    assert outcome.leaked == ()
    assert not attack.never or attack.never not in "".join(
        status.message for status in outcome.outputs.statuses.values()
    )
    assert what_stays_of(left_in_tmp() - before) == set()
    room = psutil.Process(zygote._process.pid).children(recursive=True)
    assert len(room) <= 2, "a process of the submission lives on"  # the zygote's own child, a spare
    following = witness(zygote).arrays
    assert following.keys() == alone.keys()
    for name, array in alone.items():
        np.testing.assert_array_equal(following[name], array)


def test_the_corpus_is_large_and_every_attack_says_what_it_tries():
    assert len(CORPUS) >= 80
    assert len({attack.tries for attack in CORPUS}) == len(CORPUS)


def test_every_published_kind_is_tried_by_what_the_page_names():
    page = (ROOT / "docs" / "security.md").read_text()
    table = page.split("<!-- begin published -->")[1].split("<!-- end published -->")[0]
    rows = table.strip().splitlines()[2:]
    known = {attack.name for attack in CORPUS}
    for row in rows:
        names = re.findall(r"`(.+?)`", row)
        assert names, row
        for name in names:
            assert name in known or (ROOT / name).is_file(), name
    assert len(rows) >= 15


def test_without_walls_an_attack_that_they_stop_succeeds(judge, secrets):
    """The corpus can tell: what is stopped above is stopped by the walls."""
    names = ("read_answers_by_path", "list_homes", "talk_to_itself_over_loopback")
    reading = [attack for attack in CORPUS if attack.name in names]
    with ForkedWorkers([PART], isolation="none", limits=LIMITS) as bare:
        assert any(try_attack(attack, bare, judge, secrets).loot for attack in reading)


def test_what_honest_code_earns_is_known_to_this_test(zygote, judge):
    outputs = runner.run(
        zygote,
        Submission("honest", "gan_pytorch.py", {"gan_pytorch.py": PART.solution.read_bytes()}),
        PART,
        PROBES,
    )
    checks = [c for c in judge.score(outputs) if c.function in PROBES]
    assert sum(c.score for c in checks) == sum(c.max_score for c in checks) > 0
