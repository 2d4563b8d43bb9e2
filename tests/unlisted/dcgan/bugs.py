"""Bugs that were sought and not found, or replaced by others; in no list of mistakes."""

import torch
import torch.nn as nn
import torch.nn.functional as F  # noqa: N812


def buggy_block__momentum_of_keras(in_channels, out_channels):
    """momentum=0.2: as Keras counts it, how much the old counts.

    May be named: bug-block-keras-momentum.
    """
    convolution = nn.Conv2d(in_channels, out_channels, 4, stride=2, padding=1, bias=False)
    norm = nn.BatchNorm2d(out_channels, momentum=0.2)
    return nn.Sequential(convolution, norm, nn.LeakyReLU(0.2))


def buggy_block__both(in_channels, out_channels):
    """The momentum is right, and eps is still 0.8.

    May be named: bug-block-both.
    """
    convolution = nn.Conv2d(in_channels, out_channels, 4, stride=2, padding=1, bias=False)
    norm = nn.BatchNorm2d(out_channels, 0.8, 0.8)
    return nn.Sequential(convolution, norm, nn.LeakyReLU(0.2))


def buggy_block__norm_taken_out(in_channels, out_channels):
    """The suspicious line was deleted together with the layer."""
    convolution = nn.Conv2d(in_channels, out_channels, 4, stride=2, padding=1, bias=False)
    return nn.Sequential(convolution, nn.LeakyReLU(0.2))


def buggy_step__scores_detached(real, noise, net_D, net_G, solver):
    """The fake logits are detached, so the discriminator learns nothing from fakes.

    May be named: bug-step-detached-scores.
    """
    fake = net_G(noise)
    logits_real, logits_fake = net_D(real), net_D(fake).detach()
    loss = (F.softplus(-logits_real).mean() + F.softplus(logits_fake).mean()) / 2
    solver.zero_grad()
    loss.backward()
    solver.step()
    return loss.item()


def buggy_step__generator_cleared(real, noise, net_D, net_G, solver):
    """The generator's gradients are cleared after the step instead of left alone.

    May be named: bug-step-cleared.
    """
    fake = net_G(noise)
    logits_real, logits_fake = net_D(real), net_D(fake)
    loss = (F.softplus(-logits_real).mean() + F.softplus(logits_fake).mean()) / 2
    solver.zero_grad()
    loss.backward()
    solver.step()
    net_G.zero_grad()
    return loss.item()


def buggy_step__signs(real, noise, net_D, net_G, solver):
    """The signs of the logits were taken for the bug and turned; fakes are detached."""
    fake = net_G(noise).detach()
    logits_real, logits_fake = net_D(real), net_D(fake)
    loss = (F.softplus(logits_real).mean() + F.softplus(-logits_fake).mean()) / 2
    solver.zero_grad()
    loss.backward()
    solver.step()
    return loss.item()


def buggy_losses__epoch_not_moved(real, noise, net_D, net_G, epoch, num_epochs):
    """The part that is done is epoch / num_epochs, less than 1 in the last epoch.

    May be named: bug-losses-from-0.
    """
    batch_size = len(real)
    logits_real, logits_fake = net_D(real), net_D(net_G(noise))
    ones = torch.ones(batch_size, 1, 1, 1)
    half_real = F.binary_cross_entropy_with_logits(logits_real, ones)
    half_fake = F.binary_cross_entropy_with_logits(logits_fake, 0 * ones)
    loss_G = F.binary_cross_entropy_with_logits(logits_fake, ones)
    done = epoch / num_epochs
    return (half_real + half_fake) / 2, loss_G, done


def buggy_losses__wrong_logits(real, noise, net_D, net_G, epoch, num_epochs):
    """The undefined fake_logits became logits_real.

    May be named: bug-losses-real-scores.
    """
    batch_size = len(real)
    logits_real, logits_fake = net_D(real), net_D(net_G(noise))
    ones = torch.ones(batch_size, 1, 1, 1)
    half_real = F.binary_cross_entropy_with_logits(logits_real, ones)
    half_fake = F.binary_cross_entropy_with_logits(logits_real, 0 * ones)
    loss_G = F.binary_cross_entropy_with_logits(logits_fake, ones)
    done = (epoch + 1) / num_epochs
    return (half_real + half_fake) / 2, loss_G, done


def buggy_losses__order(real, noise, net_D, net_G, epoch, num_epochs):
    """All names are found, and the generator's loss is returned first."""
    batch_size = len(real)
    logits_real, logits_fake = net_D(real), net_D(net_G(noise))
    ones = torch.ones(batch_size, 1, 1, 1)
    half_real = F.binary_cross_entropy_with_logits(logits_real, ones)
    half_fake = F.binary_cross_entropy_with_logits(logits_fake, 0 * ones)
    loss_G = F.binary_cross_entropy_with_logits(logits_fake, ones)
    done = (epoch + 1) / num_epochs
    return loss_G, (half_real + half_fake) / 2, done


def buggy_losses__one_name_left(real, noise, net_D, net_G, epoch, num_epochs):
    """Two of the three names were found; n_epoch is still there.

    May be named: bug-losses-epochs.
    """
    batch_size = len(real)
    logits_real, logits_fake = net_D(real), net_D(net_G(noise))
    ones = torch.ones(batch_size, 1, 1, 1)
    half_real = F.binary_cross_entropy_with_logits(logits_real, ones)
    half_fake = F.binary_cross_entropy_with_logits(logits_fake, 0 * ones)
    loss_G = F.binary_cross_entropy_with_logits(logits_fake, ones)
    done = (epoch + 1) / n_epoch
    return (half_real + half_fake) / 2, loss_G, done


def buggy_mean_loss__minibatches(data_iter, loss):
    """The weighted sum is divided by the number of minibatches.

    May be named: bug-mean-minibatches.
    """
    total, seen = 0.0, 0
    for images, _labels in data_iter:
        total += len(images) * float(loss(images))
        seen += 1
    return total / seen


def buggy_mean_loss__weight_dropped(data_iter, loss):
    """The weights were taken out above and the images are counted below."""
    total, seen = 0.0, 0
    for images, _labels in data_iter:
        total += float(loss(images))
        seen += len(images)
    return total / seen


def buggy_pictures__reshaped(images):
    """reshape instead of permute: the shape is right, pixels are scrambled.

    May be named: bug-pictures-reshaped.
    """
    n, c, h, w = images.shape
    return (images.reshape(n, h, w, c) + 1) / 2


def buggy_pictures__upside_down(images):
    """Height and width are right, and the picture is flipped from left to right."""
    return (images.permute(0, 2, 3, 1).flip(2) + 1) / 2


def buggy_pictures__half_scaled(images):
    """The channels are right; (pictures / 2 + 1) leaves [0, 1]."""
    return images.permute(0, 2, 3, 1) / 2 + 1
