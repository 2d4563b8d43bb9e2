# differs: each bug is fixed by code that is written anew, in loops and NumPy
# only: buggy_block, buggy_step, buggy_losses, buggy_mean_loss, buggy_pictures
def buggy_block(in_channels, out_channels):
    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.c = nn.Conv2d(in_channels, out_channels, 4, 2, 1, bias=False)
            self.n = nn.BatchNorm2d(out_channels, 1e-5, 0.8)

        def forward(self, x):
            return F.leaky_relu(self.n(self.c(x)), 0.2)

    return Block()


def buggy_step(real, noise, net_D, net_G, solver):
    fake = net_G(noise)
    fake = fake.data
    solver.zero_grad()
    half = F.binary_cross_entropy_with_logits(net_D(real), torch.ones(len(real), 1, 1, 1)) / 2
    half.backward()
    other = F.softplus(net_D(fake)).mean() / 2
    other.backward()
    solver.step()
    return half.item() + other.item()


def buggy_losses(real, noise, net_D, net_G, epoch, num_epochs):
    batch_size = len(real)
    logits_real, logits_fake = net_D(real), net_D(net_G(noise))
    bce = nn.BCEWithLogitsLoss()
    ones = torch.ones(batch_size, 1, 1, 1)
    loss_D = bce(logits_real, ones) / 2 + bce(logits_fake, torch.zeros_like(ones)) / 2
    return loss_D, bce(logits_fake, ones), (1 + epoch) / num_epochs


def buggy_mean_loss(data_iter, loss):
    total, seen = torch.zeros(()), 0
    for images, _labels in data_iter:
        total = total + loss(images) * images.size(0)
        seen = seen + images.size(0)
    return (total / seen).item()


def buggy_pictures(images):
    pictures = torch.stack([torch.stack([image[c] for c in range(3)], -1) for image in images])
    return torch.clamp((pictures + 1) / 2, 0, 1)
