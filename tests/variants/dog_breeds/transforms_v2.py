# differs: transforms of torchvision's second version, tensors from the first step on
# only: transform_for_training, transform_for_testing
from torchvision.transforms import v2


def transform_for_training():
    return v2.Compose([
        v2.ToImage(),
        v2.RandomResizedCrop((224, 224), antialias=True),
        v2.RandomHorizontalFlip(0.5),
        v2.ColorJitter(0.4, 0.4, 0.4),
        v2.ToDtype(torch.float32, scale=True),
        v2.Normalize(mean=[0.485, 0.456, 0.406], std=[0.229, 0.224, 0.225]),
    ])


def transform_for_testing():
    return v2.Compose([
        v2.ToImage(),
        v2.ToDtype(torch.float32, scale=True),
        v2.Resize(size=256, antialias=True),
        v2.CenterCrop(size=224),
        v2.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
    ])
