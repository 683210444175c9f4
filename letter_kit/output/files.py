"""One file: written whole or not at all, and never over another."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from filecmp import cmp
from pathlib import Path
from typing import BinaryIO

from letter_kit.errors import InputError, SetupError
from letter_kit.paths import is_file, is_folder, is_something

__all__ = [
    "GrowingFile",
    "TakenError",
    "setup_error",
    "sync_folder",
    "write_file",
    "writing_file",
]


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
    growing = GrowingFile(path, force=force)
    try:
        with growing.told():
            yield growing.file
        growing.put_in_place(unless_same=unless_same)
    finally:
        growing.discard()


class GrowingFile:
    """A file that grows under another name beside ``path``, until it is put in place.

    Raises what `write_file` raises.
    """

    def __init__(self, path: Path, *, force: bool = False) -> None:
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
        self.path = path
        self._target = path.resolve() if path.is_symlink() else path  # the link stays
        self._beside = self._target.parent / f".letter-kit-{os.urandom(8).hex()}"
        with self.told():
            handle = os.open(self._beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            self.file: BinaryIO = os.fdopen(handle, "wb")

    def write(self, content: bytes) -> None:
        """Write what comes next."""
        with self.told():
            self.file.write(content)

    def close(self) -> None:
        """End the file: all of it is on the disk, still under the other name."""
        if not self.file.closed:
            with self.told():
                self.file.flush()
                os.fsync(self.file.fileno())
                self.file.close()

    def put_in_place(self, *, unless_same: bool = False) -> None:
        """Give the file its name, in place of what was there, ``unless_same`` is there already."""
        self.close()
        with self.told():
            if unless_same and is_file(self._target) and cmp(self._beside, self._target, False):
                return
            self._beside.chmod(_mode_of(self._target))
            self._beside.replace(self._target)
            sync_folder(self._target.parent)

    def discard(self) -> None:
        """Remove what was not put in place."""
        with suppress(OSError):  # what could not be written cannot be flushed either
            self.file.close()
        self._beside.unlink(missing_ok=True)

    @contextmanager
    def told(self) -> Iterator[None]:
        """What the system refuses, as the machine's fault, in words."""
        try:
            yield
        except OSError as exc:
            raise setup_error(exc, self._target) from None


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
