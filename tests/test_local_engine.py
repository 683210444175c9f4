"""Chunks are done in processes that may die: each item has its outcome, and is told once."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from batches import alive, children, until

from letter_kit.engines import Limits, LocalEngine, Order, Outcome
from letter_kit.errors import SetupError

GB = 1_000_000_000


class Sums:
    """Work that does what each item says, and doubles numbers."""

    def __init__(self, given: Path | None) -> None:
        self._given = given

    def do(self, item: Any) -> int:
        match item:
            case int():
                return 2 * item
            case "die":
                os.kill(os.getpid(), signal.SIGSEGV)
            case "exit":
                os._exit(7)
            case "grow":
                return len(b"x" * 3 * GB)
            case "raise":
                raise ValueError
            case "full":
                raise SetupError.of("the disk is full")
            case "spin":
                while True:
                    pass
            case ("killed", times):
                assert self._given is not None
                with self._given.open("a", encoding="ascii") as file:
                    file.write("x")
                if self._given.stat().st_size <= times:
                    os.kill(os.getpid(), signal.SIGKILL)
        return 0

    def expect(self, items: Sequence[Any]) -> None:
        """Nothing is looked up."""

    def settle(self) -> None:
        """Nothing is put off."""


def begin(given: Path | None) -> Sums:
    return Sums(given)


def refuse(given: None) -> Sums:
    raise SetupError.of("there is no disk")


def do(
    chunks: Sequence[Sequence[Any]], *, given: Path | None = None, seconds: float = 5, **more: Any
) -> list[Outcome[Any, Any]]:
    limits = Limits(memory=GB, seconds=seconds)
    with LocalEngine(Order(begin, given), limits=limits, **more) as engine:
        return list(engine.run(iter(chunks)))


def test_every_item_has_its_result() -> None:
    chunks = [range(n, n + 7) for n in range(0, 700, 7)]
    outcomes = do(chunks, jobs=3, lasts=50)
    assert sorted((o.item, o.result) for o in outcomes) == [(n, 2 * n) for n in range(700)]


def test_one_worker_tells_in_the_order_of_the_items() -> None:
    outcomes = do([[3, 1], [2]], jobs=1)
    assert [(o.item, o.result) for o in outcomes] == [(3, 6), (1, 2), (2, 4)]


@pytest.mark.parametrize(
    ("item", "said"),
    [
        ("die", "SIGSEGV"),
        ("exit", "exit code 7"),
        ("raise", "exit code 1"),
        ("grow", "needs more than 1 GB of memory"),
        ("spin", "did not end within 0.5 s"),
    ],
)
@pytest.mark.parametrize("place", [0, 5, 9])
def test_an_item_that_ends_its_process_costs_itself_alone(item: str, said: str, place: int) -> None:
    chunk: list[Any] = list(range(9))
    chunk.insert(place, item)
    outcomes = do([chunk, [100]], jobs=1, seconds=0.5)
    assert [o.item for o in outcomes] == [*chunk, 100]
    assert [o.result for o in outcomes if o.lost is None] == [*range(0, 18, 2), 200]
    (lost,) = (o for o in outcomes if o.lost is not None)
    assert lost.item == item
    assert said in str(lost.lost)


def test_many_items_that_end_their_process_stop_no_other() -> None:
    items: list[Any] = ["die" if n % 10 == 3 else n for n in range(300)]
    outcomes = do([items[n : n + 25] for n in range(0, 300, 25)], jobs=2)
    assert len(outcomes) == 300
    assert sorted(o.result for o in outcomes if o.lost is None) == [
        2 * n for n in range(300) if n % 10 != 3
    ]
    assert sum(o.lost is not None for o in outcomes) == 30


@pytest.mark.parametrize("times", [1, 2, 4])
def test_a_process_that_is_killed_from_outside_costs_nothing(tmp_path: Path, times: int) -> None:
    outcomes = do([[1, ("killed", times), 2]], given=tmp_path / "kills", jobs=1)
    assert [(o.result, o.lost) for o in outcomes] == [(2, None), (0, None), (4, None)]


def test_who_is_killed_again_and_again_is_given_up(tmp_path: Path) -> None:
    outcomes = do([[1, ("killed", 99), 2]], given=tmp_path / "kills", jobs=1)
    assert [o.result for o in outcomes] == [2, None, 4]
    assert "SIGKILL" in str(outcomes[1].lost)


def test_what_stands_in_the_way_of_all_ends_the_run() -> None:
    with pytest.raises(SetupError, match="the disk is full"):
        do([[1, 2], ["full"], [3]], jobs=2)
    with pytest.raises(SetupError, match="there is no disk"):  # noqa: SIM117  # one engine, one run
        with LocalEngine(Order(refuse, None), jobs=1) as engine:
            list(engine.run([[1]]))


def test_chunks_are_taken_when_they_are_wanted() -> None:
    taken = 0

    def chunks() -> Iterator[list[int]]:
        nonlocal taken
        for taken in range(1, 1001):
            yield [taken]

    with LocalEngine(Order(begin, None), jobs=2) as engine:
        for done, _ in enumerate(engine.run(chunks()), 1):
            assert taken - done <= 3


def test_a_run_that_is_stopped_tells_what_was_done() -> None:
    told: list[int] = []
    with LocalEngine(Order(begin, None), jobs=2) as engine:
        chunks = ([n] * 100 for n in range(100_000))
        for outcome in engine.run(chunks, lambda: len(told) > 500):
            told.append(outcome.result)
    assert 500 < len(told) < 100_000


@pytest.mark.skipif(sys.platform != "linux", reason="they are found in /proc")
def test_no_process_and_no_descriptor_is_left() -> None:
    def descriptors() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    before = descriptors(), set(children(os.getpid()))
    do([[1, "die", 2], ["grow"], [3]], jobs=2, lasts=1)
    assert (descriptors(), set(children(os.getpid()))) == before


ORPHANS = """
import os, signal, sys, threading, time
sys.path[:] = {path!r}
from letter_kit.engines import LocalEngine, Order
from test_local_engine import Slow
if {threads}:  # then the children are fresh interpreters
    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
with LocalEngine(Order(Slow, {file!r}), jobs=2) as engine:
    for outcome in engine.run([range(1000)] * 2):
        os.kill(os.getpid(), signal.SIGKILL)
"""


class Slow:
    """Work of which somebody sees that it goes on."""

    def __init__(self, file: str) -> None:
        self._file = Path(file)
        self._done = 0

    def do(self, item: int) -> int:
        time.sleep(0.01)
        self._done += 1
        return item

    def expect(self, items: Sequence[Any]) -> None:
        """Nothing is looked up."""

    def settle(self) -> None:
        with self._file.open("a", encoding="ascii") as file:
            file.write(f"{os.getpid()}\n" * self._done)
        self._done = 0


@pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc")
@pytest.mark.parametrize("threads", [False, True])
def test_no_child_works_on_for_a_parent_that_was_killed(tmp_path: Path, threads: bool) -> None:
    file = tmp_path / "settled"
    code = ORPHANS.format(path=sys.path, file=str(file), threads=threads)
    killed = subprocess.run(
        [sys.executable, "-c", code], stderr=subprocess.PIPE, text=True, check=False
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    workers = {int(pid) for pid in file.read_text("ascii").split()}
    for _ in until(10):
        if not any(map(alive, workers)):
            break
    assert file.read_text("ascii").count("\n") < 1000
