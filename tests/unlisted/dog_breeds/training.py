"""Wrong trainings of the head that are in no list of mistakes."""

import torch
import torch.nn.functional as F  # noqa: N812


def _epoch(net, train_iter, optimizer, device):
    """One right pass."""
    net.train()
    total = count = 0
    for X, y in train_iter:
        X, y = X.to(device), y.to(device)
        optimizer.zero_grad()
        loss = F.cross_entropy(net(X), y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(y)
        count += len(y)
    return total / count


def _sgd(net, lr, wd, **other):
    return torch.optim.SGD(net.fc.parameters(), lr=lr, weight_decay=wd, **{"momentum": 0.9, **other})


def _tell(epoch, loss, valid_iter, net, device):
    valid = None
    if valid_iter is not None:
        valid = evaluate_loss_acc(valid_iter, net, device)  # noqa: F821
    print(epoch + 1, loss, valid)


def train__momentum_of_05(
    net, train_iter, valid_iter, num_epochs, lr, wd, device, lr_period, lr_decay
):
    """Momentum 0.5.

    May be named: train-half-momentum.
    """
    optimizer = _sgd(net, lr, wd, momentum=0.5)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, lr_period, lr_decay)
    for epoch in range(num_epochs):
        loss = _epoch(net, train_iter, optimizer, device)
        scheduler.step()
        _tell(epoch, loss, valid_iter, net, device)


def train__adam(net, train_iter, valid_iter, num_epochs, lr, wd, device, lr_period, lr_decay):
    """Adam in place of SGD.

    May be named: train-adam.
    """
    optimizer = torch.optim.Adam(net.fc.parameters(), lr=lr, weight_decay=wd)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, lr_period, lr_decay)
    for epoch in range(num_epochs):
        loss = _epoch(net, train_iter, optimizer, device)
        scheduler.step()
        _tell(epoch, loss, valid_iter, net, device)


def train__decay_and_period_swapped(
    net, train_iter, valid_iter, num_epochs, lr, wd, device, lr_period, lr_decay
):
    """Halves the rate in each period, whatever lr_decay is."""
    optimizer = _sgd(net, lr, wd)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, lr_period, 0.5)
    for epoch in range(num_epochs):
        loss = _epoch(net, train_iter, optimizer, device)
        scheduler.step()
        _tell(epoch, loss, valid_iter, net, device)


def train__decays_one_epoch_early(
    net, train_iter, valid_iter, num_epochs, lr, wd, device, lr_period, lr_decay
):
    """The rate falls at the beginning of each period, so that the first has the smaller one."""
    optimizer = _sgd(net, lr, wd)
    for epoch in range(num_epochs):
        if epoch % lr_period == 0:
            for group in optimizer.param_groups:
                group["lr"] *= lr_decay
        loss = _epoch(net, train_iter, optimizer, device)
        _tell(epoch, loss, valid_iter, net, device)


def train__cosine(net, train_iter, valid_iter, num_epochs, lr, wd, device, lr_period, lr_decay):
    """A cosine schedule."""
    optimizer = _sgd(net, lr, wd)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, num_epochs)
    for epoch in range(num_epochs):
        loss = _epoch(net, train_iter, optimizer, device)
        scheduler.step()
        _tell(epoch, loss, valid_iter, net, device)


def train__summed_loss(
    net, train_iter, valid_iter, num_epochs, lr, wd, device, lr_period, lr_decay
):
    """The loss is the sum over the minibatch.

    May be named: train-sum.
    """
    optimizer = _sgd(net, lr, wd)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, lr_period, lr_decay)
    for epoch in range(num_epochs):
        net.train()
        for X, y in train_iter:
            optimizer.zero_grad()
            loss = F.cross_entropy(net(X.to(device)), y.to(device), reduction="sum")
            loss.backward()
            optimizer.step()
        scheduler.step()
        _tell(epoch, loss.item(), valid_iter, net, device)


def train__first_layer_only(
    net, train_iter, valid_iter, num_epochs, lr, wd, device, lr_period, lr_decay
):
    """Only the head's last layer learns.

    May be named: train-one-layer-only.
    """
    optimizer = torch.optim.SGD(
        list(net.fc.parameters())[-2:], lr=lr, momentum=0.9, weight_decay=wd
    )
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, lr_period, lr_decay)
    for epoch in range(num_epochs):
        loss = _epoch(net, train_iter, optimizer, device)
        scheduler.step()
        _tell(epoch, loss, valid_iter, net, device)


def train__fits_validation(
    net, train_iter, valid_iter, num_epochs, lr, wd, device, lr_period, lr_decay
):
    """Learns from the validation images too."""
    optimizer = _sgd(net, lr, wd)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, lr_period, lr_decay)
    for epoch in range(num_epochs):
        loss = _epoch(net, train_iter, optimizer, device)
        if valid_iter is not None:
            _epoch(net, valid_iter, optimizer, device)
        scheduler.step()
        _tell(epoch, loss, valid_iter, net, device)


def train__nesterov(net, train_iter, valid_iter, num_epochs, lr, wd, device, lr_period, lr_decay):
    """Nesterov's momentum.

    May be named: train-nesterov.
    """
    optimizer = _sgd(net, lr, wd, nesterov=True)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, lr_period, lr_decay)
    for epoch in range(num_epochs):
        loss = _epoch(net, train_iter, optimizer, device)
        scheduler.step()
        _tell(epoch, loss, valid_iter, net, device)


def train__smoothed(net, train_iter, valid_iter, num_epochs, lr, wd, device, lr_period, lr_decay):
    """Cross-entropy with label smoothing."""
    optimizer = _sgd(net, lr, wd)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, lr_period, lr_decay)
    for epoch in range(num_epochs):
        net.train()
        for X, y in train_iter:
            optimizer.zero_grad()
            loss = F.cross_entropy(net(X.to(device)), y.to(device), label_smoothing=0.1)
            loss.backward()
            optimizer.step()
        scheduler.step()
        _tell(epoch, loss.item(), valid_iter, net, device)


def train__stops_early(
    net, train_iter, valid_iter, num_epochs, lr, wd, device, lr_period, lr_decay
):
    """Leaves the pass over the data after the third minibatch, a leftover of a try."""
    optimizer = _sgd(net, lr, wd)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, lr_period, lr_decay)
    for epoch in range(num_epochs):
        net.train()
        for number, (X, y) in enumerate(train_iter):
            optimizer.zero_grad()
            loss = F.cross_entropy(net(X.to(device)), y.to(device))
            loss.backward()
            optimizer.step()
            if number == 2:
                break
        scheduler.step()
        _tell(epoch, loss.item(), valid_iter, net, device)


def train__sixteen_steps_at_once(
    net, train_iter, valid_iter, num_epochs, lr, wd, device, lr_period, lr_decay
):
    """Gathers the gradients of an epoch and takes one step at its end."""
    optimizer = _sgd(net, lr, wd)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, lr_period, lr_decay)
    for epoch in range(num_epochs):
        net.train()
        optimizer.zero_grad()
        for X, y in train_iter:
            loss = F.cross_entropy(net(X.to(device)), y.to(device))
            loss.backward()
        optimizer.step()
        scheduler.step()
        _tell(epoch, loss.item(), valid_iter, net, device)


def train__wd_as_lr(net, train_iter, valid_iter, num_epochs, lr, wd, device, lr_period, lr_decay):
    """Learning rate and weight decay are given in the wrong places."""
    optimizer = torch.optim.SGD(net.fc.parameters(), wd, 0.9, 0, lr)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, lr_period, lr_decay)
    for epoch in range(num_epochs):
        loss = _epoch(net, train_iter, optimizer, device)
        scheduler.step()
        _tell(epoch, loss, valid_iter, net, device)


def train__silent(net, train_iter, valid_iter, num_epochs, lr, wd, device, lr_period, lr_decay):
    """Prints nothing at all and never evaluates.

    May be named: train-no-evaluation.
    """
    optimizer = _sgd(net, lr, wd)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, lr_period, lr_decay)
    for _ in range(num_epochs):
        _epoch(net, train_iter, optimizer, device)
        scheduler.step()
