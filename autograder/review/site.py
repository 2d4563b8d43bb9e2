"""The routes of the page: look at a group, save its sentence, take it back.

    GET  /            the groups, and one of them: ?group=ID&other=NUMBER&by=function
    GET  /style.css
    POST /save        id, seen, says, token
    POST /undo        id, seen, token

What was done is told once, on the page that follows.
"""

from __future__ import annotations

import re
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import bottle

from autograder.batch.code import code_of, solution_of
from autograder.batch.reviewing import SEARCH, Changed, Gone, Reviewed, Reviews
from autograder.errors import AutograderError
from autograder.judging import named
from autograder.reports.webpage import render_page
from autograder.reports.words import counted
from autograder.review.guard import App, Guard
from autograder.review.writing import Writer

BY = ("size", "function")  # orders of the list
SOON = 2.5  # seconds that a form waits for the pages; a small class has them by then
TOLD_AT_MOST = 50  # notices that wait for their page
FEW = 16  # members that are listed outright
DOCSTRING = re.compile(r'"""[^"]*\n[^"]*"""')  # of several lines


@dataclass(frozen=True, slots=True)
class Notice:
    """What the next page tells, and a sentence that was typed and not saved."""

    text: str = ""
    more: str = ""
    problem: bool = False
    typed: str = ""
    theirs: bool = False  # another person's sentence stands beside the typed one


class Site:
    """The page of one graded class."""

    def __init__(self, folder: Path, token: str, writer: Writer | None = None) -> None:
        self._folder = folder
        self._token = token
        self.reviews = Reviews(folder)
        self.writer = writer or Writer(folder)
        self._notices: dict[str, Notice] = {}
        self._lock = threading.Lock()
        app = bottle.Bottle()
        app.route("/", "GET", self._show)
        app.route("/style.css", "GET", self._style)
        app.route("/save", "POST", self._form(self._save))
        app.route("/undo", "POST", self._form(self._undo))
        app.default_error_handler = _short
        self._guard = Guard(app, token)
        self.app: App = self._guard

    # --- looking ------------------------------------------------------------------------------

    def _style(self) -> str:
        bottle.response.content_type = "text/css; charset=utf-8"
        return render_page("review.css")

    def _show(self) -> str:
        asked = bottle.request.query
        with self._lock:
            notice = self._notices.pop(asked.getunicode("told", ""), Notice())
        try:
            return self._page(asked.getunicode("group", ""), notice)
        except AutograderError as problem:
            raise bottle.HTTPError(409, str(problem)) from problem

    def _page(self, id: str, notice: Notice) -> str:
        asked = bottle.request.query
        by = asked.getunicode("by", "")
        by = by if by in BY else BY[0]
        found = self.reviews.look(again=not self.writer.busy)
        chosen = next((one for one in found if one.id == id), None)
        if id and chosen is None and not notice.text:
            notice = Notice(f"{id}: there is no such group any more.", problem=True)
        chosen = chosen or next((one for one in found if not one.says), found[0] if found else None)
        if by == "function":
            found = sorted(found, key=lambda one: (one.part.name, one.group.function))
        values = {} if chosen is None else self._about(chosen, asked.getunicode("other", ""))
        return render_page(
            "review.html",
            folder=str(self._folder),
            groups=found,
            by=by,
            one=chosen,
            notice=notice,
            busy=self.writer.busy,
            failures=self.writer.last.failures if self.writer.last else (),
            token=self._token,
            longest=named.LONGEST,
            students=_students(found),
            unnamed=_students([one for one in found if not one.says]),
            following=next((o for o in found if not o.says and o is not chosen), None),
            counted=counted,
            few=FEW,
            **values,
        )

    def _about(self, one: Reviewed, other: str) -> dict[str, object]:
        """Return the first member's code, another one's, and the solution's."""
        members, function = one.group.members, one.group.function
        codes = [code_of(one.store, key, function) for key in members]
        first = next((i for i, code in enumerate(codes) if code), 0)
        others = [i for i in range(len(members)) if i != first]
        # Whoever wrote it differently shows more than whoever wrote the same.
        others.sort(key=lambda i: (codes[i] == codes[first], not codes[i], i))
        second = int(other) if other.isdecimal() and len(other) < 9 else -1
        if second not in others:
            second = others[0] if others else -1
        shown = [first, second] if second >= 0 else [first]
        solution = solution_of(one.part, function)
        return {
            "shown": [(members[i], _short_of(codes[i], solution)) for i in shown],
            "second": second,
            "others": [(i, members[i]) for i in sorted(others)],
            "ways": len({code for code in codes if code}),
            "solution": _short_of(solution, solution),
        }

    # --- forms --------------------------------------------------------------------------------

    def _form(self, act: Callable[[str, str], tuple[str, Notice]]) -> Callable[[], str]:
        """Return a route that checks the token, acts on a group, and leads back to the page."""

        def route() -> str:
            sent = bottle.request.forms
            if not self._guard.knows(sent.getunicode("token", "")):
                raise bottle.HTTPError(403, "the form is not this page's; open the page again")
            id, seen = sent.getunicode("id", ""), sent.getunicode("seen", "")
            try:
                id, notice = act(id, seen)
            except Changed as change:
                bottle.response.status = 409
                return self._page(id, _conflict(change.now, sent.getunicode("says", "")))
            except AutograderError as problem:
                bottle.response.status = 409 if isinstance(problem, Gone) else 400
                typed = sent.getunicode("says", "")
                return self._page(id, Notice(f"Not saved: {problem}.", problem=True, typed=typed))
            return self._lead_to(id, notice)

        return route

    def _save(self, id: str, seen: str) -> tuple[str, Notice]:
        one = self.reviews.save(id, bottle.request.forms.getunicode("says", ""), seen)
        self.writer.ask()
        if not self.writer.wait(SOON):
            text = (
                f"Saved. {counted(one.students, 'student')} read it when their pages are written."
            )
            return id, Notice(f"{text} That has begun.", self._what_next(one))
        now = next((o for o in self.reviews.look() if o.id == id), one)
        if not now.told:
            return id, Notice("Saved, and on no page yet: see below.", problem=True)
        text = f"Saved. {counted(now.students, 'student')} read it now."
        return id, Notice(text, self._what_next(now))

    def _what_next(self, one: Reviewed) -> str:
        if one.by == SEARCH:
            kept = "In the next class the search explains it again, in its own words."
        else:
            folder, root = named.folder_of(one.part), one.part.root
            where = folder.relative_to(root) if folder.is_relative_to(root) else folder
            kept = f"The sentence is kept in {where} for the next class: commit that folder."
        return f"Next: give out feedback.html of these students again. {kept}"

    def _undo(self, id: str, seen: str) -> tuple[str, Notice]:
        before = self.reviews.take_back(id, seen)
        self.writer.ask()
        self.writer.wait(SOON)
        if before.earlier:
            text = f"Taken back. The sentence is again: {before.earlier[-1]}"
        else:
            text = f"Taken back. {counted(before.students, 'student')} have no sentence again."
        group = self._same_group(before)
        return group, Notice(
            text, f"It was: {before.says}", typed="" if before.earlier else before.says
        )

    def _same_group(self, before: Reviewed) -> str:
        """Return the id that a group has now: one that the search had named gets another one."""
        first, function = before.group.members[0], before.group.function
        found = self.reviews.look(again=not self.writer.busy)
        if any(one.id == before.id for one in found):
            return before.id
        fitting = (o for o in found if o.group.function == function and first in o.group.members)
        return next((one.id for one in fitting), before.id)

    def _lead_to(self, id: str, notice: Notice) -> str:
        number = secrets.token_hex(8)
        with self._lock:
            while len(self._notices) >= TOLD_AT_MOST:
                self._notices.pop(next(iter(self._notices)))
            self._notices[number] = notice
        where = {"group": id, "told": number}
        by = bottle.request.forms.getunicode("by", "")
        where |= {"by": by} if by in BY[1:] else {}
        bottle.response.status = 303
        bottle.response.set_header("Location", f"/?{urlencode(where)}")
        return ""


def _conflict(now: Reviewed, typed: str) -> Notice:
    if now.says:
        text = "Not saved: meanwhile another person gave this group a sentence. Which one is right?"
    else:
        text = "Not saved: meanwhile another person took this group's sentence back."
    return Notice(text, problem=True, typed=typed, theirs=True)


def _short_of(code: str, solution: str) -> str:
    """Return a function's text without the docstring that the stub gave to everybody."""
    given = DOCSTRING.search(solution)
    return code.replace(given[0], '"""..."""') if given else code


def _students(groups: list[Reviewed]) -> int:
    return len({(one.store.folder, key) for one in groups for key in one.group.members})


def _short(error: bottle.HTTPError) -> str:
    bottle.response.content_type = "text/plain; charset=utf-8"
    known = error.status_code < 500
    return f"{error.body if known else 'The autograder itself failed; the terminal tells more.'}\n"
