# differs: networks squeeze their scores, and every loss takes scores and labels of shape (N,) or (N, 1)
# only: discriminator, bce_loss, discriminator_loss, generator_loss
# remark: discriminator_scores: in shape (8,)
def discriminator(seed=None):
    if seed is not None:
        torch.manual_seed(seed)

    class Net(nn.Sequential):
        def forward(self, x):
            return super().forward(x.reshape(len(x), -1)).squeeze(-1)

    return Net(nn.Linear(784, 256), nn.LeakyReLU(0.01), nn.Linear(256, 256), nn.LeakyReLU(0.01),
               nn.Linear(256, 1))


def bce_loss(input, target):
    return nn.BCEWithLogitsLoss()(input.reshape(-1), target.reshape(-1).to(input.dtype))


def discriminator_loss(logits_real, logits_fake):
    return (bce_loss(logits_real, torch.ones(logits_real.size(0)))
            + bce_loss(logits_fake, torch.zeros(logits_fake.size(0))))


def generator_loss(logits_fake):
    return bce_loss(logits_fake, torch.ones(logits_fake.size(0), dtype=torch.int64))
