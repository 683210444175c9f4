"""Thousands of letters filled in, each compared with the same letter laid out in full.

    python benchmarks/exactness.py [--letters N] [--seed N]

Letters of every campaign, language, template and layout, to people whose names have any length
and script and of whose details some are missing, in random order. Bytes are compared with the
letter laid out with nothing known; of every twentieth letter, each pixel with WeasyPrint alone.
Says how many of each there were, and ends with 1 at the first difference.
"""

import argparse
import datetime as dt
import random
import sys
from dataclasses import replace
from pathlib import Path

import pypdfium2

sys.path.insert(0, str(Path(__file__).parent.parent))

from letter_kit import (
    DirectWorker,
    InputError,
    Mailing,
    Recipient,
    load_campaign,
    load_recipients,
    load_sender,
    write_letters,
)
from letter_kit.formats import pdf
from letter_kit.frames import load_frame
from letter_kit.layout import layouts
from letter_kit.mailing import prepared

ROOT = Path(__file__).parent.parent
DATE = dt.date(2019, 9, 3)
SIGNS = (
    "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "éèñçößøğłžđ", "-'’.& ",
    "абвгдежзиклмнопрст", "αβγδεζηθικλμ", "ابتثجحخدذرزسشصضطظعغفقكلمن", "王李張伟芳秀英",
)  # fmt: skip


def word(chance: random.Random, longest: int) -> str:
    """A word of one script, or of two."""
    scripts = chance.choices(SIGNS, (6, 3, 2, 1, 1, 1, 1, 1), k=chance.randint(1, 2))
    return "".join(chance.choice(chance.choice(scripts)) for _ in range(chance.randint(0, longest)))


def person(chance: random.Random, like: Recipient) -> Recipient:
    """A recipient with some details of other kinds, and some missing."""
    return replace(
        like,
        given_name=word(chance, 12) or None,
        family_name=word(chance, 25) or None,
        gender=chance.choice("fmx"),
        street_1=word(chance, 30) or None,
        street_2=chance.choice((None, None, "Floor 2")),
        organisation=chance.choice(
            (like.organisation, {}, {"": f"Ministry of {word(chance, 40)}"})
        ),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    chance = random.Random(given.seed)  # noqa: S311  # for names, not for keys
    mailings, people = [], []
    for path in sorted((ROOT / "campaigns").iterdir()):
        campaign = load_campaign(path)
        sender = load_sender(ROOT / "examples" / "sender.toml", campaign.fields)
        rows = load_recipients(ROOT / "recipients" / "foreign-ministries.csv", campaign.fields)
        people = people or [row.recipient(campaign.fields) for row in rows]
        mailings += [
            Mailing(campaign, sender, DATE, ("pdf",), load_frame(template),
                    language=language, layout=layout)
            for language in campaign.texts for template in ("classic", "modern")
            for layout in layouts()
        ]  # fmt: skip
    chance.shuffle(mailings)
    worker = DirectWorker()
    compared = filled = pixels = refused = 0
    while compared < given.letters:
        mailing = mailings[compared // 40 % len(mailings)]
        try:
            (letter,) = write_letters(mailing, person(chance, chance.choice(people)), worker=worker)
        except InputError:
            refused += 1
            continue
        document, sheet = letter.document, prepared(mailing).page
        compared += 1
        filled += document.filled
        same = pdf.is_exact(document, letter.letter, mailing.frame, sheet)
        if same and compared % 20 == 0:
            html = pdf.pdf_html(letter.letter, mailing.frame, sheet)
            alone, _ = pdf.typeset(html, letter.letter.assets)
            same = shown(document.content) == shown(alone)
            pixels += 1
        if not same:
            print(f"letter {compared} to {letter.letter.address!a} differs", file=sys.stderr)
            sys.exit(1)
    print(
        f"{compared:,} letters of {len(mailings)} kinds: the same bytes in all, {filled:,} of them"
        f" not laid out in full; the same pixels in {pixels}; {refused} refused for their address"
    )


def shown(content: bytes) -> list[bytes]:
    """The pixels of all pages."""
    return [bytes(sheet.render(scale=2).buffer) for sheet in pypdfium2.PdfDocument(content)]


if __name__ == "__main__":
    main()
