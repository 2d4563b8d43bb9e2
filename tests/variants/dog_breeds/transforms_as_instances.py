# differs: the transforms themselves stand in the file, where functions that build them are described
# only: transform_for_training, transform_for_testing
transform_for_training = transforms.Compose([
    transforms.RandomResizedCrop(224, scale=(0.08, 1.0), ratio=(3.0 / 4.0, 4.0 / 3.0)),
    transforms.RandomHorizontalFlip(p=0.5),
    transforms.ColorJitter(0.4, 0.4, 0.4),
    transforms.ToTensor(),
    transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
])


def transform_for_testing(image):
    steps = [transforms.Resize(256), transforms.CenterCrop((224, 224)), transforms.ToTensor(),
             transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])]
    for step in steps:
        image = step(image)
    return image
