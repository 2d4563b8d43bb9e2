"""Try every attack of tests/hostile/ in every mode, and write the tables of docs/security.md.

    python docs/attacks.py [--plain-python PYTHON]

Run it as root: the rows of a plain user are run as the user nobody, by an interpreter that nobody may
read (default: this one). The mode in which namespaces are refused runs below a user namespace that
allows no further one, as some containers do. Attacks that would hurt the machine are tried only
where the walls that hold them are in force.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "security.md"
NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--bounding-set=-all"]
NOBODY += ["--inh-caps=-all"]
REFUSE = "echo 0 > /proc/sys/user/max_user_namespaces && exec "
MODES = (  # title, user, isolation, namespaces refused
    ("root, all walls", "root", "strict", False),
    ("plain user, all walls", "nobody", "strict", False),
    ("plain user, namespaces refused", "nobody", "auto", True),
    ("root, no walls", "root", "none", False),
    ("plain user, no walls", "nobody", "none", False),
)


def one_mode(isolation: str) -> dict[str, object]:
    """Try every attack in this process's own circumstances."""
    sys.path.insert(0, str(ROOT))
    from autograder import sandbox
    from autograder.runner import Zygote
    from autograder.scoring import Judge
    from tests.attacks import LIMITS, PART, attacks, secrets_of, try_attack

    os.environ["GRADERS_SECRET"] = "CANARY"
    results: dict[str, str] = {}
    layers: list[str] = []
    with Zygote([PART], isolation, limits=LIMITS) as zygote, Judge.for_staff(PART) as judge:
        walls = all(name in zygote.layers for name in sandbox.NAMESPACES)
        secrets = secrets_of(judge.answers)
        for attack in attacks():
            if attack.harmful and not walls:
                results[attack.name] = "not tried"
                continue
            outcome = try_attack(attack, zygote, judge, secrets)
            layers = list(outcome.outputs.layers) or layers
            gained = outcome.points > attack.honest
            results[attack.name] = "gains" if gained else "stopped" if outcome.clean else "reaches"
    for path in (Path("/tmp/left-behind"), Path("/dev/shm/left-behind")):
        path.unlink(missing_ok=True)
    return {"results": results, "layers": layers}


def command(
    user: str, isolation: str, refused: bool, plain: str
) -> tuple[list[str], dict[str, str]]:
    """Return how to start this script in another mode, and its environment."""
    python = sys.executable if user == "root" else plain
    line = [python, str(Path(__file__).resolve()), "--one", isolation]
    if refused:
        line = ["unshare", "-U", "-r", "sh", "-c", REFUSE + " ".join(line)]
    packages = [p for p in sys.path if p.endswith("site-packages")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *packages])}
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    return (line if user == "root" else [*NOBODY, *line]), environment


def tables(found: dict[str, dict[str, dict[str, str]]], tries: dict[str, str]) -> str:
    """Return the tables as Markdown."""
    lines = ["| mode | layers in force | tried | stopped | reach something | gain points |"]
    lines.append("|---|---:|---:|---:|---:|---:|")
    for title, one in found.items():
        values = list(one["results"].values())
        count = {word: values.count(word) for word in ("stopped", "reaches", "gains")}
        tried = len(values) - values.count("not tried")
        cells = [title, len(one["layers"]), tried, *count.values()]
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    lines += ["", "What is not stopped, by mode (`x`: it reaches what it tries; `-`: not tried, it"]
    lines += ["would hurt the machine):", ""]
    shown = [title for title in found if "all walls" not in title]
    lines.append("| attack | tries | " + " | ".join(shown) + " |")
    lines.append("|---|---|" + ":-:|" * len(shown))
    signs = {"stopped": "", "reaches": "x", "gains": "**points**", "not tried": "-"}
    for name, words in tries.items():
        cells = [signs[found[title]["results"][name]] for title in shown]
        if "x" in cells or "**points**" in cells:
            lines.append(f"| `{name}` | {words} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> None:
    """Run all modes and write the page, or one mode and print it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--one", metavar="ISOLATION", help=argparse.SUPPRESS)
    parser.add_argument("--plain-python", default=sys.executable, metavar="PYTHON")
    options = parser.parse_args()
    if options.one:
        print(json.dumps(one_mode(options.one)))
        return
    found = {}
    for title, *mode in MODES:
        line, environment = command(*mode, options.plain_python)
        done = subprocess.run(line, env=environment, capture_output=True, text=True, cwd="/tmp")
        if done.returncode:
            sys.exit(f"{title}: {done.stderr.strip().splitlines()[-1]}")
        found[title] = json.loads(done.stdout.splitlines()[-1])
        print(title, {k: len(v) for k, v in found[title].items()}, flush=True)
    sys.path.insert(0, str(ROOT))
    from tests.attacks import attacks

    tries = {attack.name: attack.tries for attack in attacks()}
    text = PAGE.read_text()
    block = f"<!-- begin attacks -->\n{tables(found, tries)}\n<!-- end attacks -->"
    old = re.compile(r"<!-- begin attacks -->.*<!-- end attacks -->", re.DOTALL)
    PAGE.write_text(old.sub(lambda _: block, text))


if __name__ == "__main__":
    main()
