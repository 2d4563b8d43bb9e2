"""Wrong files of predictions that are in no list of mistakes."""

import os

import torch


def _rows(net, test_iter, device):
    """The right probabilities."""
    net.eval()
    rows = []
    with torch.no_grad():
        for X, _ in test_iter:
            rows += torch.softmax(net(X.to(device)), 1).tolist()
    return rows


def _ids(test_dir):
    return sorted(name.split(".")[0] for name in os.listdir(test_dir))


def write_submission__one_decimal(net, test_iter, test_dir, breeds, device, path):
    """Probabilities are rounded to one decimal."""
    with open(path, "w") as file:
        file.write("id," + ",".join(breeds) + "\n")
        for name, row in zip(_ids(test_dir), _rows(net, test_iter, device)):
            file.write(name + "," + ",".join(f"{p:.1f}" for p in row) + "\n")


def write_submission__best_breed(net, test_iter, test_dir, breeds, device, path):
    """Two columns: the id and the most probable breed."""
    with open(path, "w") as file:
        file.write("id,breed\n")
        for name, row in zip(_ids(test_dir), _rows(net, test_iter, device)):
            file.write(f"{name},{breeds[row.index(max(row))]}\n")


def write_submission__semicolons(net, test_iter, test_dir, breeds, device, path):
    """Semicolons, as a spreadsheet in some countries has them."""
    with open(path, "w") as file:
        file.write("id;" + ";".join(breeds) + "\n")
        for name, row in zip(_ids(test_dir), _rows(net, test_iter, device)):
            file.write(name + ";" + ";".join(map(str, row)) + "\n")


def write_submission__one_line(net, test_iter, test_dir, breeds, device, path):
    """No end of line after a row."""
    with open(path, "w") as file:
        file.write("id," + ",".join(breeds) + "\n")
        for name, row in zip(_ids(test_dir), _rows(net, test_iter, device)):
            file.write(name + "," + ",".join(map(str, row)))


def write_submission__reopens(net, test_iter, test_dir, breeds, device, path):
    """Opens the file anew for each row, so that only the last stays."""
    for name, row in zip(_ids(test_dir), _rows(net, test_iter, device)):
        with open(path, "w") as file:
            file.write("id," + ",".join(breeds) + "\n")
            file.write(name + "," + ",".join(map(str, row)) + "\n")


def write_submission__breeds_sorted_again(net, test_iter, test_dir, breeds, device, path):
    """The header's breeds are sorted, the scores are not."""
    with open(path, "w") as file:
        file.write("id," + ",".join(sorted(breeds)) + "\n")
        for name, row in zip(_ids(test_dir), _rows(net, test_iter, device)):
            file.write(name + "," + ",".join(map(str, row)) + "\n")


def write_submission__sigmoid(net, test_iter, test_dir, breeds, device, path):
    """A sigmoid of each score.

    May be named: submission-sigmoid.
    """
    net.eval()
    rows = []
    with torch.no_grad():
        for X, _ in test_iter:
            rows += torch.sigmoid(net(X.to(device))).tolist()
    with open(path, "w") as file:
        file.write("id," + ",".join(breeds) + "\n")
        for name, row in zip(_ids(test_dir), rows):
            file.write(name + "," + ",".join(map(str, row)) + "\n")


def write_submission__numbers_for_ids(net, test_iter, test_dir, breeds, device, path):
    """The rows are numbered from 0 in place of ids.

    May be named: submission-numbered.
    """
    with open(path, "w") as file:
        file.write("id," + ",".join(breeds) + "\n")
        for number, row in enumerate(_rows(net, test_iter, device)):
            file.write(str(number) + "," + ",".join(map(str, row)) + "\n")


def write_submission__index_column(net, test_iter, test_dir, breeds, device, path):
    """A column of row numbers stands first, as pandas writes it."""
    with open(path, "w") as file:
        file.write(",id," + ",".join(breeds) + "\n")
        for number, (name, row) in enumerate(zip(_ids(test_dir), _rows(net, test_iter, device))):
            file.write(f"{number},{name}," + ",".join(map(str, row)) + "\n")


def write_submission__softmax_over_the_batch(net, test_iter, test_dir, breeds, device, path):
    """The softmax runs over the examples.

    May be named: submission-softmax-over-images.
    """
    net.eval()
    rows = []
    with torch.no_grad():
        for X, _ in test_iter:
            rows += torch.softmax(net(X.to(device)), 0).tolist()
    with open(path, "w") as file:
        file.write("id," + ",".join(breeds) + "\n")
        for name, row in zip(_ids(test_dir), rows):
            file.write(name + "," + ",".join(map(str, row)) + "\n")


def write_submission__backwards(net, test_iter, test_dir, breeds, device, path):
    """Ids are sorted backwards.

    May be named: submission-backwards.
    """
    with open(path, "w") as file:
        file.write("id," + ",".join(breeds) + "\n")
        for name, row in zip(_ids(test_dir)[::-1], _rows(net, test_iter, device)):
            file.write(name + "," + ",".join(map(str, row)) + "\n")


def write_submission__fixed_name(net, test_iter, test_dir, breeds, device, path):
    """Writes submission.csv in the working folder, whatever path says."""
    with open("submission.csv", "w") as file:
        file.write("id," + ",".join(breeds) + "\n")
        for name, row in zip(_ids(test_dir), _rows(net, test_iter, device)):
            file.write(name + "," + ",".join(map(str, row)) + "\n")


def write_submission__tensors(net, test_iter, test_dir, breeds, device, path):
    """Writes tensors as Python shows them.

    May be named: submission-tensors.
    """
    with open(path, "w") as file:
        file.write("id," + ",".join(breeds) + "\n")
        for name, row in zip(_ids(test_dir), _rows(net, test_iter, device)):
            file.write(name + "," + ",".join(str(torch.tensor(p)) for p in row) + "\n")


def write_submission__last_minibatch(net, test_iter, test_dir, breeds, device, path):
    """Only the last minibatch's predictions are kept.

    May be named: submission-last-batch-only.
    """
    net.eval()
    with torch.no_grad():
        for X, _ in test_iter:
            rows = torch.softmax(net(X.to(device)), 1).tolist()
    with open(path, "w") as file:
        file.write("id," + ",".join(breeds) + "\n")
        for name, row in zip(_ids(test_dir), rows):
            file.write(name + "," + ",".join(map(str, row)) + "\n")
