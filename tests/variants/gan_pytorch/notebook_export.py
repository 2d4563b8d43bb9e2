#!/usr/bin/env python
# coding: utf-8
# differs: a notebook exported as a script: get_ipython(), %matplotlib, prompts, tests between the cells

# # Generative Adversarial Networks

# In[1]:

from __future__ import print_function, division
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
import matplotlib.pyplot as plt
import matplotlib.gridspec as gridspec

get_ipython().run_line_magic('matplotlib', 'inline')
get_ipython().run_line_magic('load_ext', 'autoreload')
plt.rcParams['figure.figsize'] = (10.0, 8.0)
%config InlineBackend.figure_format = 'retina'
!pip install torchvision

# In[2]:

NUM_TRAIN = 50000
NOISE_DIM = 96
batch_size = 128
slope = 0.01

mnist_train = dset.MNIST('./cs231n/datasets/MNIST_data', train=True, download=True)
loader_train = DataLoader(mnist_train, batch_size=batch_size)
imgs = loader_train.__iter__().next()[0].view(batch_size, 784).numpy().squeeze()
show_images(imgs)
answers = np.load('gan-checks-tf.npz')

# In[3]:

def sample_noise(batch_size, dim, seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return torch.rand(batch_size, dim) * 2 - 1

def test_sample_noise():
    batch_size = 3
    z = sample_noise(batch_size, 4)
    assert z.shape == (batch_size, 4)
    print('All tests passed!')

test_sample_noise()

# In[4]:

class Flatten(nn.Module):
    def forward(self, x):
        return x.view(x.shape[0], -1)

class Unflatten(nn.Module):
    def __init__(self, N=-1, C=128, H=7, W=7):
        super().__init__()
        self.size = N, C, H, W
    def forward(self, x):
        return x.view(*self.size)

# In[5]:

def discriminator(seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return nn.Sequential(Flatten(), nn.Linear(784, 256), nn.LeakyReLU(slope), nn.Linear(256, 256),
                         nn.LeakyReLU(slope), nn.Linear(256, 1))

def test_discriminator(true_count=267009):
    model = discriminator()
    cur_count = count_params(model)
    if cur_count != true_count:
        print('Incorrect number of parameters in discriminator.')

test_discriminator()

def generator(noise_dim=NOISE_DIM, seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(noise_dim, 1024), nn.ReLU(), nn.Linear(1024, 1024), nn.ReLU(),
                         nn.Linear(1024, 784), nn.Tanh())

# In[6]:

def bce_loss(input, target):
    neg_abs = - input.abs()
    return (input.clamp(min=0) - input * target + (1 + neg_abs.exp()).log()).mean()

def discriminator_loss(logits_real, logits_fake):
    return bce_loss(logits_real, torch.ones_like(logits_real)) + bce_loss(logits_fake, torch.zeros_like(logits_fake))

def generator_loss(logits_fake):
    return bce_loss(logits_fake, torch.ones_like(logits_fake))

get_ipython().run_cell_magic('time', '', 'print(1)')

def get_optimizer(model):
    return torch.optim.Adam(model.parameters(), lr=1e-3, betas=(0.5, 0.999))

# In[7]:

D = discriminator()
G = generator()
images = run_a_gan(D, G, get_optimizer(D), get_optimizer(G), discriminator_loss, generator_loss, loader_train)

def ls_discriminator_loss(scores_real, scores_fake):
    return 0.5 * (scores_real - 1).pow(2).mean() + 0.5 * scores_fake.pow(2).mean()

def ls_generator_loss(scores_fake):
    return 0.5 * (scores_fake - 1).pow(2).mean()

# In[8]:

def build_dc_classifier(batch_size):
    return nn.Sequential(Unflatten(batch_size, 1, 28, 28), nn.Conv2d(1, 32, 5), nn.LeakyReLU(slope), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 5), nn.LeakyReLU(slope), nn.MaxPool2d(2), Flatten(), nn.Linear(1024, 1024), nn.LeakyReLU(slope),
        nn.Linear(1024, 1))

data = next(enumerate(loader_train))[-1][0].type(dtype)
b = build_dc_classifier(batch_size).type(dtype)
out = b(data)
print(out.size())

def build_dc_generator(noise_dim=NOISE_DIM):
    return nn.Sequential(nn.Linear(noise_dim, 1024), nn.ReLU(), nn.BatchNorm1d(1024), nn.Linear(1024, 6272), nn.ReLU(),
        nn.BatchNorm1d(6272), Unflatten(), nn.ConvTranspose2d(128, 64, 4, 2, 1), nn.ReLU(), nn.BatchNorm2d(64),
        nn.ConvTranspose2d(64, 1, 4, 2, 1), nn.Tanh(), Flatten())
