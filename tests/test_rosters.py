"""A class as each platform exports it: who handed in what, and which hand-in counts."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from pathlib import Path

import pytest

from autograder.errors import SubmissionError
from autograder.handins.layouts.gradescope import parse_metadata
from autograder.handins.listing import list_class, parse_time
from autograder.handins.roster import find_class
from tests.written import write, zipped

TEXT = "def sample_noise(batch_size, dim, seed=None):\n    return None\n"
NAMES = ("Ada Lovelace", 'O\'Neil, Shaun "Q"', "山田 太郎", "Łukasz Żółć", "Иван Петров")


def handed_in(path, part, **options):
    """Return the text that counts, by student."""
    roster = find_class(path, part, **options)
    texts = {}
    for entry in roster.entries:
        submission = entry.load(part)
        texts[entry.key] = submission.files[submission.main].decode()
    return texts


def gradescope(names=NAMES):
    lines, files = ["---"], {}
    for number, name in enumerate(names, 101):
        quoted = "'" + name.replace("'", "''") + "'"
        lines += [
            f"submission_{number}:",
            "  :submitters:",
            f"  - :name: {quoted}",
            f"    :sid: '{number:07d}'",
            f"    :email: s{number}@example.edu",
            "  :created_at: 2026-03-01 12:00:00.123456789 Z",
            "  :score: 3.0",
            "  :results:",
            "    :tests:",
            "    - :name: not a student",
            "      :created_at: 1999-01-01",
        ]
        files[f"submission_{number}/gan_pytorch.py"] = TEXT + f"# {name}\n"
    files["submission_metadata.yml"] = "\n".join(lines) + "\n"
    return files


def test_a_folder_of_files_is_a_student_each(tmp_path, part):
    write(tmp_path, {f"{name}.py": name for name in ("ada", "山田", "O'Neil, S")})
    assert handed_in(tmp_path, part) == {name: name for name in ("ada", "山田", "O'Neil, S")}


def test_names_that_are_not_utf_8_stay_apart_and_can_be_written(tmp_path, part):
    names = [os.fsdecode(b"work_" + byte) for byte in (b"\xe8", b"\xe9")]
    try:
        write(tmp_path, {f"{name}/gan_pytorch.py": "x = 1" for name in names})
    except OSError:
        pytest.skip("this file system takes no such name")
    entries = find_class(tmp_path, part).entries
    assert len(entries) == 2
    for entry in entries:
        names = (entry.key, entry.where, entry.people[0].name, *entry.load(part).files)
        assert all(name.encode() for name in names)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can hand a folder to somebody else")
def test_a_folder_that_may_not_be_read_is_named_and_not_left_out(part):
    with tempfile.TemporaryDirectory() as name:
        top = write(Path(name), {f"{who}/gan_pytorch.py": "x = 1" for who in ("ada", "bob")})
        top.chmod(0o755)
        (top / "bob").chmod(0)
        os.seteuid(65534)
        try:
            with pytest.raises(SubmissionError, match="bob: cannot be read"):
                find_class(top, part)
        finally:
            os.seteuid(0)


def test_a_folder_of_folders_is_a_student_each(tmp_path, part):
    write(tmp_path, {"class/ada/work/gan_pytorch.py": "a", "class/bob/gan_pytorch.py": "b"})
    assert handed_in(tmp_path, part) == {"ada": "a", "bob": "b"}


@pytest.mark.parametrize("inner", ["zip", "folder", "zip in a folder"])
def test_a_zip_holds_what_a_folder_may_hold(tmp_path, part, inner):
    files = {}
    for name in ("ada", "bob"):
        work = zipped({f"{name}/gan_pytorch.py": name})
        if inner == "zip":
            files[f"{name}.zip"] = work
        elif inner == "folder":
            files[f"{name}/gan_pytorch.py"] = name
        else:
            files[f"{name}/work.zip"] = work
    path = tmp_path / "class.zip"
    path.write_bytes(zipped(files))
    assert handed_in(path, part) == {"ada": "ada", "bob": "bob"}


def test_gradescope_names_people_by_its_metadata(tmp_path, part):
    write(tmp_path / "assignment_1_export", gradescope())
    roster = find_class(tmp_path, part)
    assert roster.layout == "Gradescope export"
    assert {entry.people[0].name for entry in roster.entries} == set(NAMES)
    assert roster.entries[0].people[0].id.startswith("00001")
    assert {entry.submitted.year for entry in roster.entries} == {2026}
    assert len(handed_in(tmp_path, part)) == len(NAMES)


def test_a_gradescope_group_has_several_people():
    text = (
        'submission_1:\n  :submitters:\n  - :name: "Zo\\u00eb \\"Z\\""\n    :sid: \'1\'\n'
        "  - :name: Bob\n    :email: bob@x\n  :created_at: 2026-01-01 10:00:00 -05:00\n"
    )
    people, moment = parse_metadata(text)["submission_1"]
    assert [(p.name, p.id, p.email) for p in people] == [('Zoë "Z"', "1", ""), ("Bob", "", "bob@x")]
    assert moment == dt.datetime(2026, 1, 1, 15, tzinfo=dt.timezone.utc)


def test_canvas_takes_the_last_of_files_that_differ_by_their_number(tmp_path, part):
    names = {
        "lovelaceada_12_100_gan_pytorch.py": "first",
        "lovelaceada_12_103_gan_pytorch-2.py": "third",
        "lovelaceada_12_102_gan_pytorch-1.py": "second",
        "yamada_LATE_13_104_gan_pytorch.py": "late",
    }
    write(tmp_path, names)
    roster = find_class(tmp_path, part)
    assert roster.layout == "Canvas export"
    assert [(e.people[0].id, e.late) for e in roster.entries] == [("12", False), ("13", True)]
    assert handed_in(tmp_path, part) == {"lovelaceada": "third", "yamada": "late"}
    last = "lovelaceada_12_103_gan_pytorch-2.py"
    assert sorted(roster.replaced) == [
        ("lovelaceada_12_100_gan_pytorch.py", last),
        ("lovelaceada_12_102_gan_pytorch-1.py", last),
    ]


@pytest.mark.parametrize("form", ["folder", "file"])
def test_moodle_names_people_in_its_folders_or_files(tmp_path, part, form):
    middle = "_assignsubmission_file_" + ("/" if form == "folder" else "")
    write(
        tmp_path, {f"{n}_{i}{middle}gan_pytorch.py": n for i, n in enumerate(NAMES) if '"' not in n}
    )
    roster = find_class(tmp_path, part)
    assert roster.layout == "Moodle export"
    assert {e.people[0].name: e.people[0].id for e in roster.entries}["山田 太郎"] == "2"
    assert set(handed_in(tmp_path, part).values()) == {n for n in NAMES if '"' not in n}


def test_nbgrader_takes_the_assignment_that_holds_the_part(tmp_path, part):
    write(
        tmp_path,
        {
            "submitted/ada/gans/gan_pytorch.py": "right",
            "submitted/ada/gans/timestamp.txt": "2026-02-01 10:00:00.000000 UTC",
            "submitted/ada/warmup/other.py": "wrong",
            "source/gans/gan_pytorch.py": "staff",
            "gradebook.zip": b"",
        },
    )
    roster = find_class(tmp_path, part)
    assert roster.layout == "nbgrader course"
    assert roster.entries[0].submitted == dt.datetime(2026, 2, 1, 10, tzinfo=dt.timezone.utc)
    assert handed_in(tmp_path, part) == handed_in(tmp_path / "submitted", part) == {"ada": "right"}


def test_the_latest_before_the_deadline_counts(tmp_path, part):
    write(tmp_path, {"ada.py": "early", "ada.zip": zipped({"gan_pytorch.py": "late"})})
    for name, hour in (("ada.py", 10), ("ada.zip", 12)):
        moment = dt.datetime(2026, 1, 1, hour, tzinfo=dt.timezone.utc).timestamp()
        os.utime(tmp_path / name, (moment, moment))
    noon = dt.datetime(2026, 1, 1, 11)
    assert handed_in(tmp_path, part) == {"ada": "late"}
    assert handed_in(tmp_path, part, deadline=noon) == {"ada": "early"}
    roster = find_class(tmp_path, part, noon)
    assert "2026-01-01 11:00" in roster.rule
    assert [(e.where, why) for e, why in roster.dropped] == [
        ("ada.zip", "after the deadline; ada.py counts")
    ]
    too_early = find_class(tmp_path, part, dt.datetime(2026, 1, 1, 9))
    assert [(e.where, e.late) for e in too_early.entries] == [("ada.zip", True)]


def test_two_students_of_one_name_stay_two(tmp_path, part):
    write(tmp_path, gradescope(["Kim Lee", "Kim Lee", "kim lee"]))
    keys = [entry.key for entry in find_class(tmp_path, part).entries]
    assert len({key.casefold() for key in keys}) == 3
    assert "Kim Lee (0000101)" in keys


@pytest.mark.parametrize("name", ["../../etc", "a/b", "..", "x" * 500, "\x1b[31m", "CON:"])
def test_a_name_never_leaves_the_results_folder(tmp_path, part, name):
    write(tmp_path, gradescope([name.replace("\x1b", "\\")]))
    (entry,) = find_class(tmp_path, part).entries
    assert "/" not in entry.key and entry.key not in ("..", ".", "") and len(entry.key) <= 100


def test_links_are_not_followed(tmp_path, part):
    write(tmp_path, {"class/ada/gan_pytorch.py": "a", "secret.py": "s"})
    (tmp_path / "class" / "bob.py").symlink_to(tmp_path / "secret.py")
    assert handed_in(tmp_path / "class", part) == {"ada": "a"}


def test_a_folder_of_too_many_files_costs_its_student_alone(tmp_path, part, monkeypatch):
    monkeypatch.setattr("autograder.handins.listing.MOST_FILES_OF_ONE", 50)
    for student in ("ana", "bob"):
        (tmp_path / student).mkdir()
        (tmp_path / student / "gan_pytorch.py").write_text("x = 1\n")
    for number in range(60):
        (tmp_path / "ana" / "venv" / str(number % 3)).mkdir(parents=True, exist_ok=True)
        (tmp_path / "ana" / "venv" / str(number % 3) / f"{number}.py").write_text("")
    (tmp_path / "ana" / "heap").mkdir()
    for number in range(200):
        (tmp_path / "ana" / "heap" / f"{number}.py").write_text("")
    roster = find_class(tmp_path, part)
    assert {entry.key for entry in roster.entries} == {"ana", "bob"}
    assert any("ana/heap/(too many files" in name for name in list_class(tmp_path).others)


def test_a_whole_disk_is_no_class(tmp_path, part, monkeypatch):
    monkeypatch.setattr("autograder.handins.listing.MOST_FILES", 5)
    for number in range(6):
        (tmp_path / f"{number}.py").write_text("")
    with pytest.raises(SubmissionError, match="more than 5 files; is it the right folder"):
        find_class(tmp_path, part)


def test_what_holds_no_part_says_so_when_it_is_read(tmp_path, part):
    write(tmp_path, {"ada/one.py": "a", "ada/two.py": "b", "bob.zip": b"no zip"})
    entries = {entry.key: entry for entry in find_class(tmp_path, part).entries}
    with pytest.raises(SubmissionError, match=r"holds no gan_pytorch\.py"):
        entries["ada"].load(part)
    with pytest.raises(SubmissionError, match="not a readable zip"):
        entries["bob"].load(part)


@pytest.mark.parametrize("kind", ["missing", "empty", "text", "broken.zip", "climbing.zip"])
def test_what_is_no_class_is_one_line(tmp_path, part, kind):
    if kind == "empty":
        (tmp_path / kind).mkdir()
    elif kind == "climbing.zip":
        (tmp_path / kind).write_bytes(zipped({"../up.py": "x"}))
    elif kind != "missing":
        (tmp_path / kind).write_text("x")
    with pytest.raises(SubmissionError) as caught:
        find_class(tmp_path / kind, part)
    assert "\n" not in str(caught.value)


def test_times_are_read_as_the_platforms_write_them():
    noon = dt.datetime(2026, 1, 1, 12, tzinfo=dt.timezone.utc)
    for text in ("2026-01-01 12:00:00.000000000 Z", "2026-01-01 12:00:00 UTC", "2026-01-01 12:00"):
        assert parse_time(text) == noon
    assert parse_time("'2026-01-01 07:00:00 -05:00'") == noon
    assert parse_time("yesterday") is None


def test_a_file_that_cannot_be_a_submission_is_named_and_not_forgotten(tmp_path, part):
    files = {
        "ada_1_10_gan_pytorch.py": TEXT,
        "bob_2_11_report.docx": b"PK",
        "__MACOSX/._ada_1_10_gan_pytorch.py": b"junk",
        ".DS_Store": b"junk",
    }
    (tmp_path / "class.zip").write_bytes(zipped(files))
    write(tmp_path / "class", files)
    for place in ("class.zip", "class"):
        roster = find_class(tmp_path / place, part)
        assert [entry.key for entry in roster.entries] == ["ada", "bob"]
        assert roster.unread == ("bob_2_11_report.docx",)
        with pytest.raises(SubmissionError, match=r"no source file at all, only report\.docx"):
            roster.entries[1].load(part)


@pytest.mark.parametrize(
    ("layout", "files"),
    [
        ("plain", {"{0}/gan_pytorch.py": TEXT, "{1}/report.pdf": "x", "readme.txt": "staff's"}),
        (
            "nbgrader",
            {
                "submitted/{0}/gans/gan_pytorch.py": TEXT,
                "submitted/{1}/gans/timestamp.txt": "2026-02-01 10:00:00 UTC",
            },
        ),
        (
            "Moodle",
            {
                "{0}_1_assignsubmission_file_/gan_pytorch.py": TEXT,
                "{1}_2_assignsubmission_file_/report.docx": "x",
            },
        ),
    ],
)
def test_who_handed_in_no_program_is_not_forgotten(tmp_path, part, layout, files):
    named = {name.format("ada", "bob"): text for name, text in files.items()}
    top = write(tmp_path / "class", named)
    roster = find_class(top, part)
    assert [entry.key for entry in roster.entries] == ["ada", "bob"]
    with pytest.raises(SubmissionError, match=r"bob: holds no gan_pytorch\.py"):
        roster.entries[1].load(part)


def test_who_handed_in_an_empty_folder_is_not_forgotten(tmp_path, part):
    write(tmp_path, {"ada/gan_pytorch.py": TEXT})
    (tmp_path / "bob").mkdir()
    assert [entry.key for entry in find_class(tmp_path, part).entries] == ["ada", "bob"]


def test_a_stray_file_does_not_hide_what_a_platform_wrote(tmp_path, part):
    names = {f"{who}_{i}_1{i}_gan_pytorch.py": TEXT for i, who in enumerate(("ada", "bob", "eve"))}
    write(tmp_path, {**names, "solution.py": "staff's"})
    roster = find_class(tmp_path, part)
    assert roster.layout == "Canvas export"
    assert [entry.people[0].id for entry in roster.entries] == ["0", "1", "2"]
    assert roster.unread == ("solution.py",)


def test_a_deadline_without_any_times_is_said_to_change_nothing(tmp_path, part):
    write(tmp_path, {"ada_1_10_gan_pytorch.py": TEXT, "bob_LATE_2_11_gan_pytorch.py": TEXT})
    roster = find_class(tmp_path, part, dt.datetime(2020, 1, 1))
    assert "does not say when files were handed in" in roster.rule
    assert [entry.late for entry in roster.entries] == [False, True]


def test_assignments_that_hold_the_same_file_are_kept_apart(tmp_path, part):
    write(tmp_path, {f"submitted/ada/{ps}/gan_pytorch.py": ps for ps in ("ps1", "ps2")})
    with pytest.raises(SubmissionError, match=r"\(ps1, ps2\); choose one with --assignment"):
        find_class(tmp_path, part)
    assert handed_in(tmp_path, part, assignment="ps2") == {"ada": "ps2"}
    assert find_class(tmp_path, part, assignment="ps1").assignment == "ps1"
    with pytest.raises(SubmissionError, match="no assignment 'ps3'; there are: ps1, ps2"):
        find_class(tmp_path, part, assignment="ps3")
