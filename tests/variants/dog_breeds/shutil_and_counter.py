# differs: reorganizes with shutil, a count of images seen per breed, and lets KeyError name the id
# only: reorg_dog_data
import collections
import hashlib
import os
import shutil


def digest(path):
    with open(path, "rb") as f:
        return hashlib.sha1(f.read()).hexdigest()


def copy_to(src, folder):
    os.makedirs(folder, exist_ok=True)
    dst = os.path.join(folder, os.path.basename(src))
    if os.path.isfile(dst) and digest(dst) != digest(src):
        raise OSError("%s exists and is different" % dst)
    if not os.path.isfile(dst):
        shutil.copy2(src, dst)


def reorg_dog_data(data_dir, label_file, train_dir, test_dir, new_data_dir, valid_ratio):
    labels = {}
    with open(os.path.join(data_dir, label_file), newline="") as f:
        for i, (idx, breed) in enumerate(csv.reader(f)):
            if i:
                labels[idx] = breed
    sizes = collections.Counter(labels.values())
    taken = collections.Counter()
    train = os.path.join(data_dir, train_dir)
    files = sorted(os.listdir(train))
    for file in files:
        labels[file.split(".")[0]]
    for idx in labels:
        os.stat(os.path.join(train, idx + ".jpg"))
    for file in files:
        breed = labels[file.split(".")[0]]
        src = os.path.join(train, file)
        copy_to(src, os.path.join(new_data_dir, "train_valid", breed))
        if taken[breed] < max(sizes[breed] * valid_ratio // 1, 1):
            copy_to(src, os.path.join(new_data_dir, "valid", breed))
            taken[breed] += 1
        else:
            copy_to(src, os.path.join(new_data_dir, "train", breed))
    for file in sorted(os.listdir(os.path.join(data_dir, test_dir))):
        copy_to(os.path.join(data_dir, test_dir, file), os.path.join(new_data_dir, "test", "unknown"))
