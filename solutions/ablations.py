"""Eight experiments on a small GAN: predict, then run. Given: nothing is to be filled in here.

The networks are small, the digits have 8x8 pixels, and a run takes about 10 seconds on one core.
Each experiment changes one thing in a GAN that works; the notebook has the questions.

    prediction_beta1 = "a"
    ablations.run("beta1", prediction_beta1)

A wrong prediction costs nothing. Make it before the run: a surprise is what one learns from.
"""

import os
from dataclasses import dataclass, field

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812
from torch import nn

STEPS = 1000  # of the generator
BATCH, HIDDEN, LATENT, SIDE = 64, 128, 16, 8
SAME = 1.25  # two distances whose ratio is smaller are called about the same
EVERY = 100  # steps between two measurements of the distance


@dataclass(frozen=True)
class Settings:
    """What is changed in an experiment; the defaults are the GAN that works."""

    beta1: float = 0.5
    lr: float = 1e-3
    tanh: bool = True  # at the end of the generator
    norm: bool = True  # BatchNorm in the generator
    latent: int = LATENT
    d_steps: int = 1  # of the discriminator for each of the generator's
    constant: bool = False  # the same noise vector for every image
    swapped: bool = False  # the discriminator is taught 1 for generated images, and 0 for real ones


@dataclass
class Outcome:
    """What came out of a run.

    Attributes:
        distance: Frechet's distance of drawn and real digits, of pixels, after every EVERY steps.
        spread: the variance of what is drawn, as a share of the real digits' variance.
        outside: the share of drawn values outside of [-1, 1].
        digits: how many of the ten digits are drawn, each at least once in a hundred images.
        d_loss, g_loss: means over the last fifth of the steps.
        images: some that were drawn at the end, (16, 64).
    """

    distance: list = field(default_factory=list)
    spread: float = 0.0
    outside: float = 0.0
    digits: int = 0
    d_loss: float = 0.0
    g_loss: float = 0.0
    images: torch.Tensor = None


def load():
    """Return scikit-learn's digits: images in [-1, 1], (1797, 64), and their labels."""
    from sklearn.datasets import load_digits

    digits = load_digits()
    return torch.tensor(digits.data, dtype=torch.float32) / 8 - 1, torch.tensor(digits.target)


def frechet(one, other):
    """Return Frechet's distance of two sets of vectors, each seen as a Gaussian.

    It is the formula of the FID, here on the vectors themselves and not on a classifier's features:
    |m1 - m2|^2 + tr(C1 + C2 - 2 (C1 C2)^(1/2)), with means m and covariances C.
    """
    one, other = one.double(), other.double()
    c1, c2 = torch.cov(one.T), torch.cov(other.T)
    # The trace of a square root is the sum of the roots of the eigenvalues; rounding makes some of
    # those that are 0 negative.
    roots = torch.linalg.eigvals(c1 @ c2).real.clamp(min=0).sqrt().sum()
    means = (one.mean(0) - other.mean(0)).square().sum()
    return max(float(means + c1.trace() + c2.trace() - 2 * roots), 0.0)


def play(settings, seed=0, steps=STEPS):
    """Train the small GAN once, and measure; return an Outcome. Random numbers follow from the seed."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # the matrices are small: more threads only wait for each other
    try:
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            return _play(settings, steps)
    finally:
        torch.set_num_threads(threads)


def _networks(settings):
    """Return generator and discriminator, and an optimizer for each."""

    def block(inputs):
        norm = [nn.BatchNorm1d(HIDDEN)] if settings.norm else []
        return [nn.Linear(inputs, HIDDEN), *norm, nn.ReLU()]

    pixels = SIDE * SIDE
    end = [nn.Tanh()] if settings.tanh else []
    drawer = nn.Sequential(*block(settings.latent), *block(HIDDEN), nn.Linear(HIDDEN, pixels), *end)
    judge = nn.Sequential(
        nn.Linear(pixels, HIDDEN),
        nn.LeakyReLU(0.2),
        nn.Linear(HIDDEN, HIDDEN),
        nn.LeakyReLU(0.2),
        nn.Linear(HIDDEN, 1),
    )
    solvers = [
        torch.optim.Adam(network.parameters(), settings.lr, (settings.beta1, 0.999))
        for network in (drawer, judge)
    ]
    return drawer, judge, *solvers


def _play(settings, steps):
    drawer, judge, drawer_solver, judge_solver = _networks(settings)
    images, labels = load()
    fixed = torch.rand(1, settings.latent) * 2 - 1
    yes, no = torch.ones(BATCH, 1), torch.zeros(BATCH, 1)
    real_label, drawn_label = (no, yes) if settings.swapped else (yes, no)
    cross_entropy = F.binary_cross_entropy_with_logits

    def draw(count):
        noise = torch.rand(count, settings.latent) * 2 - 1
        return drawer(fixed.expand(count, -1) if settings.constant else noise)

    def step(solver, loss):
        solver.zero_grad()
        loss.backward()
        solver.step()
        return float(loss.detach())

    outcome, d_losses, g_losses = Outcome(), [], []
    for number in range(1, steps + 1):
        for _ in range(settings.d_steps):
            chosen = images[torch.randint(len(images), (BATCH,))]
            with torch.no_grad():
                drawn = draw(BATCH)
            scores = judge(chosen), judge(drawn)
            right = cross_entropy(scores[0], real_label) + cross_entropy(scores[1], drawn_label)
            d_loss = step(judge_solver, right)
        d_losses.append(d_loss)
        g_losses.append(step(drawer_solver, cross_entropy(judge(draw(BATCH)), yes)))
        if number % EVERY == 0 or number == steps:
            with torch.no_grad():
                drawn = draw(len(images))
            outcome.distance.append(frechet(drawn, images))
    nearest = labels[torch.cdist(drawn, images).argmin(1)].bincount(minlength=10)
    outcome.spread = float(drawn.var(0).sum() / images.var(0).sum())
    outcome.outside = float((drawn.abs() > 1).float().mean())
    outcome.digits = int((nearest * 100 >= len(drawn)).sum())
    outcome.d_loss, outcome.g_loss = (
        float(np.mean(losses[-max(steps // 5, 1) :])) for losses in (d_losses, g_losses)
    )
    outcome.images = drawn[:16]
    return outcome


# ---------------------------------------------------------------------------------------------
# The questions
# ---------------------------------------------------------------------------------------------


def _farther_same_closer(base, changed):
    """Return 0, 1 or 2, and the figures."""
    one, other = base.distance[-1], changed.distance[-1]
    figures = f"the distance to real digits is {other:.1f}; unchanged it is {one:.1f}"
    return (0 if other > one * SAME else 2 if other * SAME < one else 1), figures


def _outside(base, changed):
    share = changed.outside
    figures = f"{share:.0%} of the drawn values lie outside; unchanged {base.outside:.0%}"
    return (0 if share < 0.01 else 1 if share < 0.5 else 2), figures


def _spread(base, changed):
    share = changed.spread
    figures = (
        f"the drawn images vary {share:.2f} times as much as real ones; unchanged {base.spread:.2f}"
    )
    return (0 if share > 0.7 else 1 if share > 0.1 else 2), figures


def _losses(base, changed):
    d_loss, g_loss = changed.d_loss, changed.g_loss
    before = f"unchanged D {base.d_loss:.3f}, G {base.g_loss:.3f}"
    figures = f"losses: D {d_loss:.3f}, G {g_loss:.3f}; {before}"
    return (1 if d_loss > 0.1 else 0 if g_loss < 0.1 else 2), figures


def _digits(base, changed):
    count = changed.digits
    figures = f"{count} of ten digits are drawn; unchanged {base.digits}"
    return (0 if count >= 7 else 1 if count >= 4 else 2), figures


@dataclass(frozen=True)
class Experiment:
    """A question: what is changed, and how a pair of outcomes chooses one of its three answers.

    Attributes:
        title: what is changed, for a picture.
        settings: of the changed GAN.
        judge: a function of the unchanged and the changed Outcome; returns the number of the answer
            that is right, and the figures as a sentence.
        why, why_in_chinese: what explains the outcome.
    """

    title: str
    settings: Settings
    judge: object
    why: str
    why_in_chinese: str


EXPERIMENTS = {
    "beta1": Experiment(
        "beta1 = 0.9",
        Settings(beta1=0.9),
        _farther_same_closer,
        "Adam then averages over some ten steps, and ten steps ago the opponent was another "
        "one: both players run on in old directions, and turn around each other.",
        "此时 Adam 对大约十步取平均，而十步以前的对手是另一个网络：双方都沿着旧的方向继续走，互"
        "相绕圈。",
    ),
    "tanh": Experiment(
        "no Tanh",
        Settings(tanh=False),
        _outside,
        "The discriminator pulls the values to where real ones are, but it only pushes: "
        "nothing bounds them. Many real pixels are exactly -1, and half of what is aimed at "
        "the edge lands beyond it.",
        "判别器把取值拉向真实图片所在的地方，但它只是在推，没有什么限制取值。许多真实像素恰好是"
        " -1，瞄准边界的值有一半落到边界之外。",
    ),
    "faster": Experiment(
        "D takes five steps",
        Settings(d_steps=5),
        _farther_same_closer,
        "A discriminator that is ahead does not harm a generator with the non-saturating loss: "
        "it shows a better direction. The price is time, since each step of the generator "
        "costs several of D's.",
        "使用非饱和损失时，领先的判别器并不会妨害生成器：它指出的方向更好。代价是时间，因为生成"
        "器每走一步，判别器要走好几步。",
    ),
    "constant": Experiment(
        "constant noise",
        Settings(constant=True),
        _spread,
        "The generator is a function: the same noise gives the same image. It can only move "
        "that one image about, and the discriminator learns it by heart every time.",
        "生成器是一个函数：同样的噪声给出同样的图片。它只能把这一张图片挪来挪去，而判别器每次都"
        "能把它记住。",
    ),
    "swapped": Experiment(
        "labels swapped",
        Settings(swapped=True),
        _losses,
        "D now gives 1 to drawn images, and that is what G asks for: they pull in the same "
        "direction. There is no game any more; both losses vanish, and the images never come "
        "near digits.",
        "现在 D 给生成的图片打 1，而这正是 G 想要的：双方往同一个方向拉。博弈不存在了，两个损失"
        "都消失，而图片根本不会接近数字。",
    ),
    "norm": Experiment(
        "no BatchNorm",
        Settings(norm=False),
        _farther_same_closer,
        "BatchNorm keeps the values of each layer in range, and apart for different noise. "
        "Without it the generator needs several times as many steps.",
        "批量归一化使各层的取值保持在合适的范围，并使不同噪声的取值彼此分开。没有它，生成器需要"
        "好几倍的步数。",
    ),
    "latent": Experiment(
        "latent size 2",
        Settings(latent=2),
        _digits,
        "A surface can be folded through many places. Two numbers choose a point on a sheet "
        "that passes by nearly all digits; what suffers are the variants of each.",
        "一张曲面可以折叠着穿过许多地方。两个数在这张曲面上选一个点，而曲面几乎经过所有的数字；"
        "受损的是每个数字的各种写法。",
    ),
    "rate": Experiment(
        "learning rate times ten",
        Settings(lr=0.01),
        _farther_same_closer,
        "A rate is large or small for networks of a certain size. These are small, and "
        "BatchNorm keeps the generator's layers in range: 0.01 is not too much yet, and 1000 "
        "steps go farther. Do not expect it of the large ones.",
        "学习率的大小是相对于网络的大小而言的。这里的网络很小，批量归一化又使生成器各层保持在合"
        "适的范围：0.01 还不算太大，1000 步走得更远。不要指望大网络也是如此。",
    ),
}
LETTERS = "abc"


def run(name, prediction=""):
    """Play the small GAN as it is and with one change, and show who was right; return the right letter.

    Arguments:
        name: of the experiment, a key of EXPERIMENTS.
        prediction: "a", "b" or "c"; without one nothing is run.

    Nothing is run under a grader either: it wants to know only what was predicted. Returns "" then.
    """
    if name not in EXPERIMENTS:
        raise ValueError(f"there is no experiment {name!r}; choose one of {', '.join(EXPERIMENTS)}")
    if "NBGRADER_EXECUTION" in os.environ:
        return ""
    if not isinstance(prediction, str) or prediction.strip().lower() not in (*LETTERS,):
        print(f'predict first: set prediction_{name} to "a", "b" or "c", then run this cell again')
        return ""
    experiment = EXPERIMENTS[name]
    base, changed = play(Settings()), play(experiment.settings)
    number, figures = experiment.judge(base, changed)
    right = LETTERS[number]
    predicted = prediction.strip().lower()
    verdict = "as you predicted" if predicted == right else f"you predicted {predicted}"
    print(f"{experiment.title}: {right}, {verdict}: {figures}.")
    print(f"{experiment.why}\n{experiment.why_in_chinese}")
    show(experiment.title, base, changed)
    return right


def show(title, base, changed):
    """Draw what both GANs drew, and their distances to the real digits; return the figure."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, 3, figsize=(9, 2.8), layout="constrained")
    for axis, name, outcome in zip(axes, ("unchanged", title), (base, changed)):
        tiles = outcome.images.reshape(4, 4, SIDE, SIDE).transpose(1, 2)
        axis.imshow(tiles.reshape(4 * SIDE, 4 * SIDE).numpy(), cmap="gray", vmin=-1, vmax=1)
        axis.set_title(name)
        axis.axis("off")
        steps = [EVERY * number for number in range(1, len(outcome.distance) + 1)]
        axes[2].plot(steps, outcome.distance, label=name)
    axes[2].set(xlabel="step", ylabel="distance to real digits", yscale="log")
    axes[2].legend(frameon=False)
    return figure
