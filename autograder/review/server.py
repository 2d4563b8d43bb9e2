"""Serve the page on this machine alone, until Ctrl-C."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path

from autograder.errors import AutograderError
from autograder.reports.words import counted

ADDRESS = "127.0.0.1"
LARGEST = 1 << 16  # bytes of a form; a sentence has 600 characters
THREADS = 4
NEEDED = ("bottle", "waitress")


def serve(folder: Path, port: int, tell: Callable[[str], None]) -> None:
    """Serve the page of a graded class; return after Ctrl-C, when all names are on the pages.

    Arguments:
        port: 0 takes any that is free.
        tell: gets the address, with the token, and last what could not be written.

    Raises AutograderError if bottle or waitress is missing, or the port is taken.
    """
    try:
        from waitress.server import create_server

        from autograder.review.site import Site
    except ModuleNotFoundError as problem:
        missing = (problem.name or "").partition(".")[0]
        if missing not in NEEDED:
            raise
        raise AutograderError(
            f"`autograder review` needs {missing}; install it with "
            "`pip install gan-homework[review]`"
        ) from None
    token = secrets.token_urlsafe(24)
    site = Site(folder, token)
    found = [one for one in site.reviews.look() if not one.says]
    tell(f"{counted(len(found), 'group')} without a sentence. Open this address; Ctrl-C ends it.")
    try:
        server = create_server(
            site.app,
            host=ADDRESS,
            port=port,
            threads=THREADS,
            ident="",
            max_request_body_size=LARGEST,
        )
    except OSError as problem:
        raise AutograderError(f"port {port}: {problem.strerror}; choose another --port") from None
    tell(f"http://{ADDRESS}:{server.effective_port}/?token={token}")
    try:
        server.run()  # returns after Ctrl-C
    finally:
        server.close()
    if site.writer.busy:
        tell("writing the pages ...")
        site.writer.wait()
    for line in site.writer.last.failures if site.writer.last else ():
        tell(f"not written: {line}; run autograder rescore {folder}")
