"""Wrong convolutional classifiers."""

from torch import nn


def _classifier(
    act=lambda: nn.LeakyReLU(0.01), pool=lambda: nn.MaxPool2d(2, 2), filters=(32, 64), kernel=5,
    padding=0, flat=1024, last=(), head=None,
):  # fmt: skip
    one, two = filters
    head = head or (nn.Linear(flat, 1024), act(), nn.Linear(1024, 1))
    return nn.Sequential(
        nn.Flatten(), nn.Unflatten(1, (1, 28, 28)), nn.Conv2d(1, one, kernel, padding=padding),
        act(), pool(), nn.Conv2d(one, two, kernel, padding=padding), act(), pool(), nn.Flatten(),
        *head, *last,
    )  # fmt: skip


def build_dc_classifier__average_pooling(batch_size=128):
    """Average pooling.

    May be named: classifier-average-pool.
    """
    return _classifier(pool=lambda: nn.AvgPool2d(2, 2))


def build_dc_classifier__slope_a_fifth(batch_size=128):
    """Slope 0.2.

    May be named: classifier-slope-0.2.
    """
    return _classifier(act=lambda: nn.LeakyReLU(0.2))


def build_dc_classifier__plain_relu(batch_size=128):
    """ReLU in place of LeakyReLU.

    May be named: classifier-relu.
    """
    return _classifier(act=nn.ReLU)


def build_dc_classifier__padded(batch_size=128):
    """Padding 2 keeps 28 and 14; the head is made to fit.

    May be named: classifier-padding.
    """
    return _classifier(padding=2, flat=64 * 49)


def build_dc_classifier__three_by_three(batch_size=128):
    """Kernels of 3x3; the head is made to fit.

    May be named: classifier-kernel-3.
    """
    return _classifier(kernel=3, flat=64 * 25)


def build_dc_classifier__three_by_three_head_as_told(batch_size=128):
    """Kernels of 3x3, and the head of the description, which does not fit."""
    return _classifier(kernel=3)


def build_dc_classifier__filters_swapped(batch_size=128):
    """64 filters, then 32; the head is made to fit.

    May be named: classifier-filters-swapped.
    """
    return _classifier(filters=(64, 32), flat=512)


def build_dc_classifier__few_filters(batch_size=128):
    """As many filters as another tutorial has."""
    return _classifier(filters=(6, 16), flat=256)


def build_dc_classifier__sigmoid_last(batch_size=128):
    """A sigmoid at the end.

    May be named: classifier-sigmoid-end.
    """
    return _classifier(last=(nn.Sigmoid(),))


def build_dc_classifier__no_hidden_layer(batch_size=128):
    """The layer of 1024 units is missing.

    May be named: classifier-dense-missing.
    """
    return _classifier(head=(nn.Linear(1024, 1),))


def build_dc_classifier__linear_head(batch_size=128):
    """No activation between the two linear layers.

    May be named: classifier-no-dense-activation.
    """
    return _classifier(head=(nn.Linear(1024, 1024), nn.Linear(1024, 1)))


def build_dc_classifier__ten_digits(batch_size=128):
    """Scores for ten digits.

    May be named: classifier-ten-scores.
    """
    return _classifier(head=(nn.Linear(1024, 1024), nn.LeakyReLU(0.01), nn.Linear(1024, 10)))


def build_dc_classifier__score_forgotten(batch_size=128):
    """Ends with the 1024 features.

    May be named: classifier-last-missing.
    """
    return _classifier(head=(nn.Linear(1024, 1024), nn.LeakyReLU(0.01)))


def build_dc_classifier__dropout_in_the_head(batch_size=128):
    """Dropout in the head."""
    head = (nn.Linear(1024, 1024), nn.LeakyReLU(0.01), nn.Dropout(0.5), nn.Linear(1024, 1))
    return _classifier(head=head)


def build_dc_classifier__narrow_head(batch_size=128):
    """256 units in the head.

    May be named: classifier-dense-narrow.
    """
    return _classifier(head=(nn.Linear(1024, 256), nn.LeakyReLU(0.01), nn.Linear(256, 1)))


def build_dc_classifier__overlapping_pools(batch_size=128):
    """Pooling windows of 3 with stride 2: 28 -> 24 -> 11 -> 7 -> 3."""
    return _classifier(pool=lambda: nn.MaxPool2d(3, 2), flat=64 * 9)


def build_dc_classifier__pools_of_stride_one(batch_size=128):
    """Pools that move by one pixel; the head is made to fit."""
    return _classifier(pool=lambda: nn.MaxPool2d(2, 1), flat=64 * 18 * 18)


def build_dc_classifier__second_pool_missing(batch_size=128):
    """Only one pooling; the head is made to fit."""
    return nn.Sequential(
        nn.Flatten(), nn.Unflatten(1, (1, 28, 28)), nn.Conv2d(1, 32, 5), nn.LeakyReLU(0.01),
        nn.MaxPool2d(2, 2), nn.Conv2d(32, 64, 5), nn.LeakyReLU(0.01), nn.Flatten(),
        nn.Linear(4096, 1024), nn.LeakyReLU(0.01), nn.Linear(1024, 1),
    )  # fmt: skip


def build_dc_classifier__normed(batch_size=128):
    """A BatchNorm behind the first convolution.

    May be named: classifier-batchnorm.
    """
    return nn.Sequential(
        nn.Flatten(), nn.Unflatten(1, (1, 28, 28)), nn.Conv2d(1, 32, 5), nn.BatchNorm2d(32),
        nn.LeakyReLU(0.01), nn.MaxPool2d(2, 2), nn.Conv2d(32, 64, 5), nn.LeakyReLU(0.01),
        nn.MaxPool2d(2, 2), nn.Flatten(), nn.Linear(1024, 1024), nn.LeakyReLU(0.01),
        nn.Linear(1024, 1),
    )  # fmt: skip


class _Turned(nn.Module):
    def forward(self, x):
        return x.reshape(-1, 28, 28, 1).permute(0, 3, 2, 1)


def build_dc_classifier__turned_images(batch_size=128):
    """Rows and columns of the images have changed places.

    May be named: classifier-transposed.
    """
    return nn.Sequential(_Turned(), *list(_classifier())[2:])


def build_dc_classifier__one_channel_short(batch_size=128):
    """The second convolution expects one channel."""
    return nn.Sequential(
        nn.Flatten(), nn.Unflatten(1, (1, 28, 28)), nn.Conv2d(1, 32, 5), nn.LeakyReLU(0.01),
        nn.MaxPool2d(2, 2), nn.Conv2d(1, 64, 5), nn.LeakyReLU(0.01), nn.MaxPool2d(2, 2),
        nn.Flatten(), nn.Linear(1024, 1024), nn.LeakyReLU(0.01), nn.Linear(1024, 1),
    )  # fmt: skip


def build_dc_classifier__no_biases_in_front(batch_size=128):
    """The convolutions have no biases."""
    return nn.Sequential(
        nn.Flatten(), nn.Unflatten(1, (1, 28, 28)), nn.Conv2d(1, 32, 5, bias=False),
        nn.LeakyReLU(0.01), nn.MaxPool2d(2, 2), nn.Conv2d(32, 64, 5, bias=False),
        nn.LeakyReLU(0.01), nn.MaxPool2d(2, 2), nn.Flatten(), nn.Linear(1024, 1024),
        nn.LeakyReLU(0.01), nn.Linear(1024, 1),
    )  # fmt: skip
