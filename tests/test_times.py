"""Times as platforms and people write them, and the zone in which each is read."""

from __future__ import annotations

import datetime as dt
import time
import zoneinfo

import pytest

from autograder import parts
from autograder.handins.roster import find_class
from autograder.handins.times import (
    UnknownZone,
    read_deadline,
    read_stamp,
    read_written,
    zone_named,
)

PART = parts.get("gan_pytorch")
UTC = dt.timezone.utc
BERLIN, SHANGHAI, CHICAGO = map(
    zoneinfo.ZoneInfo, ("Europe/Berlin", "Asia/Shanghai", "America/Chicago")
)


def hours(moment):
    return moment.utcoffset().total_seconds() / 3600


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("2026-03-01 22:30:00.000000 UTC", 0),
        ("2026-03-01 22:30:00.000000 CET", 1),
        ("2026-07-01 22:30:00.000000 CEST", 2),
        ("2026-03-01 22:30:00 EST", -5),
        ("2026-07-01 22:30:00 EDT", -4),
        ("2026-03-01 22:30:00 Europe/Berlin", 1),
        ("2026-07-01 22:30:00 Europe/Berlin", 2),
        ("2026-03-01 22:30:00 +0530", 5.5),
        ("2026-03-01 22:30:00 -03", -3),
        ("2026-03-01 22:30:00", 0),
    ],
)
def test_a_time_stamp_is_read_in_its_zone(text, offset):
    moment = read_stamp(text, SHANGHAI)
    assert (moment.hour, moment.minute, hours(moment)) == (22, 30, offset)


@pytest.mark.parametrize(
    "zone", ["CST", "IST", "BST", "AST", "Mars/Base", "X" * 40, "../etc/passwd"]
)
def test_a_zone_that_is_not_clear_is_said_and_not_guessed(zone):
    with pytest.raises(UnknownZone, match=zone.replace(".", r"\.")):
        read_stamp(f"2026-03-01 22:30:00 {zone}", BERLIN)


def test_a_short_name_is_clear_once_staff_name_the_zone():
    assert hours(read_stamp("2026-03-01 22:30:00 CST", SHANGHAI)) == 8
    assert hours(read_stamp("2026-03-01 22:30:00 CST", CHICAGO)) == -6


@pytest.mark.parametrize("text", ["", "yesterday", "2026-03-01", "9" * 5000, "a b c", "\0 \0 \0"])
def test_what_is_no_time_stamp_is_none(text):
    moment = read_stamp(text, BERLIN)
    assert moment is None or moment.hour == 0


def test_in_a_course_a_stamp_that_is_not_clear_is_told_and_nobody_is_late(tmp_path):
    for who, zone in (("ada", "CST"), ("bo", "CET")):
        folder = tmp_path / "submitted" / who / "gans"
        folder.mkdir(parents=True)
        (folder / "gan_pytorch.py").write_text("x = 1\n")
        (folder / "timestamp.txt").write_text(f"2026-03-01 22:30:00.000000 {zone}")
    deadline = dt.datetime(2026, 3, 1, 22, tzinfo=UTC)
    roster = find_class(tmp_path, PART, deadline, zone=BERLIN)
    assert [(e.submitted is None, e.late) for e in roster.entries] == [
        (True, False),
        (False, False),
    ]
    assert "ada/gans/timestamp.txt" in roster.warnings[0] and "--timezone" in roster.warnings[0]
    clear = find_class(tmp_path, PART, deadline, zone=CHICAGO)
    assert [entry.late for entry in clear.entries] == [True, False] and not clear.warnings


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2026-03-01", "2026-03-01T23:59:59.999999+01:00"),
        ("2026-07-01", "2026-07-01T23:59:59.999999+02:00"),
        ("2026-03-01T23:59", "2026-03-01T23:59:59.999999+01:00"),
        ("2026-03-01 18:00", "2026-03-01T18:00:59.999999+01:00"),
        ("2026-03-01T18:00:00", "2026-03-01T18:00:00+01:00"),
        ("2026-03-01T18:00-05:00", "2026-03-01T18:00:59.999999-05:00"),
        ("2026-03-01T18:00:00+00:00", "2026-03-01T18:00:00+00:00"),
        ("2026-03-01T18:00:00Z", "2026-03-01T18:00:00+00:00"),
    ],
)
def test_a_deadline_is_read_as_people_write_it(text, told):
    assert read_deadline(text, BERLIN).isoformat() == told


@pytest.mark.parametrize("text", ["", "soon", "2026-13-01", "2026-02-30", "23:59", "9999999-01-01"])
def test_what_is_no_deadline_is_none(text):
    assert read_deadline(text, BERLIN) is None


def test_without_a_zone_the_machines_own_is_meant(monkeypatch):
    if not hasattr(time, "tzset"):
        pytest.skip("this system's zone cannot be set")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        assert hours(read_deadline("2026-03-01")) == 9
        assert hours(read_written("2026-03-01-22-30-00")) == 9
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize("name", ["Atlantis/Center", "../../etc/passwd", "CET+9", "\0"])
def test_a_zone_that_does_not_exist_is_refused(name):
    with pytest.raises(ValueError, match="Europe/Berlin"):
        zone_named(name)
