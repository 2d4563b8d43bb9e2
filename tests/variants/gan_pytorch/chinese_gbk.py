# -*- coding: gbk -*-
# differs: Chinese comments saved in GBK, with the coding line that says so
import torch
import torch.nn as nn
import torch.optim as optim

噪声维度 = 96  # 噪声维度


def sample_noise(batch_size, dim, seed=None):
    """
    生成均匀分布的随机噪声，范围 (-1, 1)。

    输入:
    - batch_size: 噪声的数量
    - dim: 维度
    """
    if seed is not None:
        torch.manual_seed(seed)
    # ***** 开始：你的代码 *****
    noise = torch.rand(batch_size, dim)   # 先生成 [0, 1) 之间的随机数
    noise = noise * 2 - 1                 # 再映射到 [-1, 1)
    return noise
    # ***** 结束 *****


class Flatten(nn.Module):
    def forward(self, x):
        N, C, H, W = x.size()  # 读取 N, C, H, W
        return x.view(N, -1)  # 把 C * H * W 展平成一个向量


class Unflatten(nn.Module):
    """把 (N, C*H*W) 变成 (N, C, H, W)。"""

    def __init__(self, N=-1, C=128, H=7, W=7):
        super(Unflatten, self).__init__()
        self.N, self.C, self.H, self.W = N, C, H, W

    def forward(self, x):
        return x.view(self.N, self.C, self.H, self.W)


def discriminator(seed=None):
    """判别器"""
    if seed is not None:
        torch.manual_seed(seed)
    model = nn.Sequential(
        Flatten(),
        nn.Linear(784, 256),   # 第一层
        nn.LeakyReLU(0.01),
        nn.Linear(256, 256),   # 第二层
        nn.LeakyReLU(0.01),
        nn.Linear(256, 1),     # 输出层，不要 sigmoid
    )
    return model


def generator(noise_dim=噪声维度, seed=None):
    """生成器"""
    if seed is not None:
        torch.manual_seed(seed)
    return nn.Sequential(
        nn.Linear(noise_dim, 1024), nn.ReLU(),
        nn.Linear(1024, 1024), nn.ReLU(),
        nn.Linear(1024, 784), nn.Tanh(),  # 输出范围 [-1, 1]
    )


def bce_loss(input, target):
    """数值稳定的二元交叉熵"""
    neg_abs = -input.abs()
    loss = input.clamp(min=0) - input * target + (1 + neg_abs.exp()).log()
    return loss.mean()


def discriminator_loss(logits_real, logits_fake):
    真标签 = torch.ones(logits_real.shape)
    假标签 = torch.zeros(logits_fake.shape)
    return bce_loss(logits_real, 真标签) + bce_loss(logits_fake, 假标签)


def generator_loss(logits_fake):
    # 生成器希望判别器认为图片是真的
    return bce_loss(logits_fake, torch.ones(logits_fake.shape))


def get_optimizer(model):
    return optim.Adam(model.parameters(), lr=1e-3, betas=(0.5, 0.999))  # 优化器


def ls_discriminator_loss(scores_real, scores_fake):
    return (torch.mean((scores_real - 1) ** 2) + torch.mean(scores_fake ** 2)) / 2


def ls_generator_loss(scores_fake):
    return torch.mean((scores_fake - 1) ** 2) / 2


def build_dc_classifier(batch_size):
    """卷积判别器"""
    return nn.Sequential(
        Unflatten(batch_size, 1, 28, 28),
        nn.Conv2d(1, 32, 5, stride=1), nn.LeakyReLU(0.01), nn.MaxPool2d(2, 2),
        nn.Conv2d(32, 64, 5, stride=1), nn.LeakyReLU(0.01), nn.MaxPool2d(2, 2),
        Flatten(),
        nn.Linear(4 * 4 * 64, 4 * 4 * 64), nn.LeakyReLU(0.01), nn.Linear(4 * 4 * 64, 1))


def build_dc_generator(noise_dim=噪声维度):
    """卷积生成器"""
    return nn.Sequential(
        nn.Linear(noise_dim, 1024), nn.ReLU(), nn.BatchNorm1d(1024),
        nn.Linear(1024, 7 * 7 * 128), nn.ReLU(), nn.BatchNorm1d(7 * 7 * 128),
        Unflatten(-1, 128, 7, 7),
        nn.ConvTranspose2d(128, 64, 4, 2, 1), nn.ReLU(), nn.BatchNorm2d(64),
        nn.ConvTranspose2d(64, 1, 4, 2, 1), nn.Tanh(), Flatten())
