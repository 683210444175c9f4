"""How fast batches are, and how much memory they need, on this machine.

    python benchmarks/batch.py speed     letters a second and worker, one and two workers
    python benchmarks/batch.py million   1,000,000 rows to Markdown in one run, memory as it goes
    python benchmarks/batch.py pages     5,000 PDFs in one worker, memory as it goes

``--rows N`` takes another number of rows, ``--in FOLDER`` another place than the temporary folder.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from lists import ROOT, write_list

SENDER = ROOT / "examples" / "sender.toml"


def batch(
    folder: Path, rows: int, *options: str, every: float = 0.5
) -> tuple[float, list[tuple[int, ...]]]:
    """Seconds that a batch takes, and the memory (kB) of coordinator and workers as it goes."""
    write_list(folder / "list.csv", rows)
    out = folder / "out"
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "letter_kit", "batch", "un2020", "list.csv", "--from", str(SENDER),
         "--date", "2019-09-03", "--out", str(out), *options],
        cwd=folder,
    )  # fmt: skip
    seen = []
    while process.poll() is None:
        seen.append(tuple(map(resident, (process.pid, *children(process.pid)))))
        time.sleep(0.5)
    seconds = time.monotonic() - began
    assert process.returncode == 0, process.returncode
    shutil.rmtree(out)
    return seconds, seen


def resident(pid: int) -> int:
    """The memory of a process that is its own, in kB; 0 where it has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith(("Pss:",)))


def children(pid: int) -> list[int]:
    """The processes that ``pid`` has started."""
    try:
        return list(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()))
    except OSError:
        return []


def machine() -> str:
    """How fast the machine is just now: the same one may be three times slower an hour later."""
    began, number = time.process_time(), 0
    for more in range(5_000_000):
        number += more
    return f"{5 / (time.process_time() - began):.1f} million additions a second in a Python loop"


def speed(folder: Path, rows: int) -> None:
    """Two lengths each, so that starting does not count: the difference is what letters take."""
    print(f"This machine, now: {machine()}")
    print("format     jobs   letters/s   a worker")
    for form, many in (("markdown", rows), ("html", rows), ("pdf", max(200, rows // 50))):
        few = many // 10
        rates = {}
        for jobs in (1, 2):
            options = ("--format", form, "--jobs", str(jobs))
            short, _ = batch(folder, few, *options)
            long, _ = batch(folder, many, *options)
            rates[jobs] = (many - few) / (long - short)
            print(f"{form:10} {jobs:4} {rates[jobs]:11,.0f} {rates[jobs] / jobs:10,.0f}")
        print(f"{form:10} two workers are {rates[2] / rates[1]:.2f} times as fast as one")


def memory(folder: Path, rows: int, *options: str) -> None:
    """A long run, and the memory of its processes at each tenth."""
    print(f"This machine, now: {machine()}")
    seconds, seen = batch(folder, rows, *options)
    print(f"{rows:,} letters in {seconds:,.0f} s: {rows / seconds:,.0f} a second")
    print("tenth   coordinator MB   workers MB (each)")
    for tenth in range(1, 11):
        now = seen[max(0, len(seen) * tenth // 10 - 1)]
        print(
            f"{tenth:5} {now[0] / 1000:16.0f}   {', '.join(f'{kb / 1000:.0f}' for kb in now[1:])}"
        )
    print(f"most at once, all processes together: {max(map(sum, seen)) / 1000:.0f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("speed", "million", "pages"))
    parser.add_argument("--rows", type=int)
    parser.add_argument("--in", dest="place")
    given = parser.parse_args()
    os.environ["PYTHONUNBUFFERED"] = "1"
    with tempfile.TemporaryDirectory(prefix="letter-kit-bench-", dir=given.place) as name:
        folder = Path(name)
        if given.what == "speed":
            speed(folder, given.rows or 20_000)
        elif given.what == "million":
            memory(folder, given.rows or 1_000_000, "--format", "markdown")
        else:
            memory(folder, given.rows or 5_000, "--format", "pdf", "--jobs", "1")


if __name__ == "__main__":
    main()
