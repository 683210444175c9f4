"""What was made for whom, in SQLite: the memory of a run, and what a later one trusts.

It holds no personal data but the ids of rows: of what went into a letter it keeps a digest,
and of what went wrong the words without the values. (File names are as the run names them.)
"""

import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NamedTuple

from letter_kit.closing import Closing
from letter_kit.ledger.database import (
    LEDGER,
    close_database,
    ledger_error,
    no_batch,
    open_database,
)
from letter_kit.paths import is_file

__all__ = ["FileRecord", "Ledger", "Record", "Status"]

Status = Literal["done", "failed", "skipped"]

_LETTERS = """
SELECT row, id, status, inputs, language, rule, asks, warnings, error, made, joined
FROM letter JOIN said USING (said)"""
_MOST_REMEMBERED = 5_000
_PUT_LETTER = "INSERT OR REPLACE INTO letter VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_PUT_FILE = "INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?)"
_NOT_OF_ROW = """
FROM file WHERE row = :row AND (:stem IS NULL OR rtrim(name, replace(name, '.', '')) <> :stem)"""
_WITHDRAW = f"INSERT INTO withdrawn SELECT name, sha256 {_NOT_OF_ROW}"
_WITHDRAWN = """
SELECT name, sha256 FROM withdrawn WHERE name NOT IN (SELECT name FROM file)"""
_FIND_SAID = "SELECT said FROM said WHERE (language, rule, asks, warnings) = (?, ?, ?, ?)"
_PUT_SAID = "INSERT INTO said (language, rule, asks, warnings) VALUES (?, ?, ?, ?)"


class FileRecord(NamedTuple):
    """A file of a letter, by its name in the run's folder. ``sha256`` is in hex digits.

    ``inputs`` is the digest of all that it was made from.
    """

    format: str
    name: str
    sha256: str
    inputs: bytes


class Record(NamedTuple):
    """What became of a row. ``inputs`` is the digest of all that was given for its letter."""

    row: int
    id: str
    status: Status
    inputs: bytes = b""
    language: str = ""
    rule: str = ""
    asks: str = ""
    warnings: str = ""
    """One a line."""
    error: str = ""
    made: int = 0
    """When, in seconds since 1970."""
    joined: int = 0
    """The row whose letter is to this one's recipient as well; 0 where there is none."""
    files: tuple[FileRecord, ...] = ()


class Ledger(Closing):
    """The ledger in a run's folder. Use it as a context manager."""

    def __init__(self, folder: Path, *, readonly: bool = False) -> None:
        self._path = folder / LEDGER
        self._said: dict[tuple[str, ...], int] = {}
        with self._told():
            self._database = open_database(self._path, readonly=readonly)

    @classmethod
    def of(cls, folder: Path) -> "Ledger":
        """The ledger of a run that was, only to be read.

        Raises `InputError` where the folder has none.
        """
        if not is_file(folder / LEDGER):
            raise no_batch(folder)
        return cls(folder, readonly=True)

    @property
    def facts(self) -> dict[str, str]:
        """What is known of the run as a whole, by name."""
        with self._told():
            return dict(self._database.execute("SELECT name, value FROM fact"))

    def forget(self) -> None:
        """Begin anew, with nothing on record."""
        self._said.clear()
        with self._told(), self._database:
            for table in ("file", "withdrawn", "letter", "said", "fact"):
                self._database.execute(f"DELETE FROM {table}")  # noqa: S608  # names of ours

    def note(self, facts: Mapping[str, str]) -> None:
        """Keep ``facts``, those of the same name replaced."""
        with self._told(), self._database:
            self._database.executemany("INSERT OR REPLACE INTO fact VALUES (?, ?)", facts.items())

    def keep(self, records: Sequence[Record]) -> None:
        """Keep ``records``, all or none of them.

        Files of other formats stay on record where the letter has the same name. Those that no
        row has any more are `withdrawn`.
        """
        now = int(time.time())
        letters, files = [], []
        with self._told(), self._database:
            for record in records:
                said = self._said_of(record[4:8])
                made = record.made or now
                letters.append((*record[:4], said, record.error, made, record.joined))
                files += [
                    (record.row, file.format, file.name, bytes.fromhex(file.sha256), file.inputs)
                    for file in record.files
                ]
            stems = [{"row": record.row, "stem": _stem(record)} for record in records]
            self._database.executemany(_WITHDRAW, stems)
            self._database.executemany(f"DELETE {_NOT_OF_ROW}", stems)
            for row, _, name, _, _ in files:
                self._take_over(name, row)
            self._database.executemany(_PUT_LETTER, letters)
            self._database.executemany(_PUT_FILE, files)

    def withdrawn(self) -> Iterator[tuple[str, str]]:
        """Names and digests of files that letters had and none has any more."""
        with self._told():
            for name, digest in self._database.execute(_WITHDRAWN):
                yield name, digest.hex()

    def forget_withdrawn(self) -> None:
        """Forget them: they were taken away."""
        with self._told(), self._database:
            self._database.execute("DELETE FROM withdrawn")

    def row_of(self, name: str) -> int | None:
        """The row whose letter has a file of that name."""
        with self._told():
            found = self._database.execute("SELECT row FROM file WHERE name = ?", (name,))
            row = found.fetchone()
            return int(row[0]) if row else None

    def find(self, row: int) -> Record | None:
        """What became of a row, if that is on record."""
        with self._told():
            return next(self._records("WHERE row = ?", (row,)), None)

    def records(self, status: Status | None = None) -> Iterator[Record]:
        """All records, or those of that status, in the order of their rows."""
        with self._told():
            where = ("", ()) if status is None else ("WHERE status = ?", (status,))
            yield from self._records(*where)

    def counts(self, column: Literal["status", "language"]) -> dict[str, int]:
        """How many rows there are by status, or how many letters by language."""
        with self._told():
            return dict(
                self._database.execute(
                    "SELECT status, count(*) FROM letter GROUP BY status"
                    if column == "status"
                    else "SELECT language, count(*) FROM letter JOIN said USING (said)"
                    " WHERE status = 'done' GROUP BY language"
                )
            )

    def files(self, format: str | None = None) -> Iterator[tuple[int, FileRecord]]:
        """The files of all letters that are done, in the order of their rows."""
        with self._told():
            for row, form, name, digest, inputs in self._database.execute(
                "SELECT row, format, name, sha256, file.inputs FROM file JOIN letter USING (row)"
                " WHERE status = 'done' ORDER BY row, format"
            ):
                if format in {None, form}:
                    yield row, FileRecord(form, name, digest.hex(), inputs)

    def count_files(self) -> int:
        """How many files the letters have."""
        with self._told():
            (found,) = self._database.execute("SELECT count(*) FROM file").fetchone()
            return int(found)

    def rows_beyond(self, row: int) -> int:
        """How many rows on record have a higher number."""
        with self._told():
            found = self._database.execute("SELECT count(*) FROM letter WHERE row > ?", (row,))
            return int(found.fetchone()[0])

    @property
    def empty(self) -> bool:
        """Whether it has no record yet."""
        with self._told():
            return self._database.execute("SELECT 1 FROM letter LIMIT 1").fetchone() is None

    def close(self) -> None:
        """Close it; its file is then whole by itself."""
        close_database(self._database)

    def _records(self, where: str, values: tuple[object, ...]) -> Iterator[Record]:
        letters = self._database.execute(f"{_LETTERS} {where} ORDER BY row", values)
        for letter in letters:
            files = self._database.execute(
                "SELECT format, name, sha256, inputs FROM file WHERE row = ? ORDER BY format",
                letter[:1],
            )
            found = tuple(FileRecord(f, name, digest.hex(), inp) for f, name, digest, inp in files)
            yield Record._make((*letter, found))

    def _take_over(self, name: str, row: int) -> None:
        """Let a file be that of ``row`` alone. A row that has none left is no more on record."""
        others = self._database.execute(
            "SELECT row FROM file WHERE name = ? AND row <> ?", (name, row)
        ).fetchall()
        for other in others:
            self._database.execute("DELETE FROM file WHERE name = ? AND row = ?", (name, *other))
            self._database.execute(
                "DELETE FROM letter WHERE ?1 IN (row, joined)"
                " AND NOT EXISTS (SELECT 1 FROM file WHERE row = ?1)",
                other,
            )

    def _said_of(self, said: tuple[str, ...]) -> int:
        """The number under which words that many letters share are kept."""
        if (number := self._said.get(said)) is not None:
            return number
        found = self._database.execute(_FIND_SAID, said).fetchone()
        number = found[0] if found else self._database.execute(_PUT_SAID, said).lastrowid
        if len(self._said) >= _MOST_REMEMBERED:
            self._said.clear()
        assert number is not None
        self._said[said] = number
        return number

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What SQLite raises, as the machine's fault, in words."""
        try:
            yield
        except sqlite3.DatabaseError as exc:
            self._said.clear()  # what was not committed is not there
            raise ledger_error(exc, self._path) from None


def _stem(record: Record) -> str | None:
    """What the names of a letter's files begin with, up to the suffix."""
    return record.files[0].name.rpartition(".")[0] + "." if record.files else None
