# differs: batch normalization from mean and variance, with gamma and beta of shape (1, C, 1, 1)
# only: build_dc_generator
class Norm(nn.Module):
    def __init__(self, channels, rank):
        super().__init__()
        shape = (1, channels) + (1,) * (rank - 2)
        self.beta = nn.Parameter(torch.zeros(shape))
        self.gamma = nn.Parameter(torch.ones(shape))

    def forward(self, x):
        axes = [i for i in range(x.dim()) if i != 1]
        mean = x.mean(axes, keepdim=True)
        var = ((x - mean) ** 2).mean(axes, keepdim=True)
        return self.gamma * (x - mean) / torch.sqrt(var + 1e-5) + self.beta


def build_dc_generator(noise_dim=96):
    return nn.Sequential(
        nn.Linear(noise_dim, 1024), nn.ReLU(), Norm(1024, 2), nn.Linear(1024, 6272), nn.ReLU(),
        Norm(6272, 2), Unflatten(), nn.ConvTranspose2d(128, 64, 4, 2, 1), nn.ReLU(), Norm(64, 4),
        nn.ConvTranspose2d(64, 1, 4, 2, 1), nn.Tanh(), Flatten())
