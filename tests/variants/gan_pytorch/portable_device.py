# differs: takes a GPU where there is one, with seeds and caches for it: no word about CUDA is due
# only: sample_noise, generator, generator_loss
use_cuda = torch.cuda.is_available() and torch.cuda.device_count() > 0
device = torch.device("cuda" if use_cuda else "cpu")
dtype = torch.cuda.FloatTensor if use_cuda else torch.FloatTensor
if use_cuda:
    torch.backends.cudnn.benchmark = True
torch.cuda.manual_seed_all(1)
torch.cuda.empty_cache()


def sample_noise(batch_size, dim, seed=None):
    if seed is not None:
        torch.manual_seed(seed)
        if torch.cuda.is_available():
            torch.cuda.manual_seed_all(seed)
    return (torch.rand(batch_size, dim) * 2 - 1).to(device).type(dtype)


def generator(noise_dim=96, seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    net = nn.Sequential(nn.Linear(noise_dim, 1024), nn.ReLU(), nn.Linear(1024, 1024), nn.ReLU(),
                        nn.Linear(1024, 784), nn.Tanh())
    return net.cuda() if use_cuda else net.to(device)


def generator_loss(logits_fake):
    return bce_loss(logits_fake, torch.ones(logits_fake.size(), device=logits_fake.device))
