"""Try every attack of tests/hostile/ in every mode, and write the tables of docs/security.md.

    python docs/attacks.py [--plain-python PYTHON]

Run it as root: the rows of a plain user are run as the user nobody, by an interpreter that nobody may
read (default: this one). What one layer does alone is tried with a copy of the checkout in which the
others are left out. The mode in which namespaces are refused runs below a user namespace that
allows no further one, as some containers do. Attacks that would hurt the machine are tried only
where the walls that hold them are in force.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "security.md"
NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--bounding-set=-all"]
NOBODY += ["--inh-caps=-all"]
REFUSE = "echo 0 > /proc/sys/user/max_user_namespaces && exec "
FILTER, LANDLOCK = "system-call filter", "landlock"
SWITCHES = {  # what is written into a copy of sandbox/rights.py to leave a layer out
    FILTER: ("if filter_system_calls(in_room):", "if False:"),
    LANDLOCK: ("if enter_landlock(writable, readable, hidden):", "if False:"),
}


@dataclass(frozen=True)
class Mode:
    """One set of circumstances; `single` marks those that show what one layer does alone."""

    title: str
    user: str
    isolation: str
    refused: bool = False  # namespaces
    without: tuple[str, ...] = ()
    single: bool = False


MODES = (
    Mode("root, all walls", "root", "strict"),
    Mode("plain user, all walls", "nobody", "strict"),
    Mode("plain user, namespaces refused", "nobody", "auto", refused=True),
    Mode("root, no walls", "root", "none"),
    Mode("plain user, no walls", "nobody", "none"),
    Mode("namespaces alone", "root", "auto", without=(FILTER, LANDLOCK), single=True),
    Mode("system-call filter alone", "nobody", "auto", True, (LANDLOCK,), single=True),
    Mode("Landlock alone", "nobody", "auto", True, (FILTER,), single=True),
)


def one_mode(isolation: str) -> dict[str, object]:
    """Try every attack in this process's own circumstances."""
    sys.path.insert(0, str(ROOT))
    from autograder.judging.scoring import Judge
    from autograder.running.forked import ForkedWorkers
    from autograder.worker.sandbox.layers import NAMESPACES
    from tests.attacks import LIMITS, PART, attacks, secrets_of, try_attack

    os.environ["GRADERS_SECRET"] = "CANARY"
    results: dict[str, str] = {}
    layers: list[str] = []
    with ForkedWorkers([PART], isolation, limits=LIMITS) as zygote, Judge.for_staff(PART) as judge:
        walls = all(name in zygote.layers for name in NAMESPACES)
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


def run(mode: Mode, plain: str) -> dict[str, dict[str, str]]:
    """Try every attack in a mode, by this script in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        root = copy_without(mode.without, Path(folder)) if mode.without else ROOT
        python = sys.executable if mode.user == "root" else plain
        line = [python, str(root / "docs" / "attacks.py"), "--one", mode.isolation]
        if mode.refused:
            line = ["unshare", "-U", "-r", "sh", "-c", REFUSE + " ".join(line)]
        packages = [p for p in sys.path if p.endswith("site-packages")]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(root), *packages])}
        environment["PYTHONDONTWRITEBYTECODE"] = "1"
        done = subprocess.run(
            line if mode.user == "root" else [*NOBODY, *line],
            env=environment,
            capture_output=True,
            text=True,
            cwd="/tmp",
        )
    if done.returncode:
        sys.exit(f"{mode.title}: {done.stderr.strip().splitlines()[-1]}")
    found: dict[str, dict[str, str]] = json.loads(done.stdout.splitlines()[-1])
    return found


def copy_without(layers: tuple[str, ...], folder: Path) -> Path:
    """Copy the checkout, with some layers left out of the worker's last step."""
    root = folder / "copy"
    ignored = shutil.ignore_patterns(".*", "__pycache__", "*.egg-info", "pictures")
    shutil.copytree(ROOT, root, ignore=ignored)
    folder.chmod(0o755)
    path = root / "autograder" / "worker" / "sandbox" / "rights.py"
    text = path.read_text()
    for layer in layers:
        old, new = SWITCHES[layer]
        if old not in text:
            sys.exit(f"{path.name} has no line {old!r}")
        text = text.replace(old, new)
    path.write_text(text)
    return root


def tables(found: dict[str, dict[str, dict[str, str]]], tries: dict[str, str]) -> str:
    """Return the tables as Markdown."""
    lines = [*counts("mode", [mode.title for mode in MODES if not mode.single], found), ""]
    lines += [
        "One layer alone, with resource limits and no new privileges, which are always there:"
    ]
    lines += ["", *counts("layer", [mode.title for mode in MODES if mode.single], found)]
    lines += ["", "What is not stopped, by mode (`x`: it reaches what it tries; `-`: not tried, it"]
    lines += ["would hurt the machine):", ""]
    shown = [mode.title for mode in MODES if "all walls" not in mode.title and not mode.single]
    lines.append("| attack | tries | " + " | ".join(shown) + " |")
    lines.append("|---|---|" + ":-:|" * len(shown))
    signs = {"stopped": "", "reaches": "x", "gains": "**points**", "not tried": "-"}
    for name, words in tries.items():
        cells = [signs[found[title]["results"][name]] for title in shown]
        if "x" in cells or "**points**" in cells:
            lines.append(f"| `{name}` | {words} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def counts(head: str, titles: list[str], found: dict[str, dict[str, dict[str, str]]]) -> list[str]:
    """Return a table of how many attacks each of some modes stops."""
    lines = [f"| {head} | layers in force | tried | stopped | reach something | gain points |"]
    lines.append("|---|---:|---:|---:|---:|---:|")
    for title in titles:
        values = list(found[title]["results"].values())
        count = {word: values.count(word) for word in ("stopped", "reaches", "gains")}
        tried = len(values) - values.count("not tried")
        cells = [title, len(found[title]["layers"]), tried, *count.values()]
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    return lines


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
    for mode in MODES:
        found[mode.title] = run(mode, options.plain_python)
        values = list(found[mode.title]["results"].values())
        print(mode.title, {word: values.count(word) for word in sorted(set(values))}, flush=True)
    sys.path.insert(0, str(ROOT))
    from autograder.staff.documents import write_section
    from tests.attacks import attacks

    tries = {attack.name: attack.tries for attack in attacks()}
    write_section(PAGE, "attacks", tables(found, tries))


if __name__ == "__main__":
    main()
