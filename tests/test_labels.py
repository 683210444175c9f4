"""Labels and envelopes: the letters' addresses, each where the sheet or the post has it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import page
import pypdfium2
import pytest
from conftest import ROOT, SENDER, Outcome

from letter_kit import InputError, Recipient, Sender, load_recipients, write_labels
from letter_kit.people import recipient_from_values
from letter_kit.printing import Sheet, labels, sheet, sheets
from letter_kit.printing.addresses import language_of
from letter_kit.printing.sheets import Box
from letter_kit.protocol import address_block, forms_of_address

Run = Callable[..., Outcome]
MM = 72 / 25.4
SAMPLE = ROOT / "recipients" / "sample.csv"
LABELS = [name for name, entry in sheets().items() if entry.cuts]
ENVELOPES = [name for name, entry in sheets().items() if not entry.cuts]


def person(**values: str) -> Recipient:
    base = {
        "office": "foreign_minister", "gender": "f", "full_name": "Awa Ndiaye",
        "organisation_fr": "Ministère des Affaires étrangères", "street_1": "1 place X",
        "city": "Dakar", "country": "SN", "language": "fr",
    }  # fmt: skip
    return recipient_from_values(base | values)


class Text(NamedTuple):
    """A piece of a line, in mm from the page's top left corner."""

    said: str
    left: float
    top: float
    right: float
    bottom: float


def texts(content: bytes) -> list[list[Text]]:
    """The pieces of each page."""
    document = pypdfium2.PdfDocument(content)
    try:
        return [list(_pieces(document[index])) for index in range(len(document))]
    finally:
        document.close()


def _pieces(page_: pypdfium2.PdfPage) -> Iterator[Text]:
    text, height = page_.get_textpage(), page_.get_height()
    for index in range(text.count_rects()):
        left, bottom, right, top = text.get_rect(index)
        said = text.get_text_bounded(left, bottom, right, top)
        yield Text(said, left / MM, (height - top) / MM, right / MM, (height - bottom) / MM)


def holds(box: Box, text: Text, slack: float = 0.3) -> bool:
    """Whether the text lies in the box; a letter may hang over by a trace."""
    return (
        text.left >= box.x - slack
        and text.top >= box.y - slack
        and text.right <= box.x + box.width + slack
        and text.bottom <= box.y + box.height + slack
    )


def content_of(made: labels.Labels) -> bytes:
    assert made.document is not None, made.problems
    return made.document.content


@pytest.mark.parametrize("name", LABELS)
def test_the_labels_of_a_sheet_lie_on_its_paper_and_not_on_each_other(name: str) -> None:
    entry = sheets()[name]
    width, height = entry.paper
    for index, cut in enumerate(entry.cuts):
        assert cut.x >= 0
        assert cut.y >= 0
        assert cut.x + cut.width <= width + 0.01
        assert cut.y + cut.height <= height + 0.01
        for other in entry.cuts[:index]:
            beside = abs(cut.x - other.x) >= cut.width - 0.01
            assert beside or abs(cut.y - other.y) >= cut.height - 0.01
    # What is left and right of them, above and below, is alike: sheets are symmetrical.
    last = entry.cuts[-1]
    assert width - last.x - last.width == pytest.approx(entry.cuts[0].x, abs=1)
    assert height - last.y - last.height == pytest.approx(entry.cuts[0].y, abs=1)


@pytest.mark.parametrize("name", ENVELOPES)
def test_the_address_of_an_envelope_lies_where_every_post_reads_it(name: str) -> None:
    """The sources are in sheets.toml."""
    entry = sheets()[name]
    width, height = entry.paper
    (address,) = entry.places
    right, below = width - address.x - address.width, height - address.y - address.height
    assert address.y >= 40  # Deutsche Post, bpost
    assert min(address.x, right) >= 15
    assert right <= 140
    assert below >= 18  # Royal Mail
    if height <= 6.125 * 25.4:  # a letter of the USPS
        assert height - address.y <= 2.75 * 25.4 + 0.1
        assert below >= 0.625 * 25.4
    assert address.x >= width / 3  # La Poste: on the right
    assert entry.stamp is not None
    assert address.y >= entry.stamp.height
    assert entry.returns is not None
    assert entry.returns.x + entry.returns.width < entry.stamp.x
    assert entry.returns.y + entry.returns.height < address.y


@pytest.mark.parametrize("name", LABELS)
def test_every_address_is_printed_within_its_label(name: str, sender: Sender) -> None:
    entry = sheet(name)
    long = person(organisation_fr="Ministère des Affaires étrangères, de l'Intégration africaine")
    people = [person(), long, person(full_name="王示例", language="zh", country="CN")]
    made = write_labels(people * 9, sender, name)
    pages = texts(content_of(made))
    assert len(pages) == -(-made.labels // len(entry.cuts))
    for number, pieces in enumerate(pages):
        used = min(len(entry.cuts), made.labels - number * len(entry.cuts))
        for cut in entry.cuts[:used]:
            assert any(holds(cut, piece) for piece in pieces)
        for piece in pieces:
            assert any(holds(place, piece) for place in entry.places[:used]), piece


@pytest.mark.parametrize("name", ENVELOPES)
def test_an_envelope_has_both_addresses_in_their_places_and_nothing_else(
    name: str, sender: Sender
) -> None:
    entry = sheet(name)
    (pieces,) = texts(content_of(write_labels([person()], sender, name)))
    assert entry.returns is not None
    to = [piece.said for piece in pieces if holds(entry.places[0], piece)]
    back = [piece.said for piece in pieces if holds(entry.returns, piece)]
    assert len(to) + len(back) == len(pieces)
    assert "DAKAR" in " ".join(to)
    assert "FRANCE" in " ".join(back)
    (pieces,) = texts(content_of(write_labels([person()], sender, name, return_address=False)))
    assert all(holds(entry.places[0], piece) for piece in pieces)


def test_at_home_the_return_address_names_no_country(sender: Sender) -> None:
    (pieces,) = texts(content_of(write_labels([person(country="FR")], sender, "DL")))
    assert "FRANCE" not in " ".join(piece.said for piece in pieces)


def test_the_lines_are_those_of_the_letter(sender: Sender) -> None:
    for row in load_recipients(SAMPLE):
        recipient = row.recipient()
        spoken = language_of(recipient, sender)
        forms = forms_of_address(recipient, sender, spoken, len(sender.signatories))
        expected = "".join(address_block(recipient, sender, forms, spoken)).replace(" ", "")
        made = write_labels([row], sender, "L7165")
        (pieces,) = texts(content_of(made))
        if spoken != "ar":  # a reader of PDF orders these otherwise
            said = "".join(piece.said for piece in pieces)
            # A hyphen at a line's end is marked as one.
            assert "".join(said.replace("\x02", "-").split()) == expected


def test_printing_begins_where_a_part_used_sheet_has_labels_left(sender: Sender) -> None:
    entry = sheet("L7160")
    made = write_labels([person()] * 3, sender, "l7160", start=20)
    first, second = texts(content_of(made))
    free = entry.places[19:]
    assert all(any(holds(place, piece) for place in free) for piece in first)
    assert all(holds(entry.places[0], piece) for piece in second)


@pytest.mark.parametrize("start", [0, -1, 22])
def test_a_label_that_the_sheet_has_not_is_told(sender: Sender, start: int) -> None:
    with pytest.raises(InputError, match=r"1 to 21"):
        write_labels([person()], sender, "L7160", start=start)


def test_a_long_name_is_set_smaller_then_wraps_and_never_below_8_pt(sender: Sender) -> None:
    def sizes(name: str) -> set[float]:
        content = content_of(write_labels([person(full_name=name)], sender, "L7160"))
        document = pypdfium2.PdfDocument(content)
        text = document[0].get_textpage()
        found = {
            round(pypdfium2.raw.FPDFText_GetFontSize(text, index) * 0.75, 1)
            for index in range(text.count_chars())
            if text.get_text_range(index, 1).strip()
        }
        document.close()
        return found

    assert sizes("Awa Bâ") == {10.5}
    assert sizes("Awa Ndiaye") == {10.0}
    assert min(sizes("Maria-Magdalena " * 4)) >= 8


def test_a_row_that_does_not_fit_is_told_and_the_others_are_printed(
    tmp_path: Path, sender: Sender
) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        "full_name,office,country,city,organisation\n"
        "Ana,minister,ES,Madrid,A\n"
        f"{'Extraordinaria ' * 20},minister,ES,Madrid,B\n"
        "नमस्ते,minister,IN,Delhi,C\n"
        "Bea,nonsense,ES,Madrid,D\n"
        "Eva,minister,ES,Madrid,E\n",
        "utf-8",
    )
    made = write_labels(load_recipients(path), sender, "5160")
    assert (made.labels, made.failed) == (2, 3)
    assert [problem.where for problem in made.problems if problem.line] == [
        problem.where for problem in made.problems
    ]
    assert {problem.line for problem in made.problems} == {3, 4, 5}
    assert "does not fit on 5160" in made.problems[0].message
    assert "no font of the installation has the character न" in str(made.problems)
    said = " ".join(piece.said for piece in texts(content_of(made))[0])
    assert "Ana" in said
    assert "Eva" in said


def test_an_arabic_address_stands_at_the_right_of_its_place(sender: Sender) -> None:
    entry = sheet("L7163")
    recipient = person(
        full_name="ليلى",
        organisation_ar="وزارة الخارجية",
        language="ar",
        country="EG",
        city="القاهرة",
    )
    (pieces,) = texts(content_of(write_labels([recipient], sender, "L7163")))
    right = entry.places[0].x + entry.places[0].width
    assert max(piece.right for piece in pieces) == pytest.approx(right, abs=1)
    assert min(piece.left for piece in pieces) > entry.places[0].x + 20


@pytest.mark.parametrize(
    ("language", "spoken"),
    [("ar", "ar"), ("en", "en"), ("tlh", "fr"), (None, "fr"), ("fr-CA", "fr-CA")],
)
def test_the_language_is_the_recipients_or_that_of_the_senders_post(
    sender: Sender, language: str | None, spoken: str
) -> None:
    assert language_of(replace(person(), language=language), sender) == spoken


def test_a_language_that_is_asked_for_is_that_of_all(sender: Sender) -> None:
    made = write_labels([person(), person(language="es")], sender, "L7160", language="en")
    said = " ".join(piece.said for piece in texts(content_of(made))[0])
    assert said.count("Minister for Foreign Affairs") == 2
    with pytest.raises(InputError, match="'tlh'"):
        write_labels([person()], sender, "L7160", language="tlh")


@pytest.mark.parametrize("name", ["L7160", "DL"])
def test_labels_are_pdf_ua_and_the_same_bytes_each_time(
    sender: Sender, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(labels, "_AT_ONCE", 21)
    people = [person(), person(language="ar"), person(language="zh")] * 10
    made = write_labels(people, sender, name, outline=True, start=21 if name == "L7160" else 1)
    content = content_of(made)
    report = page.validate_pdf_bytes(content, profile="ua1")
    assert report.is_compliant, [failure.message for failure in report.failures]
    assert made.document is not None
    assert len(pypdfium2.PdfDocument(content)) == made.document.pages
    said = " ".join(piece.said for pieces in texts(content) for piece in pieces)
    assert said.count("DAKAR") == 30
    again = write_labels(people, sender, name, outline=True, start=21 if name == "L7160" else 1)
    assert content_of(again) == content


def test_names_are_never_markup(sender: Sender) -> None:
    hostile = "<b>x</b> {{ 7*7 }} &amp;"
    made = write_labels([person(full_name=hostile)], sender, "L7163")
    assert hostile in " ".join(piece.said for piece in texts(content_of(made))[0])


def test_the_documentation_lists_every_sheet() -> None:
    documented = (ROOT / "docs" / "printing.md").read_text("utf-8")
    table = "\n".join(f"| `{entry.name}` | {entry.about} |" for entry in sheets().values())
    assert f"| --- | --- |\n{table}\n\n" in documented


def test_names_of_sheets_are_told_apart() -> None:
    names = [
        alias.casefold() for entry in sheets().values() for alias in (entry.name, *entry.sold_as)
    ]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(("asked", "found"), [("j8160", "L7160"), ("dl", "DL"), (" 5260 ", "5160")])
def test_a_sheet_is_found_by_the_names_it_is_sold_under(asked: str, found: str) -> None:
    assert sheet(asked).name == found


def test_a_sheet_that_is_not_known_is_told_with_what_is_like_it() -> None:
    with pytest.raises(InputError, match=r"Did you mean L716\d\?"):
        sheet("L716O")


class TestCommand:
    """``letter-kit labels``."""

    def test_it_writes_the_labels_of_a_list(self, run: Run) -> None:
        done = run("labels", "sample", "--from", SENDER, "--sheet", "L7165", "--out", "labels.pdf")
        assert (done.code, done.err) == (0, "")
        assert "20 addresses, 0 failed, 3 pages in labels.pdf" in done.out
        assert Path("labels.pdf").read_bytes().startswith(b"%PDF-1.7")

    def test_rows_that_fail_are_told_with_their_lines_and_the_rest_is_written(
        self, run: Run
    ) -> None:
        Path("list.csv").write_text(
            f"full_name,office,country\nAna,minister,ES\n{'Ana ' * 90},minister,ES\n", "utf-8"
        )
        done = run("labels", "list.csv", "--from", SENDER, "--sheet", "5160", "--out", "l.pdf")
        assert done.code == 1
        assert "list.csv:3: error: the address does not fit" in done.err
        assert "1 addresses, 1 failed" in done.out
        assert Path("l.pdf").exists()

    def test_where_no_row_has_an_address_nothing_is_written(self, run: Run) -> None:
        Path("list.csv").write_text("full_name,office\nAna,nonsense\n", "utf-8")
        done = run("labels", "list.csv", "--from", SENDER, "--sheet", "5160", "--out", "l.pdf")
        assert done.code == 1
        assert not Path("l.pdf").exists()

    @pytest.mark.parametrize(
        ("options", "said"),
        [
            (("--sheet", "nonsense"), "there is no sheet"),
            (("--sheet", "L7160", "--start", "99"), "L7160 has no label 99"),
            (("--sheet", "L7160", "--lang", "xx"), "letters cannot be written in the language"),
        ],
    )
    def test_bad_usage_is_told(self, run: Run, options: tuple[str, ...], said: str) -> None:
        done = run("labels", "sample", "--from", SENDER, *options, "--out", "l.pdf")
        assert done.code == 2
        assert said in done.err
        assert not Path("l.pdf").exists()

    def test_a_file_that_is_there_stays_unless_force_is_given(self, run: Run) -> None:
        Path("l.pdf").write_text("mine")
        arguments = ("labels", "sample", "--from", SENDER, "--sheet", "C5", "--out", "l.pdf")
        assert run(*arguments).code == 2
        assert Path("l.pdf").read_text() == "mine"
        assert run(*arguments, "--force").code == 0

    def test_the_sheets_are_listed(self, run: Run) -> None:
        assert "L7160           21 labels of 63.5 × 38.1 mm on A4" in run("list", "sheets").out


def test_every_sheet_has_room_for_an_address(sender: Sender) -> None:
    """The address of a minister abroad, of six lines, fits everywhere."""
    for entry in sheets().values():
        assert isinstance(entry, Sheet)
        assert write_labels([person()], sender, entry).failed == 0, entry.name
