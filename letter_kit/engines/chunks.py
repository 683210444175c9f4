"""A child process that does chunks of items, and loses no more than the item it dies of.

The child tells its results a few times a second, not one by one. So when it dies, it may not
be known which item it died of. Then what is left of the chunk is done again in a new
process, carefully: each result is told before the next item begins. Whoever dies then is
known, and an accident from outside, such as a kill by hand, costs nothing.
"""

import os
import signal
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, NamedTuple, NoReturn

from letter_kit.engines.channel import Channel, ChannelClosedError
from letter_kit.engines.child import Child, settle_in, start_child
from letter_kit.engines.guarded import Limits
from letter_kit.engines.work import Order, Outcome, Work
from letter_kit.errors import RunawayError, SetupError

__all__ = ["ChunkWorker", "serve_chunks"]

_SECONDS_UNTOLD = 0.5
"""How long a result waits in the child for others that are told with it."""
_SECONDS_BETWEEN_LOOKS = 0.05
"""How long a word from the parent may wait."""
_WALL = 12.0
"""How many times its limit of the processor's time an item may take by the clock."""
_TOO_SLOW = "it did not end within {seconds:g} s, and was stopped"
_TOO_LARGE = "it needs more than {gigabytes:g} GB of memory, and was stopped"
_KILLS_BORNE = 3
"""How often an item is tried again whose process was killed from outside. No limit of ours
kills, but who is out of memory may, and has a reason if it comes again and again."""
_DIED = "it ended the process it ran in ({cause})"


class _Chunk(NamedTuple):
    items: Sequence[Any]
    careful: bool


class _Told(NamedTuple):
    """What the child says: results in the order of the items, and whether the chunk is over."""

    results: list[Any]
    over: bool = False
    too_large: bool = False
    failure: SetupError | None = None


class ChunkWorker:
    """One process and its replacements. It is given a chunk when it is `idle`.

    ``limits.seconds`` holds for each item. After ``lasts`` items the process is replaced.
    """

    def __init__(self, order: Order, limits: Limits, lasts: int) -> None:
        self._order = order
        self._limits = limits
        self._lasts = lasts
        self._done = 0
        self._child: Child | None = None
        self._channel: Channel | None = None
        self._left: list[Any] = []
        self._careful = False
        self._kills = 0
        self._at_work = False

    @property
    def idle(self) -> bool:
        """Whether its chunk is over, or it was given none yet."""
        return not self._at_work

    @property
    def channel(self) -> Channel:
        """The channel to wait on for `receive`."""
        assert self._channel is not None
        return self._channel

    def start(self) -> None:
        """Start the process, if there is none. Raises `SetupError` where there can be none."""
        if self._channel is None:
            self._child, self._channel = start_child(serve_chunks, self._limits.memory)
            with suppress(ChannelClosedError):
                self._channel.send((self._order, self._limits.seconds, os.getpid()))

    def give(self, items: Sequence[Any]) -> None:
        """Begin a chunk."""
        self._left = list(items)
        if self._done >= self._lasts:
            self.close()
        self._send(careful=False)

    def receive(self) -> list[Outcome[Any, Any]]:
        """What has become of the next items of the chunk; waits until there is something.

        Raises `SetupError` where the machine stands in the way of all items.
        """
        try:
            told: _Told = self.channel.receive(None)
        except ChannelClosedError:
            return self._lost()
        outcomes = [
            Outcome(item, result) for item, result in zip(self._left, told.results, strict=False)
        ]
        del self._left[: len(outcomes)]
        self._kills = 0 if outcomes else self._kills
        self._done += len(outcomes)
        if told.failure is not None:
            self.close()
            raise told.failure
        if told.too_large:
            self.close()
            message = _TOO_LARGE.format(gigabytes=self._limits.memory / 1e9)
            outcomes.append(Outcome(self._left.pop(0), None, RunawayError.of(message)))
            self._go_on(careful=self._careful)
        elif told.over:
            self._at_work = False
        return outcomes

    def stop(self) -> None:
        """Ask it to end the chunk after the item it is at; `receive` tells what was done."""
        with suppress(ChannelClosedError):
            self.channel.send(None)

    def close(self) -> None:
        """End the process. What it was at is lost."""
        self._at_work = False
        if self._child is not None and self._channel is not None:
            self._child.kill()
            self._child.wait()
            self._channel.close()
        self._child, self._channel, self._done = None, None, 0

    def _go_on(self, *, careful: bool) -> None:
        """Do what is left of the chunk in a new process."""
        self._at_work = False
        if self._left:
            self._send(careful=careful)

    def _send(self, *, careful: bool) -> None:
        self._careful, self._at_work = careful, True
        self.start()
        assert self._channel is not None
        with suppress(ChannelClosedError):  # it died while it waited; receiving tells so
            self._channel.send(_Chunk(self._left, careful))

    def _lost(self) -> list[Outcome[Any, Any]]:
        """The process died: of an item, where that is known; else what is left is done again."""
        assert self._child is not None
        assert self._channel is not None
        cause = self._child.wait()
        self._channel.close()
        self._child, self._channel, self._done = None, None, 0
        outcomes: list[Outcome[Any, Any]] = []
        self._kills += cause == "SIGKILL"
        innocent = cause == "SIGKILL" and self._kills <= _KILLS_BORNE
        if self._careful and self._left and not innocent:
            self._kills = 0
            slow = cause in {"SIGPROF", "SIGALRM"}
            message = (
                _TOO_SLOW.format(seconds=self._limits.seconds)
                if slow
                else _DIED.format(cause=cause)
            )
            outcomes = [Outcome(self._left.pop(0), None, RunawayError.of(message))]
        self._go_on(careful=True)
        return outcomes


def serve_chunks(channel: Channel, memory: int) -> NoReturn:
    """The child: chunk after chunk, until the parent goes."""
    try:
        settle_in(memory)
        for name in (signal.SIGPROF, signal.SIGALRM):
            signal.signal(name, signal.SIG_DFL)  # the system ends us, whatever runs then
        order, seconds, parent = channel.receive(None)
        try:
            work = order.begin(order.given)
        except SetupError as exc:
            channel.receive(None)
            channel.send(_Told([], failure=exc))
            os._exit(0)
        while True:
            chunk = channel.receive(None)
            if chunk is not None:  # it was asked to stop when it had ended already
                _do_chunk(channel, work, chunk, seconds, parent)
    except ChannelClosedError:
        os._exit(0)
    except Exception:
        if os.environ.get("LETTER_KIT_DEBUG"):
            import traceback

            traceback.print_exc()
        raise
    finally:
        os._exit(1)  # whatever happened, the parent's code must not run twice


def _do_chunk(
    channel: Channel, work: Work[Any, Any], chunk: _Chunk, seconds: float, parent: int
) -> None:
    results: list[Any] = []
    told_at = looked_at = time.monotonic()

    def tell(*, over: bool = False, too_large: bool = False) -> None:
        nonlocal told_at
        _limit_time(0)
        if os.getppid() != parent:  # nobody knows what is done from here on
            raise ChannelClosedError
        work.settle()
        channel.send(_Told(results.copy(), over, too_large))
        results.clear()
        told_at = time.monotonic()

    try:
        work.expect(chunk.items)
        for item in chunk.items:
            if time.monotonic() - looked_at > _SECONDS_BETWEEN_LOOKS:
                looked_at = time.monotonic()
                if channel.ready(0):  # the parent speaks only to stop us
                    channel.receive(None)
                    break
            _limit_time(seconds)
            try:
                results.append(work.do(item))
            except MemoryError:
                tell(too_large=True)
                os._exit(0)  # what is left of the memory is not to be trusted
            if chunk.careful or time.monotonic() - told_at > _SECONDS_UNTOLD:
                tell()
        tell(over=True)
    except SetupError as exc:
        _limit_time(0)
        channel.send(_Told([], failure=exc))


def _limit_time(seconds: float) -> None:
    """Let the system end this process after that much of the processor's time; 0 is for ever."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, seconds)
        signal.setitimer(signal.ITIMER_REAL, seconds * _WALL)
