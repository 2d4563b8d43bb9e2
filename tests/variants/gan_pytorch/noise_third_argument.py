# differs: a third argument that is no seed, but a device or a type
# only: sample_noise
def sample_noise(batch_size, dim, device="cpu", dtype=torch.float32):
    return torch.rand(batch_size, dim, device=device, dtype=dtype) * 2 - 1
