"""How a child process is started, ended and reaped."""

import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from letter_kit.engines.channel import Channel
from letter_kit.errors import SetupError

if TYPE_CHECKING:
    from subprocess import Popen

__all__ = ["Child", "settle_in", "start_child"]

_LARGEST_FORK = 500_000_000
"""Bytes of address space; a fork inherits it all, and the limit on memory counts it."""

_MOST_FILES = 65_536
_DIE_WITH_PARENT = 1
"""``PR_SET_PDEATHSIG`` of Linux's prctl(2)."""

Serve = Callable[[Channel, int], NoReturn]
"""What a child runs: a function of a module, so that a fresh interpreter can import it."""


class Child:
    """A running child: a fork, or a fresh interpreter."""

    def __init__(self, pid: int, process: "Popen[bytes] | None" = None) -> None:
        self._pid = pid
        self._process = process

    def kill(self) -> None:
        """End it now."""
        os.kill(self._pid, signal.SIGKILL)

    def seconds_used(self) -> float | None:
        """The processor's time that it has used; ``None`` where the system does not tell."""
        try:
            stat = Path(f"/proc/{self._pid}/stat").read_text("ascii")
            fields = stat.rpartition(")")[2].split()  # the name before may have spaces in it
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        except (OSError, ValueError, IndexError):
            return None

    def wait(self) -> str:
        """Reap it, and say how it ended."""
        if self._process is not None:
            code = self._process.wait()
        else:
            try:
                code = os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])
            except ChildProcessError:  # whoever started us has SIGCHLD ignored
                return "for a reason the system does not tell"
        return signal.Signals(-code).name if code < 0 else f"exit code {code}"


def start_child(serve: Serve, memory: int) -> tuple[Child, Channel]:
    """A child that runs ``serve``, and the channel to it.

    Forking takes 2 ms. But a process with threads could leave locks held for ever in its
    fork, and one that uses much memory would leave it no room below the limit: there, and
    where there is no fork, a fresh interpreter is started.

    Raises `SetupError` where the system gives no process.
    """
    try:
        from_parent, to_child = os.pipe()
        from_child, to_parent = os.pipe()
        theirs, ours = Channel(from_parent, to_parent), Channel(from_child, to_child)
        start = _fork if _may_fork() else _spawn
        child = start(serve, theirs, memory)
    except OSError as exc:
        raise SetupError.of(f"the system gives no process for a letter: {exc.strerror}") from None
    theirs.close()
    return child, ours


def _may_fork() -> bool:
    if not hasattr(os, "fork") or _threads() > 1:
        return False
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    except (OSError, ValueError):
        return True
    return pages * os.sysconf("SC_PAGE_SIZE") < _LARGEST_FORK


def _threads() -> int:
    """How many threads this process has: those that Python does not know of too, if told."""
    with suppress(OSError):
        return len(os.listdir("/proc/self/task"))  # noqa: PTH208  # a third of the time
    threading = sys.modules.get("threading")
    return 1 if threading is None else threading.active_count()


def settle_in(memory: int) -> None:
    """Make the process that calls it a child: bounded in memory, quiet, deaf to Ctrl-C.

    What ends a whole group of processes, as systemd and timeout(1) do, asks the parent.
    """
    import gc

    for name in (signal.SIGINT, signal.SIGTERM):  # the parent decides when work ends
        signal.signal(name, signal.SIG_IGN)
    if not os.environ.get("LETTER_KIT_DEBUG"):
        # Native libraries complain here; what they say comes back as problems of a letter.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    _limit_memory(memory)
    # What was imported before is never garbage, and letters make little of it.
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def _die_with(parent: int) -> None:
    """Let no fork work on for a parent that was killed, where the system can see to it.

    The system takes the end of the thread that started a child for the end of its parent;
    where there are threads, there is no fork.
    """
    if sys.platform != "linux":
        return
    from ctypes import CDLL

    CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:  # it was killed just before
        os._exit(1)


def _limit_memory(memory: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit; the time limit holds there
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard == resource.RLIM_INFINITY or hard > memory:
        with suppress(ValueError, OSError):  # macOS refuses it; the time limit holds there
            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _fork(serve: Serve, theirs: Channel, memory: int) -> Child:
    # Ctrl-C is held back until the child ignores it: it must never run the parent's code.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    parent = os.getpid()
    try:
        pid = os.fork()
        if pid == 0:
            try:
                signal.signal(signal.SIGINT, signal.SIG_IGN)
                _close_all_but(theirs)
                _die_with(parent)
                serve(theirs, memory)
            finally:
                os._exit(1)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return Child(pid)


def _close_all_but(channel: Channel) -> None:
    """Close the parent's files: a copy of them would keep locks and other channels open."""
    kept = sorted({0, 1, 2, *channel.descriptors})
    for low, high in pairwise((*kept, _MOST_FILES)):
        os.closerange(low + 1, high)


_SERVE = """\
import sys
sys.path[:] = {path!r}
from letter_kit.engines.channel import Channel
from {module} import {name} as serve
serve(Channel({read}, {write}), {memory})
"""


def _spawn(serve: Serve, theirs: Channel, memory: int) -> Child:
    import subprocess

    read, write = theirs.descriptors
    code = _SERVE.format(
        path=sys.path,
        module=serve.__module__,
        name=serve.__name__,
        read=read,
        write=write,
        memory=memory,
    )
    # -P keeps the current folder from standing before the installation.
    process = subprocess.Popen([sys.executable, "-P", "-c", code], pass_fds=(read, write))
    return Child(process.pid, process)
