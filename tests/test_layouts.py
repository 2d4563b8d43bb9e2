"""What each platform's export may hold: groups, typed texts, anonymous students, attempts, versions."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest

from autograder import parts
from autograder.errors import SubmissionError
from autograder.handins.roster import find_class

PART = parts.get("gan_pytorch")
TEXT = "def sample_noise(batch_size, dim, seed=None):\n    return None\n"
BERLIN = dt.timezone(dt.timedelta(hours=1))
ATTACHED = "Submission attachment(s)"


def write(top, files):
    for name, text in files.items():
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return top


def packed(files, path):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    path.write_bytes(buffer.getvalue())
    return path


def named(roster):
    return [(entry.people[0].name, entry.people[0].id) for entry in roster.entries]


def counting(roster):
    """Return the text that counts, by student."""
    loaded = {entry.key: entry.load(PART) for entry in roster.entries if entry.names}
    return {key: one.files[one.main].decode() for key, one in loaded.items()}


# --- Canvas ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "who", "late"),
    [
        ("lindtada_100001_900001_gan_pytorch.py", ("lindtada", "100001"), False),
        ("van_der_bergjan_100002_900002_gan_pytorch.py", ("van_der_bergjan", "100002"), False),
        ("van_der_bergjan_LATE_100002_900002_gan_pytorch.py", ("van_der_bergjan", "100002"), True),
        ("hw4_team2_100003_900003_gan_pytorch.py", ("hw4_team2", "100003"), False),
        ("team_2_100003_900003_gan_pytorch.py", ("team_2", "100003"), False),
        ("anon_Xy12Z_900004_gan_pytorch.py", ("anon", "Xy12Z"), False),
        ("LATE_anon_Xy12Z_900004_gan_pytorch.py", ("anon", "Xy12Z"), True),
        ("山田太郎_100005_900005_gan_pytorch.py", ("山田太郎", "100005"), False),
        ("mallory_100006_900006_100001_900001_gan_pytorch.py", ("mallory", "100006"), False),
        ("mallory_100006_900006_777_gan_pytorch.py", ("mallory", "100006"), False),
        ("oneilshaun_100007_text.html", ("oneilshaun", "100007"), False),
        ("o_neil_LATE_100007_link.html", ("o_neil", "100007"), True),
        ("LATE_anon_Ab1_text.html", ("anon", "Ab1"), True),
    ],
)
def test_canvass_names_say_who_and_whether_late(name, who, late, tmp_path):
    others = {f"other{n}_20000{n}_80000{n}_gan_pytorch.py": TEXT for n in range(3)}
    roster = find_class(write(tmp_path, {**others, name: TEXT}), PART)
    assert roster.layout == "Canvas export"
    entry = next(e for e in roster.entries if e.people[0].id == who[1])
    assert (entry.people[0].name, entry.late) == (who[0], late)
    assert len(roster.entries) == 4 and not roster.unowned


def test_short_numbers_of_a_small_canvas_stay_who_they_are(tmp_path):
    files = {"ada_12_100_gan_pytorch.py": "a", "bob_13_101_103_x.py": "b", "eve_9_102_x.py": "e"}
    assert named(find_class(write(tmp_path, files), PART)) == [
        ("ada", "12"),
        ("bob", "13"),
        ("eve", "9"),
    ]


def test_what_canvas_names_otherwise_is_loud(tmp_path):
    good = {f"ada{n}_1{n}_10{n}_gan_pytorch.py": TEXT for n in range(3)}
    roster = find_class(
        write(tmp_path, {**good, "gan_pytorch_final.py": "x", "bob.rar": "Rar!", "notes.txt": ""}),
        PART,
    )
    assert len(roster.entries) == 3
    assert sorted(roster.unowned) == ["bob.rar", "gan_pytorch_final.py"]
    assert "notes.txt" in roster.unread


# --- Moodle ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("folder", "who"),
    [
        ("Lindt, Ada_1001_assignsubmission_file_", ("Lindt, Ada", "1001")),
        ("Lindt, Ada_1001_assignsubmission_file", ("Lindt, Ada", "1001")),
        ("Default group_assignsubmission_file_", ("Default group", "")),
        ("Standardgruppe_assignsubmission_file", ("Standardgruppe", "")),
        ("Team Blue 2_77_assignsubmission_file", ("Team Blue 2", "77")),
        ("Participant_4711_assignsubmission_file_", ("Participant", "4711")),
        ("Cole Ena_1003_assignsubmission_onlinetext_", ("Cole Ena", "1003")),
    ],
)
def test_moodles_folders_name_a_student_or_a_group(folder, who, tmp_path):
    roster = find_class(
        write(tmp_path, {f"{folder}/gan_pytorch.py": TEXT, "Zed_9_assignsubmission_file/x.py": ""}),
        PART,
    )
    assert roster.layout == "Moodle export"
    assert named(roster)[0] == who


def test_moodles_typed_text_and_files_are_one_hand_in(tmp_path):
    ada, bob = "Ada_1_assignsubmission_", "Bob_2_assignsubmission_"
    files = {
        f"{ada}file_/gan_pytorch.py": "right",
        f"{ada}onlinetext_/onlinetext.html": "<p>hi</p>",
    }
    roster = find_class(write(tmp_path, {**files, f"{bob}onlinetext_/onlinetext.html": ""}), PART)
    assert named(roster) == [("Ada", "1"), ("Bob", "2")]
    assert counting(roster) == {"Ada": "right"}
    with pytest.raises(SubmissionError, match=r"only onlinetext\.html"):
        roster.entries[1].load(PART)


# --- Blackboard, Brightspace, Sakai, Teams --------------------------------------------------------


def blackboard(user, time, file="gan_pytorch.py"):
    return f"HW 4_{user}_attempt_2026-03-01-{time}-00{f'_{file}' if file else '.txt'}"


def test_of_blackboards_attempts_the_latest_counts(tmp_path):
    files = {
        blackboard("alindt", "10-30"): "first",
        blackboard("alindt", "22-30"): "second",
        blackboard("alindt", "22-30", ""): "Name: Ada Lindt (alindt)\nAssignment: HW 4\n",
        blackboard("b_row", "09-00"): "bo's",
        blackboard("c_row", "09-00", "report.pdf"): "",
        blackboard("c_row", "09-00", ""): "Name: Ada Lindt (alindt)\n",  # not of this file's user
    }
    roster = find_class(write(tmp_path, files), PART, zone=BERLIN)
    assert roster.layout == "Blackboard export"
    assert named(roster) == [("Ada Lindt", "alindt"), ("b_row", "b_row"), ("c_row", "c_row")]
    assert counting(roster) == {"Ada Lindt": "second", "b_row": "bo's"}
    assert roster.entries[0].submitted == dt.datetime(2026, 3, 1, 22, 30, tzinfo=BERLIN)
    early = find_class(tmp_path, PART, dt.datetime(2026, 3, 1, 12, tzinfo=BERLIN), zone=BERLIN)
    assert counting(early)["Ada Lindt"] == "first"


def test_a_students_own_file_names_nobody_in_blackboards_export(tmp_path):
    evil = "x_bob_attempt_2026-01-01-00-00-00.txt"
    files = {
        blackboard("mal", "10-00", evil): "Name: Bob (bob)\n",
        blackboard("mal", "10-00"): "m",
        blackboard("bob", "10-00"): "b",
    }
    roster = find_class(write(tmp_path, files), PART)
    assert named(roster) == [("bob", "bob"), ("mal", "mal")]


@pytest.mark.parametrize(
    "time",
    [
        "Mar 1, 2026 1130 PM",
        "March 1, 2026 11:30 PM",
        "01 March, 2026 1130 PM",
        "1 March 2026 2330",
    ],
)
@pytest.mark.parametrize("form", ["{0}/{1}", "{0} - {1}"])
def test_brightspace_names_student_and_time(time, form, tmp_path):
    def of(who, when, file="gan_pytorch.py"):
        return form.format(f"{who} - {when}", file)

    files = {
        of("12345-678 - Ada Lindt", time): "late one",
        of("12345-678 - Ada Lindt", "Feb 3, 2026 900 AM"): "first",
        of("12346-678 - Jean-Luc O - Neil", time): "other",
        "index.html": "",
    }
    roster = find_class(write(tmp_path, files), PART, zone=BERLIN)
    assert roster.layout == "Brightspace export"
    assert named(roster) == [("Ada Lindt", "12345"), ("Jean-Luc O - Neil", "12346")]
    assert counting(roster)["Ada Lindt"] == "late one"
    assert roster.entries[0].submitted == dt.datetime(2026, 3, 1, 23, 30, tzinfo=BERLIN)


@pytest.mark.parametrize("between", ["/", "_"])
@pytest.mark.parametrize("above", ["", "HW 4/", "bulk_download/HW 4/"])
def test_sakai_names_student_user_and_time(between, above, tmp_path):
    files = {}
    for name, user in (("Lindt, Ada", "alindt"), ("Row, Bo", "brow")):
        start = f"{above}{name}({user})"
        files[f"{start}{between}{ATTACHED}{between}gan_pytorch.py"] = user
        files[f"{start}{between}timestamp.txt"] = "20260301223000000"
        files[f"{start}{between}Feedback Attachment(s){between}gan_pytorch.py"] = "staff's"
    files[f"{above}grades.csv"] = "HW 4,Points\n"
    roster = find_class(write(tmp_path, files), PART)
    assert roster.layout == "Sakai export"
    assert named(roster) == [("Lindt, Ada", "alindt"), ("Row, Bo", "brow")]
    assert counting(roster) == {"Lindt, Ada": "alindt", "Row, Bo": "brow"}
    if between == "/":
        assert roster.entries[0].submitted == dt.datetime(
            2026, 3, 1, 22, 30, tzinfo=dt.timezone.utc
        )


@pytest.mark.parametrize("above", ["Submitted files", "Student Work/Submitted files", ""])
def test_of_teamss_versions_the_highest_counts(above, tmp_path):
    top = f"{above}/" if above else "Submitted files/"
    files = {f"{top}Ada Lindt/HW4/Version {n}/gan_pytorch.py": str(n) for n in (1, 2, 10)}
    files[f"{top}Bo Row/HW4/gan_pytorch.py"] = "without versions"
    files[f"{top}Cy/HW4/Version 1/gan_pytorch.py"] = "cy's"
    files[f"{top}Cy/HW3/Version 7/report.pdf"] = "another homework"
    roster = find_class(write(tmp_path, files), PART)
    assert roster.layout == "Teams class's files"
    assert counting(roster) == {"Ada Lindt": "10", "Bo Row": "without versions", "Cy": "cy's"}
    assert len(roster.replaced) == 2 and roster.assignment == "HW4"


def test_a_teams_class_of_one_and_one_with_working_files_alone(tmp_path):
    files = {f"Submitted files/Ada/HW4/Version {n}/gan_pytorch.py": str(n) for n in (1, 2)}
    assert counting(find_class(write(tmp_path / "one", files), PART)) == {"Ada": "2"}
    more = {"Working files/Ada/HW4/gan_pytorch.py": "draft", "Working files/Bo/HW4/x.py": "draft"}
    roster = find_class(write(tmp_path / "two", {**files, **more}), PART)
    assert counting(roster) == {"Ada": "2"}
    assert [entry.key for entry in roster.entries] == ["Ada", "Bo"]


# --- any other layout -----------------------------------------------------------------------------


def test_an_archive_that_nobody_can_open_is_a_student_all_the_same(tmp_path):
    files = {"ada/gan_pytorch.py": "a", "bo.rar": "Rar!", "cy.7z": "7z", "readme.txt": "staff's"}
    roster = find_class(write(tmp_path, files), PART)
    assert [entry.key for entry in roster.entries] == ["ada", "bo", "cy"]


@pytest.mark.parametrize("above", ["submissions\\", "", "a\\b\\"])
def test_a_zip_with_backslashes_is_read_as_with_slashes(above, tmp_path):
    names = {f"{above}Ada Lindt\\src\\gan_pytorch.py": "a", f"{above}Bo Row\\gan_pytorch.py": "b"}
    junk = {"__MACOSX\\._x.py": "", f"{above}Ada Lindt\\__pycache__\\x.py": ""}
    path = packed({**names, **junk, "x\\..\\..\\up.py": "evil"}, tmp_path / "class.zip")
    roster = find_class(path, PART)
    assert counting(roster) == {"Ada Lindt": "a", "Bo Row": "b"}
    assert any("outside of the zip" in name for name in roster.unread)


def test_backslashes_in_a_platforms_export(tmp_path):
    names = {f"Ada_{n}_assignsubmission_file_\\gan_pytorch.py": str(n) for n in (1, 2)}
    roster = find_class(packed(names, tmp_path / "class.zip"), PART)
    assert roster.layout == "Moodle export" and len(counting(roster)) == 2


PATTERN = r"(?P<time>\d{8}_\d{6})-(?P<student>[^-]+)-(?P<file>.+)"


def test_a_pattern_names_student_time_and_file(tmp_path):
    files = {
        "20260301_100000-ada-gan_pytorch.py": "first",
        "20260301_223000-ada-gan_pytorch.py": "second",
        "20260301_090000-bo-src/gan_pytorch.py": "bo's",
        "gan_pytorch.py": "nobody's",
        "readme.txt": "staff's",
    }
    roster = find_class(write(tmp_path, files), PART, zone=BERLIN, form=PATTERN)
    assert counting(roster) == {"ada": "second", "bo": "bo's"}
    assert roster.unowned == ("gan_pytorch.py",)
    assert roster.entries[0].submitted == dt.datetime(2026, 3, 1, 22, 30, tzinfo=BERLIN)
    whole = find_class(tmp_path, PART, form=r"[^-]+-(?P<student>\w+)-")
    assert [e.names for e in whole.entries][1] == {
        "20260301_090000-bo-src/gan_pytorch.py": "src/gan_pytorch.py"
    }


@pytest.mark.parametrize(
    "form", ["(", "(?P<name>.*)", "x", "(?P<student>a)(?P<grade>b)", "a" * 3000]
)
def test_a_pattern_that_cannot_be_used_is_refused(form):
    from autograder.handins.layouts.pattern import check_pattern

    with pytest.raises(SubmissionError, match="--pattern"):
        check_pattern(form)


def test_a_pattern_that_explodes_ends_in_time(tmp_path, monkeypatch):
    monkeypatch.setattr("autograder.handins.layouts.pattern.SECONDS", 0.5)
    write(tmp_path, {"a" * 60 + "!.py": "x"})
    with pytest.raises(SubmissionError, match="repeats in repeats"):
        find_class(tmp_path, PART, form=r"(?P<student>(a+)+)b")


def test_an_export_that_is_almost_known_is_doubted(tmp_path):
    files = {f"u{n}_attempt_yesterday.py": TEXT for n in range(4)}
    roster = find_class(write(tmp_path, files), PART)
    assert len(roster.entries) == 4 and "--pattern" in roster.warnings[0]


# --- whose it is when there are several -----------------------------------------------------------


def test_a_student_with_a_group_and_alone_has_one_row(tmp_path):
    lines, files = ["---"], {}
    for number, (when, who) in enumerate((("10", "ab"), ("12", "a"), ("11", "c")), 1):
        lines += [f"submission_{number}:", f"  :created_at: 2026-03-01 {when}:00:00 Z"]
        lines += ["  :submitters:", *(f"  - :name: {p}\n    :sid: '{ord(p)}'" for p in who)]
        files[f"submission_{number}/gan_pytorch.py"] = who
    files["submission_metadata.yml"] = "\n".join(lines)
    roster = find_class(write(tmp_path, files), PART)
    found = {p.name: e.where for e in roster.entries for p in e.people}
    assert found == {"a": "submission_2", "b": "submission_1", "c": "submission_3"}
    assert sum(len(e.people) for e in roster.entries) == 3
    assert [(e.people[0].name, why) for e, why in roster.dropped] == [
        ("a", "handed in again; submission_2 counts")
    ]
