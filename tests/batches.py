"""What the tests of batches share: lists, runs as a person starts them, what is there then."""

import csv
import hashlib
import io
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from conftest import ROOT, SENDER

HEADER = "id,office,gender,country,family_name,language\n"
_OFFICES = ("foreign_minister", "minister", "head_of_government")
_COUNTRIES = ("SN", "GH", "FR", "BE", "KE")
_BAD = 25
"""Every so many rows one has a country that is none."""


def person(number: int, *, country: str | None = None, name: str | None = None) -> str:
    """A row of a list."""
    cells = (
        f"r{number}",
        _OFFICES[number % 3],
        "fm"[number % 2],
        country or _COUNTRIES[number % 5],
        name or f"Name{number}",
        ("fr", "en")[number % 2],
    )
    return ",".join(cells) + "\n"


def people(rows: int) -> str:
    """A list of so many rows, of which a few cannot be used."""
    return HEADER + "".join(
        person(n, country=None if n % _BAD else "Atlantis") for n in range(1, rows + 1)
    )


def command(*more: object, campaign: object = "un2020", formats: str = "markdown") -> list[str]:
    """The command for a batch from ``list.csv`` to ``out``."""
    options = [part for name in formats.split() for part in ("--format", name)]
    return [
        sys.executable, "-m", "letter_kit", "batch", str(campaign), "list.csv", "--from",
        str(SENDER), "--out", "out", "--date", "2019-09-03", *options, *map(str, more),
    ]  # fmt: skip


def start(folder: Path, *more: object, **details: object) -> "subprocess.Popen[str]":
    """A batch that runs in ``folder``, as a person starts it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    return subprocess.Popen(
        command(*more, **details),  # type: ignore[arg-type]  # what `command` takes
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: "subprocess.Popen[str]", seconds: float = 120) -> tuple[int, str]:
    """The exit code, and all that was said."""
    out, err = process.communicate(timeout=seconds)
    assert "Traceback" not in err, err
    assert "defect" not in err, err
    return process.returncode, out + err


def tree(folder: Path) -> dict[str, bytes]:
    """All files that a person sees in ``folder``, with their content."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not any(p.startswith(".") for p in path.relative_to(folder).parts)
    }


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))


def check_account(out: Path, rows: int | None = None) -> dict[str, int]:
    """How many rows have which status.

    The manifest must list what is there, no more and no less, and each of ``rows``.
    """
    manifest = table(out / "manifest.csv")
    there = {
        name: hashlib.sha256(content).hexdigest()
        for name, content in tree(out).items()
        if not name.endswith(".csv")
    }
    listed = {line["file"]: line["sha256"] for line in manifest if line["file"]}
    assert listed == there
    status = {int(line["row"]): line["status"] for line in manifest}
    if rows is not None:
        assert sorted(status) == list(range(1, rows + 1))
    counts = {name: list(status.values()).count(name) for name in ("done", "failed", "skipped")}
    assert sum(counts.values()) == len(status)
    failed = table(out / "failed.csv") if (out / "failed.csv").exists() else []
    assert len(failed) == counts["failed"]
    return counts


def children(parent: int) -> list[int]:
    """The processes that ``parent`` started, from /proc."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text("ascii", "replace").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent and fields[0] != "Z":
            found.append(int(stat.parent.name))
    return found


def alive(pid: int) -> bool:
    """Whether a process still runs; one that nobody has reaped yet does not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("ascii", "replace")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] not in {"Z", "X"}


def until(seconds: float = 60) -> Iterator[None]:
    """Turns of a loop that waits for something. Raises `TimeoutError` after ``seconds``."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        yield
        time.sleep(0.002)
    raise TimeoutError
