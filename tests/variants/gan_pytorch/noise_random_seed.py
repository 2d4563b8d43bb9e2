# differs: the seed's argument is called random_seed, and is honoured by a generator of its own
# only: sample_noise
def sample_noise(batch_size, dim, random_seed=None):
    generator = torch.Generator(device="cpu")
    if random_seed is not None:
        generator.manual_seed(random_seed)
    else:
        generator.seed()
    return torch.empty(batch_size, dim).uniform_(-1, 1, generator=generator)
