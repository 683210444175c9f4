"""A bucket of an object store, through obstore (extra ``cloud``)."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from letter_kit.errors import SetupError

__all__ = ["ObjectStore"]

_AT_ONCE = 16
"""How many files are under way at a time."""


class ObjectStore:
    """Files under ``s3://bucket/prefix``; an object is there whole or not at all.

    Credentials, region and endpoint come from the environment, by the names that the
    store's own tools use (``AWS_ACCESS_KEY_ID``, ``AWS_ENDPOINT``, …).
    """

    def __init__(self, url: str) -> None:
        try:
            from obstore.store import from_url
        except ImportError:
            raise SetupError.of(
                f"writing to {url.partition(':')[0]}:// needs the extra 'cloud'",
                hint="pip install 'letter-kit[cloud]'",
            ) from None
        self._url = url
        try:
            self._store: Any = from_url(url)
        except Exception as exc:  # obstore raises its own kinds, all of them about the address
            raise self._error("the object store cannot be reached", exc) from None
        self._pending: list[tuple[str, bytes]] = []

    def put(self, name: str, content: bytes) -> None:
        """Take a file; `settle` sends it."""
        self._pending.append((name, content))

    def settle(self) -> None:
        """Send what was taken, several files at a time. Raises `SetupError`."""
        import obstore

        def send(file: tuple[str, bytes]) -> None:
            obstore.put(self._store, *file)

        try:
            with ThreadPoolExecutor(_AT_ONCE) as pool:
                list(pool.map(send, self._pending))
        except Exception as exc:  # whatever the store or the network says
            raise self._error("a file cannot be sent", exc) from None
        self._pending.clear()

    def digest(self, name: str) -> str | None:
        """The SHA-256 of the object there, in hex digits, or ``None`` where there is none."""
        import obstore

        try:
            return hashlib.sha256(obstore.get(self._store, name).bytes()).hexdigest()
        except FileNotFoundError:
            return None
        except Exception as exc:  # whatever the store or the network says
            raise self._error("a file cannot be read", exc) from None

    def remove(self, name: str) -> None:
        """Take the object away, if it is there."""
        import obstore

        try:
            obstore.delete(self._store, name)
        except FileNotFoundError:
            return
        except Exception as exc:  # whatever the store or the network says
            raise self._error("a file cannot be removed", exc) from None

    def read(self, name: str) -> bytes:
        """The bytes of the object. Raises `SetupError` where it cannot be read."""
        import obstore

        try:
            return bytes(obstore.get(self._store, name).bytes())
        except Exception as exc:  # whatever the store or the network says
            raise self._error("a file cannot be read", exc) from None

    def _error(self, said: str, exc: Exception) -> SetupError:
        cause = " ".join(str(exc).split())[:200]
        return SetupError.of(
            f"{said}: {cause}",
            path=self._url,
            hint="Look at the address, and at the credentials in the environment.",
        )
