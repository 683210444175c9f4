"""The account of a batch: what was made for whom, and the rows to mend."""

import csv
import hashlib
import io
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from letter_kit.errors import LetterKitError
from letter_kit.letters import WrittenLetter
from letter_kit.output import spreadsheet_cell, write_file
from letter_kit.people import ERROR_HEADER, Dialect, RecipientList, Row

__all__ = [
    "FAILED",
    "MANIFEST",
    "Entry",
    "done_entry",
    "failed_entry",
    "one_line",
    "without_errors",
    "write_account",
]

MANIFEST = "manifest.csv"
FAILED = "failed.csv"


class Entry(NamedTuple):
    """A line of the manifest; its fields are the columns."""

    row: str
    id: str
    language: str
    rule: str
    asks: str
    file: str
    sha256: str
    status: str
    warnings: str
    error: str


def done_entry(row: Row, letter: WrittenLetter, stem: str) -> Entry:
    """The line of a letter that was written to a file called ``stem`` and its suffix."""
    return Entry(
        row=str(row.number),
        id=row.id,
        language=letter.letter.language,
        rule=letter.explanation.rule,
        asks=" ".join(f"{ask.id}:{ask.stance}" for ask in letter.asks),
        file=f"{stem}{letter.document.suffix}",
        sha256=hashlib.sha256(letter.document.content).hexdigest(),
        status="done",
        warnings="; ".join(warning.text for warning in letter.warnings),
        error="",
    )


def failed_entry(row: Row, error: LetterKitError) -> Entry:
    """The line of a row that became no letter."""
    return Entry(str(row.number), row.id, "", "", "", "", "", "failed", "", one_line(error))


def one_line(error: LetterKitError) -> str:
    """All problems of an error, with their next steps, in one line."""
    return "; ".join(
        " – ".join(part for part in (problem.text, problem.hint) if part)
        for problem in error.problems
    )


def without_errors(row: Row) -> list[str]:
    """The row's cells as they came, without what an earlier run said of them."""
    if row.fault is not None:
        return list(row.cells)
    return [
        cell
        for index, cell in enumerate(row.cells)
        if index >= len(row.headers) or row.headers[index] != ERROR_HEADER
    ]


def write_account(
    out: Path,
    recipients: RecipientList,
    entries: Sequence[Entry],
    failed: Sequence[Sequence[str]],
    *,
    finished: bool,
) -> None:
    """Write ``manifest.csv``, and ``failed.csv`` where rows failed, as the list was written.

    A ``failed.csv`` of an earlier run goes when a run is ``finished`` without a failure.
    """
    dialect = recipients.dialect
    write_file(out / MANIFEST, _table(Entry._fields, entries, dialect), force=True)
    if failed:
        own = tuple(header for header in recipients.headers if header != ERROR_HEADER)
        write_file(out / FAILED, _table((ERROR_HEADER, *own), failed, dialect), force=True)
    elif finished:
        (out / FAILED).unlink(missing_ok=True)


def _table(headers: Sequence[str], rows: Sequence[Sequence[str]], dialect: Dialect) -> bytes:
    """CSV as the list was: the program that wrote the one reads the other."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=dialect.delimiter, quoting=csv.QUOTE_ALL)
    writer.writerows([spreadsheet_cell(cell) for cell in row] for row in (headers, *rows))
    return text.getvalue().encode("utf-8-sig" if dialect.bom else "utf-8")
