"""The ledger's file: its tables, how it is opened, and what SQLite says of it in words."""

import sqlite3
from contextlib import suppress
from pathlib import Path

from letter_kit.errors import InputError, SetupError

__all__ = ["LEDGER", "close_database", "ledger_error", "no_batch", "open_database"]

LEDGER = ".letter-kit.sqlite3"
_VERSION = 1
_SCHEMA = """
CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE said (  -- what thousands of letters have in common
    said INTEGER PRIMARY KEY, language TEXT, rule TEXT, asks TEXT, warnings TEXT,
    UNIQUE (language, rule, asks, warnings));
CREATE TABLE letter (
    row INTEGER PRIMARY KEY, id TEXT NOT NULL, status TEXT NOT NULL, inputs BLOB NOT NULL,
    said INTEGER NOT NULL, error TEXT NOT NULL, made INTEGER NOT NULL, joined INTEGER NOT NULL);
CREATE TABLE file (
    row INTEGER, format TEXT, name TEXT NOT NULL, sha256 BLOB NOT NULL, inputs BLOB NOT NULL,
    PRIMARY KEY (row, format)) WITHOUT ROWID;
CREATE INDEX file_name ON file (name);
CREATE TABLE withdrawn (name TEXT NOT NULL, sha256 BLOB NOT NULL);  -- may still be there
"""


def open_database(path: Path, *, readonly: bool = False) -> sqlite3.Connection:
    """The database in ``path``, with its tables.

    Raises `InputError` where another version of letter-kit made it, or nothing is in it and it
    is only to be read; what SQLite raises is for `ledger_error`.
    """
    mode = "?mode=ro" if readonly else ""
    database = sqlite3.connect(path.absolute().as_uri() + mode, uri=True)
    try:
        _set_up(database, path, readonly=readonly)
        if not readonly:
            database.execute("PRAGMA journal_mode = WAL")
    except BaseException:
        database.close()
        raise
    return database


def _set_up(database: sqlite3.Connection, path: Path, *, readonly: bool) -> None:
    # What was committed outlives a power cut; memory stays the same for any run.
    database.execute("PRAGMA synchronous = FULL")
    database.execute("PRAGMA cache_size = -8000")
    database.execute("PRAGMA mmap_size = 0")
    (version,) = database.execute("PRAGMA user_version").fetchone()
    if version == 0 and not readonly:
        with database:
            database.execute("BEGIN")  # a run killed here leaves all tables or none
            for statement in _SCHEMA.split(";\n"):
                database.execute(statement)
            database.execute(f"PRAGMA user_version = {_VERSION}")
    elif version == 0:
        raise no_batch(path.parent)
    elif version != _VERSION:
        raise InputError.of(
            "the ledger was made by another version of letter-kit",
            path=str(path),
            expected=f"version {_VERSION}",
            found=f"version {version}",
            hint="Name another folder with --out.",
        )


def close_database(database: sqlite3.Connection) -> None:
    """Close it so that its file is whole by itself, and can be read where nothing is written."""
    with suppress(sqlite3.DatabaseError):  # somebody reads it, or it was only to be read
        database.execute("PRAGMA journal_mode = DELETE")
    database.close()


def no_batch(folder: Path) -> InputError:
    """That there is nothing to read."""
    return InputError.of(
        "no batch was made in this folder",
        path=str(folder),
        hint="Name the folder that was given as --out.",
    )


def ledger_error(exc: sqlite3.DatabaseError, path: Path) -> SetupError:
    """What SQLite raises about ``path``, as the machine's fault, with the next step."""
    code = getattr(exc, "sqlite_errorname", "")
    if code.startswith(("SQLITE_FULL", "SQLITE_IOERR")):
        said, hint = "the disk is full", "Free some room and run the command again."
    elif code.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_PERM")):
        said, hint = "the ledger cannot be written", "Choose a folder that you may write to."
    elif code.startswith("SQLITE_BUSY"):
        said, hint = "another program holds the ledger", "Close it and run the command again."
    else:
        said = f"the ledger is damaged: {exc}"
        hint = f"Move {path.name} away and run again: letters that are there are kept."
    return SetupError.of(said, path=str(path), hint=hint)
