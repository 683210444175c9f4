"""What a worker of a Dask cluster does with a chunk.

It does not run the work itself: it guards a child process that does, as the local engine
does, so that a letter that runs away costs itself and nothing else.
"""

import pickle
import threading
from typing import Any, NamedTuple

from letter_kit.engines.chunks import ChunkWorker
from letter_kit.engines.guarded import Limits
from letter_kit.engines.local import ITEMS_A_PROCESS
from letter_kit.errors import RunawayError, SetupError

__all__ = ["Parcel", "Told", "do_chunk", "stop_run"]

_SECONDS_BETWEEN_LOOKS = 0.2
_SECONDS_IDLE = 60.0
"""How long a child process is kept that nobody has work for."""


class Parcel:
    """Something pickled that Dask hands on and does not look into.

    Nothing of it shows in logs or on the dashboard: there are people's addresses in it.
    """

    __slots__ = ("content",)

    def __init__(self, content: bytes) -> None:
        self.content = content

    def __repr__(self) -> str:
        return f"<{len(self.content)} bytes>"

    def __sizeof__(self) -> int:
        return len(self.content)


class Told(NamedTuple):
    """What has become of the items of a chunk, in their order: of all, unless it was stopped.

    ``failure`` is what stood in the way of all of them.
    """

    results: list[tuple[Any, RunawayError | None]]
    failure: SetupError | None = None


class _Desk:
    """A thread's child process, kept between chunks of the same run."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._run = ""
        self._worker: ChunkWorker | None = None
        self._timer: threading.Timer | None = None

    def do(self, order: Parcel, run: str, limits: Limits, chunk: Parcel) -> Told:
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
            if self._worker is None or self._run != run:
                self._clear()
                self._worker = ChunkWorker(pickle.loads(order.content), limits, ITEMS_A_PROCESS)
                self._run = run
            try:
                return _do(self._worker, run, pickle.loads(chunk.content))
            except SetupError as exc:
                return Told([], exc)
            finally:
                if not self._worker.idle:
                    self._clear()
                self._timer = threading.Timer(_SECONDS_IDLE, self._leave)
                self._timer.daemon = True
                self._timer.start()

    def _leave(self) -> None:
        with self._lock:
            self._clear()

    def _clear(self) -> None:
        if self._worker is not None:
            self._worker.close()
        self._worker = None


_here = threading.local()
_stopped: set[str] = set()


def do_chunk(order: Parcel, run: str, limits: Limits, chunk: Parcel) -> Told:
    """Do the items of ``chunk``, a pickled list, as ``order`` says, a pickled `Order`.

    It runs on a thread of a worker, which keeps its child process for the next chunk of
    the same ``run``.
    """
    if run in _stopped:
        return Told([])
    if not hasattr(_here, "desk"):
        _here.desk = _Desk()
    desk: _Desk = _here.desk
    return desk.do(order, run, limits, chunk)


def stop_run(run: str) -> None:
    """Let every thread of this worker end its chunk of ``run`` after the item it is at."""
    _stopped.add(run)


def _do(worker: ChunkWorker, run: str, items: list[Any]) -> Told:
    told = Told([])
    asked = False
    worker.give(items)
    while not worker.idle:
        if worker.channel.ready(_SECONDS_BETWEEN_LOOKS):
            told.results.extend((outcome.result, outcome.lost) for outcome in worker.receive())
        if not asked and run in _stopped and not worker.idle:
            asked = True
            worker.stop()
    return told
