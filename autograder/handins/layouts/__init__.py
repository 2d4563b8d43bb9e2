"""How each platform exports a class: one module per layout, as `entry.Layout` describes.

To add a layout: write a module with `NAME`, `recognises` and `collect`; then add it to `LAYOUTS` in
`roster.py`, before `folders`, which fits everything. Its test belongs in `tests/test_rosters.py`.
"""
