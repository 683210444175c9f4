"""What was measured, and what follows for larger numbers, as tables in Markdown."""

import os
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

FORMATS = {"markdown": 1000, "html": 600, "pdf": 40}
"""Letters a round."""
ENGINES = ("1 process", "2 processes", "Dask, 1 worker", "Dask, 2 workers")
CHUNK = {"markdown": 200, "html": 200, "pdf": 25}
"""Letters a chunk, as in letter_kit/batch/run.py."""
LETTERS = (1_000_000, 100_000_000)
CORES = (2, 64, 1_000)


class Measured(NamedTuple):
    """Seconds and bytes; ``letter`` by format is of a processor, ``rate`` is by the clock."""

    rate: Mapping[tuple[str, str], float]
    letter: Mapping[str, float]
    chunk: float
    chunks: float
    row: float
    account: float
    ledger_bytes: float
    manifest_bytes: float
    file_bytes: Mapping[str, float]
    worker_bytes: float
    puts: float
    puts_alone: float


def measures(m: Measured) -> str:
    lines = [
        f"| Letters a second | {' | '.join(ENGINES)} |", "|---|" + "--:|" * len(ENGINES),
        *(
            f"| {form} | {' | '.join(f'{m.rate[form, name]:,.0f}' for name in ENGINES)} |"
            for form in FORMATS
        ),
        "",
        "| What | Measured |", "|---|--:|",
        *(
            f"| A letter in {form}, of a processor | {m.letter[form] * 1e3:.2f} ms |"
            for form in FORMATS
        ),
        f"| A chunk's way to a Dask worker and back, alone | {m.chunk * 1e3:.1f} ms |",
        f"| The same, when several are under way | {m.chunks * 1e3:.1f} ms |",
        f"| Coordinator, for a row, while the run lasts | {m.row * 1e6:.0f} µs |",
        f"| Coordinator, for a row, for the account at its end | {m.account * 1e6:.0f} µs |",
        f"| Ledger, for a row with one file | {m.ledger_bytes:.0f} bytes |",
        f"| `manifest.csv`, for a row with one file | {m.manifest_bytes:.0f} bytes |",
        *(f"| A letter in {form} | {m.file_bytes[form] / 1e3:.1f} kB |" for form in FORMATS),
        f"| A process that makes PDFs, at its largest | {m.worker_bytes / 1e6:.0f} MB |",
        f"| Objects of 20 kB a second to moto, as letters are sent | {m.puts:,.0f} |",
        f"| The same, one after the other | {m.puts_alone:,.0f} |",
    ]  # fmt: skip
    load = os.getloadavg()[2]
    said = f"Measured on {date.today()}, with {os.cpu_count()} processors and a load of {load:.1f}."
    if load > (os.cpu_count() or 1):
        said += " The machine did other work as well:\nwhat is by the clock says little."
    return f"{said}\n\n" + "\n".join(lines) + "\n"


def costs(m: Measured) -> str:
    """What so many letters cost, by the formulas in docs/scale.md."""
    head = ["Letters", "Format", "Core-hours", *(f"{cores:,} cores" for cores in CORES), "Files",
            "Ledger", "Manifest", "Writes to a bucket"]  # fmt: skip
    lines = [f"| {' | '.join(head)} |", "|--:|---|" + "--:|" * (len(head) - 2)]
    for letters in LETTERS:
        for form in FORMATS:
            work = letters * m.letter[form]
            book, account = letters * (m.row + m.chunks / CHUNK[form]), letters * m.account
            walls = (duration(max(work / cores, book) + account) for cores in CORES)
            sizes = (m.file_bytes[form], m.ledger_bytes, m.manifest_bytes)
            disk = (f"{letters * size / 1e9:,.1f} GB" for size in sizes)
            cells = (f"{letters:,}", form, f"{work / 3600:,.1f}", *walls, *disk, f"{letters:,}")
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def duration(seconds: float) -> str:
    for size, unit in ((86_400 * 3, "days"), (7_200, "h"), (120, "min")):
        if seconds >= size:
            return f"{seconds / {'days': 86_400, 'h': 3_600, 'min': 60}[unit]:,.1f} {unit}"
    return f"{seconds:.0f} s"
