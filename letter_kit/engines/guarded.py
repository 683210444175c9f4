"""A child process with limits on memory and time, for work that is not trusted to end.

A hostile template can exhaust memory or run for ever in ways that no check foresees. So
it runs where it can be ended: in a process of its own, which is started once, does one
call after the other, and is replaced when it dies.
"""

import gc
import multiprocessing as mp
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Self, TypeVar

from letter_kit.errors import RunawayError

__all__ = ["GuardedWorker", "Limits"]

Result = TypeVar("Result")

_TOO_SLOW = "it did not end within {seconds:g} s, and was stopped"
_TOO_LARGE = "it needs more than {gigabytes:g} GB of memory, and was stopped"
_DIED = "it ended the process it ran in ({cause})"
_LOOPS = "Look for loops inside loops, and for texts that are multiplied."


@dataclass(frozen=True, slots=True)
class Limits:
    """What a call may use: memory of the whole process in bytes, time in seconds."""

    memory: int = 1_000_000_000
    seconds: float = 8.0


class GuardedWorker:
    """Runs functions in a child process. Functions, arguments and results are pickled.

    Use it as a context manager, or call `close`.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._process: mp.process.BaseProcess | None = None
        self._connection: Connection | None = None
        self._begun = 0

    def run(
        self,
        function: Callable[..., Result],
        *arguments: Any,
        what: str | None = None,
        seconds: float | None = None,
    ) -> Result:
        """``function(*arguments)``, computed in the child.

        ``what`` is the file that is at work, for the message; ``seconds`` replaces the
        limit for this call. Raises what the function raises, and `RunawayError` where it
        goes beyond the limits.
        """
        allowed = self.limits.seconds if seconds is None else seconds
        connection = self._connected()
        try:
            connection.send((function, arguments))
            for _ in range(self._begun + 1):
                if not connection.poll(allowed):
                    self._end(grace=0)
                    raise _stopped(_TOO_SLOW.format(seconds=allowed), what)
                succeeded, result = connection.recv()
            self._begun = 0
        except (EOFError, ConnectionError, BrokenPipeError):
            cause = self._end()
            raise _stopped(_DIED.format(cause=cause), what) from None
        if succeeded:
            return result  # type: ignore[no-any-return]
        if isinstance(result, MemoryError):
            self._end(grace=0)
            gigabytes = self.limits.memory / 1e9
            raise _stopped(_TOO_LARGE.format(gigabytes=gigabytes), what)
        raise result

    def close(self) -> None:
        """End the child, which holds nothing that could be lost."""
        self._end(grace=0)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        exc: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def begin(self, function: Callable[..., object], *arguments: Any) -> None:
        """Let the child do something useful while the caller goes on; its result is dropped."""
        self._connected().send((function, arguments))
        self._begun += 1

    def _connected(self) -> Connection:
        if self._connection is None:
            # Forking is what makes a guard cheap (2 ms). A process with threads, and a
            # system without fork, start a fresh interpreter.
            import threading

            fork = sys.platform == "linux" and threading.active_count() == 1
            context: Any = mp.get_context("fork" if fork else "spawn")
            self._connection, theirs = context.Pipe()
            self._process = context.Process(
                target=_serve, args=(theirs, self.limits.memory), daemon=True
            )
            assert self._process is not None
            self._process.start()
            theirs.close()
        return self._connection

    def _end(self, grace: float = 0.2) -> str:
        """End the child if it has not ended by itself after ``grace`` s, and say how it ended."""
        process, self._process = self._process, None
        connection, self._connection = self._connection, None
        self._begun = 0
        if connection is not None:
            connection.close()
        if process is None:
            return "not started"
        if grace:
            process.join(grace)
        if process.exitcode is None:
            process.kill()
            process.join()
        code = process.exitcode or 0
        return signal.Signals(-code).name if code < 0 else f"exit code {code}"


def _stopped(message: str, what: str | None) -> RunawayError:
    return RunawayError.of(message, path=what, hint=_LOOPS)


def _serve(connection: Connection, memory: int) -> None:
    """The child: one call after the other, until the parent closes the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when work ends
    _limit_memory(memory)
    # What was imported before is never garbage; letters make little of it.
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    while True:
        try:
            function, arguments = connection.recv()
        except (EOFError, OSError):
            os._exit(0)
        try:
            answer: tuple[bool, Any] = (True, function(*arguments))
        except MemoryError:
            answer = (False, MemoryError())
        except Exception as exc:  # every error is the caller's to handle
            answer = (False, exc)
        try:
            connection.send(answer)
        except (BrokenPipeError, ConnectionError):
            os._exit(0)


def _limit_memory(memory: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit; the time limit holds there
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard == resource.RLIM_INFINITY or hard > memory:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
