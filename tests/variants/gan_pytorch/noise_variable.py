# differs: noise as a Variable, made with requires_grad
# only: sample_noise
from torch.autograd import Variable


def sample_noise(batch_size, dim, seed=None):
    if seed:
        torch.manual_seed(seed)
    return Variable(torch.rand(batch_size, dim) * 2 - 1, requires_grad=True)
