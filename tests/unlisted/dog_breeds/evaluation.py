"""Wrong evaluations that are in no list of mistakes."""

import torch
import torch.nn.functional as F  # noqa: N812


def evaluate_loss_acc__percent(data_iter, net, device):
    """The accuracy in per cent.

    May be named: evaluation-percent.
    """
    mode = net.training
    net.eval()
    total = hits = count = 0
    with torch.no_grad():
        for X, y in data_iter:
            scores = net(X.to(device))
            total += F.cross_entropy(scores, y.to(device), reduction="sum").item()
            hits += (scores.argmax(1) == y.to(device)).sum().item()
            count += len(y)
    net.train(mode)
    return total / count, 100 * hits / count


def evaluate_loss_acc__accuracy_first(data_iter, net, device):
    """Returns the accuracy first and the loss second.

    May be named: evaluation-swapped.
    """
    mode = net.training
    net.eval()
    total = hits = count = 0
    with torch.no_grad():
        for X, y in data_iter:
            scores = net(X.to(device))
            total += F.cross_entropy(scores, y.to(device), reduction="sum").item()
            hits += (scores.argmax(1) == y.to(device)).sum().item()
            count += len(y)
    net.train(mode)
    return hits / count, total / count


def evaluate_loss_acc__only_the_first(data_iter, net, device):
    """Looks at one minibatch only.

    May be named: evaluation-first-batch.
    """
    mode = net.training
    net.eval()
    with torch.no_grad():
        X, y = next(iter(data_iter))
        scores = net(X.to(device))
        loss = F.cross_entropy(scores, y.to(device)).item()
        hits = (scores.argmax(1) == y.to(device)).float().mean().item()
    net.train(mode)
    return loss, hits


def evaluate_loss_acc__sums(data_iter, net, device):
    """Returns the sums, undivided.

    May be named: evaluation-count, evaluation-sum.
    """
    mode = net.training
    net.eval()
    total = hits = 0
    with torch.no_grad():
        for X, y in data_iter:
            scores = net(X.to(device))
            total += F.cross_entropy(scores, y.to(device), reduction="sum").item()
            hits += (scores.argmax(1) == y.to(device)).sum().item()
    net.train(mode)
    return total, hits


def evaluate_loss_acc__double_softmax(data_iter, net, device):
    """Probabilities go into the cross-entropy, which takes scores.

    May be named: evaluation-softmax-first.
    """
    mode = net.training
    net.eval()
    total = hits = count = 0
    with torch.no_grad():
        for X, y in data_iter:
            scores = torch.softmax(net(X.to(device)), 1)
            total += F.cross_entropy(scores, y.to(device), reduction="sum").item()
            hits += (scores.argmax(1) == y.to(device)).sum().item()
            count += len(y)
    net.train(mode)
    return total / count, hits / count


def evaluate_loss_acc__argmax_over_examples(data_iter, net, device):
    """The best example of each class in place of the best class of each example."""
    mode = net.training
    net.eval()
    total = hits = count = 0
    with torch.no_grad():
        for X, y in data_iter:
            scores = net(X.to(device))
            total += F.cross_entropy(scores, y.to(device), reduction="sum").item()
            best = scores.argmax(0)[: len(y)]
            hits += (best == y[: len(best)].to(device)).sum().item()
            count += len(y)
    net.train(mode)
    return total / count, hits / count


def evaluate_loss_acc__top_two(data_iter, net, device):
    """An answer counts as right if it is among the best two."""
    mode = net.training
    net.eval()
    total = hits = count = 0
    with torch.no_grad():
        for X, y in data_iter:
            scores = net(X.to(device))
            total += F.cross_entropy(scores, y.to(device), reduction="sum").item()
            best = scores.topk(2, dim=1).indices
            hits += (best == y.to(device)[:, None]).any(1).sum().item()
            count += len(y)
    net.train(mode)
    return total / count, hits / count


def evaluate_loss_acc__errors(data_iter, net, device):
    """The fraction of wrong answers.

    May be named: evaluation-errors.
    """
    mode = net.training
    net.eval()
    total = hits = count = 0
    with torch.no_grad():
        for X, y in data_iter:
            scores = net(X.to(device))
            total += F.cross_entropy(scores, y.to(device), reduction="sum").item()
            hits += (scores.argmax(1) != y.to(device)).sum().item()
            count += len(y)
    net.train(mode)
    return total / count, hits / count


def evaluate_loss_acc__divided_by_batch_size(data_iter, net, device):
    """Divides by the last minibatch's size times the number of minibatches."""
    mode = net.training
    net.eval()
    total = hits = number = 0
    with torch.no_grad():
        for X, y in data_iter:
            scores = net(X.to(device))
            total += F.cross_entropy(scores, y.to(device), reduction="sum").item()
            hits += (scores.argmax(1) == y.to(device)).sum().item()
            number += 1
    net.train(mode)
    return total / (number * len(y)), hits / (number * len(y))


def evaluate_loss_acc__last_loss(data_iter, net, device):
    """Keeps only the last minibatch's loss; the accuracy is right.

    May be named: evaluation-last-batch.
    """
    mode = net.training
    net.eval()
    hits = count = 0
    with torch.no_grad():
        for X, y in data_iter:
            scores = net(X.to(device))
            loss = F.cross_entropy(scores, y.to(device)).item()
            hits += (scores.argmax(1) == y.to(device)).sum().item()
            count += len(y)
    net.train(mode)
    return loss, hits / count


def evaluate_loss_acc__mode_forgotten(data_iter, net, device):
    """Evaluates in evaluation mode and always leaves it in evaluation mode; loss in base 2.

    May be named: evaluation-stays.
    """
    net.eval()
    total = hits = count = 0
    with torch.no_grad():
        for X, y in data_iter:
            scores = net(X.to(device))
            total += F.cross_entropy(scores, y.to(device), reduction="sum").item() / 0.6931
            hits += (scores.argmax(1) == y.to(device)).sum().item()
            count += len(y)
    return total / count, hits / count


def evaluate_loss_acc__returns_one(data_iter, net, device):
    """Returns the loss only.

    May be named: evaluation-loss-only.
    """
    mode = net.training
    net.eval()
    total = count = 0
    with torch.no_grad():
        for X, y in data_iter:
            total += F.cross_entropy(net(X.to(device)), y.to(device), reduction="sum").item()
            count += len(y)
    net.train(mode)
    return total / count
