"""Ask a WSGI app as a browser does, without a network."""

from __future__ import annotations

import html
import io
import re
from http.cookies import SimpleCookie
from typing import NamedTuple
from urllib.parse import urlencode
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    text: str


class Client:
    """A browser that keeps cookies, follows `Location` on request, and fills in forms."""

    def __init__(self, app, host="127.0.0.1:8000"):
        self.app = validator(app)
        self.host = host
        self.cookies: SimpleCookie = SimpleCookie()

    def ask(self, path, form=None, **environ):
        """Return the answer to a GET, or with a form to a POST."""
        path, _, query = path.partition("?")
        body = urlencode(form or {}).encode()
        asked = {
            "REQUEST_METHOD": "GET" if form is None else "POST",
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "HTTP_HOST": self.host,
            "HTTP_COOKIE": self.cookies.output(attrs=[], header="", sep=";").strip(),
            "CONTENT_LENGTH": str(len(body)),
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "wsgi.input": io.BytesIO(body),
            **environ,
        }
        setup_testing_defaults(asked)
        told = {}

        def start(status, headers, exc_info=None):
            told.update(status=int(status.split()[0]), headers=headers)

        answer = self.app(asked, start)
        text = b"".join(answer).decode()
        answer.close()
        for name, value in told["headers"]:
            if name.lower() == "set-cookie":
                self.cookies.load(value)
        return Answer(told["status"], {n.lower(): v for n, v in told["headers"]}, text)

    def follow(self, answer):
        """Return the page that an answer leads to."""
        assert answer.status == 303, answer
        return self.ask(answer.headers["location"])

    def send(self, page, action, **changed):
        """Send a page's form as it stands, with some fields changed."""
        return self.ask(action, fields(page.text, action) | changed)


def fields(text, action):
    """Return what the form of an action holds."""
    (form,) = re.findall(rf'<form method="post" action="{action}">(.*?)</form>', text, re.S)
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form)
    found += re.findall(r'<textarea [^>]*name="(\w+)"[^>]*>\n(.*?)</textarea>', form, re.S)
    return {name: html.unescape(value) for name, value in found}


def words(text):
    """Return what a reader reads, without tags."""
    main = text.partition("<main>")[2].partition("</main>")[0]
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", main).split()))
