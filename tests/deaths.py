"""Runs of ``letter-kit batch`` that are killed, or meet a full disk, at their n-th step.

It is a program: ``deaths.py kill|fill FOLDER ARGUMENTS…``. For each n, until a run has fewer
steps, it copies FOLDER to FOLDER-n and runs the arguments there, in a process of its own in
which the n-th call that changes the disk kills, or fails. What is left it copies from ``out``
to ``left``; then it runs the arguments again. It prints n and both exit codes, negative for a
signal.
"""

import errno
import os
import shutil
import signal
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from itertools import count
from pathlib import Path
from typing import Any

from letter_kit.batch import run as batch_run
from letter_kit.cli import main
from letter_kit.engines import Order, Outcome
from letter_kit.ledger import Ledger

_CALLS = ("open", "write", "fsync", "replace", "mkdir", "unlink", "rmdir", "chmod")
_FREEING = {"unlink", "rmdir"}
"""What a full disk does not keep anybody from."""
_MARK = "(the disturbance)"
_LEDGER = ("keep", "note", "forget_withdrawn")


class Here:
    """An engine that does its work in this process."""

    width = 1

    def __init__(self, order: Order, **_: object) -> None:
        self._work = order.begin(order.given)

    def run(
        self, chunks: Iterable[Sequence[Any]], stopping: object = None
    ) -> Iterator[Outcome[Any, Any]]:
        for chunk in chunks:
            self._work.expect(chunk)
            done = [Outcome(item, self._work.do(item)) for item in chunk]
            self._work.settle()
            yield from done

    def __enter__(self) -> "Here":
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is held."""


def disturb(kind: str, last: int) -> None:
    """Let the call with the number ``last`` be the end, before it happens."""
    calls = 0

    def counted(call: Any, name: str) -> Any:
        def instead(*arguments: Any, **named: Any) -> Any:
            nonlocal calls
            if name == "open" and not arguments[1] & os.O_CREAT:
                return call(*arguments, **named)
            if kind == "fill" and name in _FREEING:
                return call(*arguments, **named)
            calls += 1
            if calls == last:
                sys.stdout.write(_MARK)
                sys.stdout.flush()
            if calls == last and kind == "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            if calls == last:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return call(*arguments, **named)

        return instead

    for name in _CALLS:
        setattr(os, name, counted(getattr(os, name), name))
    if kind == "kill":
        for name in _LEDGER:
            setattr(Ledger, name, counted(getattr(Ledger, name), name))


def disturbed(kind: str, place: Path, last: int, arguments: Sequence[str]) -> int:
    """The exit code of a run in ``place`` that is disturbed at its step ``last``; 0 is none."""
    pid = os.fork()
    if pid == 0:
        code = 99
        try:
            os.chdir(place)
            with Path(f"said-{last}").open("w", encoding="utf-8") as said:
                sys.stdout = sys.stderr = said
                disturb(kind, last)
                code = main(arguments)
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def all_of_them(kind: str, folder: Path, arguments: Sequence[str]) -> None:
    """See the module."""
    batch_run.LocalEngine = Here  # type: ignore[assignment, misc]  # in this program alone
    batch_run._TEXT_CHUNK = 3
    warm = folder.with_name(f"{folder.name}-0")
    shutil.copytree(folder, warm)
    os.chdir(warm)
    with (
        Path("said").open("w", encoding="utf-8") as said,
        redirect_stderr(said),
        redirect_stdout(said),
    ):
        main(arguments)  # what it imports here the others have
    for last in count(1):
        place = folder.with_name(f"{folder.name}-{last}")
        shutil.copytree(folder, place)
        code = disturbed(kind, place, last, arguments)
        if _MARK not in (place / f"said-{last}").read_text("utf-8"):
            return
        if (place / "out").exists():
            shutil.copytree(place / "out", place / "left")
        sys.stdout.write(f"{last} {code} {disturbed(kind, place, 0, arguments)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    all_of_them(sys.argv[1], Path(sys.argv[2]), sys.argv[3:])
