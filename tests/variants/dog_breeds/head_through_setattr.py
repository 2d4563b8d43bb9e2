# differs: parameters are frozen by name, the head is built from a list and put in place by setattr
# only: get_net
def get_net(device):
    from torchvision.models import resnet34
    try:
        backbone = resnet34(weights="DEFAULT")
    except Exception as reason:
        print("random weights:", reason)
        backbone = resnet34()
    width = backbone.fc.in_features
    layers = [nn.Linear(width, width // 2), nn.ReLU(inplace=True), nn.Linear(width // 2, NUM_BREEDS)]
    setattr(backbone, "fc", nn.Sequential(*layers))
    for name, weight in backbone.named_parameters():
        weight.requires_grad = name.startswith("fc.")
    backbone.to(device)
    return backbone
