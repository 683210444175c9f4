"""Writing files: whole or not at all, never over another, under names that stay in place."""

import errno
import os
import re
import stat
import unicodedata
from pathlib import Path

from letter_kit.errors import InputError, SetupError
from letter_kit.paths import is_file, is_folder, is_something

__all__ = ["safe_name", "spreadsheet_cell", "write_file"]

_LONGEST_NAME = 150
"""Bytes; file systems bear 255, and a suffix and a temporary name are added."""
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_FORMULA = re.compile(r"[=+\-@\t\r]")


def write_file(path: Path, content: bytes, *, force: bool = False) -> None:
    """Write ``content`` to ``path``: after it the file is there whole, or as it was before.

    Raises `InputError` where a file is there and ``force`` is not given, `SetupError`
    where the folder is missing or cannot be written, or the disk is full.
    """
    if is_folder(path):
        raise InputError.of("there is a folder of this name", path=str(path))
    if is_something(path) and not force:
        raise InputError.of(
            "there is a file of this name already",
            path=str(path),
            hint="Give another name, or --force to write over it.",
        )
    if is_something(path) and not is_file(path):
        raise InputError.of(
            "what is there is no file, and is not replaced",
            path=str(path),
            hint="Give another name, or -o - to write to standard output.",
        )
    if path.is_symlink():
        path = path.resolve()  # the file is replaced, and the link stays
    temporary: Path | None = None
    try:
        beside = path.parent / f".letter-kit-{os.urandom(8).hex()}"
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        temporary = beside
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(_mode_of(path))
        temporary.replace(path)
        temporary = None
        _sync_folder(path.parent)
    except OSError as exc:
        raise SetupError.of(
            _cause(exc, path), path=str(path)[:200], hint=_next_step(exc, path)
        ) from None
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def safe_name(text: str) -> str:
    """``text`` as a file's name without suffix, on every system, whatever it holds.

    >>> safe_name("../../etc/passwd")
    'etc-passwd'
    """
    name = unicodedata.normalize("NFC", text)
    name = "".join(char if char.isalnum() or char in "-_." else "-" for char in name)
    name = re.sub(r"-{2,}", "-", name).strip("-. ")
    while len(name.encode()) > _LONGEST_NAME:
        name = name[:-1]
    name = name.rstrip("-. ")
    return f"_{name}" if _RESERVED.fullmatch(name) else name or "letter"


def spreadsheet_cell(text: str) -> str:
    """``text`` as a cell that no spreadsheet takes for a formula.

    An apostrophe goes before what would begin one; reading a list takes it off again.
    """
    return f"'{text}" if _FORMULA.match(text) else text


def _mode_of(path: Path) -> int:
    """The permissions of the file that is replaced, or those a new file gets."""
    if is_file(path):
        return stat.S_IMODE(path.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _sync_folder(folder: Path) -> None:
    """Make the new name durable; systems that cannot open a folder do it by themselves."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _cause(exc: OSError, path: Path) -> str:
    if exc.errno == errno.ENOSPC:
        return "the disk is full"
    if exc.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return f"the folder {path.parent} cannot be written to"
    if exc.errno == errno.ENOTDIR:
        return f"{path.parent} is a file, not a folder"
    if exc.errno == errno.ENOENT:
        return f"there is no folder {path.parent}"
    if exc.errno == errno.ENAMETOOLONG:
        return "the name is too long"
    return f"the file cannot be written: {exc.strerror or exc}"


def _next_step(exc: OSError, path: Path) -> str | None:
    if exc.errno == errno.ENOENT and not is_folder(path.parent):
        return f"Make it first: mkdir -p {path.parent}"
    if exc.errno == errno.ENOSPC:
        return "Free some room and run the command again."
    return "Choose a folder that you may write to."
