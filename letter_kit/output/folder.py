"""A folder that takes many files: written aside, made durable together, then put in place."""

import hashlib
import os
import shutil
import stat
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from letter_kit.errors import SetupError
from letter_kit.output.files import TakenError, setup_error, sync_folder

__all__ = ["FolderLock", "FolderStore"]

_ASIDE = ".letter-kit-unfinished"
"""The folder for files that are being written; what a killed run leaves is there alone."""
_PLACED = ".placed"
"""The suffix of notes about files that were given their names, in the same folder."""
_ACCOUNT = ".letter-kit-" + "[0-9a-f]" * 16
"""What `writing_file` leaves where it is killed."""
_LOCK = ".letter-kit.lock"
_TRIES, _SECONDS_BETWEEN_TRIES = 3, 0.05
"""Somebody who only looks whether the lock is taken holds it for a moment."""
_FEW = 8
"""Up to so many files are made durable one by one; more, with their whole file system."""


class FolderStore:
    """Files under relative names in ``folder``. Several processes may share the folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._aside = folder / _ASIDE
        self._pending: list[tuple[str, str, str]] = []
        self._folders: set[str] = set()
        self._mark = f"{os.getpid()}-{os.urandom(6).hex()}"
        self._written = 0

    def put(self, name: str, content: bytes, digest: str) -> None:
        """Write the file aside. Raises `SetupError` where the disk is full or not to be written."""
        self._written += 1
        aside = f"{self._aside}/{self._mark}-{self._written}"
        try:
            self._write(aside, content)
        except OSError as exc:
            raise setup_error(exc, self._folder / name) from None
        self._pending.append((aside, name, digest))

    def settle(self) -> None:
        """Make what was written durable, and then give it its name."""
        if not self._pending:
            return
        place = ""
        try:
            note = f"{self._aside}/{self._mark}{_PLACED}"
            lines = (f"{digest} {name}\n" for _, name, digest in self._pending)
            self._write(note, "".join(lines).encode(), os.O_APPEND)
            self._make_durable(note)
            touched = set()
            for aside, name, _ in self._pending:
                place = f"{self._folder}/{name}"
                folder = place.rpartition("/")[0]
                if folder not in self._folders:
                    Path(folder).mkdir(parents=True, exist_ok=True)
                    self._folders.add(folder)
                os.replace(aside, place)  # noqa: PTH105  # half as fast with paths
                touched.add(folder)
            self._pending.clear()
            for folder in touched:
                sync_folder(Path(folder))
        except OSError as exc:
            raise setup_error(exc, Path(place or self._aside)) from None

    def expect(self, names: Iterable[str]) -> None:
        """Nothing: a folder answers at once."""

    def digest(self, name: str) -> str | None:
        """The SHA-256 of the file there, in hex digits, or ``None`` where there is none.

        Raises `TakenError` where something is there that is no file.
        """
        path = f"{self._folder}/{name}"
        try:
            mode = os.lstat(path).st_mode  # asked for every file of a run
        except OSError:
            return None
        if not stat.S_ISREG(mode):
            raise TakenError.of("what is there is no file, and is not replaced", path=path)
        try:
            with open(path, "rb", buffering=0) as file:  # noqa: PTH123  # the same
                return hashlib.sha256(file.read()).hexdigest()
        except OSError:
            return ""  # it is there, and nobody can say what it is

    def remove(self, name: str) -> None:
        """Take the file away, if it is there. Raises `SetupError` where it stays."""
        try:
            (self._folder / name).unlink(missing_ok=True)
        except OSError as exc:
            raise setup_error(exc, self._folder / name) from None

    def read(self, name: str) -> bytes:
        """The bytes of the file. Raises `SetupError` where it cannot be read."""
        try:
            return (self._folder / name).read_bytes()
        except OSError as exc:
            raise SetupError.of(
                f"the file cannot be read: {exc.strerror}", path=str(self._folder / name)
            ) from None

    def sweep(self) -> None:
        """Take away what a run that was killed had not finished. Nobody else may be at work."""
        for left in (*self._aside.glob("*"), *self._folder.glob(_ACCOUNT)):
            if left.suffix != _PLACED:
                with suppress(OSError):
                    left.unlink()

    def placed(self) -> Iterator[tuple[str, str]]:
        """Names and digests of the files that were, or may have been, put in place.

        They are known until `clear`.
        """
        for note in sorted(self._aside.glob(f"*{_PLACED}")):
            with note.open(encoding="utf-8") as lines:
                for line in lines:
                    digest, space, name = line.rstrip("\n").partition(" ")
                    if space and line.endswith("\n"):  # else it was killed before it put anything
                        yield name, digest

    def clear(self) -> None:
        """Take away all that was kept aside. Nobody else may be at work."""
        shutil.rmtree(self._aside, ignore_errors=True)

    def _write(self, aside: str, content: bytes, flag: int = os.O_EXCL) -> None:
        flags = os.O_WRONLY | os.O_CREAT | flag
        try:
            handle = os.open(aside, flags, 0o666)
        except FileNotFoundError:
            self._aside.mkdir(parents=True, exist_ok=True)
            handle = os.open(aside, flags, 0o666)
        try:
            view = memoryview(content)
            while view:
                view = view[os.write(handle, view) :]
        finally:
            os.close(handle)

    def _make_durable(self, note: str) -> None:
        sync_all = _syncfs()
        if len(self._pending) > _FEW and sync_all is not None:
            handle = os.open(self._aside, os.O_RDONLY)
            try:
                if sync_all(handle) == 0:
                    return
            finally:
                os.close(handle)
        for aside in (note, *(pending[0] for pending in self._pending)):
            handle = os.open(aside, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


@cache
def _syncfs() -> Any:
    """Linux's syncfs(2), which waits until a file system is on its disk, or ``None``."""
    if sys.platform != "linux":
        return None
    from ctypes import CDLL

    return getattr(CDLL(None), "syncfs", None)


class FolderLock:
    """Keeps a second run out of a folder. The system lets go of it when the process ends."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / _LOCK
        self._handle: int | None = None

    def take(self) -> None:
        """Take it. Raises `SetupError` where another run has it, or the folder is not writable."""
        try:
            import fcntl
        except ImportError:  # Windows: there is no such lock, and nothing is promised
            return
        try:
            self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o666)
            for attempt in range(_TRIES):
                with suppress(BlockingIOError):
                    fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    return
                time.sleep(_SECONDS_BETWEEN_TRIES * (attempt + 1 < _TRIES))
            raise BlockingIOError
        except BlockingIOError:
            self.release()
            raise SetupError.of(
                "another run is at work in this folder",
                path=str(self._path.parent),
                hint="Wait until it ends, or name another folder with --out.",
            ) from None
        except OSError as exc:
            self.release()
            raise setup_error(exc, self._path) from None

    def is_taken(self) -> bool:
        """Whether a run has it. Looking needs no right to write."""
        try:
            import fcntl

            handle = os.open(self._path, os.O_RDONLY)
        except (ImportError, OSError):
            return False
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(handle)
        return False

    def release(self) -> None:
        """Let go of it."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
