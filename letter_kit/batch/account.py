"""The account of a batch: what was made for whom, and the rows to mend, from the ledger."""

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path

from letter_kit.errors import Problem
from letter_kit.ledger import FileRecord, Ledger, Record
from letter_kit.output import spreadsheet_cell, writing_file
from letter_kit.people import ERROR_HEADER, Dialect, RecipientList, Row

__all__ = ["FAILED", "MANIFEST", "one_line", "without_values", "write_account"]

MANIFEST = "manifest.csv"
FAILED = "failed.csv"
_COLUMNS = (
    "row", "id", "language", "rule", "asks", "file", "sha256", "status", "warnings", "error"
)  # fmt: skip


def one_line(problems: Iterable[Problem]) -> str:
    """Problems with their next steps in one line, without the values that were found."""
    return "; ".join(
        " – ".join(part for part in (without_values(problem), problem.hint) if part)
        for problem in problems
    )


def write_account(out: Path, recipients: RecipientList, ledger: Ledger) -> None:
    """Write ``manifest.csv``, and ``failed.csv`` where rows failed, as the list was written.

    A ``failed.csv`` of an earlier run goes where nothing failed. What would stay the same
    is not touched.
    """
    dialect = recipients.dialect
    _write(out / MANIFEST, _COLUMNS, _manifest(ledger), dialect)
    if ledger.counts("status").get("failed"):
        own = tuple(header for header in recipients.headers if header != ERROR_HEADER)
        _write(out / FAILED, (ERROR_HEADER, *own), _failed(recipients, ledger), dialect)
    else:
        (out / FAILED).unlink(missing_ok=True)


def _manifest(ledger: Ledger) -> Iterator[tuple[str, ...]]:
    """A line for each file of a letter, and one for each row that has none."""
    for record in ledger.records():
        lead = ledger.find(record.joined) if record.joined else None
        files = (lead or record).files if record.status == "done" else ()
        for file in files or (None,):
            yield _line(record, file)


def _line(record: Record, file: FileRecord | None) -> tuple[str, ...]:
    return (
        str(record.row),
        record.id,
        record.language,
        record.rule,
        record.asks,
        file.name if file else "",
        file.sha256 if file else "",
        record.status,
        "; ".join(record.warnings.split("\n")),
        record.error,
    )


def _failed(recipients: RecipientList, ledger: Ledger) -> Iterator[tuple[str, ...]]:
    """The rows that failed, as they came, with what is wrong with them before."""
    records = ledger.records("failed")
    record = next(records, None)
    for row in recipients:
        while record is not None and record.row < row.number:
            record = next(records, None)
        if record is None:
            return
        if record.row == row.number:
            yield (record.error, *_without_errors(row))


def _without_errors(row: Row) -> list[str]:
    """The row's cells as they came, without what an earlier run said of them."""
    if row.fault is not None:
        return list(row.cells)
    return [
        cell
        for index, cell in enumerate(row.cells)
        if index >= len(row.headers) or row.headers[index] != ERROR_HEADER
    ]


def without_values(problem: Problem) -> str:
    """A problem in one line, without the value that was found, which may be somebody's name."""
    said = problem.message if problem.key is None else f"{problem.key}: {problem.message}"
    return said + (f" (expected {problem.expected})" if problem.expected else "")


def _write(
    path: Path, headers: tuple[str, ...], rows: Iterable[tuple[str, ...]], dialect: Dialect
) -> None:
    """CSV as the list was: the program that wrote the one reads the other."""
    encoding = "utf-8-sig" if dialect.bom else "utf-8"
    with writing_file(path, force=True, unless_same=True) as file:
        text = io.TextIOWrapper(file, encoding, "surrogatepass", newline="")
        writer = csv.writer(text, delimiter=dialect.delimiter, quoting=csv.QUOTE_ALL)
        writer.writerow([spreadsheet_cell(cell) for cell in headers])
        for row in rows:
            writer.writerow([spreadsheet_cell(cell) for cell in row])
        text.flush()
        text.detach()
