"""What a run must remember of rows that have gone by, on disk, so that memory does not grow.

It is a database without a name, which the system takes away when the run ends, however it
ends: here alone may stand what people's rows hold.
"""

import pickle
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir

from letter_kit.ledger import ledger_error
from letter_kit.people import Row

__all__ = ["Scratch"]

_SCHEMA = """
CREATE TABLE claim (key BLOB PRIMARY KEY, row INTEGER) WITHOUT ROWID;
CREATE TABLE person (key BLOB, row INTEGER);
CREATE TABLE letter (row INTEGER PRIMARY KEY, stem TEXT, content BLOB);
CREATE TABLE member (key BLOB, row INTEGER, content BLOB);
CREATE INDEX member_key ON member (key);
"""
_CLAIM = "INSERT OR IGNORE INTO claim VALUES (?, ?)"
_MOST_UNWRITTEN = 1_000
_DUPLICATES = """
SELECT group_concat(row) FROM (SELECT key, row FROM person ORDER BY row)
GROUP BY key HAVING count(*) > 1 ORDER BY min(row) LIMIT ?"""


class Scratch:
    """Names that are taken, people that were seen, rows that wait for others of their group."""

    def __init__(self) -> None:
        with _told():
            self._database = sqlite3.connect("", isolation_level=None)
            self._database.execute("PRAGMA synchronous = OFF")
            self._database.execute("PRAGMA journal_mode = OFF")
            self._database.execute("PRAGMA cache_size = -8000")
            self._database.executescript(_SCHEMA)
        self._seen: list[tuple[bytes, int]] = []

    def claim(self, key: bytes, row: int) -> int | None:
        """The row that claimed ``key`` before; where there is none, ``row`` has it now."""
        with _told():
            claimed = self._database.execute(_CLAIM, (key, row)).rowcount
            if claimed:
                return None
            found = self._database.execute("SELECT row FROM claim WHERE key = ?", (key,))
            return int(found.fetchone()[0])

    def saw(self, person: bytes, row: int) -> None:
        """Remember who a row is for."""
        self._seen.append((person, row))
        if len(self._seen) >= _MOST_UNWRITTEN:
            self._write_seen()

    def duplicates(self, most: int) -> list[list[int]]:
        """The rows that are for the same person, together, the first ``most`` of such groups."""
        self._write_seen()
        found = self._database.execute(_DUPLICATES, (most,))
        return [sorted(map(int, rows.split(","))) for (rows,) in found]

    def gather(self, key: bytes, row: Row) -> None:
        """Put a row to the others of its group."""
        content = pickle.dumps(row, pickle.HIGHEST_PROTOCOL)
        with _told():
            self._database.execute(
                "INSERT INTO member VALUES (?, ?, ?)", (key, row.number, content)
            )

    def groups(self) -> Iterator[tuple[Row, ...]]:
        """The groups in the order of their first rows."""
        with _told():
            keys = self._database.execute("SELECT key FROM member GROUP BY key ORDER BY min(row)")
            for (key,) in keys:
                members = self._database.execute(
                    "SELECT content FROM member WHERE key = ? ORDER BY row", (key,)
                )
                yield tuple(pickle.loads(content) for (content,) in members)

    def name(self, stem: str, rows: tuple[Row, ...]) -> None:
        """Remember the name of a letter, and the rows it is for."""
        content = pickle.dumps(rows, pickle.HIGHEST_PROTOCOL)
        with _told():
            letter = (rows[0].number, stem, content)
            self._database.execute("INSERT INTO letter VALUES (?, ?, ?)", letter)

    def named(self) -> Iterator[tuple[str, tuple[Row, ...]]]:
        """The letters that were named, in the order of their first rows."""
        with _told():
            found = self._database.execute("SELECT stem, content FROM letter ORDER BY row")
            for stem, content in found:
                yield stem, pickle.loads(content)

    def is_named(self, row: int) -> bool:
        """Whether a letter was named that has ``row`` as its first."""
        with _told():
            found = self._database.execute("SELECT 1 FROM letter WHERE row = ?", (row,))
            return found.fetchone() is not None

    def _write_seen(self) -> None:
        with _told():
            self._database.executemany("INSERT INTO person VALUES (?, ?)", self._seen)
        self._seen.clear()

    def close(self) -> None:
        """Forget everything."""
        self._database.close()


@contextmanager
def _told() -> Iterator[None]:
    """What SQLite raises, in words: there is no room for temporary files."""
    try:
        yield
    except sqlite3.DatabaseError as exc:
        raise ledger_error(exc, Path(gettempdir())) from None
