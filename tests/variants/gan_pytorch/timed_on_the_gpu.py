# differs: CUDA events, streams and device numbers around everything, set_default_device(0)
# only: sample_noise, discriminator, generator, get_optimizer
# note: served on the CPU
torch.set_default_device(0)
start, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)


def timed(function):
    def inner(*args, **kwargs):
        start.record()
        with torch.cuda.stream(torch.cuda.Stream()):
            result = function(*args, **kwargs)
        end.record()
        torch.cuda.current_stream().synchronize()
        print(start.elapsed_time(end))
        return result
    return inner


@timed
def sample_noise(batch_size, dim, seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return torch.rand(batch_size, dim).type(dtype="torch.cuda.FloatTensor") * 2 - 1


@timed
def discriminator(seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return nn.Sequential(Flatten(), nn.Linear(784, 256), nn.LeakyReLU(0.01), nn.Linear(256, 256),
                         nn.LeakyReLU(0.01), nn.Linear(256, 1)).to(torch.cuda.current_device())


@timed
def generator(noise_dim=96, seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(noise_dim, 1024), nn.ReLU(), nn.Linear(1024, 1024), nn.ReLU(),
                         nn.Linear(1024, 784), nn.Tanh()).to(device=torch.device("cuda:0"))


@timed
def get_optimizer(model):
    return torch.optim.Adam(model.cuda().parameters(), lr=1e-3, betas=(0.5, 0.999))
