"""Wrong functions that look like listed mistakes and are others."""

import csv
import os
import shutil

import torch
import torch.nn.functional as F  # noqa: N812
import torchvision
from torch import nn
from torchvision import transforms

_MEAN, _STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def _labels(data_dir, label_file):
    with open(os.path.join(data_dir, label_file), newline="") as file:
        return dict(sorted((row["id"], row["breed"]) for row in csv.DictReader(file)))


def _put(path, *folder):
    os.makedirs(os.path.join(*folder), exist_ok=True)
    shutil.copy(path, os.path.join(*folder))


def reorg_dog_data__looks_beside_the_folder(
    data_dir, label_file, train_dir, test_dir, new_data_dir, valid_ratio
):
    """Looks for the images in data_dir itself: train_dir is forgotten."""
    for name, breed in _labels(data_dir, label_file).items():
        _put(os.path.join(data_dir, name + ".jpg"), new_data_dir, "train_valid", breed)


def reorg_dog_data__looks_in_the_new_folder(
    data_dir, label_file, train_dir, test_dir, new_data_dir, valid_ratio
):
    """Looks for the images in the new folder's train, which is empty."""
    for name, breed in _labels(data_dir, label_file).items():
        _put(os.path.join(new_data_dir, train_dir, name + ".jpg"), new_data_dir, "valid", breed)


def reorg_dog_data__refuses_what_is_right(
    data_dir, label_file, train_dir, test_dir, new_data_dir, valid_ratio
):
    """Says that the first image is missing, because it looks for it among the test images."""
    for name in _labels(data_dir, label_file):
        if not os.path.exists(os.path.join(data_dir, test_dir, name + ".jpg")):
            raise ValueError("it has no image")


def reorg_dog_data__deletes_the_originals(
    data_dir, label_file, train_dir, test_dir, new_data_dir, valid_ratio
):
    """Deletes each image as soon as it is copied once.

    May be named: reorg-moves.
    """
    for name, breed in _labels(data_dir, label_file).items():
        path = os.path.join(data_dir, train_dir, name + ".jpg")
        _put(path, new_data_dir, "train_valid", breed)
        os.remove(path)
        _put(path, new_data_dir, "train", breed)


def _evaluate(data_iter, net, device, *, percent=False, last=False, train=False, leave=False):
    mode = net.training
    net.train(train)
    total = hits = count = 0
    with torch.no_grad():
        for X, y in data_iter:
            if last:
                total = hits = count = 0
            scores = net(X.to(device))
            total += F.cross_entropy(scores, y.to(device), reduction="sum").item()
            hits += (scores.argmax(1) == y.to(device)).sum().item()
            count += len(y)
    net.train(not mode if leave else mode)
    return total / count, hits / count


def evaluate_loss_acc__all_of_the_last(data_iter, net, device):
    """Loss and accuracy are those of the last minibatch.

    May be named: evaluation-last-batch.
    """
    return _evaluate(data_iter, net, device, last=True)


def evaluate_loss_acc__mode_turned_round(data_iter, net, device):
    """Leaves the network in the other mode than it came in.

    May be named: evaluation-stays.
    """
    return _evaluate(data_iter, net, device, leave=True)


def evaluate_loss_acc__explicit_training_mode(data_iter, net, device):
    """Puts the network into training mode to evaluate it, and back afterwards.

    May be named: evaluation-put-into-training-mode, evaluation-in-training-mode.
    """
    return _evaluate(data_iter, net, device, train=True)


def evaluate_loss_acc__weights_by_square(data_iter, net, device):
    """A mean of minibatches, where each counts by the square of its size."""
    mode = net.training
    net.eval()
    total = hits = count = 0
    with torch.no_grad():
        for X, y in data_iter:
            scores, n = net(X.to(device)), len(y)
            total += n * n * F.cross_entropy(scores, y.to(device)).item()
            hits += n * (scores.argmax(1) == y.to(device)).sum().item()
            count += n * n
    net.train(mode)
    return total / count, hits / count


def evaluate_loss_acc__second_best(data_iter, net, device):
    """An answer counts if it is one of the two likeliest."""
    mode = net.training
    net.eval()
    total = hits = count = 0
    with torch.no_grad():
        for X, y in data_iter:
            scores = net(X.to(device))
            total += F.cross_entropy(scores, y.to(device), reduction="sum").item()
            hits += (scores.topk(2, 1).indices == y.to(device)[:, None]).sum().item()
            count += len(y)
    net.train(mode)
    return total / count, hits / count


def transform_for_testing__normalized_too_early():
    """The test images are normalized first, and become tensors afterwards.

    May be named: testing-no-tensor.
    """
    return transforms.Compose(
        [
            transforms.Resize(256),
            transforms.CenterCrop(224),
            transforms.Normalize(_MEAN, _STD),
            transforms.ToTensor(),
        ]
    )


def transform_for_training__never_a_tensor():
    """The training images never become tensors.

    May be named: training-no-tensor.
    """
    return transforms.Compose(
        [
            transforms.RandomResizedCrop(224, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3)),
            transforms.RandomHorizontalFlip(),
            transforms.ColorJitter(0.4, 0.4, 0.4),
            transforms.Normalize(_MEAN, _STD),
        ]
    )


def transform_for_testing__cut_first():
    """Cuts the centre out and resizes it."""
    return transforms.Compose(
        [
            transforms.CenterCrop(256),
            transforms.Resize(224),
            transforms.ToTensor(),
            transforms.Normalize(_MEAN, _STD),
        ]
    )


def transform_for_testing__five_pieces():
    """Only the upper left corner is cut out, always the same piece."""
    return transforms.Compose(
        [
            transforms.Resize(256),
            transforms.Lambda(lambda image: transforms.functional.crop(image, 0, 0, 224, 224)),
            transforms.ToTensor(),
            transforms.Normalize(_MEAN, _STD),
        ]
    )


def _net(head):
    net = torchvision.models.resnet34(weights="DEFAULT")
    net.requires_grad_(False)
    net.fc = head
    return net


def get_net__frozen_by_a_typo(device):
    """Gives each parameter an attribute that nobody reads, in place of freezing it.

    May be named: net-not-frozen.
    """
    net = torchvision.models.resnet34(weights="DEFAULT")
    for parameter in net.parameters():
        parameter.require_grad = False
    net.fc = nn.Sequential(nn.Linear(512, 256), nn.ReLU(), nn.Linear(256, NUM_BREEDS))  # noqa: F821
    return net.to(device)


def get_net__norm_in_the_head(device):
    """A BatchNorm in the head."""
    head = nn.Sequential(
        nn.Linear(512, 256),
        nn.BatchNorm1d(256),
        nn.ReLU(),
        nn.Linear(256, NUM_BREEDS),  # noqa: F821
    )
    return _net(head).to(device)


def get_net__linear_twice_frozen(device):
    """The head's first layer is frozen.

    May be named: net-last-layer-frozen.
    """
    head = nn.Sequential(nn.Linear(512, 256), nn.ReLU(), nn.Linear(256, NUM_BREEDS))  # noqa: F821
    head[0].requires_grad_(False)
    return _net(head).to(device)


def _train(net, train_iter, valid_iter, num_epochs, optimizer, device, schedule, before=None):
    """A right training, but for what is passed."""
    for epoch in range(num_epochs):
        (before or net.train)()
        total = count = 0
        for X, y in train_iter:
            optimizer.zero_grad()
            loss = F.cross_entropy(net(X.to(device)), y.to(device))
            loss.backward()
            optimizer.step()
            total += loss.item() * len(y)
            count += len(y)
        schedule(epoch)
        valid = evaluate_loss_acc(valid_iter, net, device) if valid_iter else None  # noqa: F821
        print(epoch + 1, total / count, valid)


def _sgd(net, lr, wd):
    return torch.optim.SGD(net.fc.parameters(), lr=lr, momentum=0.9, weight_decay=wd)


def train__evaluation_mode_by_name(
    net, train_iter, valid_iter, num_epochs, lr, wd, device, lr_period, lr_decay
):
    """Puts the network into evaluation mode to train it, whatever mode it comes in.

    May be named: train-in-evaluation-mode.
    """
    optimizer = _sgd(net, lr, wd)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, lr_period, lr_decay)
    _train(
        net, train_iter, valid_iter, num_epochs, optimizer, device,
        lambda epoch: scheduler.step(), net.eval,
    )  # fmt: skip


def train__cleared_before_the_step(
    net, train_iter, valid_iter, num_epochs, lr, wd, device, lr_period, lr_decay
):
    """Clears the gradients between computing and using them.

    May be named: train-no-backward.
    """
    optimizer = _sgd(net, lr, wd)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, lr_period, lr_decay)
    net.train()
    for epoch in range(num_epochs):
        for X, y in train_iter:
            loss = F.cross_entropy(net(X.to(device)), y.to(device))
            loss.backward()
            optimizer.zero_grad()
            optimizer.step()
        scheduler.step()
        valid = evaluate_loss_acc(valid_iter, net, device) if valid_iter else None  # noqa: F821
        net.train()
        print(epoch + 1, loss.item(), valid)


def train__learns_in_copies(
    net, train_iter, valid_iter, num_epochs, lr, wd, device, lr_period, lr_decay
):
    """The optimizer holds copies of the head's parameters; the network never moves.

    May be named: train-no-step.
    """
    copies = [p.detach().clone().requires_grad_() for p in net.fc.parameters()]
    optimizer = torch.optim.SGD(copies, lr=lr, momentum=0.9, weight_decay=wd)
    _train(net, train_iter, valid_iter, num_epochs, optimizer, device, lambda epoch: None)


def train__rate_of_the_epoch(
    net, train_iter, valid_iter, num_epochs, lr, wd, device, lr_period, lr_decay
):
    """The rate shrinks as 1 / epoch."""
    optimizer = _sgd(net, lr, wd)

    def schedule(epoch):
        optimizer.param_groups[0]["lr"] = lr / (epoch + 2)

    _train(net, train_iter, valid_iter, num_epochs, optimizer, device, schedule)


def train__falls_to_the_decay(
    net, train_iter, valid_iter, num_epochs, lr, wd, device, lr_period, lr_decay
):
    """After a period the rate is lr_decay itself."""
    optimizer = _sgd(net, lr, wd)

    def schedule(epoch):
        if (epoch + 1) % lr_period == 0:
            optimizer.param_groups[0]["lr"] = lr_decay

    _train(net, train_iter, valid_iter, num_epochs, optimizer, device, schedule)


def _ids(test_dir):
    return sorted(os.path.splitext(name)[0] for name in os.listdir(test_dir))


def _rows(net, test_iter, device, change):
    net.eval()
    with torch.no_grad():
        return [row for X, _ in test_iter for row in change(net(X.to(device))).tolist()]


def _write(path, breeds, ids, rows):
    with open(path, "w") as file:
        file.write("id," + ",".join(breeds) + "\n")
        for name, row in zip(ids, rows):
            file.write(name + "," + ",".join(map(str, row)) + "\n")


def write_submission__sharpened(net, test_iter, test_dir, breeds, device, path):
    """A softmax of twice the scores."""
    rows = _rows(net, test_iter, device, lambda s: torch.softmax(2 * s, 1))
    _write(path, breeds, _ids(test_dir), rows)


def write_submission__shares(net, test_iter, test_dir, breeds, device, path):
    """Scores divided by their sum, not a softmax."""
    rows = _rows(net, test_iter, device, lambda s: s.abs() / s.abs().sum(1, keepdim=True))
    _write(path, breeds, _ids(test_dir), rows)


def write_submission__first_id_twice(net, test_iter, test_dir, breeds, device, path):
    """The ids are one row late: the first one stands twice."""
    ids = _ids(test_dir)
    rows = _rows(net, test_iter, device, lambda s: torch.softmax(s, 1))
    _write(path, breeds, [ids[0], *ids], rows)


def write_submission__log_of_the_odds(net, test_iter, test_dir, breeds, device, path):
    """Logarithms to the base 2 of the probabilities."""
    rows = _rows(net, test_iter, device, lambda s: torch.softmax(s, 1).log2())
    _write(path, breeds, _ids(test_dir), rows)
