"""An engine that hands its chunks to a Dask cluster (extra ``cluster``).

A chunk whose worker dies is done again by another; the same letter gives the same bytes.
What a worker does with a chunk is in `letter_kit.engines.remote`.
"""

import logging
import os
import pickle
import re
import threading
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager, suppress
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any, Self

from letter_kit.engines.guarded import Limits
from letter_kit.engines.remote import Parcel, Told, do_chunk, stop_run
from letter_kit.engines.work import Order, Outcome
from letter_kit.errors import InputError, SetupError

__all__ = ["DaskEngine"]

_SECONDS_TO_CONNECT = 10
_SECONDS_BETWEEN_LOOKS = 0.2
_SECONDS_BETWEEN_COUNTS = 2.0
_SECONDS_TO_STOP = 7.0
_SECONDS_TO_TELL = 3.0
_PATIENCE = 120.0
"""Seconds without a worker; a cluster that grows when there is work may need two minutes."""
_CHUNKS_A_THREAD = 2
"""Chunks under way for each thread of the cluster: one at work, one that waits beside it."""
_ADDRESS = re.compile(r"(tcp|tls|ws|wss)://([^\s/:@]+|\[[0-9a-fA-F:.]+\]):\d{1,5}/?")
_TALKATIVE = ("distributed", "distributed.client", "tornado.application", "asyncio")
"""Loggers that would tell on stderr what our errors say in words."""
_RESUME = "Start it again, then the same command: what was done is kept."


class DaskEngine:
    """Does chunks on the cluster of the scheduler at ``address``. Use it as a context manager.

    Raises `InputError` where the address is none, `SetupError` where the extra is missing or
    no scheduler answers.
    """

    def __init__(self, order: Order, address: str, *, limits: Limits | None = None) -> None:
        try:
            import dask
            from distributed import Client
        except ImportError:
            raise SetupError.of(
                "a Dask cluster needs the extra 'cluster'",
                hint="pip install 'letter-kit[cluster]'",
            ) from None
        _check_address(address)
        self._address = address
        self._limits = limits or Limits()
        self._run = os.urandom(8).hex()
        with ExitStack() as stack:
            stack.enter_context(_quiet())
            try:
                with warnings.catch_warnings():
                    # Whether a worker makes the same letters, it finds out itself.
                    warnings.filterwarnings("ignore", message="(?s).*Mismatched versions")
                    self._client = Client(
                        address, timeout=_SECONDS_TO_CONNECT, set_as_default=False
                    )
            except (OSError, ValueError) as exc:
                raise SetupError.of(
                    f"no Dask scheduler answers at {address}: {_words(exc)}",
                    hint="Start one with 'dask scheduler', and give the address that it prints.",
                ) from None
            stack.callback(self._close)
            with self._talking():
                # A task, which the cluster does again where the only worker that had its
                # result dies; each worker fetches it once.
                with dask.config.set({"distributed.admin.large-graph-warning-threshold": "1TB"}):
                    self._order = self._client.submit(
                        Parcel,
                        pickle.dumps(order, pickle.HIGHEST_PROTOCOL),
                        key=f"letter-kit-order-{self._run}",
                    )
                self._threads = self._count_threads()
            self._leaving = stack.pop_all()

    @property
    def width(self) -> int:
        """How many items it works at at a time: the threads of the cluster."""
        return max(1, self._threads)

    def run(
        self, chunks: Iterable[Sequence[Any]], stopping: Callable[[], bool] = lambda: False
    ) -> Iterator[Outcome[Any, Any]]:
        """What becomes of each item, as it comes.

        When ``stopping`` says so, the workers end after the items they are at, and what
        they did is still told.

        Raises `SetupError` where a worker, the cluster or the network stands in the way.
        """
        executor = self._client.get_executor(pure=False)
        source = iter(chunks)
        under_way: dict[Future[Told], Sequence[Any]] = {}
        ended: SimpleQueue[Future[Told]] = SimpleQueue()
        room = _Room(self._count_threads)
        deadline: float | None = None
        while True:
            with self._talking():
                wanted = room.chunks()
            while deadline is None and len(under_way) < wanted:
                if (chunk := next(source, None)) is None:
                    break
                parcel = Parcel(pickle.dumps(list(chunk), pickle.HIGHEST_PROTOCOL))
                with self._talking():
                    future = executor.submit(do_chunk, self._order, self._run, self._limits, parcel)
                under_way[future] = chunk
                future.add_done_callback(ended.put)
            if not under_way:
                return
            for future in _those_that(ended):
                chunk = under_way.pop(future)
                for item, (result, lost) in zip(chunk, self._told(future), strict=False):
                    yield Outcome(item, result, lost)
            if deadline is None and stopping():
                deadline = time.monotonic() + _SECONDS_TO_STOP
                self._stop_workers()
            elif deadline is not None and time.monotonic() > deadline:
                return

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        exc: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if exc is not None:
            self._stop_workers().join(_SECONDS_TO_TELL)
        self._leaving.close()

    def _told(self, future: "Future[Told]") -> list[tuple[Any, Any]]:
        """What a worker told of a chunk. Raises `SetupError` where there is nothing to tell."""
        from distributed import KilledWorker

        if future.cancelled():
            raise self._lost()
        exc = future.exception()
        if exc is None:
            told = future.result()
            if told.failure is not None:
                raise told.failure
            return told.results
        if isinstance(exc, KilledWorker):
            raise SetupError.of(
                "the cluster loses one worker after the other",
                hint="Look at their logs; the system may end them for want of memory.",
            ) from None
        raise SetupError.of(
            f"the cluster cannot do the work: {_words(exc)}",
            hint="The same letter-kit, with its extras, is needed on the scheduler and on every"
            " worker; their logs say more.",
        ) from None

    def _stop_workers(self) -> threading.Thread:
        """Ask them to end, beside all else: a machine that has gone answers late, or never."""

        def ask() -> None:
            with suppress(Exception):  # who cannot be asked ends with the chunk it is at
                self._client.run(stop_run, self._run, on_error="ignore")

        asking = threading.Thread(target=ask, daemon=True)
        asking.start()
        return asking

    def _close(self) -> None:
        with suppress(Exception):  # the cluster may have gone
            self._client.close(timeout=2)

    def _count_threads(self) -> int:
        self._threads = sum(self._client.nthreads().values())
        return self._threads

    @contextmanager
    def _talking(self) -> Iterator[None]:
        """What Dask raises while it talks to the cluster, in words."""
        try:
            yield
        except SetupError:
            raise
        except Exception:  # of many kinds: the network's, Dask's, those of an event loop
            raise self._lost() from None

    def _lost(self) -> SetupError:
        return SetupError.of(
            f"the Dask scheduler at {self._address} does not answer any more", hint=_RESUME
        )


class _Room:
    """For how many chunks there is room on the cluster, which may grow and shrink."""

    def __init__(self, count: Callable[[], int]) -> None:
        self._count = count
        self._threads = 0
        self._counted_at = -_SECONDS_BETWEEN_COUNTS
        self._seen_at = time.monotonic()

    def chunks(self) -> int:
        """The number of chunks. Raises `SetupError` where no worker has come for long."""
        now = time.monotonic()
        if now - self._counted_at > _SECONDS_BETWEEN_COUNTS:
            self._threads = self._count()
            self._counted_at = now
        if self._threads:
            self._seen_at = now
        elif now - self._seen_at > _PATIENCE:
            raise SetupError.of(
                f"the cluster has had no worker for {_PATIENCE:g} s",
                hint="Start some with 'dask worker ADDR', then the same command again.",
            )
        return _CHUNKS_A_THREAD * max(1, self._threads)


def _check_address(address: str) -> None:
    """What Dask would take long to refuse."""
    if not _ADDRESS.fullmatch(address):
        raise InputError.of(
            "the scheduler's address cannot be read",
            expected="an address such as tcp://host:8786",
            found=address[:200],
            hint="'dask scheduler' prints it when it starts.",
        )
    if address.startswith("tls:"):
        from distributed import Security

        if Security().get_connection_args("client").get("ssl_context") is None:
            raise SetupError.of(
                "an encrypted connection needs certificates",
                hint="Name them with DASK_DISTRIBUTED__COMM__TLS__CA_FILE,"
                " …__CLIENT__CERT and …__CLIENT__KEY, as Dask's pages on TLS say.",
            )


def _those_that(ended: "SimpleQueue[Future[Told]]") -> Iterator["Future[Told]"]:
    """The futures that have ended, after a moment at most."""
    with suppress(Empty):
        yield ended.get(timeout=_SECONDS_BETWEEN_LOOKS)
        while True:
            yield ended.get_nowait()


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Dask's loggers from writing to the terminal, unless somebody looks for a defect."""
    if os.environ.get("LETTER_KIT_DEBUG"):
        yield
        return
    loggers = [logging.getLogger(name) for name in _TALKATIVE]
    before: Mapping[logging.Logger, int] = {logger: logger.level for logger in loggers}
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in before.items():
            logger.setLevel(level)


def _words(exc: BaseException) -> str:
    return " ".join(f"{type(exc).__name__}: {exc}".split())[:200]
