"""An engine that hands its chunks to a Dask cluster (extra ``cluster``).

A worker of the cluster does not run the work itself: it guards a child process that does,
as the local engine does, so that a letter that runs away costs itself and nothing else. A
chunk whose worker dies is done again by another; the same letter gives the same bytes.
"""

import pickle
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from types import TracebackType
from typing import Any, Self

from letter_kit.engines.chunks import ChunkWorker
from letter_kit.engines.guarded import Limits
from letter_kit.engines.local import ITEMS_A_PROCESS
from letter_kit.engines.work import Order, Outcome
from letter_kit.errors import RunawayError, SetupError

__all__ = ["DaskEngine", "do_chunk"]

_SECONDS_TO_CONNECT = 10
_SECONDS_BETWEEN_LOOKS = 0.5
_CHUNKS_A_THREAD = 2
"""Chunks under way for each thread of the cluster: one at work, one that waits beside it."""
_MOST_TRIES = 4
_Told = list[tuple[Any, RunawayError | None]]


class DaskEngine:
    """Does chunks on the cluster of the scheduler at ``address``. Use it as a context manager.

    Raises `SetupError` where the extra is missing or no scheduler answers.
    """

    def __init__(self, order: Order, address: str, *, limits: Limits | None = None) -> None:
        try:
            from distributed import Client
        except ImportError:
            raise SetupError.of(
                "a Dask cluster needs the extra 'cluster'",
                hint="pip install 'letter-kit[cluster]'",
            ) from None
        self._order = pickle.dumps(order, pickle.HIGHEST_PROTOCOL)
        self._limits = limits or Limits()
        try:
            self._client = Client(address, timeout=_SECONDS_TO_CONNECT, set_as_default=False)
        except (OSError, ValueError) as exc:
            raise SetupError.of(
                f"no Dask scheduler answers at {address}: {' '.join(str(exc).split())[:200]}",
                hint="Start one with 'dask scheduler', and give the address that it prints.",
            ) from None

    def run(
        self, chunks: Iterable[Sequence[Any]], stopping: Callable[[], bool] = lambda: False
    ) -> Iterator[Outcome[Any, Any]]:
        """What becomes of each item, as it comes.

        When ``stopping`` says so, what has not begun is called back, and what has is told.
        """
        executor = self._client.get_executor(pure=False)
        source = iter(chunks)
        under_way: dict[Future[_Told], tuple[Sequence[Any], int]] = {}
        stopped = False

        def submit(chunk: Sequence[Any], tries: int) -> None:
            future = executor.submit(do_chunk, self._order, self._limits, chunk)
            under_way[future] = (chunk, tries)

        while True:
            room = _CHUNKS_A_THREAD * max(1, sum(self._client.nthreads().values()))
            while not stopped and len(under_way) < room:
                if (chunk := next(source, None)) is None:
                    break
                submit(chunk, 1)
            if not under_way:
                return
            ended, _ = wait(under_way, _SECONDS_BETWEEN_LOOKS, FIRST_COMPLETED)
            for future in ended:
                chunk, tries = under_way.pop(future)
                if future.cancelled():
                    continue
                if future.exception() is None:
                    for item, (result, lost) in zip(chunk, future.result(), strict=True):
                        yield Outcome(item, result, lost)
                else:
                    submit(chunk, _next_try(future, tries))
            if not stopped and stopping():
                stopped = True
                for future in under_way:
                    future.cancel()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        exc: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()


def _next_try(future: "Future[_Told]", tries: int) -> int:
    """The number of the next try of a chunk whose worker died.

    Raises what the work itself raised, and `SetupError` where workers die again and again.
    """
    from distributed import KilledWorker

    try:
        future.result()
    except KilledWorker:
        if tries < _MOST_TRIES:
            return tries + 1
        raise SetupError.of(
            "the cluster loses its workers again and again",
            hint="Look at their logs; they may have too little memory.",
        ) from None
    raise AssertionError("a future that failed has a result")


_here = threading.local()


def do_chunk(order: bytes, limits: Limits, items: Sequence[Any]) -> _Told:
    """What a worker of the cluster does: a chunk, in a child process that it keeps.

    ``order`` is a pickled `Order`: as long as its bytes are the same, so is the process.
    """
    if getattr(_here, "order", None) != order:
        if hasattr(_here, "worker"):
            _here.worker.close()
        _here.worker = ChunkWorker(pickle.loads(order), limits, ITEMS_A_PROCESS)
        _here.order = order
    worker: ChunkWorker = _here.worker
    told: _Told = []
    try:
        worker.give(items)
        while not worker.idle:
            told += [(outcome.result, outcome.lost) for outcome in worker.receive()]
    except BaseException:
        worker.close()
        raise
    return told
