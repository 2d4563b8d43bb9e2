# differs: the file is written by csv.DictWriter, with six decimals, from one big softmax
# only: write_submission
def write_submission(net, test_iter, test_dir, breeds, device, path):
    net.train(False)
    with torch.no_grad():
        every = torch.cat([net(X.to(device)) for X, _ in test_iter]).cpu()
    chances = every.exp() / every.exp().sum(1, keepdim=True)
    files = sorted(os.scandir(test_dir), key=lambda entry: entry.name)
    with open(path, "w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, ["id", *breeds])
        writer.writeheader()
        for entry, row in zip(files, chances):
            cells = {breed: f"{float(p):.6f}" for breed, p in zip(breeds, row)}
            writer.writerow({"id": os.path.splitext(entry.name)[0], **cells})
