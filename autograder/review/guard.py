"""Who may ask the page's server: whoever has the token, from this machine, by its own name.

The address that the terminal prints holds the token. The first load keeps it in a cookie that no other
site's page and no script can use. A page elsewhere whose name was made to lead to this machine (DNS
rebinding) asks by that name, and is refused; and no page can make a browser send a form without the
token, which stands in our forms alone.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

Start = Callable[..., Any]
App = Callable[[dict[str, Any], Start], Iterable[bytes]]

HOSTS = ("127.0.0.1", "localhost")
POLICY = (
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = [
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cache-Control", "no-store"),
]
ASK = "Open the address that `autograder review` printed in the terminal.\n"


class Guard:
    """Answer for an app whoever may not ask it, and add the headers that hold its pages together."""

    def __init__(self, app: App, token: str) -> None:
        self._app = app
        self._token = token
        # Cookies know no ports: each server has a name of its own.
        self._cookie = f"review-{hashlib.sha256(token.encode()).hexdigest()[:8]}"

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        """Serve one request, as WSGI has it."""

        def with_headers(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            return start(status, [*headers, *HEADERS], *more)

        host, _, _ = environ.get("HTTP_HOST", "").lower().partition(":")
        if host not in HOSTS:
            return _answer(with_headers, "403 Forbidden", "This server is called 127.0.0.1.\n")
        given = parse_qs(environ.get("QUERY_STRING", "")).get("token")
        if given is not None and environ.get("REQUEST_METHOD") == "GET":
            if not self.knows(given[0]):
                return _answer(with_headers, "403 Forbidden", ASK)
            kept = f"{self._cookie}={self._token}; Path=/; HttpOnly; SameSite=Strict"
            return _answer(
                with_headers, "303 See Other", "", ("Location", "/"), ("Set-Cookie", kept)
            )
        if not self.knows(self._kept(environ)):
            return _answer(with_headers, "403 Forbidden", ASK)
        return self._app(environ, with_headers)

    def knows(self, token: str) -> bool:
        """Return whether a token is ours, in a time that tells nothing about it."""
        return secrets.compare_digest(token.encode(errors="replace"), self._token.encode())

    def _kept(self, environ: dict[str, Any]) -> str:
        try:
            cookies = SimpleCookie(environ.get("HTTP_COOKIE", ""))
        except CookieError:
            return ""
        return cookies[self._cookie].value if self._cookie in cookies else ""


def _answer(start: Start, status: str, text: str, *headers: tuple[str, str]) -> list[bytes]:
    data = text.encode()
    length = ("Content-Length", str(len(data)))
    start(status, [("Content-Type", "text/plain; charset=utf-8"), length, *headers])
    return [data]
