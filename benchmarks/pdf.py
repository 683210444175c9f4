"""PDF letters, against the other ways of making them.

    python benchmarks/pdf.py            the table of ways, and how cost grows
    python benchmarks/pdf.py --write    the same, into docs/performance.md and its picture

Every way runs in a process of its own on one core, and gets the same letters of UN2020 in the
same run: a few at a time, in turn, so that a machine that is slow for a while is so for all.
Ratios are what counts. ``--rows N`` takes another number of recipients, ``--most N`` another
end of the growth, ``--in FOLDER`` another place for the files.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

PEERS = Path(__file__).parent / "peers"
sys.path[:0] = [str(PEERS), str(PEERS.parent.parent)]

from growth import picture  # noqa: E402
from lists import ROOT, write_list  # noqa: E402
from merged import ready_letters  # noqa: E402
from ways import SLOW, WAYS, is_here  # noqa: E402

PAGE = ROOT / "docs" / "performance.md"
PICTURE = ROOT / "docs" / "performance.svg"
BEGIN, END = "<!-- from benchmarks/pdf.py -->\n", "<!-- end -->"
AT_ONCE = 50
FEW = 20


class Result(NamedTuple):
    """What a way took for its letters: seconds, bytes, and their number."""

    seconds: float
    written: int
    letters: int

    @property
    def each(self) -> float:
        """Milliseconds a letter."""
        return 1000 * self.seconds / self.letters


class Way:
    """A way in its own process."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name, self.result = name, Result(0, 0, 0)
        out = folder / str(len(name))
        out.mkdir(exist_ok=True)
        self._process = subprocess.Popen(
            [sys.executable, str(PEERS / "ways.py"), name, str(folder / "letters.json"),
             str(folder / "list.csv"), str(out)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        assert self._process.stdin
        assert self._process.stdout
        self._in, self._out = self._process.stdin, self._process.stdout
        ready = self._out.readline()
        assert ready == "ready\n", f"{name} did not start"

    def make(self, begin: int, end: int) -> None:
        """Make some letters."""
        self._in.write(f"{begin} {end}\n")
        self._in.flush()
        seconds, written = self._out.readline().split()
        was = self.result
        self.result = Result(
            was.seconds + float(seconds), was.written + int(written), was.letters + end - begin
        )

    def close(self) -> None:
        """End the process."""
        self._in.close()
        self._process.wait()


def compare(folder: Path, rows: int) -> dict[str, Result]:
    """Every way that is installed, on the same letters."""
    ways = [Way(name, folder) for name in WAYS if is_here(name)]
    for begin in range(0, rows, AT_ONCE):
        for way in ways:
            end = min(begin + AT_ONCE, rows)
            if way.name.startswith(SLOW):
                end = min(end, FEW)
            if begin < end:
                way.make(begin, end)
    for way in ways:
        way.close()
    return {way.name: way.result for way in ways}


def grow(folder: Path, most: int) -> list[tuple[int, float, float]]:
    """Letters, seconds and megabytes of memory, from 100 letters to ``most``."""
    found = []
    many = 100
    while many <= most:
        write_list(folder / "list.csv", many)
        command = [
            sys.executable, str(PEERS / "ways.py"), "letter-kit, merging too",
            str(folder / "letters.json"), str(folder / "list.csv"), str(folder),
        ]  # fmt: skip
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdin
            assert process.stdout
            process.stdout.readline()
            seconds = 0.0
            for begin in range(0, many, 1000):
                end = min(begin + 1000, many)
                process.stdin.write(f"{begin} {end}\n")
                process.stdin.flush()
                seconds += float(process.stdout.readline().split()[0])
                for made in folder.glob("*.pdf"):
                    made.unlink()
            used = memory(process.pid)
            process.stdin.close()
        found.append((many, seconds, used))
        many *= 10
    return found


def memory(pid: int) -> float:
    """The most memory that a process has had so far, in MB."""
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1000


def writing(folder: Path, rows: int, size: int) -> float:
    """Milliseconds that writing a file of that size takes."""
    content = os.urandom(size)
    began = time.perf_counter()
    for number in range(rows):
        Path(folder, f"w{number:06}.pdf").write_bytes(content)
    return 1000 * (time.perf_counter() - began) / rows


def table(results: dict[str, Result], written: float) -> str:
    """The results in Markdown."""
    ours = results["letter-kit"]
    lines = [
        "| Way | letters | ms a letter | letter-kit is so many times as fast | kB a file |",
        "|---|---:|---:|---:|---:|",
    ]
    for name, result in results.items():
        ratio = f"{result.each / ours.each:,.1f}" if not name.startswith("letter-kit") else ""
        lines.append(
            f"| {name} | {result.letters:,} | {result.each:,.2f} | {ratio} |"
            f" {result.written / result.letters / 1000:,.0f} |"
        )
    lines.append(f"| writing such a file | {ours.letters:,} | {written:,.2f} | | |")
    missing = [name for name in WAYS if name not in results]
    text = "\n".join(lines)
    return f"{text}\n\nNot installed here: {'; '.join(missing)}.\n" if missing else f"{text}\n"


def growth_table(grown: list[tuple[int, float, float]]) -> str:
    """How cost grows, in Markdown."""
    lines = ["| Letters | seconds | ms a letter | memory, MB |", "|---:|---:|---:|---:|"]
    for many, seconds, used in grown:
        each = 1000 * seconds / many
        lines.append(f"| {many:,} | {seconds:,.1f} | {each:.2f} | {used:.0f} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--rows", type=int, default=1_000)
    parser.add_argument("--most", type=int, default=100_000)
    parser.add_argument("--in", dest="place")
    given = parser.parse_args()
    core = min(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {core})
    with tempfile.TemporaryDirectory(prefix="letter-kit-bench-", dir=given.place) as name:
        folder = Path(name)
        write_list(folder / "list.csv", given.rows)
        letters = list(ready_letters(folder / "list.csv", folder))
        (folder / "letters.json").write_text(json.dumps(letters), "utf-8")
        results = compare(folder, given.rows)
        ours = results["letter-kit"]
        written = writing(folder, given.rows, ours.written // ours.letters)
        grown = grow(folder, given.most)
    text = f"{table(results, written)}\n{growth_table(grown)}"
    print(text)
    if given.write:
        page = PAGE.read_text("utf-8")
        before, after = page.partition(BEGIN)[0], page.partition(END)[2]
        PAGE.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", "utf-8")
        PICTURE.write_text(picture(grown), "utf-8")


if __name__ == "__main__":
    main()
