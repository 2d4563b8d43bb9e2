# differs: noise as low + (high - low) u with u from torch.rand_like of a template
# only: sample_noise
def sample_noise(batch_size, dim, seed=None):
    torch.manual_seed(seed) if seed is not None else None
    template = torch.zeros(batch_size, dim)
    return torch.lerp(torch.full_like(template, -1), torch.full_like(template, 1), torch.rand_like(template))
