"""Reading a list: how long the first look takes, and a row, against what the row is made of.

Times are of the processor, as the machine may be busy. Run it with
`python benchmarks/reading.py [ROWS]`.
"""

import csv
import statistics
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

from letter_kit import load_recipients
from letter_kit.library import Library

ROUNDS = 7


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    built_in = Library.builtin().recipients("foreign-ministries")
    ministries = list(load_recipients(built_in))
    with tempfile.TemporaryDirectory() as folder:
        path = repeated(built_in, Path(folder) / "list.csv", rows)
        size = path.stat().st_size / 1e6
        plain = seconds(lambda: sum(1 for _ in csv.reader(path.open(encoding="utf-8", newline=""))))
        print(f"{rows:,} rows, {size:.1f} MB; least and median of {ROUNDS} rounds")
        told("csv.reader alone", plain)
        told("load_recipients", seconds(lambda: load_recipients(path)))
        recipients = load_recipients(path)
        told("going through the rows", seconds(lambda: sum(1 for _ in recipients)))
        print(f"{'memory of both, at most':32} {memory(path):8.2f} MB")
    each = seconds(lambda: [row.recipient() for row in ministries])
    told("Row.recipient, foreign-ministries", each, len(ministries))
    values = [row.values for row in ministries]
    words = [
        type(row)(row.number, row.line, tuple(v.values()), row.headers, row.path)
        for row, v in zip(ministries, in_words(values), strict=True)
    ]
    told("the same, in words", seconds(lambda: [row.recipient() for row in words]), len(words))


def in_words(values: list[dict[str, str]]) -> list[dict[str, str]]:
    """Rows as real lists have them: the office and the country by their names."""
    from letter_kit.people.countries import country_names

    said = country_names().english
    return [
        {**row, "office": "Minister for Foreign Affairs", "country": said[row["country"]]}
        for row in values
    ]


def repeated(source: Path, target: Path, rows: int) -> Path:
    header, *lines = source.read_text("utf-8").splitlines(keepends=True)
    with target.open("w", encoding="utf-8") as file:
        file.write(header)
        for number in range(rows):
            file.write(lines[number % len(lines)])
    return target


def memory(path: Path) -> float:
    tracemalloc.start()
    for row in load_recipients(path):
        row.recipient()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most / 1e6


def seconds(work: Callable[[], object]) -> list[float]:
    taken = []
    for _ in range(ROUNDS):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return taken


def told(name: str, taken: list[float], rows: int = 0) -> None:
    scale, unit = (1e6 / rows, "µs a row") if rows else (1.0, "s")
    least, median = min(taken) * scale, statistics.median(taken) * scale
    print(f"{name:32} {least:8.3f} {median:8.3f} {unit}")


if __name__ == "__main__":
    main()
