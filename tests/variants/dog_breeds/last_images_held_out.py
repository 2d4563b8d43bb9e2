# differs: the last images of each breed are held out, by slices; links and copies made by hand
# only: reorg_dog_data
def reorg_dog_data(data_dir, label_file, train_dir, test_dir, new_data_dir, valid_ratio):
    rows = Path(data_dir, label_file).read_text().split("\n")[1:]
    breeds = dict(row.rsplit(",", 1) for row in rows if row.strip())
    stems = {f[: -len(".jpg")] for f in os.listdir(os.path.join(data_dir, train_dir))}
    if wrong := sorted(set(breeds) ^ stems):
        raise AssertionError("label or image missing: " + ", ".join(wrong))

    def put(source, *parts):
        there = os.path.join(new_data_dir, *parts)
        os.makedirs(there, exist_ok=True)
        goal, data = Path(there, source.name), source.read_bytes()
        if not goal.is_file():
            goal.with_suffix(".tmp").write_bytes(data)
            goal.with_suffix(".tmp").rename(goal)
        elif goal.read_bytes() != data:
            raise RuntimeError(f"{goal} differs")

    for breed in set(breeds.values()):
        mine = sorted((n for n in breeds if breeds[n] == breed), reverse=True)
        k = max(int(len(mine) * valid_ratio // 1), 1)
        for names, split in ((mine[:k], "valid"), (mine[k:], "train")):
            for name in names:
                source = Path(data_dir) / train_dir / (name + ".jpg")
                put(source, split, breed)
                put(source, "train_valid", breed)
    for source in Path(data_dir, test_dir).glob("*"):
        put(source, "test", "unknown")
