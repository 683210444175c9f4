"""Pickled messages through a pair of pipes, each with its length before it."""

import os
import pickle
import select
import time
from typing import Any

__all__ = ["Channel", "ChannelClosedError", "ChannelTimeoutError"]

_LENGTH = 8
_CHUNK = 1 << 20


class ChannelClosedError(Exception):
    """The other side is gone."""


class ChannelTimeoutError(Exception):
    """The other side did not answer in time."""


class Channel:
    """One side: it reads from one file descriptor and writes to the other."""

    def __init__(self, read: int, write: int) -> None:
        self._read = read
        self._write = write

    @property
    def descriptors(self) -> tuple[int, int]:
        """The file descriptors to read from and to write to."""
        return self._read, self._write

    def send(self, message: object) -> None:
        """Send ``message`` whole. Raises `ChannelClosedError`."""
        content = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
        view = memoryview(len(content).to_bytes(_LENGTH, "big") + content)
        try:
            while view:
                view = view[os.write(self._write, view) :]
        except BrokenPipeError:
            raise ChannelClosedError from None

    def receive(self, seconds: float | None) -> Any:
        """The next message, waiting ``seconds`` at most, or for ever.

        Raises `ChannelTimeoutError`, or `ChannelClosedError` where the other side is gone.
        """
        deadline = None if seconds is None else time.monotonic() + seconds
        length = int.from_bytes(self._exactly(_LENGTH, deadline), "big")
        return pickle.loads(self._exactly(length, deadline))

    def ready(self, seconds: float) -> bool:
        """Whether an answer begins to come within ``seconds``."""
        return bool(select.select([self._read], [], [], seconds)[0])

    def close(self) -> None:
        """Close this side; the other then sees that it is gone."""
        os.close(self._read)
        os.close(self._write)

    def _exactly(self, count: int, deadline: float | None) -> bytes:
        parts = bytearray()
        while len(parts) < count:
            left = None if deadline is None else max(0.0, deadline - time.monotonic())
            if not select.select([self._read], [], [], left)[0]:
                raise ChannelTimeoutError
            part = os.read(self._read, min(count - len(parts), _CHUNK))
            if not part:
                raise ChannelClosedError
            parts += part
        return bytes(parts)
