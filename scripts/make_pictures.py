"""Makes the pictures of the README from real letters: `make pictures`."""

import datetime as dt
from pathlib import Path

import pypdfium2
from PIL import Image, ImageOps

from letter_kit import (
    GuardedWorker,
    load_campaign,
    load_sender,
    recipient_from_values,
    write_letter,
)

ROOT = Path(__file__).parent.parent
LETTERS = (
    ("fr", "classic", "nf-z11-001", {"country": "SN", "gender": "f", "full_name": "Mariama Exemple",
     "organisation": "Ministère des Affaires étrangères", "city": "Dakar"}),
    ("en", "modern", "din-5008-b", {"country": "GH", "gender": "m", "full_name": "Kwame Sample",
     "organisation": "Ministry of Foreign Affairs", "city": "Accra"}),
    ("ar", "classic", "nf-z11-001", {"country": "EG", "gender": "f", "full_name": "ليلى النموذجي",
     "organisation": "وزارة الخارجية", "city": "القاهرة"}),
)  # fmt: skip


def main() -> None:
    campaign = load_campaign("un2020")
    sender = load_sender(ROOT / "examples" / "sender.toml")
    pages = []
    with GuardedWorker() as worker:
        for language, template, layout, person in LETTERS:
            written = write_letter(
                campaign,
                recipient_from_values({"office": "foreign_minister", **person}),
                sender,
                date=dt.date(2019, 9, 3),
                format="pdf",
                language=language,
                template=template,
                layout=layout,
                worker=worker,
            )
            page = pypdfium2.PdfDocument(written.document.content)[0]
            pages.append(ImageOps.expand(page.render(scale=1.0).to_pil(), 1, "#bbb"))
    width = sum(page.width for page in pages) + 24 * (len(pages) - 1)
    picture = Image.new("RGB", (width, pages[0].height), "white")
    left = 0
    for page in pages:
        picture.paste(page, (left, 0))
        left += page.width + 24
    picture.quantize(64).save(ROOT / "docs" / "letters.png", optimize=True)


if __name__ == "__main__":
    main()
