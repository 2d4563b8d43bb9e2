"""Transfer learning: name the breed of a dog with a network that has learned to see elsewhere.

The data set has 120 breeds and about 85 images of each: too few to train a deep network, enough to
train its last layers. A ResNet-34 that was trained on a million other images keeps its weights; only
a new, small head learns. It is the counterpoint to a GAN: there a network invents images, here one
tells them apart.

Fill in the seven functions that say ``YOUR CODE HERE``. Their docstrings are the specification:
arguments, shapes, and one hint. Everything else in this file is given and works.

The full data set is Kaggle's "Dog Breed Identification". ``make_miniature`` draws a small set of the
same form, so that everything can be tried offline, in a minute and on a laptop.

Check your work at any time with ``autograder check dog_breeds.py``.
"""

import csv
import filecmp
import hashlib
import os
import random
import shutil
from collections import defaultdict
from pathlib import Path

import torch
import torch.nn as nn
import torch.nn.functional as F  # noqa: N812
import torchvision
from torch.utils.data import DataLoader
from torchvision import transforms
from torchvision.datasets import ImageFolder

NUM_BREEDS = 120  # 12 for the miniature set
BATCH_SIZE = 128
VALID_RATIO = 0.1
NUM_EPOCHS, LR, WEIGHT_DECAY = 20, 0.03, 1e-4
LR_PERIOD, LR_DECAY = 10, 0.1

# What the pretrained network's images were normalized with: a number for red, green and blue.
IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)

MINIATURE_BREEDS = (
    "beagle boxer chow collie dhole dingo keeshond kuvasz otterhound pug saluki whippet"
).split()


# ---------------------------------------------------------------------------------------------
# Given: a miniature data set and loaders
# ---------------------------------------------------------------------------------------------


def make_miniature(data_dir, images_per_breed=5, test_images=8, seed=0):
    """Draw a data set of twelve breeds, in the form of the real one.

    Writes data_dir/labels.csv (id, breed), data_dir/train/<id>.jpg and data_dir/test/<id>.jpg. The
    breeds differ in the colour and the proportions of their faces. Equal seeds draw equal sets.
    """
    data_dir = Path(data_dir)
    chance = random.Random(seed)
    for folder in ("train", "test"):
        (data_dir / folder).mkdir(parents=True, exist_ok=True)
    labels = []
    for number in range(len(MINIATURE_BREEDS) * images_per_breed):
        breed = number % len(MINIATURE_BREEDS)
        name = hashlib.md5(f"train {seed} {number}".encode()).hexdigest()
        draw_dog(breed, chance).save(data_dir / "train" / f"{name}.jpg")
        labels.append((name, MINIATURE_BREEDS[breed]))
    for number in range(test_images):
        name = hashlib.md5(f"test {seed} {number}".encode()).hexdigest()
        draw_dog(chance.randrange(12), chance).save(data_dir / "test" / f"{name}.jpg")
    with open(data_dir / "labels.csv", "w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([("id", "breed"), *sorted(labels)])


def draw_dog(breed, chance, size=64):
    """Draw one face: its colour and its width tell the breed, the rest is chance."""
    from PIL import Image, ImageDraw

    def near(value, spread):
        return value + chance.uniform(-spread, spread)

    ground = tuple(chance.randrange(120, 256) for _ in range(3))
    fur = tuple(int(near(40 + 35 * (breed // step % 4), 10)) for step in (1, 2, 4))
    image = Image.new("RGB", (size, size), ground)
    pen = ImageDraw.Draw(image)
    x, y = near(size / 2, size / 16), near(size / 2, size / 16)
    wide, high = size * near(0.2 + 0.015 * (breed % 6), 0.01), size * near(0.3, 0.02)
    for side in (-1, 1):
        ear = x + side * wide
        pen.ellipse((ear - size / 10, y - high, ear + size / 10, y), fill=fur)
    pen.ellipse((x - wide, y - high, x + wide, y + high), fill=fur)
    for side in (-1, 1):
        eye = x + side * wide / 2
        pen.ellipse((eye - 2, y - high / 3 - 2, eye + 2, y - high / 3 + 2), fill="white")
    pen.ellipse((x - 4, y + high / 3 - 3, x + 4, y + high / 3 + 3), fill="black")
    return image


def make_loaders(new_data_dir, transform_train, transform_test, batch_size=BATCH_SIZE):
    """Read what `reorg_dog_data` wrote.

    Returns four loaders, for train, valid, train_valid and test, and the list of breeds. The first
    and the third shuffle; the test loader runs through the images in the order of their sorted names.
    """
    root = Path(new_data_dir)
    sets = {
        name: ImageFolder(str(root / name), transform_train if "train" in name else transform_test)
        for name in ("train", "valid", "train_valid", "test")
    }
    loaders = [DataLoader(s, batch_size, shuffle="train" in name) for name, s in sets.items()]
    return (*loaders, sets["train_valid"].classes)


# ---------------------------------------------------------------------------------------------
# Your part: the data
# ---------------------------------------------------------------------------------------------


def reorg_dog_data(data_dir, label_file, train_dir, test_dir, new_data_dir, valid_ratio):
    """Copy the images into one folder for each breed, and hold some of them out for validation.

    There is, to begin with:

        data_dir/label_file           a table with the header ``id,breed`` and a line for each image
        data_dir/train_dir/<id>.jpg   the labelled images
        data_dir/test_dir/<id>.jpg    the images without a label

    and there must be, in the end, as copies (the originals stay where they are):

        new_data_dir/train_valid/<breed>/<id>.jpg   every labelled image
        new_data_dir/valid/<breed>/<id>.jpg         of each breed with n images, valid_ratio * n of
                                                    them, rounded down, but at least one
        new_data_dir/train/<breed>/<id>.jpg         the others
        new_data_dir/test/unknown/<id>.jpg          every image without a label

    Which images are held out is yours to choose, but not by chance: a second run must leave everything
    as it is, and a run that was interrupted must be completed by the next one. What is already there
    need not be copied again; but if a file to be written is there with other contents, raise an
    error and leave it untouched.

    Raises an error, of any kind, that names the id if a labelled image is missing, or if an image in
    train_dir has no label.

    Hint: sort before you split; for a set of n images, which number of them goes to valid?
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def transform_for_training():
    """Build what happens to an image before the network learns from it.

    Steps: a random piece of the image, with an area of 0.08 to 1 of the whole and a ratio of width
    to height of 3/4 to 4/3, resized to 224x224; a flip from left to right, every other time; random
    brightness, contrast and saturation, each by a factor between 0.6 and 1.4; to a tensor;
    normalization by IMAGENET_MEAN and IMAGENET_STD.

    Returns a callable that maps a PIL image to a float tensor of shape (3, 224, 224).

    Hint: `transforms.Compose` chains steps, and each step here is one class of `transforms`.
    """
    transform = None
    # YOUR CODE HERE
    raise NotImplementedError()
    return transform


def transform_for_testing():
    """Build what happens to an image before the network is asked about it; nothing random.

    Steps: resize, so that the shorter side has 256 pixels and the proportions stay; the central
    224x224 pixels; to a tensor; normalization by IMAGENET_MEAN and IMAGENET_STD.

    Returns a callable that maps a PIL image to a float tensor of shape (3, 224, 224).

    Hint: `transforms.Resize` treats one number and a pair of numbers differently.
    """
    transform = None
    # YOUR CODE HERE
    raise NotImplementedError()
    return transform


# ---------------------------------------------------------------------------------------------
# Your part: the network
# ---------------------------------------------------------------------------------------------


def get_net(device):
    """Build a pretrained ResNet-34 whose last layer is replaced by a new head.

    Every pretrained parameter is frozen: no gradient is computed for it. The head, which stands in the
    place of the ResNet's own `fc`, learns: linear 512 -> 256; ReLU; linear 256 -> NUM_BREEDS. For 120
    breeds it has 162168 parameters, of 21446840 in all.

    The weights are torchvision's, learned on ImageNet. Where they cannot be downloaded, say so in one
    printed line and go on with random weights, so that the rest can be tried offline.

    Arguments:
        device: where the network is to live.

    Returns an nn.Module that maps images, (N, 3, 224, 224), to scores, (N, NUM_BREEDS). The scores are
    logits: no softmax at the end.

    Hint: which comes first, freezing or the new head? A download that fails raises an OSError.
    """
    net = None
    # YOUR CODE HERE
    raise NotImplementedError()
    return net


# ---------------------------------------------------------------------------------------------
# Your part: training and prediction
# ---------------------------------------------------------------------------------------------


def evaluate_loss_acc(data_iter, net, device):
    """Compute a network's mean loss and its accuracy on labelled images.

    The loss is the cross-entropy of the scores. Both means run over all examples: the last minibatch
    of a loader is often smaller, and its examples weigh no more than others. The network is evaluated
    in evaluation mode and without recording gradients, and is left in the mode that it came in.

    Arguments:
        data_iter: yields (images, labels), of shapes (N, ...) and (N,), any number of times.
        net: maps images to scores, (N, classes).
        device: where the images and the labels have to go.

    Returns two Python numbers: the mean loss, and the fraction of right answers.

    Hint: add up sums, and divide once, in the end; `net.training` tells the mode.
    """
    loss, accuracy = None, None
    # YOUR CODE HERE
    raise NotImplementedError()
    return loss, accuracy


def train(net, train_iter, valid_iter, num_epochs, lr, wd, device, lr_period, lr_decay):
    """Train the network's head, `net.fc`, and print a line after each epoch, in words of your own.

    The loss is the mean cross-entropy of a minibatch; the optimizer is SGD with momentum 0.9 and
    weight decay wd, over the head's parameters alone. The learning rate starts at lr and is multiplied
    by lr_decay after every lr_period epochs. The network is trained in training mode.

    Arguments:
        net: a network such as `get_net` builds: it is frozen but for its `fc`.
        train_iter: yields (images, labels) to learn from; there may be only a few minibatches.
        valid_iter: yields (images, labels) to evaluate after each epoch; or None, for no evaluation.
        num_epochs: passes over train_iter.
        lr, wd, lr_period, lr_decay: see above.
        device: where the images and the labels have to go.

    Hint: `torch.optim.lr_scheduler` counts epochs for you; `evaluate_loss_acc` does the evaluation.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def write_submission(net, test_iter, test_dir, breeds, device, path):
    """Write the network's predictions in the form that Kaggle takes.

    The first line is ``id,`` and the breeds, with commas between them. Then comes a line for each test
    image: its id, which is its file's name without ``.jpg``, and the probability of each breed. The
    lines stand in the order of the sorted ids. The network predicts in evaluation mode.

    Arguments:
        net: maps images to scores (logits), (N, len(breeds)).
        test_iter: yields (images, meaningless labels), in the order of the images' sorted names.
        test_dir: the folder that holds the test images.
        breeds: the breeds' names, in the order of the scores.
        device: where the images have to go.
        path: of the file to write.

    Hint: a folder lists its files in no order that you can rely on.
    """
    # YOUR CODE HERE
    raise NotImplementedError()
