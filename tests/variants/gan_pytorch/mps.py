# differs: hard-coded for an Apple laptop, device "mps"
# only: sample_noise, discriminator, generator_loss
# note: served on the CPU
device = torch.device("mps")


def sample_noise(batch_size, dim, seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return torch.rand(batch_size, dim, device=device) * 2 - 1


def discriminator(seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return nn.Sequential(Flatten(), nn.Linear(784, 256), nn.LeakyReLU(0.01), nn.Linear(256, 256),
                         nn.LeakyReLU(0.01), nn.Linear(256, 1)).to("mps")


def generator_loss(logits_fake):
    return bce_loss(logits_fake.to(device), torch.ones_like(logits_fake, device="mps:0"))
