"""Fill in templates: pages, where everything is escaped, and plain text such as scripts."""

from __future__ import annotations

from pathlib import Path

import jinja2


def environment(folder: Path, html: bool, trim: bool = True) -> jinja2.Environment:
    """Return an environment for the templates of a folder; a missing value is an error.

    Arguments:
        html: escape what is filled in. Not for Markdown and scripts.
        trim: drop the line break after a block.
    """
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        undefined=jinja2.StrictUndefined,
        autoescape=html,
        keep_trailing_newline=not html,
        trim_blocks=trim,
        lstrip_blocks=html,
    )
