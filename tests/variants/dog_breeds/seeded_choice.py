# differs: holds out a random but seeded choice of each breed, with pathlib throughout
# only: reorg_dog_data
def reorg_dog_data(data_dir, label_file, train_dir, test_dir, new_data_dir, valid_ratio):
    from pathlib import Path
    import random

    src, out = Path(data_dir), Path(new_data_dir)
    rows = [line.split(",") for line in (src / label_file).read_text().split("\n")[1:] if line]
    groups = {}
    for idx, breed in rows:
        groups.setdefault(breed, []).append(src / train_dir / f"{idx}.jpg")
    known = {idx for idx, _ in rows}
    for p in (src / train_dir).glob("*.jpg"):
        if p.stem not in known:
            raise KeyError(p.stem)

    plan = {}
    for breed in sorted(groups):
        files = sorted(groups[breed])
        k = max(1, int(len(files) * valid_ratio))
        held = set(random.Random(breed).sample(files, k))
        for f in files:
            plan[out / ("valid" if f in held else "train") / breed / f.name] = f
            plan[out / "train_valid" / breed / f.name] = f
    for f in (src / test_dir).iterdir():
        plan[out / "test" / "unknown" / f.name] = f
    todo = {}
    for dst, f in plan.items():
        content = f.read_bytes()
        if not dst.exists():
            todo[dst] = content
        elif dst.read_bytes() != content:
            raise FileExistsError(dst)
    for dst, content in todo.items():
        dst.parent.mkdir(parents=True, exist_ok=True)
        dst.write_bytes(content)
