"""Run the command line as ``python -m autograder``.

For that, Python puts the current folder first on its path. In a class's folder, a student's `click.py`
would be imported instead of the package click. So the current folder is removed from the path before
anything else is imported; this package is imported already, and finds its modules by its own path.
What Python itself imports earlier cannot be protected here. In a folder of students' files, prefer the
command `autograder`, which does not have the current folder on its path.
"""

import sys


def _without_current_folder(places: list[str]) -> list[str]:
    """Return the path without its first entry, which ``-m`` adds."""
    return places if getattr(sys.flags, "safe_path", False) else places[1:]


if __name__ == "__main__":
    sys.path[:] = _without_current_folder(sys.path)
    from autograder.cli.main import main

    main()
