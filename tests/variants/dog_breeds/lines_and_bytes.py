# differs: reorganizes with os.walk, a plain split of lines, and read and write of bytes
# only: reorg_dog_data
def reorg_dog_data(data_dir, label_file, train_dir, test_dir, new_data_dir, valid_ratio):
    with open(os.path.join(data_dir, label_file)) as f:
        lines = f.readlines()[1:]
    tokens = [l.rstrip().split(",") for l in lines]
    idx_label = dict((idx, label) for idx, label in tokens)
    here = {}
    for root, _, names in os.walk(os.path.join(data_dir, train_dir)):
        for n in names:
            here[os.path.splitext(n)[0]] = os.path.join(root, n)
    for idx in idx_label:
        assert idx in here, "no image for " + idx
    for idx in here:
        assert idx in idx_label, "no label for " + idx

    def put(src, *where):
        dst = os.path.join(new_data_dir, *where)
        os.makedirs(dst, exist_ok=True)
        dst = os.path.join(dst, os.path.basename(src))
        with open(src, "rb") as f:
            data = f.read()
        if os.path.exists(dst):
            with open(dst, "rb") as f:
                if f.read() != data:
                    raise RuntimeError("refusing to overwrite " + dst)
        else:
            with open(dst, "wb") as f:
                f.write(data)

    for label in set(idx_label.values()):
        mine = sorted([i for i in idx_label if idx_label[i] == label], reverse=True)
        n_valid = math.floor(len(mine) * valid_ratio) or 1
        for i in mine[:n_valid]:
            put(here[i], "valid", label)
        for i in mine[n_valid:]:
            put(here[i], "train", label)
        for i in mine:
            put(here[i], "train_valid", label)
    for n in os.listdir(os.path.join(data_dir, test_dir)):
        put(os.path.join(data_dir, test_dir, n), "test", "unknown")


import math, os
