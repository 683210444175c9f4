"""Large files, written as they grow: whole in the end, or as if nothing had been."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from letter_kit.errors import InputError, SetupError
from letter_kit.paths import is_file, is_folder, is_something

__all__ = ["GrowingFile", "growing_file"]


class GrowingFile:
    """A file that grows under another name beside ``path``, until it is put in place.

    Raises `InputError` where something is at ``path`` that must stay, `SetupError` where the
    folder cannot be written to or the disk is full.
    """

    def __init__(self, path: Path, *, force: bool = False) -> None:
        if is_folder(path):
            raise InputError.of("there is a folder of this name", path=str(path))
        if is_something(path) and not (force and is_file(path)):
            raise InputError.of(
                "there is a file of this name already",
                path=str(path),
                hint="Give another name, or --force to write over it.",
            )
        self.path = path
        self._target = path.resolve() if path.is_symlink() else path
        self._beside = self._target.parent / f".letter-kit-{os.urandom(8).hex()}"
        with _told(path):
            self.file: BinaryIO = self._beside.open("xb")

    def write(self, content: bytes) -> None:
        """Write what comes next."""
        with _told(self.path):
            self.file.write(content)

    def close(self) -> None:
        """End the file: all of it is on the disk, still under the other name."""
        if not self.file.closed:
            with _told(self.path):
                self.file.flush()
                os.fsync(self.file.fileno())
                self.file.close()

    def put_in_place(self) -> None:
        """Give the file its name, in place of what was there."""
        self.close()
        with _told(self.path):
            self._beside.replace(self._target)
            if os.name == "posix":  # the name is as durable as the content
                folder = os.open(self._target.parent, os.O_RDONLY)
                try:
                    os.fsync(folder)
                finally:
                    os.close(folder)

    def discard(self) -> None:
        """Remove what was not put in place."""
        self.file.close()
        self._beside.unlink(missing_ok=True)


@contextmanager
def growing_file(path: Path, *, force: bool = False) -> Iterator[BinaryIO]:
    """A file to write to, which is put in place when all went well."""
    growing = GrowingFile(path, force=force)
    try:
        with _told(path):
            yield growing.file
        growing.put_in_place()
    finally:
        growing.discard()


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as exc:
        raise SetupError.of(
            f"the file cannot be written: {exc.strerror or exc}",
            path=str(path)[:200],
            hint="Look whether the folder is there, may be written to, and has room left.",
        ) from None
