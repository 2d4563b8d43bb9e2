"""How every report shows the status of a check: its sign and its colours."""

from __future__ import annotations

SIGNS = {"passed": "✓", "failed": "✗", "error": "!", "skipped": "·"}
IN_TERMINAL = {"passed": "green", "failed": "red", "error": "magenta", "skipped": "yellow"}
# In a notebook only the signs have colours: no colour has a contrast of 4.5:1 both on white and in
# Jupyter's dark theme; these have 3:1, which is enough for large bold text.
IN_NOTEBOOK = {"passed": "#1f883d", "failed": "#d1363f", "error": "#a04ed0", "skipped": "#8a6d00"}
