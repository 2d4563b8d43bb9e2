# differs: autocast contexts for CUDA around the networks, channels_last, pinned memory
# only: sample_noise, discriminator, build_dc_classifier
# note: served on the CPU
def sample_noise(batch_size, dim, seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return (torch.rand(batch_size, dim, pin_memory=True) * 2 - 1).pin_memory().cuda(non_blocking=True)


class Amp(nn.Sequential):
    def forward(self, x):
        with torch.autocast("cuda", enabled=torch.cuda.is_available()):
            return super().forward(x.cuda())


def discriminator(seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return Amp(Flatten(), nn.Linear(784, 256), nn.LeakyReLU(0.01), nn.Linear(256, 256),
               nn.LeakyReLU(0.01), nn.Linear(256, 1)).cuda()


def build_dc_classifier(batch_size=128):
    model = nn.Sequential(
        Unflatten(-1, 1, 28, 28), nn.Conv2d(1, 32, 5), nn.LeakyReLU(0.01), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 5), nn.LeakyReLU(0.01), nn.MaxPool2d(2), Flatten(),
        nn.Linear(1024, 1024), nn.LeakyReLU(0.01), nn.Linear(1024, 1))
    return model.to(device="cuda", memory_format=torch.channels_last)
