# differs: three separate jitters after ToTensor, in a Sequential; normalization as a lambda
# only: transform_for_training, transform_for_testing
def normalize(x):
    mean = torch.tensor(IMAGENET_MEAN).view(3, 1, 1)
    std = torch.tensor(IMAGENET_STD).view(-1, 1, 1)
    return x.sub(mean).div(std)


def transform_for_training():
    jitter = torch.nn.Sequential(
        transforms.RandomHorizontalFlip(),
        transforms.ColorJitter(saturation=0.4),
        transforms.ColorJitter(contrast=(0.6, 1.4)),
        transforms.ColorJitter(brightness=0.4),
    )
    first = transforms.Compose([transforms.ToTensor(), transforms.RandomResizedCrop(224, antialias=True)])
    return lambda image: normalize(jitter(first(image)))


def transform_for_testing():
    size = transforms.Resize([256])
    return transforms.Compose([size, transforms.ToTensor(), transforms.CenterCrop((224, 224)),
                               transforms.Lambda(normalize)])
