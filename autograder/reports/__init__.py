"""Results for people and platforms: one renderer a format, from the same records.

To add a format: a module with a `render` that takes results and returns bytes or text; what several
formats say alike stands in `status`, `messages` and `words`.
"""
