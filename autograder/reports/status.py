"""How a check went, as every report shows it: one sign a status, and its colours."""

from __future__ import annotations

SIGNS = {"passed": "✓", "failed": "✗", "error": "!", "skipped": "·"}
IN_TERMINAL = {"passed": "green", "failed": "red", "error": "magenta", "skipped": "yellow"}
# In a notebook, of the signs alone: no colour has a contrast of 4.5:1 both on white and in Jupyter's
# dark theme; these have 3:1, which large bold text needs.
IN_NOTEBOOK = {"passed": "#1f883d", "failed": "#d1363f", "error": "#a04ed0", "skipped": "#8a6d00"}
