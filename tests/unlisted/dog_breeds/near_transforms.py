"""Wrong transforms that look like listed mistakes and are others."""

from torchvision import transforms

_MEAN, _STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def _right(*, crop=None, flip=0.5, jitter=(0.4, 0.4, 0.4), more=(), end=()):
    """The right steps, but for what is passed."""
    cut = {"scale": (0.08, 1.0), "ratio": (3 / 4, 4 / 3), **(crop or {})}
    return transforms.Compose(
        [
            transforms.RandomResizedCrop(224, **cut),
            transforms.RandomHorizontalFlip(flip),
            transforms.ColorJitter(*jitter),
            *more,
            transforms.ToTensor(),
            transforms.Normalize(_MEAN, _STD),
            *end,
        ]
    )


def _tested(*steps):
    return transforms.Compose([*steps, transforms.ToTensor(), transforms.Normalize(_MEAN, _STD)])


def transform_for_training__grey_now_and_then():
    """Every fifth image becomes grey."""
    return _right(more=[transforms.RandomGrayscale(0.2)])


def transform_for_training__negatives():
    """Half of the images are negatives."""
    return _right(more=[transforms.RandomInvert(0.5)])


def transform_for_training__blurred():
    """The images are blurred by chance."""
    return _right(more=[transforms.GaussianBlur(21, (2.0, 6.0))])


def transform_for_training__contrast_stretched():
    """Each image's contrast is stretched to the full range."""
    return _right(more=[transforms.RandomAutocontrast(1.0)])


def transform_for_training__pieces_of_a_quarter():
    """The pieces have at least a quarter of the area."""
    return _right(crop={"scale": (0.25, 1.0)})


def transform_for_training__never_tall():
    """The pieces are squares, or wider than high."""
    return _right(crop={"ratio": (1.0, 4 / 3)})


def transform_for_training__flips_seldom():
    """One image out of ten is flipped."""
    return _right(flip=0.1)


def transform_for_training__jitter_of_a_fifth():
    """Colours vary by a fifth only.

    May be named: training-weak-jitter.
    """
    return _right(jitter=(0.2, 0.2, 0.2))


def transform_for_training__only_darker():
    """Brightness falls, and never rises."""
    return _right(jitter=((0.6, 1.0), 0.4, 0.4))


def transform_for_training__blue_and_red_swapped():
    """Blue and red have changed places."""
    return _right(end=[transforms.Lambda(lambda x: x.flip(0))])


def transform_for_training__all_turned():
    """Every image is turned upside down by a half turn."""
    return _right(more=[transforms.Lambda(lambda image: image.rotate(180))])


def transform_for_training__twice_normalized():
    """Normalizes two times."""
    return _right(end=[transforms.Normalize(_MEAN, _STD)])


def transform_for_testing__232():
    """The shorter side becomes 232 pixels, as newer weights have it."""
    return _tested(transforms.Resize(232), transforms.CenterCrop(224))


def transform_for_testing__smaller_piece():
    """Cuts 200 pixels out and enlarges them."""
    return _tested(transforms.Resize(256), transforms.CenterCrop(200), transforms.Resize(224))


def transform_for_testing__nearest():
    """Takes the nearest pixel in place of a mean of several."""
    nearest = transforms.InterpolationMode.NEAREST
    return _tested(transforms.Resize(256, nearest), transforms.CenterCrop(224))


def transform_for_testing__mirrored():
    """Every test image is mirrored."""
    flip = transforms.RandomHorizontalFlip(1.0)
    return _tested(transforms.Resize(256), transforms.CenterCrop(224), flip)


def transform_for_testing__jittered():
    """Colours of test images vary."""
    jitter = transforms.ColorJitter(0.4, 0.4, 0.4)
    return _tested(transforms.Resize(256), transforms.CenterCrop(224), jitter)


def transform_for_testing__padded():
    """Black borders in place of a cut."""
    return _tested(transforms.Resize(200), transforms.CenterCrop(224))


def transform_for_testing__normalized_by_the_image():
    """Each image is normalized by its own mean and deviation."""

    def own(x):
        return (x - x.mean()) / (x.std() + 1e-6)

    return transforms.Compose(
        [transforms.Resize(256), transforms.CenterCrop(224), transforms.ToTensor(), own]
    )
