"""Letters filled into stencils are the letters that laying them out in full gives."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from unicodedata import category

import page
import pypdfium2
import pytest
from batches import HEADER, finish, person, start
from conftest import DATE, ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

from letter_kit import (
    Campaign,
    DirectWorker,
    LetterError,
    Mailing,
    Recipient,
    Sender,
    WrittenLetter,
    load_campaign,
    load_recipients,
    load_sender,
    write_letters,
)
from letter_kit.formats import pdf
from letter_kit.frames import load_frame
from letter_kit.language import country_name
from letter_kit.layout import layouts
from letter_kit.mailing import prepared
from letter_kit.stencils import layouts as layouts_of_press
from letter_kit.stencils.inside import settings as settings_of_lines

CAMPAIGNS = sorted(path.name for path in (ROOT / "campaigns").iterdir())
SHAPES = [
    (name, language, template, layout)
    for name in CAMPAIGNS
    for language in sorted(load_campaign(ROOT / "campaigns" / name).texts)
    for template, layout in zip(("classic", "modern"), sorted(layouts())[:2], strict=True)
]


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """No stencils of other tests."""
    pdf._press.cache_clear()
    yield
    pdf._press.cache_clear()


@pytest.fixture(scope="module")
def un2020() -> Campaign:
    return load_campaign(ROOT / "campaigns" / "un2020")


def ministers(campaign: Campaign) -> list[Recipient]:
    rows = load_recipients(ROOT / "recipients" / "foreign-ministries.csv", campaign.fields)
    return [row.recipient(campaign.fields) for row in rows]


def written(mailing: Mailing, recipient: Recipient) -> WrittenLetter:
    (letter,) = write_letters(mailing, recipient, worker=DirectWorker())
    return letter


def laid_out(mailing: Mailing, recipient: Recipient) -> bytes:
    """The letter as one that nobody was written to before."""
    pdf._press.cache_clear()
    letter = written(mailing, recipient)
    assert not letter.document.filled
    return letter.document.content


def plain(letter: WrittenLetter, mailing: Mailing, html: str) -> bytes:
    """The letter as WeasyPrint alone makes it."""
    return pdf.typeset(html, letter.letter.assets)[0]


def pixels(content: bytes) -> list[bytes]:
    return [bytes(sheet.render(scale=2).buffer) for sheet in pypdfium2.PdfDocument(content)]


def said(content: bytes) -> str:
    """The text of the pages, but for what WeasyPrint alone tells worse.

    It takes all spaces for hard ones where the first one is, a bracket that is turned round,
    as in Arabic, for the one that it was, and leaves vowel signs without a text.
    """
    pages = pypdfium2.PdfDocument(content)
    text = "\n".join(sheet.get_textpage().get_text_bounded() for sheet in pages)
    text = "".join(char for char in text if category(char) not in {"Mn", "Cf"})
    return re.sub(r"[()\[\]]", "|", re.sub(r"[ \u00a0]+", " ", text))


def html_of(mailing: Mailing, recipient: Recipient, monkeypatch: pytest.MonkeyPatch) -> str:
    """What is laid out."""
    seen: list[str] = []
    real = pdf.pdf_html

    def spy(*arguments: object) -> str:
        seen.append(real(*arguments))  # type: ignore[arg-type]  # as it is called
        return seen[0]

    with monkeypatch.context() as patch:
        patch.setattr(pdf, "pdf_html", spy)
        written(mailing, recipient)
    return seen[0]


@pytest.mark.parametrize(("name", "language", "template", "layout"), SHAPES)
def test_a_filled_letter_is_the_one_laid_out(
    name: str, language: str, template: str, layout: str, sender: Sender,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    campaign = load_campaign(ROOT / "campaigns" / name)
    mailing = Mailing(
        campaign, sender, DATE, ("pdf",), load_frame(template), language=language, layout=layout
    )
    people = [
        replace(who, gender="fmx"[place % 3], given_name="Anna", family_name=f"O'Exemple-{place}")
        for place, who in enumerate(ministers(campaign)[5:105:20])
    ]
    filled = [written(mailing, who) for who in people]
    contents = [letter.document.content for letter in filled]
    assert [laid_out(mailing, who) for who in people] == contents
    letter = filled[-1]
    alone = plain(letter, mailing, html_of(mailing, people[-1], monkeypatch))
    assert pixels(contents[-1]) == pixels(alone)
    assert said(contents[-1]) == said(alone)
    assert page.validate_pdf_bytes(contents[-1], profile="ua1").is_compliant


NAMES = st.text(
    st.one_of(
        st.characters(min_codepoint=0x20, max_codepoint=0x24F, categories=("L", "Pd", "Zs", "Po")),
        st.sampled_from("АБВгдёαβγابتمن'’&<>{}\u00a0ﬁ"),
    ),
    max_size=60,
)


@settings(max_examples=25, deadline=None)
@given(first=NAMES, second=NAMES, order=st.permutations(range(4)))
def test_names_of_any_kind_are_filled_in_as_they_are_laid_out(
    first: str, second: str, order: list[int]
) -> None:
    campaign = load_campaign(ROOT / "campaigns" / "un2020")
    sender = load_sender(ROOT / "examples" / "sender.toml", campaign.fields)
    mailing = Mailing(campaign, sender, DATE, ("pdf",), load_frame("classic"), language="en")
    minister = ministers(campaign)[10]
    people = [
        replace(minister, given_name=given or None, family_name=family or None)
        for given, family in (("Awa", "Exemple"), (first, second), (second, ""), ("", first))
    ]
    alone: dict[int, bytes | str] = {}
    for index, who in enumerate(people):
        try:
            alone[index] = laid_out(mailing, who)
        except LetterError as exc:
            alone[index] = str(exc)
    pdf._press.cache_clear()
    for index in order:
        try:
            content: bytes | str = written(mailing, people[index]).document.content
        except LetterError as exc:
            content = str(exc)
        assert content == alone[index]


def test_most_letters_of_a_list_are_filled_in(un2020: Campaign, sender: Sender) -> None:
    mailing = Mailing(un2020, sender, DATE, ("pdf",), load_frame("classic"), language="en")
    letters = [written(mailing, who) for who in ministers(un2020)[:60]]
    assert sum(letter.document.filled for letter in letters) > 45


def test_a_surprise_costs_time_and_nothing_else(
    un2020: Campaign, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    def surprised(*_: object) -> None:
        raise AttributeError("another version of WeasyPrint")

    mailing = Mailing(un2020, sender, DATE, ("pdf",), load_frame("classic"))
    first, second = ministers(un2020)[:2]
    expected = written(mailing, first)
    monkeypatch.setattr(layouts_of_press, "lay_out", surprised)
    pdf._press.cache_clear()
    letters = [written(mailing, who) for who in (first, second, first)]
    assert not any(letter.document.filled for letter in letters)
    assert pixels(letters[0].document.content) == pixels(expected.document.content)


def test_a_name_that_leaves_the_window_is_laid_out_and_measured(
    un2020: Campaign, sender: Sender
) -> None:
    mailing = Mailing(un2020, sender, DATE, ("pdf",), load_frame("classic"), language="en")
    minister = ministers(un2020)[10]
    written(mailing, minister)
    with pytest.raises(LetterError, match="no font of the installation has the character"):
        written(mailing, replace(minister, full_name="Ann \U0001f600"))
    assert written(mailing, replace(minister, full_name="Ann Sample")).document.pages == 1


def test_a_template_of_ones_own_gains_too(un2020: Campaign, sender: Sender) -> None:
    css = "p { text-align: right } h1 { text-align: center } .body { font-style: italic }"
    built_in = load_frame("classic")
    files = {**built_in.files, "letter.css": built_in.file("letter.css") + css}
    frame = built_in._replace(name="own", files=files)
    mailing = Mailing(un2020, sender, DATE, ("pdf",), frame, language="fr")
    people = ministers(un2020)[10:16]
    contents = [written(mailing, who).document.content for who in people]
    assert written(mailing, people[3]).document.filled
    assert [laid_out(mailing, who) for who in people] == contents


@pytest.mark.parametrize(
    "css",
    [
        ".letterhead + .address { font-style: italic }",
        ".sheet > div:nth-child(4) p { color: #060 }",
        ".dateline { float: right; position: static; width: 50mm } .sheet { padding-top: 60mm }",
        ".body p { counter-increment: par } .body p::before { content: counter(par) '. ' }",
        ".address p:first-line { font-weight: 600 } .body p:first-letter { font-size: 14pt }",
        ".body { columns: 2 } .body p { text-align: justify }",
        ".address { overflow: hidden; opacity: .9 }",
        ".sheet { min-height: 280mm } .signatures { position: absolute; bottom: 5mm }",
        "@media print { .address { letter-spacing: .2pt } .body p { text-decoration: underline } }",
    ],
)
def test_whatever_a_style_sheet_does_the_page_is_that_of_weasyprint(
    un2020: Campaign, sender: Sender, monkeypatch: pytest.MonkeyPatch, css: str
) -> None:
    built_in = load_frame("classic")
    files = {**built_in.files, "letter.css": built_in.file("letter.css") + css}
    frame = built_in._replace(name="own", files=files)
    mailing = Mailing(un2020, sender, DATE, ("pdf",), frame, language="en", layout="plain")
    countries = ministers(un2020)[10:13]
    people = [
        replace(countries[0], full_name="Ann Sample"),
        replace(
            countries[1], full_name="Ann Sample", street_1="1 Example Street", street_2="Floor 2"
        ),
        replace(countries[2], full_name="Anna-Sophia Sample"),
    ]
    letters = [written(mailing, who) for who in people]
    contents = [letter.document.content for letter in letters]
    for letter, who in zip(letters, people, strict=True):
        alone = plain(letter, mailing, html_of(mailing, who, monkeypatch))
        assert pixels(letter.document.content) == pixels(alone)
    assert [laid_out(mailing, who) for who in people] == contents


def test_an_address_of_another_shape_is_no_new_page(un2020: Campaign, sender: Sender) -> None:
    mailing = Mailing(un2020, sender, DATE, ("pdf",), load_frame("classic"), language="en")
    minister = ministers(un2020)[10]
    people = [
        minister,
        replace(minister, street_1="1 Example Street"),
        replace(minister, street_1="Building of the Ministry", street_2="1 Example Street"),
    ]
    letters = [written(mailing, who) for who in people]
    assert [letter.document.filled for letter in letters] == [False, True, True]
    for who, letter in zip(people, letters, strict=True):
        assert laid_out(mailing, who) == letter.document.content


@settings(max_examples=60, deadline=None)
@given(name=NAMES)
def test_a_line_set_at_once_is_what_weasyprint_draws(name: str) -> None:
    campaign = load_campaign(ROOT / "campaigns" / "un2020")
    sender = load_sender(ROOT / "examples" / "sender.toml", campaign.fields)
    mailing = Mailing(campaign, sender, DATE, ("pdf",), load_frame("classic"), language="en")
    minister = ministers(campaign)[10]
    contents: list[bytes | str] = []
    for at_once in (True, False):
        pdf._press.cache_clear()
        with pytest.MonkeyPatch.context() as patch:
            if not at_once:
                patch.setattr(settings_of_lines, "set_in_one", lambda *_: None)
            try:
                for known in ("Ann Sample", "ليلى", "Awa"):
                    written(mailing, replace(minister, full_name=known))
                letter = written(mailing, replace(minister, family_name=name or None))
                contents.append(letter.document.content)
            except LetterError as exc:
                contents.append(str(exc))
    assert contents[0] == contents[1]


def test_order_and_workers_change_no_byte(tmp_path: Path) -> None:
    campaign = load_campaign(ROOT / "campaigns" / "un2020")
    rows = [
        f"{n},foreign_minister,{who.country},Name-{n} {'Longer ' * (n % 9)},{'1 Road' * (n % 3)}\n"
        for n, who in enumerate(ministers(campaign)[:48])
    ]
    header = "id,office,country,family_name,street_1\n"
    trees = []
    for number, (order, jobs) in enumerate(((1, 1), (-1, 2))):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "list.csv").write_text(header + "".join(rows[::order]), "utf-8")
        code, told = finish(start(folder, "--jobs", jobs, "--name-by", "{id}", formats="pdf"))
        assert code == 0, told
        found = sorted((folder / "out").glob("*.pdf"))
        trees.append({path.name: path.read_bytes() for path in found})
    assert len(trees[0]) == len(rows)
    assert trees[0] == trees[1]


def test_a_subject_of_its_own_is_in_the_bookmark_too(un2020: Campaign, sender: Sender) -> None:
    text = replace(un2020.texts["en"], subject="To {{ recipient.country }}")
    campaign = replace(un2020, texts={**un2020.texts, "en": text})
    mailing = Mailing(campaign, sender, DATE, ("pdf",), load_frame("classic"), language="en")
    people = [replace(who, full_name="Ann Sample") for who in ministers(campaign)[8:12]]
    contents = [written(mailing, who).document.content for who in people]
    for who, content in zip(people, contents, strict=True):
        (bookmark,) = pypdfium2.PdfDocument(content).get_toc()
        assert country_name(who.country or "", "en") in bookmark.get_title()
    assert [laid_out(mailing, who) for who in people] == contents


def test_the_run_says_how_many_were_laid_out_and_verifies_some(tmp_path: Path) -> None:
    rows = "".join(person(n) for n in range(1, 13))
    (tmp_path / "list.csv").write_text(HEADER + rows, "utf-8")
    code, told = finish(start(tmp_path, "--verify", 2, formats="pdf"))
    assert code == 0, told
    assert re.search(r"PDF: \d+ of 12 letters were laid out in full, \d+ \(\d+\.\d%\) filled", told)


def test_a_difference_is_seen(un2020: Campaign, sender: Sender) -> None:
    mailing = Mailing(un2020, sender, DATE, ("pdf",), load_frame("classic"))
    minister = ministers(un2020)[10]
    written(mailing, replace(minister, full_name="Awa Exemple"))
    letter = written(mailing, replace(minister, full_name="Ann Sample"))
    sheet = prepared(mailing).page
    assert letter.document.filled
    assert pdf.is_exact(letter.document, letter.letter, mailing.frame, sheet)
    other = letter.document._replace(content=letter.document.content + b" ")
    assert not pdf.is_exact(other, letter.letter, mailing.frame, sheet)
