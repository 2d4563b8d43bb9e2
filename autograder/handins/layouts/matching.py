"""Try a pattern on paths: this file runs as a process of its own, which can be ended.

It reads {"pattern", "paths"} as JSON from stdin, and writes the groups of each fit, or null.
"""

from __future__ import annotations

import json
import re
import sys


def main() -> None:
    """Read, try, write."""
    asked = json.loads(sys.stdin.buffer.read())
    pattern = re.compile(asked["pattern"])
    fits = [pattern.match(path) for path in asked["paths"]]
    told = [fit and {**fit.groupdict(), "end": str(fit.end())} for fit in fits]
    sys.stdout.buffer.write(json.dumps(told).encode())


if __name__ == "__main__":
    main()
