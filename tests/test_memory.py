"""A run takes no more memory for many rows than for few."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from batches import HEADER
from conftest import SENDER

MEASURE = """
import resource, sys
from pathlib import Path
from letter_kit import load_campaign, load_recipients, load_sender, run_batch
from letter_kit.batch import run as batch_run
from letter_kit.batch.making import Made
from letter_kit.engines import Outcome
from letter_kit.ledger import FileRecord

class Nothing:
    "An engine that says it did what it was given."
    width = 2
    def __init__(self, order, **_): pass
    def __enter__(self): return self
    def __exit__(self, *_): pass
    def run(self, chunks, stopping):
        for chunk in chunks:
            for task in chunk:
                number = task.rows[0].number
                file = FileRecord("markdown", f"{number}.md", f"{number:064x}", b"x" * 32)
                if number % 10 == 0:
                    made = Made("failed", b"x" * 32)
                else:
                    made = Made("done", b"x" * 32, "fr", "SN", "minister", "rule", "asks",
                                people=(number.to_bytes(8, "big"),),
                                warnings=(f"told {number % 99}",), files=(file,))
                yield Outcome(task, made)

batch_run.LocalEngine = Nothing
campaign, sender = load_campaign("un2020"), load_sender(Path(sys.argv[2]))
recipients = load_recipients(Path(sys.argv[1]))
result = run_batch(campaign, recipients, sender, Path(sys.argv[3]), formats=["markdown"],
                   name_by=sys.argv[4])
print(result.rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def peak(folder: Path, rows: int, name_by: str = "{row}-{name}") -> int:
    """The most kB that the process had which keeps the books of a run."""
    path = folder / f"{rows}.csv"
    path.write_text(HEADER + "".join(f"r{n},minister,f,SN,N{n},fr\n" for n in range(rows)), "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, path, SENDER, folder / f"out-{rows}", name_by],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told, kilobytes = map(int, done.stdout.split())
    assert told == rows
    return kilobytes


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere ru_maxrss is in another unit")
def test_the_memory_of_a_run_does_not_grow_with_its_rows(tmp_path: Path) -> None:
    # What is remembered has its bounds, of some thousand rows; 300 bytes a row are too many.
    assert peak(tmp_path, 50_000) - peak(tmp_path, 10_000) < 12_000
