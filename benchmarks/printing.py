"""What the print house gets, of the letters in a batch's folder: times, sizes, memory.

    python benchmarks/printing.py out/demo [N]

Processor time is told, since a busy machine takes longer by the clock. N letters are
taken, those of the folder again where it has fewer.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path

import pikepdf

from letter_kit import CombinedPart, combine_pdfs, load_recipients, load_sender, write_labels
from letter_kit.printing import zip_files

ROOT = Path(__file__).parent.parent
LABELS = 210


def main() -> None:
    found = sorted(Path(sys.argv[1]).glob("*.pdf"))
    letters = list(islice(cycle(found), int(sys.argv[2]) if sys.argv[2:] else len(found)))
    count = len(letters)
    singles = sum(path.stat().st_size for path in letters)
    print(f"{count} letters, qpdf {pikepdf.__libqpdf_version__}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        combined, archive = folder / "all.pdf", folder / "all.zip"
        parts = [CombinedPart(path, path.stem, "fr") for path in letters]
        taken = seconds(lambda: combine_pdfs(parts, combined, title="Letters", language="fr"))
        size = combined.stat().st_size
        tell("combined", taken, count, size, singles)
        entries = [(f"{number:05}-{path.name}", path) for number, path in enumerate(letters)]
        taken = seconds(lambda: zip_files(entries, archive))
        tell("archive", taken, count, archive.stat().st_size, singles)
    print(f"most memory until here: {memory():.0f} MB")
    sender = load_sender(ROOT / "examples" / "sender.toml")
    rows = list(islice(cycle(load_recipients(ROOT / "recipients" / "sample.csv")), LABELS))
    for sheet in ("L7163", "DL"):
        taken = seconds(lambda sheet=sheet: write_labels(rows, sender, sheet))  # type: ignore[misc]
        print(f"{sheet:10} {taken / LABELS * 1e3:7.2f} ms an address")


def tell(what: str, taken: float, count: int, size: int, singles: int) -> None:
    print(
        f"{what:10} {taken / count * 1e3:7.2f} ms a letter, {size / count:7.0f} bytes a letter,"
        f" {size / 1e6:.1f} MB; the letters themselves {singles / 1e6:.1f} MB"
    )


def seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
