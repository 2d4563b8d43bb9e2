"""Results for people and platforms: one module per format, all from the same records.

To add a format, add a module with a `render` that takes results and returns bytes or text. What several
formats need is in `status`, `messages` and `words`.
"""
