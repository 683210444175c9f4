"""Where the files of a run go: a folder, or a bucket of an object store."""

from pathlib import Path
from typing import Protocol

from letter_kit.output.folder import FolderStore

__all__ = ["Store", "is_url", "open_store"]

_SCHEMES = ("s3://", "gs://", "az://", "memory://")


class Store(Protocol):
    """Takes files under relative names, with ``/`` between folders, whole or not at all."""

    def put(self, name: str, content: bytes) -> None:
        """Take a file; it may be in its place only after `settle`."""
        ...

    def settle(self) -> None:
        """Put all that was taken in its place, to stay there. Raises `SetupError`."""
        ...

    def digest(self, name: str) -> str | None:
        """The SHA-256 of the file there, or ``None`` where there is none.

        Raises `TakenError` where something is there that is no file.
        """
        ...

    def remove(self, name: str) -> None:
        """Take the file away, if it is there."""
        ...

    def read(self, name: str) -> bytes:
        """The bytes of the file. Raises `SetupError` where it cannot be read."""
        ...


def is_url(where: str) -> bool:
    """Whether ``where`` names an object store, not a folder."""
    return where.startswith(_SCHEMES)


def open_store(where: str) -> Store:
    """The store that ``where`` names: ``s3://bucket/prefix``, or a folder.

    Raises `SetupError` where the library for it is missing.
    """
    if is_url(where):
        from letter_kit.output.objects import ObjectStore

        return ObjectStore(where)
    return FolderStore(Path(where))
