"""Wrong transforms that are in no list of mistakes."""

from torchvision import transforms

_MEAN, _STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def _end(mean=_MEAN, std=_STD):
    return [transforms.ToTensor(), transforms.Normalize(mean, std)]


def transform_for_training__jitter_on_one():
    """The jitter of contrast is missing.

    May be named: training-no-contrast.
    """
    return transforms.Compose(
        [
            transforms.RandomResizedCrop(224, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3)),
            transforms.RandomHorizontalFlip(),
            transforms.ColorJitter(brightness=0.4, saturation=0.4),
            *_end(),
        ]
    )


def transform_for_training__rotation_too():
    """A random rotation of up to 15 degrees was put in."""
    return transforms.Compose(
        [
            transforms.RandomResizedCrop(224, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3)),
            transforms.RandomRotation(15),
            transforms.RandomHorizontalFlip(),
            transforms.ColorJitter(0.4, 0.4, 0.4),
            *_end(),
        ]
    )


def transform_for_training__crop_after_resize():
    """Resizes to 256 and takes a random 224x224 piece, as for smaller images.

    May be named: training-random-crop.
    """
    return transforms.Compose(
        [
            transforms.Resize(256),
            transforms.RandomCrop(224),
            transforms.RandomHorizontalFlip(),
            transforms.ColorJitter(0.4, 0.4, 0.4),
            *_end(),
        ]
    )


def transform_for_training__seldom_flipped():
    """Flips one image in ten."""
    return transforms.Compose(
        [
            transforms.RandomResizedCrop(224, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3)),
            transforms.RandomHorizontalFlip(0.1),
            transforms.ColorJitter(0.4, 0.4, 0.4),
            *_end(),
        ]
    )


def transform_for_training__vertical():
    """Flips top and bottom as well.

    May be named: training-both-flips.
    """
    return transforms.Compose(
        [
            transforms.RandomResizedCrop(224, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3)),
            transforms.RandomHorizontalFlip(),
            transforms.RandomVerticalFlip(),
            transforms.ColorJitter(0.4, 0.4, 0.4),
            *_end(),
        ]
    )


def transform_for_training__gray():
    """Every image becomes gray, with three equal channels."""
    return transforms.Compose(
        [
            transforms.RandomResizedCrop(224, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3)),
            transforms.Grayscale(3),
            transforms.RandomHorizontalFlip(),
            transforms.ColorJitter(0.4, 0.4, 0.4),
            *_end(),
        ]
    )


def transform_for_training__size_256():
    """Pieces of 256x256.

    May be named: training-size-256.
    """
    return transforms.Compose(
        [
            transforms.RandomResizedCrop(256, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3)),
            transforms.RandomHorizontalFlip(),
            transforms.ColorJitter(0.4, 0.4, 0.4),
            *_end(),
        ]
    )


def transform_for_training__erasing():
    """Random erasing at the end, as newer recipes have it."""
    return transforms.Compose(
        [
            transforms.RandomResizedCrop(224, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3)),
            transforms.RandomHorizontalFlip(),
            transforms.ColorJitter(0.4, 0.4, 0.4),
            *_end(),
            transforms.RandomErasing(p=0.9),
        ]
    )


def transform_for_training__strong_jitter():
    """Jitter of 0.8 three times.

    May be named: training-strong-jitter.
    """
    return transforms.Compose(
        [
            transforms.RandomResizedCrop(224, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3)),
            transforms.RandomHorizontalFlip(),
            transforms.ColorJitter(0.8, 0.8, 0.8),
            *_end(),
        ]
    )


def transform_for_training__a_list():
    """Returns a list of the steps, not chained."""
    return [
        transforms.RandomResizedCrop(224, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3)),
        transforms.RandomHorizontalFlip(),
        transforms.ColorJitter(0.4, 0.4, 0.4),
        *_end(),
    ]


def transform_for_training__half_mean():
    """Normalizes by 0.5, as for a GAN.

    May be named: training-halves.
    """
    return transforms.Compose(
        [
            transforms.RandomResizedCrop(224, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3)),
            transforms.RandomHorizontalFlip(),
            transforms.ColorJitter(0.4, 0.4, 0.4),
            *_end((0.5, 0.5, 0.5), (0.5, 0.5, 0.5)),
        ]
    )


def transform_for_training__large_pieces():
    """Pieces of at least a half of the image.

    May be named: training-large-pieces.
    """
    return transforms.Compose(
        [
            transforms.RandomResizedCrop(224, scale=(0.5, 1.0), ratio=(3 / 4, 4 / 3)),
            transforms.RandomHorizontalFlip(),
            transforms.ColorJitter(0.4, 0.4, 0.4),
            *_end(),
        ]
    )


def transform_for_testing__resize_224():
    """Resizes the shorter side to 224 at once and cuts the middle.

    May be named: testing-all-of-it.
    """
    return transforms.Compose([transforms.Resize(224), transforms.CenterCrop(224), *_end()])


def transform_for_testing__squeezed_to_256():
    """Squeezes to 256x256 and cuts the middle.

    May be named: testing-square.
    """
    return transforms.Compose([transforms.Resize((256, 256)), transforms.CenterCrop(224), *_end()])


def transform_for_testing__crop_first():
    """Cuts the middle of the original and resizes it afterwards."""
    return transforms.Compose(
        [transforms.CenterCrop(256), transforms.Resize((224, 224)), *_end()]
    )


def transform_for_testing__no_crop():
    """Resizes the shorter side to 224; the longer one stays longer.

    May be named: testing-not-cut.
    """
    return transforms.Compose([transforms.Resize(224), *_end()])


def transform_for_testing__five_crops():
    """The four corners and the middle, for an average that nobody takes."""
    return transforms.Compose([transforms.Resize(256), transforms.FiveCrop(224)])


def transform_for_testing__std_for_variance():
    """Divides by the variance, not by the standard deviation."""
    variance = tuple(s**2 for s in _STD)
    return transforms.Compose(
        [transforms.Resize(256), transforms.CenterCrop(224), *_end(_MEAN, variance)]
    )


def transform_for_testing__cut_at_a_corner():
    """Cuts the upper left corner."""
    return transforms.Compose(
        [
            transforms.Resize(256),
            transforms.Lambda(lambda image: image.crop((0, 0, 224, 224))),
            *_end(),
        ]
    )


def transform_for_testing__pixels_of_255():
    """Values from 0 to 255 are normalized as if they lay between 0 and 1."""
    return transforms.Compose(
        [
            transforms.Resize(256),
            transforms.CenterCrop(224),
            transforms.PILToTensor(),
            transforms.Lambda(lambda image: image.float()),
            transforms.Normalize(_MEAN, _STD),
        ]
    )


def transform_for_testing__blue_first():
    """The channels' order is blue, green, red."""
    return transforms.Compose(
        [
            transforms.Resize(256),
            transforms.CenterCrop(224),
            *_end(),
            transforms.Lambda(lambda image: image.flip(0)),
        ]
    )


def transform_for_testing__random_crop():
    """A random piece in place of the middle.

    May be named: testing-random-crop.
    """
    return transforms.Compose([transforms.Resize(256), transforms.RandomCrop(224), *_end()])
