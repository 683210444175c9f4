"""How far a long run has come: a line that moves on a terminal, plain lines elsewhere."""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Any, Self, TextIO

from letter_kit.cli.messages import tell
from letter_kit.errors import Problem

__all__ = ["Progress", "stop_on_signals"]

_SECONDS_ON_TERMINAL = 0.2
_SECONDS_ELSEWHERE = 30.0
_ERRORS_TOLD = 50


class Progress:
    """Tells how many of ``rows`` are done, how fast, and how long it will take yet.

    Where ``stream`` is no terminal, it says so every half minute.
    """

    def __init__(self, rows: int, stream: TextIO) -> None:
        self._rows = rows
        self._stream = stream
        self._terminal = stream.isatty()
        self._done = 0
        self._errors = 0
        self._began = self._told_at = time.monotonic()
        self._drawn = False

    def row(self, row: object, problems: tuple[Problem, ...]) -> None:
        """A row is done; ``problems`` are why it failed."""
        self._done += 1
        if problems:
            self._errors += 1
            if self._errors <= _ERRORS_TOLD:
                self._wipe()
                tell(problems)
            elif self._errors == _ERRORS_TOLD + 1:
                self._wipe()
                tell([Problem("more rows fail; failed.csv will have them all")])
        now = time.monotonic()
        if now - self._told_at > (_SECONDS_ON_TERMINAL if self._terminal else _SECONDS_ELSEWHERE):
            self._told_at = now
            self._draw(now - self._began)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        exc: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._wipe()

    def _draw(self, seconds: float) -> None:
        rate = self._done / seconds if seconds else 0
        left = (self._rows - self._done) / rate if rate else 0
        line = (
            f"{self._done:,} of {self._rows:,} rows, {self._errors:,} failed,"
            f" {rate:,.0f} a second, {_duration(left)} left"
        )
        with suppress(OSError):  # a reader that has gone must not stop the work
            self._stream.write(f"\r\x1b[K{line}" if self._terminal else f"{line}\n")
            self._stream.flush()
            self._drawn = self._terminal

    def _wipe(self) -> None:
        if self._drawn:
            with suppress(OSError):
                self._stream.write("\r\x1b[K")
                self._stream.flush()
            self._drawn = False


def _duration(seconds: float) -> str:
    """``95`` as ``1 min 35 s``."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


@contextmanager
def stop_on_signals() -> Iterator[Callable[[], bool]]:
    """Whether Ctrl-C was pressed, or the process was asked to end, since the block began.

    The first time, the work may come to a good end; the second time, it is interrupted.
    """
    if threading.current_thread() is not threading.main_thread():
        yield lambda: False
        return
    asked = False

    def ask(number: int, frame: Any) -> None:
        nonlocal asked
        if asked:
            raise KeyboardInterrupt
        asked = True

    before = {s: signal.signal(s, ask) for s in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
