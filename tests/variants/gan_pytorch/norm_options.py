# differs: BatchNorm with another momentum, without running statistics, or left in eval mode of its own
# only: build_dc_generator
def build_dc_generator(noise_dim=96):
    return nn.Sequential(
        nn.Linear(noise_dim, 1024), nn.ReLU(), nn.BatchNorm1d(1024, momentum=0.9),
        nn.Linear(1024, 6272), nn.ReLU(), nn.BatchNorm1d(6272, track_running_stats=False),
        Unflatten(), nn.ConvTranspose2d(128, 64, 4, 2, 1), nn.ReLU(),
        nn.BatchNorm2d(64, eps=1e-05, affine=True), nn.ConvTranspose2d(64, 1, 4, 2, 1), nn.Tanh(),
        Flatten()).train()
