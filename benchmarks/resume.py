"""Kills a batch at random moments, runs it again, and compares with an undisturbed one.

    python benchmarks/resume.py [ROWS] [KILLS] [FORMAT …]

By default 2,000 rows, 25 kills, Markdown and PDF. It also tells the memory of the process that
keeps the books, for 20,000 and 200,000 rows whose letters are not made.
"""

import os
import random
import sys
import tempfile
import time
from pathlib import Path

TESTS = Path(__file__).parent.parent / "tests"
sys.path.insert(0, str(TESTS))

from batches import alive, check_account, children, finish, people, start, tree, until  # noqa: E402
from test_memory import peak  # noqa: E402


def main(rows: int = 2_000, kills: int = 25, formats: str = "markdown pdf") -> int:
    dice = random.Random(2020)  # noqa: S311  # it must be the same every time
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for place in ("undisturbed", "killed"):
            (folder / place).mkdir()
            (folder / place / "list.csv").write_text(people(rows), "utf-8")
        began = time.monotonic()
        finish(start(folder / "undisturbed", formats=formats), seconds=3600)
        taken = time.monotonic() - began
        counts = check_account(folder / "undisturbed" / "out", rows)
        print(f"undisturbed: {taken:.1f} s, {counts}")
        landed = 0
        for _ in range(kills):
            process = start(folder / "killed", formats=formats)
            # A share of the whole each: so that there is something to kill until the end.
            time.sleep(dice.uniform(0, 1 + 1.5 * taken / kills))
            orphans = children(process.pid)
            landed += process.poll() is None
            process.kill()
            process.communicate()
            next(_ for _ in until(10) if not any(map(alive, orphans)))
        made = sum(not n.startswith(".") for n in os.listdir(folder / "killed" / "out"))  # noqa: PTH208
        began = time.monotonic()
        finish(start(folder / "killed", formats=formats), seconds=3600)
        print(
            f"killed {landed} times of {kills}: {made} files; then {time.monotonic() - began:.1f} s"
        )
        same = tree(folder / "killed" / "out") == tree(folder / "undisturbed" / "out")
        print("the trees are the same, byte for byte" if same else "THE TREES DIFFER")
        for pattern in ("{row}-{name}", "{id}"):
            (place := folder / pattern).mkdir()
            peaks = [peak(place, n, pattern) / 1000 for n in (20_000, 200_000)]
            print(f"books of 20,000 and 200,000 rows, {pattern}: {peaks[0]:.0f}, {peaks[1]:.0f} MB")
    return 0 if same else 1


if __name__ == "__main__":
    given = sys.argv[1:]
    sys.exit(
        main(
            int(given[0]) if given else 2_000,
            int(given[1]) if len(given) > 1 else 25,
            " ".join(given[2:]) or "markdown pdf",
        )
    )
