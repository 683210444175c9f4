"""A Dask cluster on the loopback: a real scheduler and real workers, each a process."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from conftest import ROOT

__all__ = ["Cluster", "starting"]

_SECONDS_TO_START = 30


class Cluster:
    """Its ``address``, and its ``workers``, which a test may add to and end."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{self._port}"
        self.workers: list[subprocess.Popen[bytes]] = []
        options = ("--host", "127.0.0.1", "--port", str(self._port), "--no-show")
        self.scheduler = self._start("scheduler", *options)
        self._await("scheduler", "Scheduler at:")

    def add_worker(self) -> subprocess.Popen[bytes]:
        """A new worker with one thread, ready."""
        name = f"worker-{len(self.workers)}"
        options = ("--no-nanny", "--nthreads", "1", "--host", "127.0.0.1", "--death-timeout", "30")
        local = ("--local-directory", str(self._folder / name))
        worker = self._start("worker", self.address, *options, *local, log=name)
        self.workers.append(worker)
        self._await(name, "Registered to")
        return worker

    def said(self, name: str) -> str:
        """What ``scheduler`` or ``worker-0`` wrote so far."""
        return (self._folder / f"{name}.log").read_text("utf-8")

    def close(self) -> None:
        """End what is left of it."""
        for process in (*self.workers, self.scheduler):
            process.kill()
        for process in (*self.workers, self.scheduler):
            process.wait()

    def _start(self, what: str, *options: str, log: str = "") -> subprocess.Popen[bytes]:
        path = os.pathsep.join((str(ROOT), str(ROOT / "tests")))
        with (self._folder / f"{log or what}.log").open("wb") as out:
            return subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.dask_{what}", *options, "--no-dashboard"],
                stdout=out, stderr=out, cwd=self._folder, env={**os.environ, "PYTHONPATH": path},
            )  # fmt: skip

    def _await(self, name: str, sign: str) -> None:
        deadline = time.monotonic() + _SECONDS_TO_START
        while sign not in self.said(name):
            assert time.monotonic() < deadline, self.said(name)
            time.sleep(0.05)


@contextmanager
def starting(folder: Path, workers: int) -> Iterator[Cluster]:
    """A cluster with that many workers. When it ends, no process of theirs is left."""
    folder.mkdir(parents=True, exist_ok=True)
    cluster = Cluster(folder)
    try:
        for _ in range(workers):
            cluster.add_worker()
        yield cluster
    finally:
        children = [
            child
            for worker in cluster.workers
            if worker.poll() is None
            for child in psutil.Process(worker.pid).children(recursive=True)
        ]
        cluster.close()
        _, left = psutil.wait_procs(children, timeout=10)
        assert not left
