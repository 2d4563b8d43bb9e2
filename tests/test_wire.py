"""A worker's reply is a stranger's letter: whatever is in it, the engine reads it or refuses it."""

from __future__ import annotations

import io
import itertools
import json
import struct
import threading
import time
import tracemalloc
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder import outputs
from autograder.errors import AnswersError, WireError
from autograder.outputs import MAX_BYTES, MAX_MESSAGE
from autograder.running import runner
from autograder.running.limits import Limits
from autograder.running.runner import MAX_NOTES
from autograder.running.wire import MAX_ARRAYS, MAX_HEADER, parse_arrays
from tests.wire import (
    NOTHING,
    PART,
    PROBES,
    Mutator,
    Replayer,
    Sending,
    frame,
    replay,
    valid_headers,
)

QUIET = settings(derandomize=True, deadline=None, max_examples=300)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=12,
)
STATUSES = {"ok", "missing", "todo", "slip", "error", "timeout", "crash", "malformed"} | {
    "unloadable",
    "unasked",
}


def assert_sound(found, probes=PROBES):
    """Every probe is accounted for, nothing exceeds a cap, and all of it can be stored."""
    assert set(found.statuses) == set(probes)
    for status in found.statuses.values():
        assert status.status in STATUSES
        assert len(status.message) <= MAX_MESSAGE
        assert all(c.isprintable() or c == "\n" for c in status.message)
    for probe in probes:
        arrays = found.of(probe)
        assert (found.statuses[probe].status == "ok") or not arrays
        assert len(arrays) <= MAX_ARRAYS
        assert sum(array.nbytes for array in arrays.values()) <= MAX_BYTES
    again = outputs.loads(outputs.dumps(found))
    assert again.statuses == found.statuses


def test_an_honest_reply_is_read_whole():
    whole = b"".join(frame(header, body) for header, body in valid_headers())
    found = replay(lambda: whole)
    assert {s.status for s in found.statuses.values()} == {"ok"}
    assert found.arrays["bce_loss/many"].shape == (2, 3)
    assert found.notes == ("from your code: a note",)
    assert found.layers == ("landlock",)


@QUIET
@given(st.integers(0, 1 << 62))
def test_a_changed_reply_costs_at_most_its_probes(seed):
    made_up = Mutator(seed)
    assert_sound(replay(made_up.reply))


@QUIET
@given(st.binary(max_size=200))
def test_random_bytes_cost_at_most_their_probes(data):
    assert_sound(replay(lambda: data))


@QUIET
@given(st.lists(st.tuples(JSON, st.binary(max_size=30)), max_size=6))
def test_any_json_costs_at_most_its_probes(frames):
    assert_sound(replay(lambda: b"".join(frame(header, body) for header, body in frames)))


@QUIET
@given(JSON, st.binary(max_size=60))
def test_array_headers_are_read_or_refused(fields, body):
    try:
        arrays = parse_arrays(fields, body)
    except WireError:
        return
    assert sum(array.nbytes for array in arrays.values()) == len(body)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ([["a", "|O", [1]]], "not allowed"),
        ([["a", "<U4", [1]]], "not allowed"),
        ([["a", [["x", "<f4"]], [1]]], "not allowed"),
        ([["a", "<f4", [1]], ["a", "<f4", [0]]], "twice"),
        ([["a", "<f4", [True]]], "sensible"),
        ([["a", "<f4", [-1]]], "sensible"),
        ([["a", "<f4", [1.0]]], "sensible"),
        ([["a", "<f4", [4096, 4096]]], "too large"),
        ([["a", "<f4", [0, 1 << 60]]], "sensible"),
        ([["a", "<f4", [0, *[1 << 22] * 7]]], "too large"),  # beyond what NumPy can count
        ([["a", "<f4", [10**4000]]], "sensible"),
        ([["a", {"a": [[]]}, [1]]], "no name"),
        ([["a", "<f4", [1] * 9]], "dimensions"),
        ([["../a", "<f4", [1]]], "identifier"),
        ([["a", "<f4"]], r"\[name, dtype, shape\]"),
        ([["a", "<f4", [2]]], "shorter"),
        ([["a", "<f4", [0]]], "longer"),
        ([["a", "<f4", [1]]] * 65, "too many"),
        (None, "no list"),
    ],
)
def test_a_header_that_breaks_a_rule_is_told(fields, words):
    with pytest.raises(WireError, match=words):
        parse_arrays(fields, bytes(4))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (struct.pack("<IQ", MAX_HEADER + 1, 0), "too large"),
        (struct.pack("<IQ", 2, MAX_BYTES + 1), "too large"),
        (struct.pack("<IQ", 2, 1 << 63), "too large"),
        (b"abc", "breaks off"),
        (frame({"event": "loading"})[:-3], "breaks off"),
        (frame(b"\xff\xfe"), "not JSON"),
        (frame(b"[" * 60_000), "not JSON"),
        (frame(b"[]"), "not a JSON object"),
    ],
)
def test_a_broken_frame_before_loading_says_what_is_wrong(data, words):
    found = replay(lambda: data)
    assert {s.status for s in found.statuses.values()} == {"unloadable"}
    assert words in found.statuses["bce_loss"].message


def test_what_a_worker_claims_for_another_probe_does_not_count():
    done = {"event": "done", "probe": "bce_loss", "status": "ok", "arrays": []}
    frames = [{"event": "loaded"}, {"event": "start", "probe": "sample_noise"}, done]
    found = replay(lambda: b"".join(map(frame, frames)))
    assert found.arrays == {}
    assert found.statuses["sample_noise"].status != "ok"


def test_an_array_of_no_numbers_is_read():
    assert parse_arrays([["a", "<f4", [0, 3]]], b"")["a"].shape == (0, 3)


def test_notes_do_not_grow_without_end():
    """Neither by loading twice in one worker, nor by one worker for each probe."""
    numbers = itertools.count()

    def flood():
        headers = [
            {"event": "loaded", "notes": [f"note {next(numbers)}" for _ in range(50)]}
            for _ in range(3)
        ]
        return b"".join(map(frame, headers))

    names = [f"probe_{n}" for n in range(30)]
    found = replay(flood, names)
    assert set(found.statuses) == set(names)
    assert 8 <= len(found.notes) <= MAX_NOTES


def test_frames_without_end_are_malformed():
    """A flood does not go on for as long as a submission may take."""
    loaded = frame({"event": "loaded"})
    again = frame({"event": "start", "probe": "bce_loss"})
    found = replay(lambda: loaded + again * 5000, ["bce_loss"])
    assert found.statuses["bce_loss"].status == "malformed"
    assert "more frames than there are answers" in found.statuses["bce_loss"].message


@pytest.mark.parametrize("depth", range(900, 1000, 7))
def test_json_as_deep_as_the_reader_goes_is_malformed(depth):
    """What can just be parsed must not break what looks at it afterwards."""
    deep = b"[" * depth + b"]" * depth
    done = b'{"event": "done", "probe": "bce_loss", "status": "ok", "arrays": %s}'
    for arrays in (deep, b'[["a", %s, []]]' % deep, b'[["a", "<f4", %s]]' % deep):
        frames = [
            frame({"event": "loaded", "notes": []}),
            frame({"event": "start", "probe": "bce_loss"}),
            frame(done % arrays),
        ]
        found = replay(lambda: b"".join(frames), ["bce_loss"])  # noqa: B023 (called at once)
        assert found.statuses["bce_loss"].status == "malformed"


def test_a_worker_cannot_make_the_reader_hold_more_than_the_caps():
    """Replies of the largest size that is let through, one after the other."""
    body = bytes(MAX_BYTES)
    header = {"event": "done", "probe": "bce_loss", "status": "ok"}
    full = frame({**header, "arrays": [["a", "<f4", [MAX_BYTES // 4]]]}, body)
    start = frame({"event": "start", "probe": "bce_loss"})

    class Pouring(Replayer):
        def start(self, request):
            def pour(channel):
                for data in (frame({"event": "loaded"}), start, *[full] * 20):
                    channel.sendall(data)

            return Sending(pour)

    tracemalloc.start()
    try:
        found = runner.run(Pouring(bytes), NOTHING, PART, ["bce_loss"])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found.arrays["bce_loss/a"].nbytes == MAX_BYTES
    assert peak < 6 * MAX_BYTES  # the array, and the next frame while it is put together


def test_a_probe_cannot_be_answered_twice():
    def one(value):
        body = np.float32(value).tobytes()
        header = {"event": "done", "probe": "bce_loss", "status": "ok"}
        return [
            frame({"event": "start", "probe": "bce_loss"}),
            frame({**header, "arrays": [["value", "<f4", []]]}, body),
        ]

    found = replay(
        lambda: b"".join([frame({"event": "loaded"}), *one(1), *one(2)]), probes=["bce_loss"]
    )
    assert found.arrays["bce_loss/value"] == 1


@pytest.mark.parametrize("start", [b"", frame({"event": "loaded"})])
def test_a_reply_that_never_ends_is_a_time_out(start):
    """Bytes that keep coming one by one do not move the time limit."""
    stop = threading.Event()
    limits = Limits(load_seconds=0.3, probe_seconds=0.3, total_seconds=2.0)

    class Dripping(Replayer):
        def start(self, request):
            def drip(channel):
                channel.sendall(start + struct.pack("<IQ", 2, 1 << 20) + b"{}")
                while not stop.wait(0.01):
                    channel.sendall(b"x")

            return Sending(drip)

    Dripping.limits = limits
    began = time.monotonic()
    found = runner.run(Dripping(bytes), NOTHING, PART, ["bce_loss"])
    stop.set()
    assert time.monotonic() - began < 10  # far above the limits: it ended by them
    assert found.statuses["bce_loss"].status in ("timeout", "unloadable")
    assert "endless loop" in found.statuses["bce_loss"].message


def test_the_mutator_makes_both_good_and_bad_replies():
    made_up = Mutator(1)
    seen = [s.status for _ in range(60) for s in replay(made_up.reply).statuses.values()]
    assert {"ok", "malformed", "unloadable"} <= set(seen)
    assert json.dumps(sorted(set(seen)))


# --- the same arrays, once they are stored -------------------------------------------------------


def stored(array, about=b"{}"):
    """Return a file of one array, of whose header and numbers anything may be said."""
    buffer, numbers = io.BytesIO(), io.BytesIO()
    np.save(numbers, np.frombuffer(about, np.uint8))
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("bce_loss/value.npy", array)
        archive.writestr("about.npy", numbers.getvalue())
    return buffer.getvalue()


def npy(shape, kind="'<f4'", body=b""):
    header = f"{{'descr': {kind}, 'fortran_order': False, 'shape': {shape}}}\n".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + body


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04",
        stored(npy((1 << 40,))),
        stored(npy((0, 1 << 40, 1 << 40))),
        stored(npy((-1,))),
        stored(npy((1,), "'|O'", bytes(8))),
        stored(npy((1,), "[('a', '<f4')]", bytes(4))),
        stored(npy((1,), "'<U1'", bytes(4))),
        stored(npy((2,), body=bytes(4))),
        stored(b"no array"),
        stored(b"\x93NUMPY\x03\x00" + bytes(9)),
        stored(npy((1,), body=bytes(4)), b"[" * 100_000),
        stored(npy((1,), body=bytes(4)), b"[1]"),
        stored(npy((1,), body=bytes(4)), b"\xff"),
    ],
)
def test_a_damaged_file_is_refused_before_it_is_believed(data):
    with pytest.raises(AnswersError, match="outputs: not a"):
        outputs.loads(data)


@QUIET
@given(st.integers(0, 1 << 62))
def test_a_file_with_other_bytes_in_it_is_read_or_refused(seed):
    random = np.random.default_rng(seed)
    whole = b"".join(frame(header, body) for header, body in valid_headers())
    data = bytearray(outputs.dumps(replay(lambda: whole)))
    for _ in range(1 + int(random.integers(3))):
        at, many = int(random.integers(len(data))), int(random.integers(9))
        data[at : at + int(random.integers(9))] = random.bytes(many)
    try:
        found = outputs.loads(bytes(data))
    except AnswersError:
        return
    assert all(array.dtype.str in outputs.KINDS for array in found.arrays.values())


@QUIET
@given(st.integers(0, 1 << 62))
def test_an_array_with_other_bytes_in_its_header_is_read_or_refused(seed):
    """Without the zip's checksum around it, which refuses nearly all of the above."""
    random = np.random.default_rng(seed)
    array = bytearray(npy((2, 3), body=bytes(24)))
    for _ in range(1 + int(random.integers(3))):
        array[int(random.integers(10, len(array)))] = int(random.integers(256))
    try:
        outputs.loads(stored(bytes(array)))
    except AnswersError:
        return
    raise AssertionError("a file without statuses was read")


class Late(Replayer):
    """Answers honestly, but late; `busy` is how long it says that it waited for a processor."""

    limits = Limits(load_seconds=0.3, probe_seconds=0.3, total_seconds=1.0)

    def __init__(self, seconds, busy):
        super().__init__(bytes)
        self.seconds, self.busy = seconds, busy

    def start(self, request):
        def answer(channel):
            time.sleep(self.seconds)
            channel.sendall(b"".join(frame(header, body) for header, body in valid_headers()))

        return Sending(answer, self.busy)


def test_waiting_for_a_busy_processor_is_not_held_against_a_worker():
    found = runner.run(Late(0.6, busy=0.5), NOTHING, PART, PROBES)
    assert {s.status for s in found.statuses.values()} == {"ok"}


def test_what_is_given_back_for_a_busy_processor_has_a_bound():
    began = time.monotonic()
    found = runner.run(Late(60.0, busy=1e9), NOTHING, PART, PROBES)
    assert time.monotonic() - began < 30  # far above twice the limits, far below the answer
    assert "ok" not in {s.status for s in found.statuses.values()}


def test_a_late_worker_that_was_not_kept_waiting_is_late():
    found = runner.run(Late(0.6, busy=0.0), NOTHING, PART, PROBES)
    assert "ok" not in {s.status for s in found.statuses.values()}


def test_limits_within_a_total_leave_time_for_grading_after_a_file_that_never_ends():
    assert Limits.within(15.0).load_seconds == 7.5
    assert Limits.within(600.0).load_seconds == Limits().load_seconds
