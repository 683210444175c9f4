"""Where the files of a run go: a folder, or a bucket of an object store."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from letter_kit.output.folder import FolderStore

if TYPE_CHECKING:
    from letter_kit.output.objects import ObjectStore

__all__ = ["Store", "is_url", "open_bucket", "open_store"]

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
"""Whatever looks like one: a folder's name that does is a slip."""


class Store(Protocol):
    """Takes files under relative names, with ``/`` between folders, whole or not at all."""

    def put(self, name: str, content: bytes, digest: str) -> None:
        """Take a file and its SHA-256; it may be in its place only after `settle`."""
        ...

    def settle(self) -> None:
        """Put all that was taken in its place, to stay there. Raises `SetupError`."""
        ...

    def expect(self, names: Iterable[str]) -> None:
        """Prepare for `digest` to be asked for the files of these names."""
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
    return _ADDRESS.match(where) is not None


def open_store(where: str) -> Store:
    """The store that ``where`` names: ``s3://bucket/prefix``, or a folder.

    Raises `InputError` where it is an address that names none, `SetupError` where the
    library for it is missing.
    """
    if is_url(where):
        from letter_kit.output.objects import ObjectStore

        return ObjectStore(where)
    return FolderStore(Path(where))


def open_bucket(url: str) -> "ObjectStore":
    """The object store at ``url``, which was asked whether it is there.

    Raises what `open_store` raises, and `SetupError` where it cannot be used.
    """
    from letter_kit.output.objects import ObjectStore

    store = ObjectStore(url)
    store.check()
    return store
