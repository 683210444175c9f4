"""What many letters cost: measured on this machine, and computed for larger ones.

It prints its tables in Markdown; with ``--write`` it puts them in docs/scale.md as well.
Each rate is the best of some rounds taken in turn, since a machine that does other work only
ever makes it worse. What is computed for larger machines rests on processor time, which other
work changes little. ``--quick`` is for a look. It needs the extras ``cluster`` and ``cloud``,
and moto for an object store on this machine.
"""

import argparse
import os
import pickle
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

from costs import ENGINES, FORMATS, Measured, costs, measures

from letter_kit import BatchResult, load_campaign, load_recipients, load_sender, run_batch
from letter_kit.batch.making import Made
from letter_kit.engines import Order, Outcome
from letter_kit.engines.cluster import DaskEngine
from letter_kit.ledger import LEDGER, FileRecord
from letter_kit.output import open_store

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "scale.md"
BEGIN, END = "<!-- from benchmarks/scale.py -->\n", "<!-- end -->"
BOOK_ROWS = 50_000
PUTS = 1_000
LIST = "office,gender,country,family_name,language\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measured = measure(Path(folder), 1 if options.quick else 3, 0.4 if options.quick else 1)
    text = f"{measures(measured)}\n{costs(measured)}"
    print(text)
    if options.write:
        page = PAGE.read_text("utf-8")
        before, after = page.partition(BEGIN)[0], page.partition(END)[2]
        PAGE.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", "utf-8")


def measure(folder: Path, rounds: int, share: float) -> Measured:
    sizes = {form: max(8, int(size * share)) for form, size in FORMATS.items()}
    with cluster(1) as one, cluster(2) as two:
        runs: Mapping[str, Mapping[str, Any]] = dict(
            zip(ENGINES, ({"jobs": 1}, {"jobs": 2}, {"scheduler": one}, {"scheduler": two}),
                strict=True)
        )  # fmt: skip
        best: dict[tuple[str, str], float] = {}
        letter: dict[str, float] = {}
        for _ in range(rounds):
            for form, rows in sizes.items():
                for name, how in runs.items():
                    taken, used = steady(folder, form, rows, how)
                    best[form, name] = min(taken, best.get((form, name), taken))
                    if name == ENGINES[0]:
                        letter[form] = min(used, letter.get(form, used))
        chunk, chunks = round_trips(two, int(400 * share))
    rows, account, ledger, manifest = bookkeeping(folder, int(BOOK_ROWS * share))
    puts, alone = object_puts(int(PUTS * share))
    return Measured(
        {key: 1 / seconds for key, seconds in best.items()},
        letter, chunk, chunks, rows, account, ledger, manifest,
        {form: file_size(folder, form) for form in FORMATS}, process_size(folder), puts, alone,
    )  # fmt: skip


def write(folder: Path, form: str, rows: int, **how: Any) -> BatchResult:
    people = folder / "list.csv"
    lines = (f"foreign_minister,f,SN,Fall-{n},fr\n" for n in range(rows))
    people.write_text(LIST + "".join(lines), "utf-8")
    with tempfile.TemporaryDirectory(dir=folder) as out:
        result = run_batch(
            load_campaign("un2020"), load_recipients(people),
            load_sender(ROOT / "examples" / "sender.toml"), how.pop("out", out),
            formats=(form,), date=date(2019, 9, 3), **how,
        )  # fmt: skip
    assert result.done == rows, result
    return result


def steady(folder: Path, form: str, rows: int, how: Mapping[str, Any]) -> tuple[float, float]:
    """Seconds a letter by the clock, and of child processes, without what starting takes."""
    few, clock, processes = 4, [], []
    for count in (few, rows + few):
        before = used_by_children()
        clock.append(seconds(lambda count=count: write(folder, form, count, **how)))  # type: ignore[misc]
        processes.append(used_by_children() - before)
    return (clock[1] - clock[0]) / rows, (processes[1] - processes[0]) / rows


def used_by_children() -> float:
    """Processor seconds of the child processes that have ended."""
    times = os.times()
    return times.children_user + times.children_system


def processor_seconds(do: Callable[[], object]) -> float:
    began = time.process_time()
    do()
    return time.process_time() - began


def seconds(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


@contextmanager
def cluster(workers: int) -> Iterator[str]:
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=workers, threads_per_worker=1, dashboard_address=":0", silence_logs=50
    ) as started:
        yield started.scheduler_address


class Nothing:
    """Work that is none."""

    def __init__(self, given: object) -> None:
        pass

    def expect(self, items: Sequence[object]) -> None:
        pass

    def do(self, item: object) -> object:
        return item

    def settle(self) -> None:
        pass


def round_trips(address: str, chunks: int) -> tuple[float, float]:
    """Seconds that a chunk takes to a worker, through its process, and back: alone, and
    when as many are under way as the engine likes.
    """
    with DaskEngine(Order(Nothing, None), address) as engine:
        assert not any(outcome.lost for outcome in engine.run([[0]] * 8))
        alone = seconds(lambda: [list(engine.run([[0]])) for _ in range(chunks)]) / chunks
        together = seconds(lambda: list(engine.run([[0]] * chunks * 5))) / chunks / 5
    return alone, together


class Instant:
    """An engine whose letters cost nothing but their way to a worker and back."""

    width = 2

    def __init__(self, *order: object) -> None:
        self._made = Made(
            "done", bytes(32), "fr", "SN", "foreign_minister", "fr/minister/f", "trust-fund:ask",
            (bytes(8),), files=(FileRecord("markdown", "00001-SN-Fall.md", "0" * 64, bytes(32)),),
        )  # fmt: skip

    def run(
        self, chunks: Iterable[Sequence[Any]], stopping: object = None
    ) -> Iterator[Outcome[Any, Any]]:
        for chunk in chunks:
            pickle.dumps(chunk, pickle.HIGHEST_PROTOCOL)
            told = pickle.dumps([self._made] * len(chunk), pickle.HIGHEST_PROTOCOL)
            for task, made in zip(chunk, pickle.loads(told), strict=True):  # noqa: S301  # ours
                number = task.rows[0].number.to_bytes(8)
                file = made.files[0]._replace(name=f"{number.hex()}-SN-Fall.md")
                yield Outcome(task, made._replace(people=(number,), files=(file,)))

    def __enter__(self) -> "Instant":
        return self

    def __exit__(self, *exc: object) -> None:
        pass


def bookkeeping(folder: Path, rows: int) -> tuple[float, float, float, float]:
    """What the coordinator does for a row: seconds of its processor while the run lasts, and
    for the account at its end; bytes of the ledger and of the manifest.
    """
    from letter_kit.batch import run, workplace

    out, account = folder / "book", 0.0
    write_account = workplace.write_account

    def timed(*arguments: Any) -> None:
        nonlocal account
        account = processor_seconds(lambda: write_account(*arguments))

    with patch.object(run, "_engine", Instant), patch.object(workplace, "write_account", timed):
        whole = processor_seconds(lambda: write(folder, "markdown", rows, out=out))
    sizes = ((out / name).stat().st_size / rows for name in (LEDGER, "manifest.csv"))
    return ((whole - account) / rows, account / rows, *sizes)  # type: ignore[return-value]


def object_puts(count: int) -> tuple[float, float]:
    """Objects a second that a store on this machine takes: sixteen at a time, and one by one."""
    port = "5055"
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-p", port], stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    os.environ.update(
        AWS_ENDPOINT=f"http://127.0.0.1:{port}", AWS_ALLOW_HTTP="true", AWS_REGION="us-east-1",
        AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test", NO_PROXY="127.0.0.1",  # noqa: S106  # moto's
    )  # fmt: skip
    try:
        make_bucket(f"http://127.0.0.1:{port}/letters")
        store = open_store("s3://letters/x")
        store.put("first", b"", "")
        store.settle()

        def send(at_once: int) -> None:
            for n in range(count):
                store.put(f"{at_once}-{n}", bytes(20_000), "")
                if (n + 1) % at_once == 0:
                    store.settle()
            store.settle()

        return count / seconds(lambda: send(200)), count / seconds(lambda: send(1))
    finally:
        server.terminate()
        server.wait()


def make_bucket(address: str) -> None:
    for _ in range(100):
        try:
            urllib.request.urlopen(urllib.request.Request(address, method="PUT")).close()  # noqa: S310
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(address)


def file_size(folder: Path, form: str) -> float:
    out = folder / f"size-{form}"
    write(folder, form, 4, out=out)
    files = [path.stat().st_size for path in out.iterdir() if path.name.startswith("0")]
    return sum(files) / len(files)


def process_size(folder: Path) -> float:
    """The memory of a process that makes PDFs, at its largest."""
    code = (
        "import resource, scale, sys, pathlib;"
        "scale.write(pathlib.Path(sys.argv[1]), 'pdf', 20, jobs=1);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    path = os.pathsep.join((str(Path(__file__).parent), str(ROOT)))
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder)], capture_output=True, check=True, text=True,
        env={**os.environ, "PYTHONPATH": path},
    )  # fmt: skip
    return int(done.stdout) * 1024


if __name__ == "__main__":
    import scale  # by its name, the workers find the module as well

    scale.main()
