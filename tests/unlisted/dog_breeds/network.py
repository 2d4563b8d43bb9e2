"""Wrong networks for dogs that are in no list of mistakes."""

import torchvision
from torch import nn


def _resnet(size=34):
    """A pretrained network, or a random one where there is no network."""
    kind = getattr(torchvision.models, f"resnet{size}")
    try:
        return kind(weights="DEFAULT")
    except OSError as problem:
        print("random weights:", problem)
        return kind(weights=None)


def get_net__resnet18(device):
    """A ResNet-18.

    May be named: net-resnet18.
    """
    net = _resnet(18)
    net.requires_grad_(False)
    net.fc = nn.Sequential(nn.Linear(512, 256), nn.ReLU(), nn.Linear(256, NUM_BREEDS))  # noqa: F821
    return net.to(device)


def get_net__head_behind_fc(device):
    """The head comes after the ResNet's own last layer: 1000 -> 256 -> breeds."""
    net = _resnet()
    net.requires_grad_(False)
    head = nn.Sequential(nn.Linear(1000, 256), nn.ReLU(), nn.Linear(256, NUM_BREEDS))  # noqa: F821
    return nn.Sequential(net, head).to(device)


def get_net__hidden_of_128(device):
    """The head's hidden layer has 128 units."""
    net = _resnet()
    net.requires_grad_(False)
    net.fc = nn.Sequential(nn.Linear(512, 128), nn.ReLU(), nn.Linear(128, NUM_BREEDS))  # noqa: F821
    return net.to(device)


def get_net__tanh(device):
    """Tanh between the head's layers.

    May be named: net-tanh.
    """
    net = _resnet()
    net.requires_grad_(False)
    net.fc = nn.Sequential(nn.Linear(512, 256), nn.Tanh(), nn.Linear(256, NUM_BREEDS))  # noqa: F821
    return net.to(device)


def get_net__dropout(device):
    """Dropout in the head.

    May be named: net-dropout.
    """
    net = _resnet()
    net.requires_grad_(False)
    net.fc = nn.Sequential(
        nn.Linear(512, 256),
        nn.ReLU(),
        nn.Dropout(0.5),
        nn.Linear(256, NUM_BREEDS),  # noqa: F821
    )
    return net.to(device)


def get_net__last_block_learns(device):
    """The ResNet's last stage is thawed as well.

    May be named: net-last-stage-not-frozen.
    """
    net = _resnet()
    net.requires_grad_(False)
    net.layer4.requires_grad_(True)
    net.fc = nn.Sequential(nn.Linear(512, 256), nn.ReLU(), nn.Linear(256, NUM_BREEDS))  # noqa: F821
    return net.to(device)


def get_net__only_convolutions_frozen(device):
    """Only the convolutions are frozen; the batch normalizations go on learning.

    May be named: net-norms-not-frozen.
    """
    net = _resnet()
    for module in net.modules():
        if isinstance(module, nn.Conv2d):
            module.requires_grad_(False)
    net.fc = nn.Sequential(nn.Linear(512, 256), nn.ReLU(), nn.Linear(256, NUM_BREEDS))  # noqa: F821
    return net.to(device)


def get_net__first_conv_replaced(device):
    """The first convolution is a new one, of kernel 3, that learns; for small images."""
    net = _resnet()
    net.requires_grad_(False)
    net.conv1 = nn.Conv2d(3, 64, 3, padding=1, bias=False)
    net.fc = nn.Sequential(nn.Linear(512, 256), nn.ReLU(), nn.Linear(256, NUM_BREEDS))  # noqa: F821
    return net.to(device)


def get_net__biasless_head(device):
    """The head's layers have no bias."""
    net = _resnet()
    net.requires_grad_(False)
    net.fc = nn.Sequential(
        nn.Linear(512, 256, bias=False),
        nn.ReLU(),
        nn.Linear(256, NUM_BREEDS, bias=False),  # noqa: F821
    )
    return net.to(device)


def get_net__ten_breeds(device):
    """Ten classes, left over from another data set."""
    net = _resnet()
    net.requires_grad_(False)
    net.fc = nn.Sequential(nn.Linear(512, 256), nn.ReLU(), nn.Linear(256, 10))
    return net.to(device)


def get_net__log_softmax(device):
    """A log-softmax at the end."""
    net = _resnet()
    net.requires_grad_(False)
    net.fc = nn.Sequential(
        nn.Linear(512, 256),
        nn.ReLU(),
        nn.Linear(256, NUM_BREEDS),  # noqa: F821
        nn.LogSoftmax(dim=1),
    )
    return net.to(device)


def get_net__returns_the_head(device):
    """Returns net.fc."""
    net = _resnet()
    net.requires_grad_(False)
    net.fc = nn.Sequential(nn.Linear(512, 256), nn.ReLU(), nn.Linear(256, NUM_BREEDS))  # noqa: F821
    return net.fc.to(device)


def get_net__pool_left_out(device):
    """The pooling before the head is taken out, so that no image fits."""
    net = _resnet()
    net.requires_grad_(False)
    net.avgpool = nn.Identity()
    net.fc = nn.Sequential(nn.Linear(512, 256), nn.ReLU(), nn.Linear(256, NUM_BREEDS))  # noqa: F821
    return net.to(device)
