"""Wrong heads that bound their numbers."""

import torchvision
from torch import nn


def _resnet():
    try:
        return torchvision.models.resnet34(weights=torchvision.models.ResNet34_Weights.DEFAULT)
    except OSError as problem:
        print(f"no pretrained weights ({problem})")
        return torchvision.models.resnet34(weights=None)


def get_net__bounded_scores(device):
    """A Hardtanh keeps the scores between -3 and 3."""
    net = _resnet().requires_grad_(False)
    net.fc = nn.Sequential(
        nn.Linear(512, 256),
        nn.ReLU(),
        nn.Linear(256, NUM_BREEDS),
        nn.Hardtanh(-3, 3),
    )
    return net.to(device)


def get_net__relu6(device):
    """ReLU6 stands in the place of ReLU."""
    net = _resnet().requires_grad_(False)
    net.fc = nn.Sequential(nn.Linear(512, 256), nn.ReLU6(), nn.Linear(256, NUM_BREEDS))
    return net.to(device)
