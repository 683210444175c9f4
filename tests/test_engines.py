"""The guarded process ends what runs away, and gives each caller its own answer."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from conftest import SENDER

from letter_kit import GuardedWorker, Limits, RunawayError


def add(a: int, b: int) -> int:
    return a + b


def wait(seconds: float) -> str:
    time.sleep(seconds)
    return "late"


def grow() -> int:
    return len(b"x" * 3_000_000_000)


def die() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


class OddError(Exception):
    """It cannot be unpickled."""

    def __init__(self, a: int, b: int) -> None:
        super().__init__(a)


def work(seconds: float) -> str:
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass
    return "late"


def fail() -> None:
    raise OddError(1, 2)


def test_calls_are_answered_and_the_process_is_kept() -> None:
    with GuardedWorker() as worker:
        assert worker.run(os.getpid) == worker.run(os.getpid) != os.getpid()
        worker.prepare(wait, 0.1)
        assert worker.run(add, 2, 3) == 5


def test_preparing_does_not_count_and_is_done_once_a_process() -> None:
    with GuardedWorker(Limits(seconds=0.3, in_all=0.3)) as worker:
        worker.prepare(wait, 0.6)
        assert worker.run(add, 2, 3) == 5
        began = time.monotonic()
        worker.prepare(wait, 0.6)
        assert worker.run(add, 2, 3) == 5
        assert time.monotonic() - began < 0.3


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ((wait, 60), "did not end within 0.5 s"),
        ((work, 60), "did not end within 0.5 s"),
        ((grow,), "needs more than 1 GB"),
        ((die,), "SIGSEGV"),
    ],
)
def test_what_runs_away_is_ended_and_the_next_call_is_served(
    call: tuple[Any, ...], said: str
) -> None:
    with GuardedWorker(Limits(seconds=0.5)) as worker:
        with pytest.raises(RunawayError, match=said) as caught:
            worker.run(*call, what="fr.md")
        assert caught.value.problems[0].path == "fr.md"
        assert worker.run(add, 2, 3) == 5


def test_all_calls_together_are_bounded() -> None:
    with GuardedWorker(Limits(in_all=0.5)) as worker:
        worker.prepare(work, 0)  # a fresh interpreter imports this module
        assert worker.run(work, 0.3) == "late"
        with pytest.raises(RunawayError):
            worker.run(work, 0.3)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process's time")
def test_the_time_that_a_call_waits_for_the_machine_does_not_count() -> None:
    with GuardedWorker(Limits(seconds=0.5)) as worker:
        worker.prepare(wait, 0)
        assert worker.run(wait, 0.65) == "late"
        with pytest.raises(RunawayError):
            worker.run(work, 0.8)


def test_an_error_that_cannot_travel_is_told_in_words() -> None:
    with GuardedWorker() as worker, pytest.raises(RuntimeError, match="OddError"):
        worker.run(fail)


def test_an_interrupted_call_leaves_no_answer_behind() -> None:
    with GuardedWorker() as worker:
        worker.run(add, 0, 0)
        threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
        with pytest.raises(KeyboardInterrupt):
            worker.run(wait, 1)
        assert worker.run(add, 2, 3) == 5


def test_a_process_with_threads_starts_a_fresh_interpreter(tmp_path: Path) -> None:
    (tmp_path / "letter_kit").mkdir()
    (tmp_path / "letter_kit" / "__init__.py").write_text("raise SystemExit('shadowed')", "utf-8")
    code = f"""
import sys, threading, time, warnings, subprocess
sys.path[:] = {sys.path!r}
warnings.simplefilter("error")
threading.Thread(target=time.sleep, args=(30,), daemon=True).start()
from pathlib import Path
from letter_kit import GuardedWorker, load_campaign, load_sender, recipient_from_values
from letter_kit import write_letter
with GuardedWorker() as worker:
    person = recipient_from_values({{"office": "foreign_minister", "country": "SN"}})
    sender = load_sender(Path({str(SENDER)!r}))
    write_letter(load_campaign("un2020"), person, sender, worker=worker)
    subprocess.run(["true"], check=True)
    written = write_letter(load_campaign("un2020"), person, sender, worker=worker)
    print(len(written.document.content))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 1000


def test_a_large_process_leaves_its_letters_their_memory() -> None:
    code = """
import mmap
held = mmap.mmap(-1, 1_300_000_000)
from letter_kit import GuardedWorker
with GuardedWorker() as worker:
    print(worker.run(len, b"x" * 100_000_000))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "100000000"), done.stderr


def test_children_that_nobody_may_wait_for_are_no_error() -> None:
    command = [sys.executable, "-m", "letter_kit", "write", "un2020", "--to", "sample#1"]
    script = "trap '' CHLD; exec \"$@\""
    done = subprocess.run(
        ["bash", "-c", script, "bash", *command, "--from", str(SENDER)],
        capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_no_descriptor_and_no_process_is_left() -> None:
    def descriptors() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    def children() -> str:
        return Path(f"/proc/self/task/{os.getpid()}/children").read_text("ascii")

    with GuardedWorker() as worker:
        worker.run(add, 1, 1)
    before, others = descriptors(), children()
    for _ in range(20):
        with GuardedWorker() as worker:
            worker.run(add, 1, 1)
    assert (descriptors(), children()) == (before, others)
