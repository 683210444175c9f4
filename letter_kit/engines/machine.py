"""How much of the machine a run may take."""

import os
from pathlib import Path

__all__ = ["jobs_for", "processors"]

_MEMORY_A_WORKER = 250_000_000
"""Bytes; one that makes PDFs in Arabic and Chinese needs so much, one that makes text a fifth."""
_CGROUP = Path("/sys/fs/cgroup")


def processors() -> int:
    """How many processors this process may use; a container may have a part of the machine's."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    quota, _, period = _read(_CGROUP / "cpu.max").partition(" ")
    if quota.isdigit() and period.strip().isdigit():
        count = min(count or 1, round(int(quota) / int(period)))
    return max(1, count or 1)


def jobs_for(items: int, asked: int | None = None) -> int:
    """How many workers to start for so many items: one a processor, as memory allows.

    What was ``asked`` for holds, but never are there more workers than items.
    """
    if asked is None:
        asked = min(processors(), max(1, _free_memory() // _MEMORY_A_WORKER))
    return max(1, min(asked, items))


def _free_memory() -> int:
    """Bytes that can be used without swapping; very many where the system does not tell."""
    free = [10**15]
    for line in _read(Path("/proc/meminfo")).splitlines():
        if line.startswith("MemAvailable:"):
            free.append(int(line.split()[1]) * 1024)
    limit, used = _read(_CGROUP / "memory.max"), _read(_CGROUP / "memory.current")
    if limit.strip().isdigit() and used.strip().isdigit():
        free.append(int(limit) - int(used))
    return max(0, min(free))


def _read(path: Path) -> str:
    try:
        return path.read_text("ascii")
    except OSError:
        return ""
