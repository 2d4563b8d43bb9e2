"""Read a table that a platform exports as CSV, and write it again with other cells.

Platforms separate cells by commas, semicolons or tabs, and write UTF-8, with a byte order mark or not;
Excel also saves UTF-16 and the system's own code page.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.errors import SubmissionError
from autograder.handins.reading import read_regular

LARGEST = 64 << 20  # bytes of a table; a gradebook of 10,000 students has 5 MB
MOST_COLUMNS = 10_000
LONGEST_CELL = 1 << 20
DELIMITERS = ",;\t"


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of a table, as texts, and how its file writes them."""

    rows: tuple[tuple[str, ...], ...]
    delimiter: str = ","
    newline: str = "\n"
    marked: bool = False  # with a byte order mark

    def dumps(self) -> bytes:
        """Return the table's file, in UTF-8."""
        text = io.StringIO()
        writer = csv.writer(text, delimiter=self.delimiter, lineterminator=self.newline)
        writer.writerows(self.rows)
        mark = codecs.BOM_UTF8 if self.marked else b""
        return mark + text.getvalue().encode(errors="replace")

    def with_cells(self, cells: dict[tuple[int, int], str]) -> Table:
        """Return the table with other texts in some cells, by row and column."""
        rows = [list(row) for row in self.rows]
        for (row, column), text in cells.items():
            rows[row][column] = text
        return replace(self, rows=tuple(map(tuple, rows)))


def read_table(path: Path) -> Table:
    """Read a CSV file; raise SubmissionError if it is none."""
    try:
        data = read_regular(path, LARGEST)
    except OSError as problem:
        raise SubmissionError(f"{path}: cannot be read: {problem.strerror}") from problem
    return parse_table(data, str(path))


def parse_table(data: bytes, where: str) -> Table:
    """Read the bytes of a CSV file; raise SubmissionError, which names `where`, if it is none."""
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise SubmissionError(f"{where}: an Excel workbook; save it as CSV (UTF-8)")
    text, marked = _decoded(data)
    if "\0" in text or not text.strip():
        raise SubmissionError(f"{where}: not a table of text; export it as CSV")
    delimiter = _delimiter(text)
    csv.field_size_limit(LONGEST_CELL)
    try:
        rows = tuple(map(tuple, csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)))
    except csv.Error as problem:
        raise SubmissionError(f"{where}: not a table: {problem}") from problem
    if max(map(len, rows)) > MOST_COLUMNS:
        raise SubmissionError(f"{where}: more than {MOST_COLUMNS} columns; is it the right file?")
    return Table(rows, delimiter, "\r\n" if "\r\n" in text[:LONGEST_CELL] else "\n", marked)


def _decoded(data: bytes) -> tuple[str, bool]:
    """Return the text of a file, and whether it begins with UTF-8's byte order mark."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace"), True
    marked = data.startswith(codecs.BOM_UTF8)
    try:
        return data.decode("utf-8-sig"), marked
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace"), True


def _delimiter(text: str) -> str:
    """Return what separates the cells: what the first lines have most, and as often in each."""
    lines = [line for line in text[:LONGEST_CELL].splitlines()[:5] if line.strip()]
    counts = Counter({mark: min(_cells(line, mark) for line in lines) for mark in DELIMITERS})
    if counts.most_common(1)[0][1] > 1:
        return counts.most_common(1)[0][0]
    return max(DELIMITERS, key=lambda mark: max(_cells(line, mark) for line in lines))


def _cells(line: str, mark: str) -> int:
    return len(next(csv.reader([line], delimiter=mark), []))
