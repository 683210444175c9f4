"""A bucket of an object store, through obstore (extra ``cloud``)."""

import asyncio
import hashlib
import os
import re
from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from letter_kit.errors import InputError, SetupError, did_you_mean

__all__ = ["SCHEMES", "ObjectStore"]

Result = TypeVar("Result")

SCHEMES = ("s3", "gs", "az")
_AT_ONCE = 16
"""How many objects are under way at a time. They are not threads: sixteen of these would
take the memory that a worker may use."""
_TOKIO = ("TOKIO_WORKER_THREADS", "2")
"""obstore would start a thread for each processor, and each takes from that memory."""
_CLIENT = {"connect_timeout": "5s", "timeout": "60s"}
_RETRY = {"max_retries": 6, "retry_timeout": timedelta(seconds=20)}
"""A store that is busy gets some seconds; obstore's own patience is three minutes a request."""
_SAID = re.compile(r"<Code>(.*?)</Code>\s*<Message>(.*?)</Message>", re.DOTALL)
_NEXT_STEPS = (
    ("NoSuchBucket", "Make the bucket first, or mend its name."),
    ("error sending request", "Look at the network, and at AWS_ENDPOINT where it is set."),
    ("builder error", "A store without https needs AWS_ALLOW_HTTP=true."),
    ("", "Look at the address, and at the credentials and the region in the environment."),
)
"""The next step, by what is found in the cause: the first that is."""


class ObjectStore:
    """Objects under ``s3://bucket/prefix``. Credentials, region and endpoint come from the
    environment, by the names that the store's own tools use (``AWS_ACCESS_KEY_ID``, …).

    An object is there whole or not at all: a store shows nothing of a transfer before all
    the bytes that it was told of have come.

    Raises `InputError` where the address names no store, `SetupError` where the extra is
    missing.
    """

    def __init__(self, url: str) -> None:
        scheme, _, rest = url.partition("://")
        if scheme not in SCHEMES or not rest.partition("/")[0]:
            raise InputError.of(
                "the address names no object store",
                expected="s3://bucket/prefix, gs://… or az://…",
                found=url[:200],
                hint=None if scheme in SCHEMES else did_you_mean(scheme, SCHEMES),
            )
        os.environ.setdefault(*_TOKIO)
        try:
            import obstore
            from obstore.store import from_url
        except ImportError:
            raise SetupError.of(
                f"writing to {scheme}:// needs the extra 'cloud'",
                hint="pip install 'letter-kit[cloud]'",
            ) from None
        self._url = url.rstrip("/")
        self._api = obstore
        with self._told("the object store cannot be reached"):
            # What is given here takes the place of what the environment says.
            plain = os.environ.get("AWS_ALLOW_HTTP", "").lower() in {"1", "true"}
            options: Any = {**_CLIENT, "allow_http": plain}
            retry: Any = _RETRY
            self._store: Any = from_url(self._url, client_options=options, retry_config=retry)
        self._pending: dict[str, bytes] = {}
        self._expected: dict[str, str | None] = {}
        self._listed: tuple[str, set[str]] | None = None

    def check(self) -> None:
        """Raise `SetupError` where the bucket is not there, or not for us."""
        with self._told("the object store cannot be used"):
            next(iter(self._api.list(self._store, chunk_size=1)), None)

    def put(self, name: str, content: bytes, digest: str) -> None:  # a folder needs it
        """Take an object; `settle` sends it."""
        self._pending[name] = content

    def settle(self) -> None:
        """Send what was taken, several objects at a time. Raises `SetupError`."""
        if not self._pending:
            return

        async def send(name: str) -> None:
            await self._api.put_async(self._store, name, self._pending[name])

        with self._told("a file cannot be sent"):
            asyncio.run(_together(send, self._pending))
        if self._listed is not None:
            self._listed[1].update(self._pending)
        self._pending.clear()

    def expect(self, names: Iterable[str]) -> None:
        """Find out about the objects whose digests will be asked for, several at a time."""

        async def find(name: str) -> str | None:
            try:
                found = await self._api.get_async(self._store, name)
                return hashlib.sha256(await found.bytes_async()).hexdigest()
            except FileNotFoundError:
                return None

        with self._told("a file cannot be read"):
            self._expected = asyncio.run(_together(find, names))

    def digest(self, name: str) -> str | None:
        """The SHA-256 of the object there, in hex digits, or ``None`` where there is none."""
        if name in self._expected:
            return self._expected.pop(name)
        if name not in self._names_beside(name):
            return None
        self.expect((name,))
        return self._expected.pop(name)

    def remove(self, name: str) -> None:
        """Take the object away, if it is there."""
        with self._told("a file cannot be removed", name):
            try:
                self._api.delete(self._store, name)
            except FileNotFoundError:
                return

    def read(self, name: str) -> bytes:
        """The bytes of the object. Raises `SetupError` where it cannot be read."""
        with self._told("a file cannot be read", name):
            return bytes(self._api.get(self._store, name).bytes())

    def upload(self, name: str, path: Path) -> None:
        """Send the file at ``path``, which may be large: it is never held in memory whole."""
        with self._told("a file cannot be sent", name):
            self._api.put(self._store, name, path)

    def _names_beside(self, name: str) -> set[str]:
        """The names in the folder of ``name``, asked for together: one request, not hundreds."""
        folder = name.rpartition("/")[0]
        if self._listed is None or self._listed[0] != folder:
            with self._told("the files that are there cannot be listed", folder):
                found = self._api.list_with_delimiter(self._store, folder or None)
            self._listed = folder, {each["path"] for each in found["objects"]}
        return self._listed[1]

    @contextmanager
    def _told(self, said: str, name: str = "") -> Iterator[None]:
        """What the store or the network says, in words, with the next step."""
        try:
            yield
        except Exception as exc:  # of obstore's own kinds, and of the system's
            cause = str(exc).partition("Debug source:")[0]
            answer = _SAID.search(cause)
            short = ": ".join(answer.groups()) if answer else cause.rpartition(" - ")[2]
            raise SetupError.of(
                f"{said}: {' '.join(short.split())[:300]}",
                path=f"{self._url}/{name}".rstrip("/"),
                hint=next(hint for sign, hint in _NEXT_STEPS if sign in cause),
            ) from None


async def _together(
    do: Callable[[str], Coroutine[Any, Any, Result]], names: Iterable[str]
) -> dict[str, Result]:
    """What ``do`` returns for each name, some at a time. Raises what the first one raises."""
    room = asyncio.Semaphore(_AT_ONCE)
    results: dict[str, Result] = {}

    async def one(name: str) -> None:
        async with room:
            results[name] = await do(name)

    await asyncio.gather(*map(one, names))
    return results
