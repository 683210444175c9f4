"""An engine that does its work in processes of this machine."""

import select
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from letter_kit.closing import Closing
from letter_kit.engines.chunks import ChunkWorker
from letter_kit.engines.guarded import Limits
from letter_kit.engines.work import Order, Outcome

__all__ = ["ITEMS_A_PROCESS", "LocalEngine"]

_SECONDS_BETWEEN_LOOKS = 0.2
_SECONDS_TO_STOP = 6.0
"""How long a worker that was asked to stop may take for the item it is at."""
ITEMS_A_PROCESS = 20_000
"""After so many items a process is replaced: what libraries lose of memory ends with it."""


class LocalEngine(Closing):
    """Does chunks in ``jobs`` processes. Use it as a context manager."""

    def __init__(
        self,
        order: Order,
        *,
        jobs: int,
        limits: Limits | None = None,
        lasts: int = ITEMS_A_PROCESS,
    ) -> None:
        self._workers = [ChunkWorker(order, limits or Limits(), lasts) for _ in range(jobs)]

    @property
    def width(self) -> int:
        """How many items it works at at a time: the number of its processes."""
        return len(self._workers)

    def run(
        self, chunks: Iterable[Sequence[Any]], stopping: Callable[[], bool] = lambda: False
    ) -> Iterator[Outcome[Any, Any]]:
        """What becomes of each item, as it comes. One chunk is taken before a worker is free.

        When ``stopping`` says so, the workers end after the items they are at, and what
        they did is still told.

        Raises `SetupError` where the machine stands in the way.
        """
        for worker in self._workers:  # all together, since each imports what it needs
            worker.start()
        source = iter(chunks)
        ahead = next(source, None)
        idle = list(self._workers)
        busy: list[ChunkWorker] = []
        deadline: float | None = None
        while True:
            while idle and deadline is None and ahead is not None:
                worker = idle.pop()
                worker.give(ahead)
                busy.append(worker)
                ahead = next(source, None)
            if not busy:
                return
            for worker in _ready(busy):
                outcomes = worker.receive()
                if worker.idle and deadline is None and ahead is not None:
                    worker.give(ahead)  # it works on while what it did is written down
                    ahead = None
                elif worker.idle:
                    busy.remove(worker)
                    idle.append(worker)
                yield from outcomes
                if ahead is None and deadline is None:
                    ahead = next(source, None)
            if deadline is None and stopping():
                deadline = time.monotonic() + _SECONDS_TO_STOP
                for worker in busy:
                    worker.stop()
            elif deadline is not None and time.monotonic() > deadline:
                return

    def close(self) -> None:
        """End all processes."""
        for worker in self._workers:
            worker.close()


def _ready(busy: Sequence[ChunkWorker]) -> list[ChunkWorker]:
    by_descriptor = {worker.channel.descriptors[0]: worker for worker in busy}
    ready, _, _ = select.select(list(by_descriptor), [], [], _SECONDS_BETWEEN_LOOKS)
    return [by_descriptor[descriptor] for descriptor in ready]
