# differs: transforms as plain functions on NumPy arrays; jitter on the tensor, the crop by PIL
# only: transform_for_training, transform_for_testing
import math

import numpy as np


def to_normal(array):
    array = (array - np.array(IMAGENET_MEAN)) / np.array(IMAGENET_STD)
    return torch.tensor(array.transpose(2, 0, 1), dtype=torch.float32)


def transform_for_testing():
    def apply(image):
        w, h = image.size
        if w < h:
            image = image.resize((256, int(256 * h / w)), 2)
        else:
            image = image.resize((int(256 * w / h), 256), 2)
        w, h = image.size
        left, top = round((w - 224) / 2), round((h - 224) / 2)
        return to_normal(np.array(image.crop((left, top, left + 224, top + 224))) / 255)
    return apply


def transform_for_training():
    def uniform(a, b):
        return a + (b - a) * torch.rand(1).item()

    def apply(image):
        W, H = image.size
        while True:
            area = uniform(0.08, 1) * W * H
            ratio = math.exp(uniform(math.log(3 / 4), math.log(4 / 3)))
            w, h = round(math.sqrt(area * ratio)), round(math.sqrt(area / ratio))
            if w <= W and h <= H:
                break
        x, y = int(uniform(0, W - w + 1)), int(uniform(0, H - h + 1))
        image = image.crop((x, y, x + w, y + h)).resize((224, 224), 2)
        a = np.array(image) / 255
        if torch.rand(1) < 0.5:
            a = a[:, ::-1]
        a = np.clip(a * uniform(0.6, 1.4), 0, 1)
        grey = lambda a: a @ np.array([0.299, 0.587, 0.114])
        c = uniform(0.6, 1.4)
        a = np.clip(c * a + (1 - c) * grey(a).mean(), 0, 1)
        s = uniform(0.6, 1.4)
        a = np.clip(s * a + (1 - s) * grey(a)[..., None], 0, 1)
        return to_normal(a)
    return apply
