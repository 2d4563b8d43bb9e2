# differs: scores squeezed to (N,), every value right
# only: discriminator, build_dc_classifier
# remark: discriminator_scores: in shape (8,)
# remark: dc_classifier_scores: in shape (8,)
class Squeeze(nn.Module):
    def forward(self, x):
        return x.squeeze(1)


def discriminator(seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return nn.Sequential(Flatten(), nn.Linear(784, 256), nn.LeakyReLU(0.01), nn.Linear(256, 256),
                         nn.LeakyReLU(0.01), nn.Linear(256, 1), Squeeze())


def build_dc_classifier(batch_size=128):
    return nn.Sequential(
        Unflatten(-1, 1, 28, 28), nn.Conv2d(1, 32, 5), nn.LeakyReLU(0.01), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 5), nn.LeakyReLU(0.01), nn.MaxPool2d(2), Flatten(),
        nn.Linear(1024, 1024), nn.LeakyReLU(0.01), nn.Linear(1024, 1), Squeeze())
