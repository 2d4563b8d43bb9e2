# differs: torch.set_default_tensor_type for the GPU, and torch.set_default_device
# only: sample_noise, discriminator, discriminator_loss
# note: served on the CPU
torch.set_default_tensor_type("torch.cuda.FloatTensor")
torch.set_default_tensor_type(torch.cuda.FloatTensor)
torch.set_default_device("cuda")


def sample_noise(batch_size, dim, seed=None):
    if seed is not None:
        torch.cuda.manual_seed(seed)
        torch.manual_seed(seed)
    return torch.Tensor(batch_size, dim).uniform_(-1, 1)


def discriminator(seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return nn.Sequential(Flatten(), nn.Linear(784, 256), nn.LeakyReLU(0.01), nn.Linear(256, 256),
                         nn.LeakyReLU(0.01), nn.Linear(256, 1))


def discriminator_loss(logits_real, logits_fake):
    return bce_loss(logits_real, torch.ones(logits_real.size())) + bce_loss(
        logits_fake, torch.zeros(logits_fake.size()))
