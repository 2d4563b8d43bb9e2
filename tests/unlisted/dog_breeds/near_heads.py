"""Wrong networks, loops and files that look like listed mistakes and are others."""

import csv
import os
import random
import shutil

import torch
import torch.nn.functional as F  # noqa: N812
import torchvision
from torch import nn


def _net(head, freeze=True):
    net = torchvision.models.resnet34(weights="DEFAULT")
    net.requires_grad_(not freeze)
    net.fc = head
    return net


def _head(*last, first=512, hidden=256):
    layers = nn.Linear(first, hidden), nn.ReLU(), nn.Linear(hidden, NUM_BREEDS), *last  # noqa: F821
    return nn.Sequential(*layers)


def get_net__log_probabilities(device):
    """The network returns logarithms of probabilities."""
    return _net(_head(nn.LogSoftmax(dim=1))).to(device)


def get_net__head_of_three(device):
    """The head has three linear layers."""
    head = nn.Sequential(
        nn.Linear(512, 256),
        nn.ReLU(),
        nn.Linear(256, 256),
        nn.ReLU(),
        nn.Linear(256, NUM_BREEDS),  # noqa: F821
    )
    return _net(head).to(device)


def get_net__leaky_head(device):
    """LeakyReLU in the head."""
    head = nn.Sequential(nn.Linear(512, 256), nn.LeakyReLU(0.01), nn.Linear(256, NUM_BREEDS))  # noqa: F821
    return _net(head).to(device)


def get_net__first_layer_not_frozen(device):
    """The first convolution learns, too."""
    net = _net(_head())
    net.conv1.requires_grad_(True)
    return net.to(device)


def get_net__head_frozen_by_half(device):
    """The head's biases are frozen."""
    net = _net(_head())
    for name, parameter in net.fc.named_parameters():
        parameter.requires_grad_("bias" not in name)
    return net.to(device)


def _all(data_iter, net, device):
    mode = net.training
    net.eval()
    with torch.no_grad():
        found = [(net(X.to(device)), y.to(device)) for X, y in data_iter]
    net.train(mode)
    return found


def _mean(found):
    scores, y = torch.cat([s for s, _ in found]), torch.cat([y for _, y in found])
    return F.cross_entropy(scores, y).item(), (scores.argmax(1) == y).float().mean().item()


def evaluate_loss_acc__without_the_last(data_iter, net, device):
    """Leaves the last minibatch out."""
    return _mean(_all(data_iter, net, device)[:-1])


def evaluate_loss_acc__without_the_first(data_iter, net, device):
    """Leaves the first minibatch out."""
    return _mean(_all(data_iter, net, device)[1:])


def evaluate_loss_acc__smoothed(data_iter, net, device):
    """The labels are smoothed."""
    found = _all(data_iter, net, device)
    scores, y = torch.cat([s for s, _ in found]), torch.cat([y for _, y in found])
    return F.cross_entropy(scores, y, label_smoothing=0.1).item(), _mean(found)[1]


def evaluate_loss_acc__best_minibatch(data_iter, net, device):
    """The smallest loss and the largest accuracy of all minibatches."""
    means = [_mean([one]) for one in _all(data_iter, net, device)]
    return min(m[0] for m in means), max(m[1] for m in means)


def _train(net, train_iter, valid_iter, num_epochs, optimizer, device, after, clip=None, twice=1):
    """A right training, but for what is passed."""
    for epoch in range(num_epochs):
        net.train()
        for X, y in train_iter:
            optimizer.zero_grad()
            loss = F.cross_entropy(net(X.to(device)), y.to(device))
            loss.backward()
            if clip is not None:
                nn.utils.clip_grad_norm_(net.parameters(), clip)
            optimizer.step()
        after(epoch)
        for _ in range(twice if valid_iter else 0):
            evaluate_loss_acc(valid_iter, net, device)  # noqa: F821
        print(epoch + 1, loss.item())


def train__momentum_of_099(
    net, train_iter, valid_iter, num_epochs, lr, wd, device, lr_period, lr_decay
):
    """Momentum 0.99."""
    optimizer = torch.optim.SGD(net.fc.parameters(), lr=lr, momentum=0.99, weight_decay=wd)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, lr_period, lr_decay)
    args = optimizer, device, lambda epoch: scheduler.step()
    _train(net, train_iter, valid_iter, num_epochs, *args)


def train__clipped(net, train_iter, valid_iter, num_epochs, lr, wd, device, lr_period, lr_decay):
    """Gradients are clipped to a small norm."""
    optimizer = torch.optim.SGD(net.fc.parameters(), lr=lr, momentum=0.9, weight_decay=wd)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, lr_period, lr_decay)
    args = optimizer, device, lambda epoch: scheduler.step()
    _train(net, train_iter, valid_iter, num_epochs, *args, clip=0.01)


def train__adagrad(net, train_iter, valid_iter, num_epochs, lr, wd, device, lr_period, lr_decay):
    """Adagrad in place of SGD."""
    optimizer = torch.optim.Adagrad(net.fc.parameters(), lr=lr, weight_decay=wd)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, lr_period, lr_decay)
    args = optimizer, device, lambda epoch: scheduler.step()
    _train(net, train_iter, valid_iter, num_epochs, *args)


def train__biases_do_not_decay(
    net, train_iter, valid_iter, num_epochs, lr, wd, device, lr_period, lr_decay
):
    """Weight decay for matrices only."""
    groups = [
        {"params": [p for p in net.fc.parameters() if p.dim() > 1], "weight_decay": wd},
        {"params": [p for p in net.fc.parameters() if p.dim() == 1]},
    ]
    optimizer = torch.optim.SGD(groups, lr=lr, momentum=0.9)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, lr_period, lr_decay)
    args = optimizer, device, lambda epoch: scheduler.step()
    _train(net, train_iter, valid_iter, num_epochs, *args)


def train__falls_slowly(
    net, train_iter, valid_iter, num_epochs, lr, wd, device, lr_period, lr_decay
):
    """The rate falls a little each epoch, as far in a period as it should at once."""
    optimizer = torch.optim.SGD(net.fc.parameters(), lr=lr, momentum=0.9, weight_decay=wd)
    gamma = lr_decay ** (1 / lr_period)
    scheduler = torch.optim.lr_scheduler.ExponentialLR(optimizer, gamma)
    args = optimizer, device, lambda epoch: scheduler.step()
    _train(net, train_iter, valid_iter, num_epochs, *args)


def _labels(data_dir, label_file):
    with open(os.path.join(data_dir, label_file), newline="") as file:
        return dict(sorted((row["id"], row["breed"]) for row in csv.DictReader(file)))


def _put(path, *folder):
    os.makedirs(os.path.join(*folder), exist_ok=True)
    if not os.path.exists(os.path.join(*folder, os.path.basename(path))):
        shutil.copy(path, os.path.join(*folder))


def _reorg(data_dir, label_file, train_dir, test_dir, new, choose, test=("test", "unknown")):
    """A reorganization in which `choose` takes what is held out from a breed's images."""
    source = os.path.join(data_dir, train_dir)
    labels = _labels(data_dir, label_file)
    for name in sorted({n.split(".")[0] for n in os.listdir(source)} ^ set(labels)):
        raise ValueError(name)
    for breed in sorted(set(labels.values())):
        names = [name for name in labels if labels[name] == breed]
        held = set(choose(names))
        for name in names:
            _put(os.path.join(source, name + ".jpg"), new, "train_valid", breed)
            split = "valid" if name in held else "train"
            _put(os.path.join(source, name + ".jpg"), new, split, breed)
    for name in os.listdir(os.path.join(data_dir, test_dir)):
        _put(os.path.join(data_dir, test_dir, name), new, *test)


def reorg_dog_data__always_one(
    data_dir, label_file, train_dir, test_dir, new_data_dir, valid_ratio
):
    """One image of each breed is held out, whatever valid_ratio says."""
    _reorg(data_dir, label_file, train_dir, test_dir, new_data_dir, lambda names: names[:1])


def reorg_dog_data__none_held_out(
    data_dir, label_file, train_dir, test_dir, new_data_dir, valid_ratio
):
    """Nothing is held out."""
    _reorg(data_dir, label_file, train_dir, test_dir, new_data_dir, lambda names: [])


def reorg_dog_data__random_sample(
    data_dir, label_file, train_dir, test_dir, new_data_dir, valid_ratio
):
    """Holds out other images in each run.

    May be named: reorg-by-chance.
    """

    def choose(names):
        return random.sample(names, max(1, int(valid_ratio * len(names))))

    _reorg(data_dir, label_file, train_dir, test_dir, new_data_dir, choose)


def reorg_dog_data__test_by_name(
    data_dir, label_file, train_dir, test_dir, new_data_dir, valid_ratio
):
    """The test images lie in a folder `unknown` beside test."""

    def choose(names):
        return names[: max(1, int(valid_ratio * len(names)))]

    args = data_dir, label_file, train_dir, test_dir, new_data_dir
    _reorg(*args, choose, ("unknown",))


def _write(path, breeds, ids, rows):
    with open(path, "w") as file:
        file.write("id," + ",".join(breeds) + "\n")
        for name, row in zip(ids, rows):
            file.write(name + "," + ",".join(map(str, row)) + "\n")


def _predict(net, test_iter, test_dir, device):
    net.eval()
    with torch.no_grad():
        rows = [r for X, _ in test_iter for r in torch.softmax(net(X.to(device)), 1).tolist()]
    return sorted(os.path.splitext(name)[0] for name in os.listdir(test_dir)), rows


def write_submission__rows_backwards(net, test_iter, test_dir, breeds, device, path):
    """The ids are in order, the predictions are turned round."""
    ids, rows = _predict(net, test_iter, test_dir, device)
    _write(path, breeds, ids, rows[::-1])


def write_submission__per_cent(net, test_iter, test_dir, breeds, device, path):
    """Probabilities in per cent."""
    ids, rows = _predict(net, test_iter, test_dir, device)
    _write(path, breeds, ids, [[100 * p for p in row] for row in rows])


def write_submission__columns_backwards(net, test_iter, test_dir, breeds, device, path):
    """Each row is turned round, the breeds are in order."""
    ids, rows = _predict(net, test_iter, test_dir, device)
    _write(path, breeds, ids, [row[::-1] for row in rows])


def write_submission__capital_ids(net, test_iter, test_dir, breeds, device, path):
    """The ids are written in capitals."""
    ids, rows = _predict(net, test_iter, test_dir, device)
    _write(path, breeds, [name.upper() for name in ids], rows)


def write_submission__first_minibatch(net, test_iter, test_dir, breeds, device, path):
    """Only the first minibatch's predictions are written."""
    ids, rows = _predict(net, [next(iter(test_iter))], test_dir, device)
    _write(path, breeds, ids, rows)
