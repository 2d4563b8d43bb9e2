# differs: a whole file with comments and names in Chinese
import torch


def critic_loss(scores_real, scores_fake):
    # 假图像的平均分减去真图像的平均分
    真, 假 = scores_real.mean(), scores_fake.mean()
    return 假 - 真


def generator_loss(scores_fake):
    return 0 - scores_fake.mean()


def gradient_penalty(critic, real, fake, epsilon):
    # 真假图像连线上的点
    点 = (epsilon * real + (1 - epsilon) * fake).clone().detach().requires_grad_(True)
    梯度 = torch.autograd.grad(critic(点).sum(), 点, create_graph=True)[0]
    长度 = torch.norm(梯度.flatten(1), dim=1)
    return ((长度 - torch.ones_like(长度)) ** 2).mean()


def get_optimizer(network):
    return torch.optim.Adam(network.parameters(), betas=(0.0, 0.9), lr=1e-4)


def update_critic(critic, generator, real, noise, epsilon, optimizer, penalty_weight=10.0):
    假图像 = generator(noise).clone().detach()
    损失 = critic_loss(critic(real), critic(假图像))
    惩罚 = gradient_penalty(critic, real, 假图像, epsilon)
    总 = torch.add(损失, 惩罚, alpha=penalty_weight)
    optimizer.zero_grad()
    总.backward()
    optimizer.step()
    return 总.detach()


def update_generator(critic, generator, noise, optimizer):
    optimizer.zero_grad()
    损失 = generator_loss(critic(generator(noise)))
    损失.backward()
    optimizer.step()
    return 损失.detach()


def train_step(critic, generator, batches, noise_dim, critic_optimizer, generator_optimizer, n_critic=5):
    步 = 0
    while 步 < n_critic:
        x = next(batches)
        z, e = torch.randn(x.size(0), noise_dim), torch.rand(x.size(0)).unsqueeze(1)
        c = update_critic(critic, generator, x, z, e, critic_optimizer)
        步 += 1
    g = update_generator(critic, generator, torch.randn(x.size(0), noise_dim), generator_optimizer)
    return float(c), float(g)
