# differs: moves everything to a GPU, as code written on one does
# note: GPU
import torch
from torch import nn

device = torch.device("cuda")


def critic_loss(scores_real, scores_fake):
    return scores_fake.cuda().mean() - scores_real.cuda().mean()


def generator_loss(scores_fake):
    return -scores_fake.to(device).mean()


def gradient_penalty(critic, real, fake, epsilon):
    mixed = epsilon.to(device) * real.to(device) + (1 - epsilon.to(device)) * fake.to(device)
    mixed.requires_grad_(True)
    scores = critic(mixed)
    ones = torch.ones(scores.size(), device=device)
    (slope,) = torch.autograd.grad(scores, mixed, grad_outputs=ones, create_graph=True)
    return ((slope.norm(2, dim=1) - 1) ** 2).mean()


def get_optimizer(network):
    return torch.optim.Adam(network.cuda().parameters(), lr=0.0001, betas=(0.0, 0.9))


def update_critic(critic, generator, real, noise, epsilon, optimizer, penalty_weight=10.0):
    critic, generator = critic.to(device), generator.to(device)
    real = real.to(device)
    fake = generator(noise.to(device)).detach()
    optimizer.zero_grad()
    loss = critic_loss(critic(real), critic(fake))
    loss = loss + penalty_weight * gradient_penalty(critic, real, fake, epsilon)
    loss.backward()
    optimizer.step()
    return loss.item()


def update_generator(critic, generator, noise, optimizer):
    optimizer.zero_grad()
    loss = generator_loss(critic(generator(noise.to(device))))
    loss.backward()
    optimizer.step()
    return loss.item()


def train_step(critic, generator, batches, noise_dim, critic_optimizer, generator_optimizer, n_critic=5):
    for _ in range(n_critic):
        real = next(batches).to(device)
        n = real.size(0)
        noise = torch.randn(n, noise_dim, device=device)
        epsilon = torch.rand(n, 1, device=device)
        d = update_critic(critic, generator, real, noise, epsilon, critic_optimizer)
    noise = torch.randn(n, noise_dim, device=device)
    g = update_generator(critic, generator, noise, generator_optimizer)
    return d, g
