# differs: noise from NumPy's global generator, float64 cast to float32
# only: sample_noise
import numpy as np


def sample_noise(batch_size, dim, seed=None):
    if seed is not None:
        np.random.seed(seed)
    return torch.from_numpy(np.random.uniform(-1, 1, size=(batch_size, dim))).type(torch.FloatTensor)
