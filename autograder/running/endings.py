"""Tell a student how the process that ran their code ended."""

from __future__ import annotations

import signal

OVER = {  # kind of limit -> message for a submission that exceeded it
    "memory": "it used more than {megabytes} MB of memory, together with all that it started",
    "processor": "it used more than {number} s of processor time, together with all that it started",
    "processes": "it had more than {number} processes and threads at once",
}


def ended_itself(ended: str) -> bool:
    """Tell whether code ended its own process, by an exit or a crash, and by no limit."""
    kind, _, number = ended.partition(" ")
    return kind == "exit" or (kind == "signal" and number != "9")


def how_it_ended(ended: str) -> str:
    """Return in words what `Worker.end` returned."""
    kind, _, number = ended.partition(" ")
    if kind in OVER:
        return "ended, because " + OVER[kind].format(
            number=int(number), megabytes=int(number) >> 20
        )
    if kind == "exit" and int(number) == signal.SIGABRT:  # workers turn this signal into an exit
        return "the program aborted, or your code ended it with os._exit(6)"
    if kind == "exit":
        return "your code ended the program (os._exit, or a kill of its own process)"
    names = {
        "6": "it aborted",
        "9": "killed: too much memory or processor time?",
        "11": "a segmentation fault",
    }
    if kind == "signal":
        return f"the program crashed ({names.get(number, 'signal ' + number)})"
    return "the program stopped answering"
