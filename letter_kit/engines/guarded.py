"""A child process with limits on memory and time, for work that is not trusted to end.

A hostile template can exhaust memory or run for ever in ways that no check foresees. So
it runs where it can be ended: in a process of its own, which is started once, does one
call after the other, and is replaced when it dies.
"""

import math
import os
import pickle
import time
from collections.abc import Callable
from typing import Any, NamedTuple, NoReturn, TypeVar

from letter_kit.closing import Closing
from letter_kit.engines.channel import Channel, ChannelClosedError, ChannelTimeoutError
from letter_kit.engines.child import Child, settle_in, start_child
from letter_kit.errors import RunawayError

__all__ = ["GuardedWorker", "Limits", "serve"]

Result = TypeVar("Result")

_PATIENCE = 60.0
"""Seconds; importing WeasyPrint takes one, and many on a machine that is slow or busy."""
_BUSY = 1.5
"""How many times longer than its limit a call may take where it has to wait for the machine."""
_TOO_SLOW = "it did not end within {seconds:.3g} s, and was stopped"
_TOO_LARGE = "it needs more than {gigabytes:g} GB of memory, and was stopped"
_DIED = "it ended the process it ran in ({cause})"
_LOOPS = "Look for loops inside loops, and for texts that are multiplied."


class Limits(NamedTuple):
    """What the work may use: memory of the process in bytes, time in seconds.

    ``seconds`` is for a single call, ``in_all`` for all calls of one worker together.
    """

    memory: int = 1_000_000_000
    seconds: float = 5.0
    in_all: float = math.inf


class GuardedWorker(Closing):
    """Runs functions in a child process. Functions, arguments and results are pickled.

    Use it as a context manager, or call `close`.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._child: Child | None = None
        self._channel: Channel | None = None
        self._prepared: set[tuple[Callable[..., object], tuple[Any, ...]]] = set()
        self._preparing = 0
        self._deadline: float | None = None

    def run(
        self,
        function: Callable[..., Result],
        *arguments: Any,
        what: str | None = None,
    ) -> Result:
        """``function(*arguments)``, computed in the child.

        ``what`` is the file that is at work, for the message. Raises what the function
        raises, and `RunawayError` where it goes beyond the limits.
        """
        channel = self._connected()
        try:
            while self._preparing:
                channel.receive(_PATIENCE)
                self._preparing -= 1
            succeeded, result = self._answer_to(channel, (function, arguments))
        except ChannelTimeoutError:
            self.close()
            allowed = min(self.limits.seconds, self.limits.in_all)
            raise _stopped(_TOO_SLOW.format(seconds=allowed), what) from None
        except ChannelClosedError:
            raise _stopped(_DIED.format(cause=self._end()), what) from None
        except BaseException:
            self.close()  # an answer that comes later must not be taken for another's
            raise
        if succeeded:
            return result  # type: ignore[no-any-return]  # a pickle has no type
        if isinstance(result, MemoryError):
            self.close()
            raise _stopped(_TOO_LARGE.format(gigabytes=self.limits.memory / 1e9), what)
        raise result

    @property
    def time_left(self) -> float:
        """Seconds that all further calls together may take."""
        if self._deadline is None:
            return self.limits.in_all
        return max(0.0, self._deadline - time.monotonic())

    def _answer_to(self, channel: Channel, call: object) -> Any:
        """The child's answer, within the limits.

        What counts for one call is the processor's time that the child uses: that a machine is
        busy is no fault of a letter. Where the system does not tell it, and for all calls
        together, the clock counts.
        """
        assert self._child is not None
        before, began = self._child.seconds_used(), time.monotonic()
        if self._deadline is None:
            self._deadline = began + self.limits.in_all
        allowed = min(self.limits.seconds, self.time_left)
        last = min(began + allowed * _BUSY, self._deadline)
        channel.send(call)
        waiting = allowed
        while not channel.ready(waiting):
            waiting = min(allowed - self._used_since(before, began), last - time.monotonic())
            if waiting <= 0:
                raise ChannelTimeoutError
        return channel.receive(max(1.0, last - time.monotonic()))

    def _used_since(self, before: float | None, began: float) -> float:
        now = self._child.seconds_used() if self._child is not None else None
        if before is None or now is None:
            return time.monotonic() - began
        return now - before

    def prepare(self, function: Callable[..., object], *arguments: Any) -> None:
        """Let the child do what it will need, once, while the caller goes on.

        It is our own code, such as imports, so the limits on time do not count it; what it
        returns or raises is dropped. A child that replaces another is prepared anew.
        """
        channel = self._connected()
        if (function, arguments) not in self._prepared:
            self._prepared.add((function, arguments))
            self._preparing += 1
            channel.send((function, arguments))

    def close(self) -> None:
        """End the child, which holds nothing that could be lost."""
        if self._child is not None:
            self._child.kill()
            self._end()

    def _connected(self) -> Channel:
        if self._channel is None:
            self._child, self._channel = start_child(serve, self.limits.memory)
            self._channel.send((_begun, ()))  # no call pays for the start
            self._preparing += 1
        return self._channel

    def _end(self) -> str:
        """Reap the child, and say how it ended."""
        assert self._child is not None
        assert self._channel is not None
        child = self._child
        self._channel.close()
        self._child, self._channel = None, None
        self._prepared, self._preparing = set(), 0
        return child.wait()


def _begun() -> None:
    """What the child answers first."""


def _stopped(message: str, what: str | None) -> RunawayError:
    return RunawayError.of(message, path=what, hint=_LOOPS)


def serve(channel: Channel, memory: int) -> NoReturn:
    """The child: one call after the other, until the parent goes."""
    try:
        settle_in(memory)
        while True:
            function, arguments = channel.receive(None)
            channel.send(_answer(function, arguments))
    except ChannelClosedError:
        os._exit(0)
    finally:
        os._exit(1)  # whatever happened, the parent's code must not run twice


def _answer(function: Callable[..., object], arguments: tuple[Any, ...]) -> tuple[bool, object]:
    try:
        return True, function(*arguments)
    except MemoryError:
        return False, MemoryError()
    except Exception as exc:  # every error is the caller's to handle
        try:
            pickle.loads(pickle.dumps(exc))
        except Exception:  # an exception that cannot travel is told in words
            return False, RuntimeError(f"{type(exc).__name__}: {exc}")
        return False, exc
