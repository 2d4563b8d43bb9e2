# differs: noise in double precision, from random.uniform, one number at a time
# only: sample_noise
import random


def sample_noise(batch_size, dim, seed=None):
    if seed is not None:
        random.seed(seed)
    return torch.DoubleTensor([[random.uniform(-1, 1) for _ in range(dim)] for _ in range(batch_size)])
