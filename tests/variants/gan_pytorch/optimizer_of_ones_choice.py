# differs: only parameters that require a gradient, through functools.partial; noise by lerp
# only: get_optimizer, sample_noise
import functools

adam = functools.partial(torch.optim.Adam, lr=1e-3, betas=(0.5, 0.999))


def get_optimizer(model):
    return adam(filter(lambda p: p.requires_grad, model.parameters()))


def sample_noise(batch_size, dim, seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    low, high = -torch.ones(batch_size, dim), torch.ones(batch_size, dim)
    return torch.lerp(low, high, torch.rand(batch_size, dim))
