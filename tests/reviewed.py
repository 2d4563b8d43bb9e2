"""A class whose mistakes are named on the page, and a browser that has the page open."""

from __future__ import annotations

from autograder.batch.reviewing import Reviews
from autograder.judging import named
from autograder.judging.scoring import Judge
from autograder.review import site
from autograder.review.writing import Writer, Written
from tests.asking_pages import Client
from tests.invented import PART, Wrong, copy_of, write_class

TOKEN = "a-token-that-nobody-guesses"
LS, GEN = "ls_generator_loss", "generator_loss"
HOSTILE = "</code></pre><script>document.title = 'taken'</script><b>x"
STUDENTS = {
    "ana": {LS: Wrong(1.5, code="def one(): pass"), GEN: Wrong(3.0, code="def three(): pass")},
    "ben": {LS: Wrong(1.5, code=f"# {HOSTILE}")},
    "<i>cy": {LS: Wrong(1.5, code="def one(): pass")},
    "dora": {GEN: Wrong(3.0, code="")},
    "eve": {"sample_noise": Wrong(error="NameError: name 'x' is not defined")},
    "right": {},
}


def write_original(folder):
    """Write the class; return its folder."""
    with Judge.for_staff(PART) as judge:
        write_class(folder, STUDENTS, judge)
    return folder


def copy_for(tmp_path, original, monkeypatch):
    """Return a copy of the class; names are kept beside it, and forms wait for the pages."""
    monkeypatch.setattr(named, "folder_of", lambda part: tmp_path / f"{part.name}.named")
    monkeypatch.setattr(site, "SOON", 60.0)
    return copy_of(original, tmp_path / "results")


def opened(folder, write=lambda folder: Written(0)):
    """Return a browser that has the page of a class open; unless `write` is given, no page changes."""
    client = Client(site.Site(folder, TOKEN, Writer(folder, write)).app)
    client.ask(f"/?token={TOKEN}")
    return client


def really(folder):
    """Judge the class again, as the page itself does."""
    from autograder.review.writing import judge_again

    done = judge_again(folder)
    assert not done.failures
    return done


def group_of(folder, function=LS):
    return next(one for one in Reviews(folder).look() if one.group.function == function)


def kept():
    return {one.mistake.id: one.mistake.says for one in named.load_named(PART)}
