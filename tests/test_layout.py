"""Addresses stand where the window shows them; measured in the real PDF."""

import pypdfium2
import pytest
from conftest import DATE, ROOT
from fontTools.ttLib import TTFont

from letter_kit import Campaign, GuardedWorker, InputError, LetterError, Sender, write_letter
from letter_kit.layout import choose_layout, layout, layouts, place_address
from letter_kit.layout.address import _advance
from letter_kit.people import recipient_from_values

MM = 72 / 25.4
SHORT = ("Madame la Ministre des Affaires étrangères", "SÉNÉGAL")
FEW_LINES = {"us-commercial-9": 5}
"""A #10 envelope's window always shows 17 mm: five lines of 8 pt."""
LONG = tuple(f"Ligne {number} de cette adresse" for number in range(1, 8))


def boxes(content: bytes, texts: tuple[str, ...]) -> list[tuple[float, float, float, float]]:
    """Left, top, right, bottom in mm from the top left corner of each text on page 1."""
    document = pypdfium2.PdfDocument(content)
    page = document[0]
    height = page.get_height()
    text_page = page.get_textpage()
    found = []
    for text in texts:
        searcher = text_page.search(text, match_case=True)
        position = searcher.get_next()
        assert position is not None, text
        rectangles = [
            text_page.get_charbox(i) for i in range(position[0], position[0] + position[1])
        ]
        found.append(
            (
                min(box[0] for box in rectangles) / MM,
                (height - max(box[3] for box in rectangles)) / MM,
                max(box[2] for box in rectangles) / MM,
                (height - min(box[1] for box in rectangles)) / MM,
            )
        )
    document.close()
    return found


@pytest.mark.parametrize("template", ["classic", "modern"])
@pytest.mark.parametrize("lines", [SHORT, LONG], ids=["short", "long"])
@pytest.mark.parametrize("layout_id", sorted(layouts()))
def test_the_whole_address_lies_where_the_window_always_shows_it(
    un2020: Campaign,
    sender: Sender,
    worker: GuardedWorker,
    layout_id: str,
    lines: tuple[str, ...],
    template: str,
) -> None:
    if layout_id in FEW_LINES:
        lines = lines[: FEW_LINES[layout_id]]
    recipient = recipient_from_values(
        {"office": "foreign_minister", "country": "SN", "address_block": "|".join(lines)}
    )
    written = write_letter(
        un2020, recipient, sender, date=DATE, format="pdf", layout=layout_id, template=template,
        worker=worker,
    )  # fmt: skip
    safe = layout(layout_id).safe
    for left, top, right, bottom in boxes(written.document.content, lines):
        assert safe.left <= left <= right <= safe.right
        assert safe.top <= top <= bottom <= safe.bottom


def test_the_first_line_stands_on_the_millimetre(
    un2020: Campaign, sender: Sender, worker: GuardedWorker
) -> None:
    recipient = recipient_from_values({"office": "foreign_minister", "address_block": "HHH|B"})
    for layout_id in layouts():
        written = write_letter(
            un2020, recipient, sender, date=DATE, format="pdf", layout=layout_id, worker=worker
        )
        ((left, top, _, _),) = boxes(written.document.content, ("HHH",))
        text = layout(layout_id).text
        assert left == pytest.approx(text.x, abs=0.5)
        assert text.y <= top <= text.y + 2


def test_a_long_address_moves_up_then_shrinks_then_fails() -> None:
    din = layout("din-5008-b")
    places = [place_address(("x",) * count, "Sender", din) for count in range(1, 9)]
    assert [place.size for place in places] == sorted((p.size for p in places), reverse=True)
    assert places[0].y == din.text.y > places[-1].y >= din.safe.top
    with pytest.raises(LetterError, match="at most"):
        place_address(("x",) * 12, "Sender", din)
    with pytest.raises(LetterError, match="the longest of 600 letters"):
        place_address(("x" * 600,), "Sender", din)


def test_a_smaller_size_goes_before_a_line_that_wraps_but_not_a_tiny_one() -> None:
    din = layout("din-5008-b")
    assert 9 <= place_address(("Son Excellence Madame Mariama Diallo",), "", din).size < 10.5
    longer = "Minister for Foreign Affairs and Regional Integration"
    assert place_address((longer,), "", din).size == 10.5


FONT = TTFont(ROOT / "letter_kit" / "fonts" / "SourceSerif4-Regular.ttf")
LINES = (
    "Ministre de l’Europe et des Affaires étrangères", "Son Excellence Madame Mariama Exemple",
    "KUALA LUMPUR", "SÉNÉGAL", "12 rue de la Paix", "WWW MMMM", "BOSNIE-HERZÉGOVINE", "1010 WIEN",
    "Bundesministerium für europäische und internationale Angelegenheiten",
    "Министерство иностранных дел", "Υπουργείο Εξωτερικών",
)  # fmt: skip


@pytest.mark.parametrize("line", LINES)
def test_a_line_is_never_taken_for_shorter_than_it_is(line: str) -> None:
    glyphs, advances = FONT.getBestCmap(), FONT["hmtx"]
    real = sum(advances[glyphs[ord(char)]][0] for char in line) / FONT["head"].unitsPerEm
    taken = sum(map(_advance, line))
    assert real <= taken <= 1.35 * real


def test_the_senders_wish_goes_before_the_countrys_layout() -> None:
    assert choose_layout("FR").id == "nf-z11-001"
    assert choose_layout("DE").id == "din-5008-b"
    assert choose_layout("FR", None, "din-5008-b").id == "din-5008-b"
    with pytest.raises(InputError, match="Did you mean din-5008-b"):
        choose_layout("FR", "din-5008")


@pytest.mark.parametrize("entry", layouts().values(), ids=lambda e: e.id)
def test_every_layout_is_sound(entry) -> None:  # type: ignore[no-untyped-def]
    width, height = entry.paper
    safe, text, field = entry.safe, entry.text, entry.field
    assert entry.source
    assert 0 <= field.x < field.x + field.width <= width
    assert safe.left <= text.x
    assert text.x + text.width <= safe.right
    assert safe.top <= text.y < safe.bottom
    assert all(0 < mark < height for mark in entry.fold_marks)
    assert entry.date.y < entry.flow


@pytest.mark.parametrize("layout_id", sorted(layouts()))
def test_the_overlay_draws_window_and_folds_and_moves_nothing(
    un2020: Campaign, sender: Sender, worker: GuardedWorker, layout_id: str
) -> None:
    recipient = recipient_from_values({"office": "foreign_minister", "address_block": "HHH|B"})
    drawn, plain = (
        write_letter(
            un2020, recipient, sender, date=DATE, format="pdf", layout=layout_id,
            overlay=overlay, worker=worker,
        ).document
        for overlay in (True, False)
    )  # fmt: skip
    assert boxes(drawn.content, ("HHH",)) == boxes(plain.content, ("HHH",))
    assert drawn.pages == plain.pages == 1
    page = pypdfium2.PdfDocument(drawn.content)[0]
    picture = page.render(scale=2).to_pil().convert("RGB")
    entry = layout(layout_id)
    for x, y, channel in (
        (entry.field.x + entry.field.width, entry.field.y + entry.field.height, 0),
        (entry.safe.left + 20, entry.safe.bottom, 1),
        *((8, mark, 2) for mark in entry.fold_marks),
    ):
        left, top, reach = round(x * 2 * MM), round(y * 2 * MM), round(4 * MM)
        near = [
            picture.getpixel((column, row))
            for column in range(left - reach, left + reach)
            for row in range(top - reach, top + reach)
        ]
        # The colour stands out, whatever the page has there besides.
        assert any(2 * pixel[channel] - sum(pixel) + pixel[channel] > 40 for pixel in near), (x, y)
