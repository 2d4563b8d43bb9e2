"""Wrong reorganizations of the dogs' images that are in no list of mistakes."""

import csv
import os
import random
import shutil
from collections import defaultdict
from pathlib import Path


def _labels(data_dir, label_file):
    with open(os.path.join(data_dir, label_file), newline="") as file:
        return {row["id"]: row["breed"] for row in csv.DictReader(file)}


def _check(labels, folder):
    """Refuse what the docstring says must be refused."""
    there = {Path(name).stem for name in os.listdir(folder)}
    for name in sorted(there ^ set(labels)):
        raise ValueError(f"{name} lacks an image or a label")


def _copy(source, folder):
    os.makedirs(folder, exist_ok=True)
    target = os.path.join(folder, os.path.basename(source))
    if os.path.exists(target):
        with open(source, "rb") as a, open(target, "rb") as b:
            if a.read() != b.read():
                raise FileExistsError(target)
    else:
        shutil.copyfile(source, target)


def _groups(labels):
    groups = defaultdict(list)
    for name in sorted(labels):
        groups[labels[name]].append(name)
    return groups


def _unlabelled(data_dir, test_dir, new_data_dir, *where):
    for name in os.listdir(os.path.join(data_dir, test_dir)):
        _copy(os.path.join(data_dir, test_dir, name), os.path.join(new_data_dir, *where))


def reorg_dog_data__rounded_up(data_dir, label_file, train_dir, test_dir, new_data_dir, valid_ratio):
    """One more image than asked is held out of each breed."""
    labels = _labels(data_dir, label_file)
    source = os.path.join(data_dir, train_dir)
    _check(labels, source)
    for breed, names in _groups(labels).items():
        held = int(valid_ratio * len(names)) + 1
        for i, name in enumerate(names):
            path = os.path.join(source, name + ".jpg")
            _copy(path, os.path.join(new_data_dir, "train_valid", breed))
            _copy(path, os.path.join(new_data_dir, "valid" if i < held else "train", breed))
    _unlabelled(data_dir, test_dir, new_data_dir, "test", "unknown")


def reorg_dog_data__smallest_breed_decides(
    data_dir, label_file, train_dir, test_dir, new_data_dir, valid_ratio
):
    """As a book has it: the smallest breed's size tells how many are held out of every breed.

    May be named: reorg-smallest-breed.
    """
    labels = _labels(data_dir, label_file)
    source = os.path.join(data_dir, train_dir)
    _check(labels, source)
    groups = _groups(labels)
    held = max(1, int(valid_ratio * min(len(names) for names in groups.values())))
    for breed, names in groups.items():
        for i, name in enumerate(names):
            path = os.path.join(source, name + ".jpg")
            _copy(path, os.path.join(new_data_dir, "train_valid", breed))
            _copy(path, os.path.join(new_data_dir, "valid" if i < held else "train", breed))
    _unlabelled(data_dir, test_dir, new_data_dir, "test", "unknown")


def reorg_dog_data__largest_breed_decides(
    data_dir, label_file, train_dir, test_dir, new_data_dir, valid_ratio
):
    """The largest breed's size tells how many are held out of every breed."""
    labels = _labels(data_dir, label_file)
    source = os.path.join(data_dir, train_dir)
    _check(labels, source)
    groups = _groups(labels)
    held = max(1, int(valid_ratio * max(len(names) for names in groups.values())))
    for breed, names in groups.items():
        for i, name in enumerate(names):
            path = os.path.join(source, name + ".jpg")
            _copy(path, os.path.join(new_data_dir, "train_valid", breed))
            _copy(path, os.path.join(new_data_dir, "valid" if i < held else "train", breed))
    _unlabelled(data_dir, test_dir, new_data_dir, "test", "unknown")


def reorg_dog_data__first_of_all(
    data_dir, label_file, train_dir, test_dir, new_data_dir, valid_ratio
):
    """The first tenth of all ids is held out, whatever their breeds."""
    labels = _labels(data_dir, label_file)
    source = os.path.join(data_dir, train_dir)
    _check(labels, source)
    held = set(sorted(labels)[: int(valid_ratio * len(labels))])
    for name, breed in labels.items():
        path = os.path.join(source, name + ".jpg")
        _copy(path, os.path.join(new_data_dir, "train_valid", breed))
        _copy(path, os.path.join(new_data_dir, "valid" if name in held else "train", breed))
    _unlabelled(data_dir, test_dir, new_data_dir, "test", "unknown")


def reorg_dog_data__coin_for_each(
    data_dir, label_file, train_dir, test_dir, new_data_dir, valid_ratio
):
    """A coin decides for each image, anew in each run."""
    labels = _labels(data_dir, label_file)
    source = os.path.join(data_dir, train_dir)
    _check(labels, source)
    for name, breed in labels.items():
        path = os.path.join(source, name + ".jpg")
        _copy(path, os.path.join(new_data_dir, "train_valid", breed))
        split = "valid" if random.random() < valid_ratio else "train"
        _copy(path, os.path.join(new_data_dir, split, breed))
    _unlabelled(data_dir, test_dir, new_data_dir, "test", "unknown")


def reorg_dog_data__validation_also_in_train(
    data_dir, label_file, train_dir, test_dir, new_data_dir, valid_ratio
):
    """What is held out stays in train as well.

    May be named: reorg-valid-in-train.
    """
    labels = _labels(data_dir, label_file)
    source = os.path.join(data_dir, train_dir)
    _check(labels, source)
    for breed, names in _groups(labels).items():
        held = max(1, int(valid_ratio * len(names)))
        for i, name in enumerate(names):
            path = os.path.join(source, name + ".jpg")
            _copy(path, os.path.join(new_data_dir, "train_valid", breed))
            _copy(path, os.path.join(new_data_dir, "train", breed))
            if i < held:
                _copy(path, os.path.join(new_data_dir, "valid", breed))
    _unlabelled(data_dir, test_dir, new_data_dir, "test", "unknown")


def reorg_dog_data__originals_moved(
    data_dir, label_file, train_dir, test_dir, new_data_dir, valid_ratio
):
    """The images for valid and train are moved, after they were copied to train_valid."""
    labels = _labels(data_dir, label_file)
    source = os.path.join(data_dir, train_dir)
    _check(labels, source)
    for breed, names in _groups(labels).items():
        held = max(1, int(valid_ratio * len(names)))
        for i, name in enumerate(names):
            path = os.path.join(source, name + ".jpg")
            _copy(path, os.path.join(new_data_dir, "train_valid", breed))
            folder = os.path.join(new_data_dir, "valid" if i < held else "train", breed)
            os.makedirs(folder, exist_ok=True)
            shutil.move(path, folder)
    _unlabelled(data_dir, test_dir, new_data_dir, "test", "unknown")


def reorg_dog_data__no_unknown(data_dir, label_file, train_dir, test_dir, new_data_dir, valid_ratio):
    """The images without a label lie in test, without a folder for them; ImageFolder fails.

    May be named: reorg-test-not-unknown.
    """
    labels = _labels(data_dir, label_file)
    source = os.path.join(data_dir, train_dir)
    _check(labels, source)
    for breed, names in _groups(labels).items():
        held = max(1, int(valid_ratio * len(names)))
        for i, name in enumerate(names):
            path = os.path.join(source, name + ".jpg")
            _copy(path, os.path.join(new_data_dir, "train_valid", breed))
            _copy(path, os.path.join(new_data_dir, "valid" if i < held else "train", breed))
    _unlabelled(data_dir, test_dir, new_data_dir, "test")


def reorg_dog_data__test_by_copytree(
    data_dir, label_file, train_dir, test_dir, new_data_dir, valid_ratio
):
    """copytree for the test images: the second run fails, since the folder is there.

    May be named: reorg-refuses-all.
    """
    labels = _labels(data_dir, label_file)
    source = os.path.join(data_dir, train_dir)
    _check(labels, source)
    for breed, names in _groups(labels).items():
        held = max(1, int(valid_ratio * len(names)))
        for i, name in enumerate(names):
            path = os.path.join(source, name + ".jpg")
            _copy(path, os.path.join(new_data_dir, "train_valid", breed))
            _copy(path, os.path.join(new_data_dir, "valid" if i < held else "train", breed))
    shutil.copytree(
        os.path.join(data_dir, test_dir), os.path.join(new_data_dir, "test", "unknown")
    )


def reorg_dog_data__header_not_skipped(
    data_dir, label_file, train_dir, test_dir, new_data_dir, valid_ratio
):
    """The header is taken for an image, `id.jpg`, of the breed `breed`."""
    labels = {}
    with open(os.path.join(data_dir, label_file)) as file:
        for line in file:
            name, breed = line.strip().split(",")
            labels[name] = breed
    source = os.path.join(data_dir, train_dir)
    for breed, names in _groups(labels).items():
        held = max(1, int(valid_ratio * len(names)))
        for i, name in enumerate(names):
            path = os.path.join(source, name + ".jpg")
            _copy(path, os.path.join(new_data_dir, "train_valid", breed))
            _copy(path, os.path.join(new_data_dir, "valid" if i < held else "train", breed))
    _unlabelled(data_dir, test_dir, new_data_dir, "test", "unknown")


def reorg_dog_data__reads_fixed_names(
    data_dir, label_file, train_dir, test_dir, new_data_dir, valid_ratio
):
    """Reads data_dir/train and data_dir/test whatever the arguments say."""
    labels = _labels(data_dir, label_file)
    source = os.path.join(data_dir, "train")
    _check(labels, source)
    for breed, names in _groups(labels).items():
        held = max(1, int(0.1 * len(names)))
        for i, name in enumerate(names):
            path = os.path.join(source, name + ".jpg")
            _copy(path, os.path.join(new_data_dir, "train_valid", breed))
            _copy(path, os.path.join(new_data_dir, "valid" if i < held else "train", breed))
    _unlabelled(data_dir, "test", new_data_dir, "test", "unknown")


def reorg_dog_data__only_train_valid(
    data_dir, label_file, train_dir, test_dir, new_data_dir, valid_ratio
):
    """Half done: everything is copied to train_valid, nothing is split yet.

    May be named: reorg-no-test.
    """
    labels = _labels(data_dir, label_file)
    for name, breed in labels.items():
        path = os.path.join(data_dir, train_dir, name + ".jpg")
        _copy(path, os.path.join(new_data_dir, "train_valid", breed))


def reorg_dog_data__skips_what_is_wrong(
    data_dir, label_file, train_dir, test_dir, new_data_dir, valid_ratio
):
    """An image that is missing is told on the screen and passed over.

    May be named: reorg-ignores-both.
    """
    labels = _labels(data_dir, label_file)
    source = os.path.join(data_dir, train_dir)
    for breed, names in _groups(labels).items():
        held = max(1, int(valid_ratio * len(names)))
        for i, name in enumerate(names):
            path = os.path.join(source, name + ".jpg")
            if not os.path.exists(path):
                print("no image:", path)
                continue
            _copy(path, os.path.join(new_data_dir, "train_valid", breed))
            _copy(path, os.path.join(new_data_dir, "valid" if i < held else "train", breed))
    _unlabelled(data_dir, test_dir, new_data_dir, "test", "unknown")


def reorg_dog_data__into_the_data_folder(
    data_dir, label_file, train_dir, test_dir, new_data_dir, valid_ratio
):
    """Writes into a folder beside the images, not into new_data_dir."""
    labels = _labels(data_dir, label_file)
    source = os.path.join(data_dir, train_dir)
    _check(labels, source)
    new = os.path.join(data_dir, "split")
    for breed, names in _groups(labels).items():
        held = max(1, int(valid_ratio * len(names)))
        for i, name in enumerate(names):
            path = os.path.join(source, name + ".jpg")
            _copy(path, os.path.join(new, "train_valid", breed))
            _copy(path, os.path.join(new, "valid" if i < held else "train", breed))
    _unlabelled(data_dir, test_dir, new, "test", "unknown")
