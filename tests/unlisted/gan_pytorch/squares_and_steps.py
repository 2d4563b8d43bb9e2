"""Wrong least-squares losses and optimizers."""

import copy

import torch
import torch.nn.functional as F  # noqa: N812


def ls_discriminator_loss__no_halves(scores_real, scores_fake):
    """Both halves are missing.

    May be named: ls-discriminator-no-half.
    """
    return ((scores_real - 1) ** 2).mean() + (scores_fake**2).mean()


def ls_discriminator_loss__quarters(scores_real, scores_fake):
    """Halves twice.

    May be named: ls-discriminator-quarter.
    """
    real = 0.5 * ((scores_real - 1) ** 2).mean()
    return 0.5 * (real + 0.5 * (scores_fake**2).mean())


def ls_discriminator_loss__one_half_missing(scores_real, scores_fake):
    """The half stands before the real term only: no brackets.

    May be named: ls-discriminator-half-on-real-only.
    """
    return 0.5 * ((scores_real - 1) ** 2).mean() + (scores_fake**2).mean()


def ls_discriminator_loss__sigmoid_first(scores_real, scores_fake):
    """Probabilities in place of scores.

    May be named: ls-discriminator-sigmoid.
    """
    real, fake = torch.sigmoid(scores_real), torch.sigmoid(scores_fake)
    return 0.5 * ((real - 1) ** 2).mean() + 0.5 * (fake**2).mean()


def ls_discriminator_loss__other_way_round(scores_real, scores_fake):
    """Real images are to be 0.

    May be named: ls-discriminator-swapped.
    """
    return 0.5 * (scores_real**2).mean() + 0.5 * ((scores_fake - 1) ** 2).mean()


def ls_discriminator_loss__absolute(scores_real, scores_fake):
    """Absolute values in place of squares.

    May be named: ls-discriminator-absolute.
    """
    return 0.5 * (scores_real - 1).abs().mean() + 0.5 * scores_fake.abs().mean()


def ls_discriminator_loss__minus_one(scores_real, scores_fake):
    """Generated images are to be -1.

    May be named: ls-discriminator-minus-one.
    """
    return 0.5 * ((scores_real - 1) ** 2).mean() + 0.5 * ((scores_fake + 1) ** 2).mean()


def ls_discriminator_loss__square_of_means(scores_real, scores_fake):
    """Squares the means.

    May be named: ls-discriminator-square-of-mean.
    """
    return 0.5 * (scores_real - 1).mean() ** 2 + 0.5 * scores_fake.mean() ** 2


def ls_discriminator_loss__real_only(scores_real, scores_fake):
    """The generated images are left out.

    May be named: ls-discriminator-real-only.
    """
    return 0.5 * F.mse_loss(scores_real, torch.ones_like(scores_real))


def ls_discriminator_loss__sum(scores_real, scores_fake):
    """Sums over the minibatch.

    May be named: ls-discriminator-sum.
    """
    return 0.5 * ((scores_real - 1) ** 2).sum() + 0.5 * (scores_fake**2).sum()


def ls_discriminator_loss__root(scores_real, scores_fake):
    """Lengths in place of squares."""
    return 0.5 * (scores_real - 1).norm() + 0.5 * scores_fake.norm()


def ls_discriminator_loss__fake_as_real(scores_real, scores_fake):
    """Compares the generated scores with 1.

    May be named: ls-discriminator-both-one.
    """
    return 0.5 * ((scores_real - 1) ** 2).mean() + 0.5 * ((scores_fake - 1) ** 2).mean()


def ls_discriminator_loss__differences(scores_real, scores_fake):
    """Squares the difference of real and generated scores."""
    return 0.5 * ((scores_real - scores_fake) ** 2).mean()


def ls_discriminator_loss__no_gradient(scores_real, scores_fake):
    """Builds a new tensor from the value."""
    value = 0.5 * ((scores_real - 1) ** 2).mean() + 0.5 * (scores_fake**2).mean()
    return torch.tensor(value.item(), requires_grad=True)


def ls_discriminator_loss__minus_between(scores_real, scores_fake):
    """A minus between the two terms.

    May be named: ls-discriminator-subtracted.
    """
    return 0.5 * ((scores_real - 1) ** 2).mean() - 0.5 * (scores_fake**2).mean()


def ls_generator_loss__no_half(scores_fake):
    """The half is missing.

    May be named: ls-generator-no-half.
    """
    return ((scores_fake - 1) ** 2).mean()


def ls_generator_loss__to_zero(scores_fake):
    """Pulls the scores to 0.

    May be named: ls-generator-zero.
    """
    return 0.5 * (scores_fake**2).mean()


def ls_generator_loss__brackets(scores_fake):
    """s^2 - 1 in place of (s - 1)^2.

    May be named: ls-generator-square-first.
    """
    return 0.5 * (scores_fake**2 - 1).mean()


def ls_generator_loss__square_outside(scores_fake):
    """Squares the mean.

    May be named: ls-generator-square-of-mean.
    """
    return 0.5 * torch.mean(scores_fake - 1) ** 2


def ls_generator_loss__sigmoid_first(scores_fake):
    """Probabilities in place of scores.

    May be named: ls-generator-sigmoid.
    """
    return 0.5 * ((torch.sigmoid(scores_fake) - 1) ** 2).mean()


def ls_generator_loss__caret(scores_fake):
    """A caret for a power, which it is not."""
    return 0.5 * ((scores_fake - 1) ^ 2).mean()


def ls_generator_loss__plus_one(scores_fake):
    """Pulls the scores to -1.

    May be named: ls-generator-minus-one.
    """
    return 0.5 * ((scores_fake + 1) ** 2).mean()


def ls_generator_loss__a_third_factor(scores_fake):
    """Divides by 2N after a mean."""
    return ((scores_fake - 1) ** 2).mean() / (2 * len(scores_fake))


def ls_generator_loss__integer_half(scores_fake):
    """1 // 2 is 0."""
    return 1 // 2 * ((scores_fake - 1) ** 2).mean()


def ls_generator_loss__cubed(scores_fake):
    """A cube.

    May be named: ls-generator-cubed.
    """
    return 0.5 * ((scores_fake - 1) ** 3).mean()


def ls_generator_loss__smooth_l1(scores_fake):
    """Another library loss."""
    return 0.5 * F.smooth_l1_loss(scores_fake, torch.ones_like(scores_fake))


def ls_generator_loss__cross_entropy(scores_fake):
    """The cross-entropy again, halved."""
    return 0.5 * F.binary_cross_entropy_with_logits(scores_fake, torch.ones_like(scores_fake))


def ls_generator_loss__smooth_label(scores_fake):
    """Pulls the scores to 0.9."""
    return 0.5 * ((scores_fake - 0.9) ** 2).mean()


def get_optimizer__sgd(model):
    """Stochastic gradient descent.

    May be named: optimizer-sgd.
    """
    return torch.optim.SGD(model.parameters(), lr=1e-3)


def get_optimizer__rate_of_dcgan(model):
    """Learning rate 2e-4, as another paper has it.

    May be named: optimizer-lr-2e-4.
    """
    return torch.optim.Adam(model.parameters(), lr=2e-4, betas=(0.5, 0.999))


def get_optimizer__ten_times_faster(model):
    """Learning rate 1e-2.

    May be named: optimizer-lr-1e-2.
    """
    return torch.optim.Adam(model.parameters(), lr=1e-2, betas=(0.5, 0.999))


def get_optimizer__default_betas(model):
    """The default betas.

    May be named: optimizer-default-betas.
    """
    return torch.optim.Adam(model.parameters(), lr=1e-3)


def get_optimizer__betas_swapped(model):
    """The betas have changed places.

    May be named: optimizer-betas-swapped.
    """
    return torch.optim.Adam(model.parameters(), lr=1e-3, betas=(0.999, 0.5))


def get_optimizer__second_beta_of_wgan(model):
    """beta2 = 0.9.

    May be named: optimizer-beta2-0.9.
    """
    return torch.optim.Adam(model.parameters(), lr=1e-3, betas=(0.5, 0.9))


def get_optimizer__first_beta_zero(model):
    """beta1 = 0.

    May be named: optimizer-beta1-0.
    """
    return torch.optim.Adam(model.parameters(), lr=1e-3, betas=(0.0, 0.999))


def get_optimizer__decay(model):
    """Weight decay, and everything else right.

    May be named: optimizer-weight-decay.
    """
    return torch.optim.Adam(model.parameters(), lr=1e-3, betas=(0.5, 0.999), weight_decay=1e-2)


def get_optimizer__adamw(model):
    """AdamW with its default decay.

    May be named: optimizer-adamw.
    """
    return torch.optim.AdamW(model.parameters(), lr=1e-3, betas=(0.5, 0.999))


def get_optimizer__rmsprop(model):
    """RMSprop."""
    return torch.optim.RMSprop(model.parameters(), lr=1e-3, alpha=0.999)


def get_optimizer__adamax(model):
    """Adamax.

    May be named: optimizer-adamax.
    """
    return torch.optim.Adamax(model.parameters(), lr=1e-3, betas=(0.5, 0.999))


def get_optimizer__nadam(model):
    """NAdam.

    May be named: optimizer-nadam.
    """
    return torch.optim.NAdam(model.parameters(), lr=1e-3, betas=(0.5, 0.999))


def get_optimizer__amsgrad(model):
    """AMSGrad."""
    return torch.optim.Adam(model.parameters(), lr=1e-3, betas=(0.5, 0.999), amsgrad=True)


def get_optimizer__uphill(model):
    """Climbs.

    May be named: optimizer-maximize.
    """
    return torch.optim.Adam(model.parameters(), lr=1e-3, betas=(0.5, 0.999), maximize=True)


def get_optimizer__large_epsilon(model):
    """The learning rate stands where eps belongs, too."""
    return torch.optim.Adam(model.parameters(), lr=1e-3, betas=(0.5, 0.999), eps=1e-3)


def get_optimizer__first_layer(model):
    """Only the first layer learns.

    May be named: optimizer-first-parameter.
    """
    return torch.optim.Adam(list(model.parameters())[:2], lr=1e-3, betas=(0.5, 0.999))


def get_optimizer__no_biases(model):
    """Biases and scales are left out.

    May be named: optimizer-matrices-only.
    """
    weights = [p for p in model.parameters() if p.dim() > 1]
    return torch.optim.Adam(weights, lr=1e-3, betas=(0.5, 0.999))


def get_optimizer__of_a_copy(model):
    """Trains a copy of the model.

    May be named: optimizer-of-another-model.
    """
    twin = copy.deepcopy(model)
    return torch.optim.Adam(twin.parameters(), lr=1e-3, betas=(0.5, 0.999))


def get_optimizer__the_class(model):
    """Returns the class of optimizers.

    May be named: optimizer-class.
    """
    return torch.optim.Adam


def get_optimizer__a_schedule(model):
    """Returns a schedule whose step leaves the parameters alone."""
    inner = torch.optim.Adam(model.parameters(), lr=1e-3, betas=(0.5, 0.999))
    return torch.optim.lr_scheduler.LambdaLR(inner, lambda epoch: 1.0)


def get_optimizer__betas_as_one(model):
    """Hands over one beta where a pair is asked."""
    return torch.optim.Adam(model.parameters(), lr=1e-3, betas=0.5)


def get_optimizer__slower_biases(model):
    """Biases learn at a tenth of the rate."""
    weights = [p for p in model.parameters() if p.dim() > 1]
    rest = [p for p in model.parameters() if p.dim() <= 1]
    groups = [{"params": weights}, {"params": rest, "lr": 1e-4}]
    return torch.optim.Adam(groups, lr=1e-3, betas=(0.5, 0.999))
