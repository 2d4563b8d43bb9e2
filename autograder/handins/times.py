"""Read the times that platforms write, and deadlines as people write them.

A time without a zone is read in the zone that staff named, by default this machine's. Short names of
zones are read if they mean one zone only: CST is the time of Chicago and of Shanghai, so it is read
only if staff named a zone that calls itself so.
"""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo

from autograder.handins.listing import LONGEST_TIME, UTC, parse_time

MINUTE = dt.timedelta(minutes=1)
# Hours from UTC of short names that only one zone has.
SHORT = {
    **dict.fromkeys(("UTC", "GMT", "Z", "WET"), 0.0),
    **dict.fromkeys(("CET", "WEST", "MEZ"), 1.0),
    **dict.fromkeys(("CEST", "EET", "MESZ"), 2.0),
    **dict.fromkeys(("EEST", "MSK"), 3.0),
    **{"NST": -3.5, "NDT": -2.5, "EDT": -4.0, "EST": -5.0, "MDT": -6.0, "MST": -7.0},
    **{"PDT": -7.0, "PST": -8.0, "AKDT": -8.0, "AKST": -9.0, "HST": -10.0},
    **{"HKT": 8.0, "JST": 9.0, "KST": 9.0, "AEST": 10.0, "AEDT": 11.0, "NZST": 12.0, "NZDT": 13.0},
}
STAMP = re.compile(r"(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)[ \t]+(\S{1,40})")
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
WRITTEN = (  # by other platforms, all without a zone
    "%Y-%m-%d-%H-%M-%S",
    "%Y%m%d%H%M%S",
    "%Y-%m-%d_%H-%M-%S",
    "%Y%m%d_%H%M%S",
    "%b %d, %Y %I%M %p",
    "%B %d, %Y %I%M %p",
    "%b %d, %Y %I:%M %p",
    "%B %d, %Y %I:%M %p",
    "%d %B, %Y %I%M %p",
    "%d %B %Y %I%M %p",
    "%d %B %Y %H%M",
    "%d %B, %Y %H%M",
)


class UnknownZone(ValueError):
    """A time is written well, but nobody can say in which zone; the text names it."""


def zone_named(name: str) -> dt.tzinfo | None:
    """Return a zone by its name in the IANA database; None, the machine's own, for an empty name.

    Raises ValueError if there is no such zone.
    """
    if not name:
        return None
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{name!r} is no zone, as Europe/Berlin or UTC are") from None


def in_zone(naive: dt.datetime, zone: dt.tzinfo | None) -> dt.datetime:
    """Return a time of a clock in a zone; None is this machine's zone."""
    return naive.astimezone() if zone is None else naive.replace(tzinfo=zone)


def read_stamp(text: str, zone: dt.tzinfo | None = None) -> dt.datetime | None:
    """Read a time as nbgrader writes it, in UTC if it names no zone; None if it is no time.

    Raises UnknownZone if it names a zone that cannot be told from others.
    """
    text = text.strip()
    match = STAMP.fullmatch(text) if len(text) <= LONGEST_TIME else None
    if match is None:
        return parse_time(text)
    date, clock, named = match.groups()
    naive = parse_time(f"{date} {clock}")
    if naive is None:
        return None
    offset = _offset(naive.replace(tzinfo=None), named, zone)
    return naive.replace(tzinfo=offset)


def read_written(text: str, zone: dt.tzinfo | None = None) -> dt.datetime | None:
    """Read a time as it stands in the name of a file or folder; None if it is no time."""
    text = " ".join(text.split())[:LONGEST_TIME]
    try:
        if text.isdecimal():
            raise ValueError("not ISO's form, though Python reads it as that")
        moment = dt.datetime.fromisoformat(text)
        return moment if moment.tzinfo else in_zone(moment, zone)
    except (ValueError, OverflowError):
        pass
    if text.isdecimal() and len(text) == len("20260301223000123"):  # with milliseconds
        text = text[:-3]
    for form in WRITTEN:
        try:
            return in_zone(dt.datetime.strptime(text, form), zone)
        except (ValueError, OverflowError):
            continue
    return None


def read_deadline(text: str, zone: dt.tzinfo | None = None) -> dt.datetime | None:
    """Read a deadline; None if it is no time. A date means the end of that day.

    A time without seconds means the end of that minute: people write 23:59 for the end of a day.
    """
    text = text.strip()
    if DATE.fullmatch(text):
        text += "T23:59"
    if parse_time(text) is None:
        return None
    try:
        moment = dt.datetime.fromisoformat(re.sub(r"\s*(?:Z|UTC)$", "+00:00", text))
        moment = moment if moment.tzinfo else in_zone(moment, zone)
    except (ValueError, OverflowError, OSError):
        return None
    whole = re.search(r"[T ]\d\d:\d\d(?![:\d])", text)  # to the minute
    return moment + MINUTE - dt.timedelta(microseconds=1) if whole else moment


def _offset(naive: dt.datetime, named: str, zone: dt.tzinfo | None) -> dt.tzinfo:
    """Return the zone that a time stamp names; raise UnknownZone if it is not clear."""
    if signed := re.fullmatch(r"([+-])(\d{2}):?(\d{2})?", named):
        sign = -1 if signed[1] == "-" else 1
        return dt.timezone(sign * dt.timedelta(hours=int(signed[2]), minutes=int(signed[3] or 0)))
    if in_zone(naive, zone).tzname() == named:
        return in_zone(naive, zone).tzinfo or UTC
    if named in SHORT:
        return dt.timezone(dt.timedelta(hours=SHORT[named]), named)
    if "/" in named:
        try:
            return zoneinfo.ZoneInfo(named)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
            pass
    raise UnknownZone(named)
