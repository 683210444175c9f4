"""One file: written whole or not at all, and never over another."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from filecmp import cmp
from pathlib import Path
from typing import BinaryIO

from letter_kit.errors import InputError, SetupError
from letter_kit.paths import is_file, is_folder, is_something

__all__ = ["TakenError", "setup_error", "sync_folder", "write_file", "writing_file"]


class TakenError(InputError):
    """The name is taken by something that must not be replaced."""


def write_file(path: Path, content: bytes, *, force: bool = False) -> None:
    """Write ``content`` to ``path``: after it the file is there whole, or as it was before.

    Raises `InputError` where a file is there and ``force`` is not given, `SetupError`
    where the folder is missing or cannot be written, or the disk is full.
    """
    with writing_file(path, force=force) as file:
        file.write(content)


@contextmanager
def writing_file(
    path: Path, *, force: bool = False, unless_same: bool = False
) -> Iterator[BinaryIO]:
    """A file that becomes ``path`` when the block ends well, and nothing when it does not.

    With ``unless_same``, a file that holds the same already is not touched.

    Raises what `write_file` raises.
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
            yield file
            file.flush()
            os.fsync(file.fileno())
        if unless_same and is_file(path) and cmp(temporary, path, shallow=False):
            return
        temporary.chmod(_mode_of(path))
        temporary.replace(path)
        temporary = None
        sync_folder(path.parent)
    except OSError as exc:
        raise setup_error(exc, path) from None
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable; systems that cannot open one do it by themselves."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def setup_error(exc: OSError, path: Path) -> SetupError:
    """Why ``path`` could not be written, in words, with the next step."""
    return SetupError.of(_cause(exc, path), path=str(path)[:200], hint=_next_step(exc, path))


def _mode_of(path: Path) -> int:
    """The permissions of the file that is replaced, or those a new file gets."""
    if is_file(path):
        return stat.S_IMODE(path.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _cause(exc: OSError, path: Path) -> str:
    if exc.errno in {errno.ENOSPC, errno.EDQUOT}:
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
    if exc.errno in {errno.ENOSPC, errno.EDQUOT}:
        return "Free some room and run the command again."
    return "Choose a folder that you may write to."
