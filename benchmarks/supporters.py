"""Letters of supporters, whose own details differ in every row, against WeasyPrint alone.

    python benchmarks/supporters.py [--rows N] [--write]

Two lists: supporters who all send the text of the campaign, and supporters of whom each adds
paragraphs of their own, so that hardly a letter is like another. Each letter is made by
letter-kit, once it is merged, and then by WeasyPrint, with one FontConfiguration for all, from
the page that letter-kit would lay out. ``--write`` puts the table into docs/performance.md.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

sys.path[:0] = [str(Path(__file__).parent / "peers"), str(Path(__file__).parent.parent)]

from lists import FAMILY, GIVEN, write_list  # noqa: E402
from merged import ROOT, mailing_of, people  # noqa: E402

from letter_kit import DirectWorker, Mailing, Recipient, Sender  # noqa: E402
from letter_kit.formats import pdf  # noqa: E402
from letter_kit.letters import write_letters  # noqa: E402
from letter_kit.mailing import prepared  # noqa: E402
from letter_kit.models import Organisation, Signatory  # noqa: E402

PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- from benchmarks/supporters.py -->\n", "<!-- end supporters -->"
WORDS = """\
peace climate future children village harbour teachers hope water school river doctors forest
friends justice treaty freedom council neighbours bread work nation summit"""


class Result(NamedTuple):
    """Seconds that both took, and how many letters were not laid out in full."""

    letters: int
    ours: float
    alone: float
    filled: int


def mailings(rows: list[Recipient], own_words: bool) -> Iterator[tuple[Mailing, Recipient]]:
    """A sender for each recipient."""
    chance = random.Random(75)  # noqa: S311  # for names, not for keys
    plain = mailing_of("markdown")
    for number, recipient in enumerate(rows):
        mailing = replace(plain, sender=supporter(plain.sender, number, chance))
        if own_words:
            texts = {
                language: replace(text, body=f"{text.body}\n\n{words(chance)}\n")
                for language, text in plain.campaign.texts.items()
            }
            mailing = replace(mailing, campaign=replace(plain.campaign, texts=texts))
        yield mailing, recipient


def supporter(like: Sender, number: int, chance: random.Random) -> Sender:
    """A private person, with as much of an address as they care to give."""
    name = f"{chance.choice(GIVEN.split())} {chance.choice(FAMILY.split())}-{number}"
    lines = [f"{chance.randint(1, 300)} Example Street", f"{chance.randint(1000, 99999)} Town"]
    if chance.random() < 0.2:
        lines.insert(0, f"Apartment {chance.randint(1, 99)}")
    email = f"p{number}@example.org" if number % 3 else None
    organisation = Organisation({"": name}, tuple(lines), email=email)
    return replace(like, organisations=(organisation,), signatories=(Signatory(name),))


def words(chance: random.Random) -> str:
    """Some paragraphs of a supporter's own."""
    return "\n\n".join(
        " ".join(chance.choices(WORDS.split(), k=chance.randint(3, 60))).capitalize() + "."
        for _ in range(chance.randint(1, 4))
    )


def compare(rows: list[Recipient], own_words: bool) -> Result:
    """Both ways, letter by letter in turn."""
    from weasyprint import HTML

    pdf._press.cache_clear()
    pdf.warm_up()
    fonts, worker = pdf._fonts(), DirectWorker()
    ours = alone = 0.0
    filled = 0
    for mailing, recipient in mailings(rows, own_words):
        (written,) = write_letters(mailing, recipient, worker=worker)
        page = prepared(mailing).page
        began = time.perf_counter()
        document = pdf.render(written.letter, mailing.frame, page)
        ours += time.perf_counter() - began
        filled += document.filled
        html = pdf.pdf_html(written.letter, mailing.frame, page)
        began = time.perf_counter()
        HTML(string=html).write_pdf(font_config=fonts, pdf_variant="pdf/ua-1")
        alone += time.perf_counter() - began
    return Result(len(rows), ours, alone, filled)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=300)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.csv"
        write_list(path, given.rows)
        rows = people(mailing_of("pdf"), path)
    lines = [
        "| List | letters | not laid out in full | ms a letter | WeasyPrint | times as fast |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for name, own_words in (("supporters", False), ("supporters with own words", True)):
        result = compare(rows, own_words)
        many = result.letters
        lines.append(
            f"| {name} | {many:,} | {100 * result.filled / many:.0f} % |"
            f" {1000 * result.ours / many:.1f} | {1000 * result.alone / many:.1f} |"
            f" {result.alone / result.ours:.1f} |"
        )
    text = "\n".join(lines) + "\n"
    print(text)
    if given.write:
        page = PAGE.read_text("utf-8")
        before, after = page.partition(BEGIN)[0], page.partition(END)[2]
        PAGE.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", "utf-8")


if __name__ == "__main__":
    main()
