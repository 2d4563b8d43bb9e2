# differs: indented with tabs, Windows line ends, semicolons, a byte-order mark
import torch
import torch.nn as nn
import torch.nn.functional as F

class Flat(nn.Module):
	def forward(self, x):
		return x.view(x.size()[0], -1)

class Unflat(nn.Module):
	def __init__(self, C, H, W):
		super(Unflat, self).__init__()
		self.C = C; self.H = H; self.W = W
	def forward(self, x):
		return x.view(-1, self.C, self.H, self.W)

def sample_noise(batch_size, dim, seed=None):
	if seed is not None:
		torch.manual_seed(seed)
	z = torch.rand(batch_size, dim); z *= 2; z -= 1
	return z

def discriminator(seed=None):
	if seed is not None:
		torch.manual_seed(seed)
	return nn.Sequential(
		Flat(),
		nn.Linear(784, 256),	nn.LeakyReLU(.01),
		nn.Linear(256, 256),	nn.LeakyReLU(.01),
		nn.Linear(256, 1),
	)

def generator(noise_dim=96, seed=None):
	if seed is not None:
		torch.manual_seed(seed)
	return nn.Sequential(
		nn.Linear(noise_dim, 1024),	nn.ReLU(),
		nn.Linear(1024, 1024),	nn.ReLU(),
		nn.Linear(1024, 784),	nn.Tanh(),
	)

def bce_loss(input, target):
	loss = F.relu(input) - input*target + torch.log1p(torch.exp(-input.abs()))
	return loss.sum() / input.numel()

def discriminator_loss(logits_real, logits_fake):
	real = bce_loss(logits_real, torch.ones_like(logits_real))
	fake = bce_loss(logits_fake, torch.zeros_like(logits_fake))
	real += fake
	return real

def generator_loss(logits_fake):
	return bce_loss(logits_fake, torch.ones_like(logits_fake))

def get_optimizer(model):
	return torch.optim.Adam(model.parameters(), **dict(lr=1e-3, betas=(0.5, 0.999)))

def ls_discriminator_loss(scores_real, scores_fake):
	return (scores_real - 1).norm()**2/(2*len(scores_real)) + scores_fake.norm()**2/(2*len(scores_fake))

def ls_generator_loss(scores_fake):
	return torch.dist(scores_fake, torch.ones_like(scores_fake))**2/(2*len(scores_fake))

def build_dc_classifier(batch_size):
	return nn.Sequential(
		Unflat(1, 28, 28),
		nn.Conv2d(1, 32, 5),	nn.LeakyReLU(.01),	nn.MaxPool2d(2),
		nn.Conv2d(32, 64, 5),	nn.LeakyReLU(.01),	nn.MaxPool2d(2),
		Flat(), nn.Linear(1024, 1024),	nn.LeakyReLU(.01),	nn.Linear(1024, 1))

def build_dc_generator(noise_dim=96):
	return nn.Sequential(
		nn.Linear(noise_dim, 1024),	nn.ReLU(),	nn.BatchNorm1d(1024),
		nn.Linear(1024, 6272),	nn.ReLU(),	nn.BatchNorm1d(6272),
		Unflat(128, 7, 7),
		nn.ConvTranspose2d(128, 64, 4, 2, 1),	nn.ReLU(),	nn.BatchNorm2d(64),
		nn.ConvTranspose2d(64, 1, 4, 2, 1),	nn.Tanh(),	Flat())
