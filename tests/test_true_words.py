"""What the students of two parts read: true sentences about what came, and no false name."""

from __future__ import annotations

import pytest

from autograder import parts
from autograder.handins.submission import Submission
from autograder.running import runner
from autograder.staff.variants import is_lost

STEPS = "train_first_step train_later_steps".split()
EVALUATION = """
def evaluate_loss_acc(data_iter, net, device):
    mode, total, hits, count = net.training, 0.0, 0, 0
    net.eval()
    with torch.no_grad():
        for X, y in data_iter:
            scores = net(X)
            total += F.cross_entropy(scores, y, reduction="sum").item()
            hits {collect} (scores.argmax(1) == y).sum().item()
            count += len(y){inside}
    net.train(mode)
    return total / count, hits / count
"""


@pytest.fixture
def lost(grader):
    """Return what a changed function loses: check -> (mistake, message)."""

    def lose(name: str, function: str, *changes: tuple[str, str], added: str = ""):
        part = parts.get(name)
        text = part.solution.read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        file = part.solution.name
        submission = Submission("s", file, {file: f"{text}\n\n{added}\n".encode()})
        outputs = runner.run(grader.workers, submission, part, part.probes_of(function))
        checks = grader._judges[name].score(outputs)
        return {
            c.name: (c.mistake, c.message) for c in checks if c.function == function and is_lost(c)
        }

    return lose


def test_a_training_without_updates_is_called_one_and_its_weights_are_not(lost):
    loop = """
def train(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    for net in (net_D, net_G):
        for p in net.parameters():
            nn.init.normal_(p, 0, 0.02)
    for _ in range(num_epochs):
        for (X,) in data_iter:
            Z = torch.randn(len(X), latent_dim)
"""
    found = lost("gaussian_gan", "train", added=loop)
    assert "train_weights" not in found
    assert {found[step][0] for step in STEPS} <= {"train-no-updates", None}
    assert "returns None; expected two lists" in found["train_losses"][1]


def test_two_returned_losses_are_told_as_two(lost):
    halves = ("return loss_D.detach()", "return [real_half.detach(), fake_half.detach()]")
    (mistake, message), *others = lost("gaussian_gan", "update_D", halves).values()
    assert not others and mistake is None
    assert "returns a list of 2; expected one number" in message


def test_a_summed_loss_is_asked_for_once_and_by_its_name(lost):
    summed = (
        "nn.BCEWithLogitsLoss()\n    trainer_D",
        "nn.BCEWithLogitsLoss(reduction='sum')\n    trainer_D",
    )
    found = lost("gaussian_gan", "train", summed)
    assert {name: mistake for name, (mistake, _) in found.items()} == {
        "train_losses": "train-summed-loss"
    }


@pytest.mark.parametrize(
    ("right", "wrong", "words"),
    [
        (
            "= update_D(X, Z, net_D, net_G,",
            "= update_D(X, Z, net_G, net_D,",
            "net_G in the place of net_D",
        ),
        (
            "net_G, loss, trainer_D)\n            ",
            "net_G, loss, trainer_G)\n            ",
            "trainer_G in",
        ),
    ],
)
def test_arguments_in_a_wrong_place_are_told_by_name(right, wrong, words, lost):
    found = lost("gaussian_gan", "train", (right, wrong))
    messages = [message for _, message in found.values()]
    assert any(words in m or "wrong order" in m or "optimizer" in m for m in messages), messages


def test_a_function_whose_arguments_have_another_order_is_told_so(lost):
    other = ("def update_G(Z, net_D, net_G, loss", "def update_G(Z, net_G, net_D, loss")
    found = lost("gaussian_gan", "update_G", other)
    assert all("takes (Z, net_G, net_D, loss, trainer_G)" in m for _, m in found.values())


def test_a_network_that_its_own_training_cannot_use_loses_its_points(lost):
    flat = "def net_G():\n    return nn.Sequential(nn.Linear(2, 2), nn.Unflatten(1, (2, 1)))\n"
    found = lost("gaussian_gan", "net_G", added=flat)
    assert found and all(
        "the values are right, but in shape (8, 2, 1)" in m for _, m in found.values()
    )


def test_a_progress_line_that_fails_on_short_loaders_costs_one_check(lost):
    line = (
        "            optimizer.zero_grad()\n",
        "            count % (len(train_iter) // 5)\n            optimizer.zero_grad()\n",
    )
    assert list(lost("dog_breeds", "train", line)) == ["train_epochs"]
    loop = (
        "        for (X,) in data_iter:\n",
        "        for (X,) in data_iter:\n            1 % (len(data_iter) // 5)\n",
    )
    found = lost("gaussian_gan", "train", loop)
    assert list(found) == ["train_noise"] and "ZeroDivisionError" in found["train_noise"][1]


@pytest.mark.parametrize(
    ("collect", "inside", "names"),
    [
        ("+=", "\n            break", {"evaluation-first-batch"}),
        ("=", "", {"evaluation-last-hits"}),
    ],
)
def test_minibatches_that_differ_tell_ways_to_count_apart(collect, inside, names, lost):
    added = EVALUATION.format(collect=collect, inside=inside)
    found = lost("dog_breeds", "evaluate_loss_acc", added=added)
    assert {mistake for mistake, _ in found.values()} == names


def test_a_second_run_that_adds_files_is_not_said_to_leave_any_missing(lost):
    by_chance = (
        "for number, path in enumerate(paths):",
        "random.shuffle(paths)\n        for number, path in enumerate(paths):",
    )
    found = lost("dog_breeds", "reorg_dog_data", by_chance)
    assert set(found) == {"reorg_again", "reorg_resumed"}
    assert not any("missing" in message for _, message in found.values())


def test_a_prediction_written_elsewhere_is_told_where_it_lies(lost):
    found = lost("dog_breeds", "write_submission", ("open(path,", 'open("mine.csv",'))
    assert all("but 'mine.csv'" in message and not mistake for mistake, message in found.values())
