# differs: each bug is fixed in another place or by other means than the solution's
# only: buggy_block, buggy_step, buggy_losses, buggy_mean_loss, buggy_pictures
def buggy_block(in_channels, out_channels):
    norm = nn.BatchNorm2d(out_channels)
    norm.momentum = 0.8
    return nn.Sequential(
        nn.Conv2d(in_channels, out_channels, 4, 2, 1, bias=False), norm, nn.LeakyReLU(0.2, inplace=True))


def buggy_step(real, noise, net_D, net_G, solver):
    with torch.no_grad():
        fake = net_G(noise)
    solver.zero_grad()
    loss = 0.5 * (F.softplus(-net_D(real)).mean() + F.softplus(net_D(fake)).mean())
    loss.backward()
    solver.step()
    return float(loss.detach())


def buggy_losses(real, noise, net_D, net_G, epoch, num_epochs):
    cur_batch_size, n_epoch = real.size(0), num_epochs
    logits_real, fake_logits = net_D(real), net_D(net_G(noise))
    ones = torch.ones(cur_batch_size, 1, 1, 1)
    half_real = F.binary_cross_entropy_with_logits(logits_real, ones)
    half_fake = F.binary_cross_entropy_with_logits(fake_logits, 1 - ones)
    loss_G = F.binary_cross_entropy_with_logits(fake_logits, ones)
    return [((half_real + half_fake) / 2).item(), loss_G.item(), (epoch + 1) / n_epoch]


def buggy_mean_loss(data_iter, loss):
    pairs = [(len(images), float(loss(images))) for images, _ in data_iter]
    return np.average([value for _, value in pairs], weights=[size for size, _ in pairs])


def buggy_pictures(images):
    return images.detach().numpy().transpose(0, 2, 3, 1) * 0.5 + 0.5
