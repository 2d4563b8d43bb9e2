"""What `dcgan` takes for right, what it costs, and what a student is told; a kind each."""

from __future__ import annotations

import pytest

from autograder import parts
from autograder.handins.submission import Submission

PART = parts.get("dcgan")
SOLUTION = PART.solution.read_text()
STEPS = (
    "            sum_D += len(X) * float(update_D(X, Z, net_D, net_G, loss, trainer_D))\n"
    "            sum_G += len(X) * float(update_G(Z, net_D, net_G, loss, trainer_G))\n"
)


@pytest.fixture
def lost(grader):
    """Return a function: texts of the solution and what replaces them -> lost checks' messages."""

    def grade(*changes: tuple[str, str], more: str = "") -> dict[str, str]:
        text = SOLUTION
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new)
        files = {"dcgan.py": (text + more).encode()}
        result, _ = grader.grade(Submission("student", "dcgan.py", files), PART)
        return {c.name: c.message for c in result.checks if c.score < c.max_score}

    return grade


def test_a_summed_loss_whose_sums_are_divided_by_the_images_is_asked_for_once(lost):
    summed = ("nn.BCEWithLogitsLoss()", 'nn.BCEWithLogitsLoss(reduction="sum")')
    assert lost(summed, (STEPS, STEPS.replace("len(X) * ", ""))).keys() == {"train_loss"}
    assert lost(summed).keys() == {"train_loss"}


def test_a_step_that_returns_a_number_and_a_training_that_wants_a_tensor_do_not_fit(lost):
    changes = [
        ("return loss_D.detach()", "return loss_D.item()"),
        ("float(update_D(X, Z, net_D, net_G, loss, trainer_D))",) * 2,
    ]
    assert lost(*changes) == {}
    changes[1] = (changes[1][0], changes[1][0].replace("float(", "(", 1) + ".item()")
    told = lost(*changes)
    assert told.keys() == {"train_runs"}
    assert "AttributeError: 'float' object has no attribute 'item'" in told["train_runs"]


def test_a_line_of_progress_costs_one_check_at_most(lost):
    count = "            count += len(X)\n"
    line = "            if len(losses_D) % (len(data_iter) // 5) == 0:\n                pass\n"
    assert lost((count, count + line)).keys() == {"train_runs"}


@pytest.mark.parametrize(
    ("new", "told"),
    [
        ("update_D(Z, X, net_D, net_G, loss, trainer_D)", "The noise and the images are passed"),
        (
            "update_D(X, Z, net_G, net_D, loss, trainer_D)",
            "The two networks are passed to update_D",
        ),
        (
            "update_D(X, Z, net_D, net_G, trainer_D, loss)",
            "calls update_D(X, Z, net_D, net_G, trainer_D, loss); expected "
            "update_D(X, Z, net_D, net_G, loss, trainer_D)",
        ),
    ],
)
def test_arguments_in_the_wrong_order_are_told_and_cost_one_check(new, told, lost):
    found = lost(("(update_D(X, Z, net_D, net_G, loss, trainer_D)", f"({new}"))
    assert found.keys() == {"train_calls"} and told in found["train_calls"]


def test_arguments_may_be_passed_by_name(lost):
    named = "(update_D(X=X, Z=Z, trainer_D=trainer_D, loss=loss, net_G=net_G, net_D=net_D)"
    assert lost(("(update_D(X, Z, net_D, net_G, loss, trainer_D)", named)) == {}


def test_noise_of_the_generators_own_is_judged_like_the_other(lost):
    call = "update_G(Z, net_D, net_G, loss, trainer_G)"
    fresh = "torch.randn(len(X), latent_dim, 1, 1)"
    assert lost((f"({call}", f"({call}".replace("Z", fresh))) == {}
    uniform = fresh.replace("randn", "rand")
    assert lost((f"({call}", f"({call}".replace("Z", uniform))).keys() == {"train_noise"}


def test_a_step_without_a_return_costs_the_value_alone(lost):
    told = lost(("    return loss_D.detach()\n", ""), ("float(update_D", "float(0 or update_D"))
    assert set(told) <= {"update_d_value", "train_runs"} and "update_d_value" in told


def test_targets_of_another_shape_are_told_in_one_sentence(lost):
    told = lost(("loss(scores_fake, torch.zeros_like(scores_fake))",
                 "loss(scores_fake, torch.zeros(len(scores_fake), 1))"))  # fmt: skip
    shapes = "`loss` is called with arguments of the shapes (8, 1, 1, 1) and (8, 1)"
    assert shapes in told["update_d_value"]


@pytest.mark.parametrize(
    "wrap", ["nn.utils.spectral_norm", "nn.utils.parametrizations.weight_norm"]
)
def test_weights_that_are_computed_from_others_are_told(wrap, lost):
    layer = "nn.Conv2d(512, 1, kernel_size=4, bias=False)"
    told = lost((layer, f"{wrap}({layer})"))
    assert told.keys() == {"net_d_scores", "net_d_gradients"}
    assert "spectral_norm" in told["net_d_scores"]


def test_what_is_right_in_training_mode_alone_is_sent_to_the_statistics(lost):
    momentum = lost(("self.norm = nn.BatchNorm2d(out_channels)",
                     "self.norm = nn.BatchNorm2d(out_channels, momentum=0.37)"))  # fmt: skip
    assert "look at BatchNorm's running statistics" in momentum["g_block_statistics"]
    eps = lost(("self.norm = nn.BatchNorm2d(out_channels)",
                "self.norm = nn.BatchNorm2d(out_channels, 0.37)"))  # fmt: skip
    assert not any("statistics" in message for message in eps.values())


def test_linear_layers_and_biases_that_are_drawn_cost_one_check(lost):
    kinds = "if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d)):"
    assert lost((kinds, kinds.replace("))", ", nn.Linear))"))).keys() == {"init_others"}


def test_new_optimizers_for_one_network_alone_cost_that_ones_check(lost):
    adam = "torch.optim.Adam(net_G.parameters(), lr=lr, betas=(0.5, 0.999))"
    told = lost((adam, adam.replace("0.5", "0.9")))
    assert told.keys() == {"train_optimizer_g"}
    assert told["train_optimizer_g"].startswith("The generator's Adam has PyTorch's betas")
