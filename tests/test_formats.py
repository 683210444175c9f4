"""The three formats: literal values, self-contained, tagged, with fonts of the installation."""

import html
import re
import subprocess
import sys
import unicodedata
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import page
import pypdfium2
import pytest
from conftest import DATE, ROOT, pdf_objects, pdf_text
from markdown_it import MarkdownIt

from letter_kit import (
    Campaign,
    GuardedWorker,
    LetterError,
    Recipient,
    Sender,
    load_campaign,
    write_letter,
)
from letter_kit.formats.body import body_html
from letter_kit.frames import load_frame
from letter_kit.layout import layouts
from letter_kit.library import Library
from letter_kit.models import Asset
from letter_kit.people import recipient_from_values

NAMES = (
    "O'Brien & Söhne <GmbH>",
    "{{ 7*7 }}",
    "# x",
    "[a](javascript:alert)",
    "*x*",
    "_x_ `y` ~~z~~",
    "1. x",
    "<b>x</b>",
    "&copy; | \\",
)
HOSTILE_SVG = b"""<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10">
<image href="%s" width="5" height="5"/></svg>"""


def minister(**values: str) -> Recipient:
    base = {"office": "foreign_minister", "country": "SN", "gender": "f"}
    return recipient_from_values(base | values)


def document(
    campaign: Campaign, recipient: Recipient, sender: Sender, worker: GuardedWorker, **options: str
) -> bytes:
    return write_letter(
        campaign, recipient, sender, date=DATE, worker=worker, **options
    ).document.content


class Page(HTMLParser):
    """What a page names that is not in it, and its text."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.tags: list[str] = []
        self.text = ""
        self.feed(content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name in {"src", "href", "data", "action", "srcset", "style"}:
                self.addresses.append(value or "")

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("name", NAMES)
def test_a_name_comes_out_literally_in_every_format(
    un2020: Campaign, sender: Sender, worker: GuardedWorker, name: str
) -> None:
    recipient = minister(full_name=name, street_1=name, organisation=name)
    markdown = document(un2020, recipient, sender, worker, format="markdown").decode()
    name = name.replace("'", "’")  # typography is no change of what a name says
    rendered = MarkdownIt("commonmark").render(markdown)
    assert html.unescape(re.sub(r"<[^>]*>", "", rendered)).count(name) == 3
    page_ = Page(document(un2020, recipient, sender, worker, format="html"))
    assert page_.text.count(name) == 4  # in the title too
    assert not {"a", "b", "script"} & set(page_.tags)
    squeezed = pdf_text(document(un2020, recipient, sender, worker, format="pdf"))
    assert squeezed.replace(" ", "").count(name.replace(" ", "")) == 3


def test_html_is_one_file_that_names_no_other(
    un2020: Campaign, sender: Sender, worker: GuardedWorker
) -> None:
    content = document(un2020, minister(), sender, worker, format="html")
    page_ = Page(content)
    assert page_.addresses
    assert all(address.startswith("data:image/") for address in page_.addresses)
    assert "url(" not in content.decode()
    assert "@import" not in content.decode()


BUILTIN = {name: load_campaign(name) for name in Library.builtin().campaigns()}


@pytest.mark.parametrize("template", ["classic", "modern"])
@pytest.mark.parametrize("layout", sorted(layouts()))
@pytest.mark.parametrize(
    ("campaign", "language"),
    [(name, language) for name, campaign in BUILTIN.items() for language in campaign.languages],
)
def test_pdf_is_one_page_of_pdf_ua(
    sender: Sender,
    worker: GuardedWorker,
    campaign: str,
    language: str,
    layout: str,
    template: str,
) -> None:
    recipient = minister(full_name="Awa Ndiaye", organisation="Ministère", city="Dakar")
    written = write_letter(
        BUILTIN[campaign], recipient, sender, date=BUILTIN[campaign].valid_from, format="pdf",
        language=language, layout=layout, template=template, strict=True, worker=worker,
    )  # fmt: skip
    report = page.validate_pdf_bytes(written.document.content, profile="ua1")
    assert report.is_compliant, [failure.message for failure in report.failures]
    assert report.document.page_count == 1


ARABIC = "معالي الوزيرة ليلى النموذجي، وزارة الخارجية، لا إله، للأمم المتحدة في القاهرة"
CHINESE = "外交部长王示例阁下，联合国成立七十五周年"


@pytest.mark.parametrize("template", ["classic", "modern"])
@pytest.mark.parametrize(("language", "words"), [("ar", ARABIC), ("zh", CHINESE)])
def test_what_is_read_aloud_is_what_was_written(
    un2020: Campaign, sender: Sender, worker: GuardedWorker,
    language: str, words: str, template: str,
) -> None:  # fmt: skip
    """Fonts that build letters of parts give a reader of PDF other letters (ToUnicode)."""
    content = document(
        un2020, minister(organisation=words, city="X"), sender, worker,
        format="pdf", language=language, template=template,
    )  # fmt: skip
    found = unicodedata.normalize("NFKC", pdf_text(content)).replace(" ", "")
    assert unicodedata.normalize("NFKC", words).replace(" ", "") in found


def test_an_arabic_page_runs_from_right_to_left(
    un2020: Campaign, sender: Sender, worker: GuardedWorker
) -> None:
    content = document(
        un2020, minister(full_name="ليلى"), sender, worker, format="pdf", language="ar"
    )
    first = pypdfium2.PdfDocument(content)[0]
    text = first.get_textpage()
    boxes = [text.get_rect(index) for index in range(text.count_rects())]
    salutation = next(box for box in boxes if "معالي الوزيرة،" in text.get_text_bounded(*box))
    right = max(box[2] for box in boxes)
    assert salutation[2] == pytest.approx(right, abs=3)
    assert "/Lang (ar)" in pdf_objects(content)


def test_pdf_embeds_the_fonts_of_the_installation_only(
    un2020: Campaign, sender: Sender, worker: GuardedWorker
) -> None:
    content = document(un2020, minister(), sender, worker, format="pdf")
    objects = pdf_objects(content)
    names = set(re.findall(r"/BaseFont ?/([A-Z]{6})[+]([A-Za-z0-9-]+)", objects))
    assert {name for _, name in names} == {"Source-Serif-4", "Source-Serif-4-Semi-Bold"}
    assert len(re.findall(r"/FontFile[23]? ", objects)) == len(names)


def test_pdf_is_the_same_bytes_whatever_the_hash_seed_time_zone_and_folder(
    tmp_path: Path,
) -> None:
    command = [
        sys.executable, "-m", "letter_kit", "write", "un2020", "--to", "sample#sample-1",
        "--from", str(ROOT / "examples" / "sender.toml"), "--date", "2019-09-03",
        "--format", "pdf",
    ]  # fmt: skip
    made = set()
    for number, zone in enumerate(("UTC", "Asia/Tokyo", "America/Lima")):
        folder = tmp_path / zone.replace("/", "-")
        folder.mkdir()
        environment = {
            "PYTHONHASHSEED": str(number), "TZ": zone, "PATH": "/usr/bin:/bin",
            "HOME": str(folder), "LC_ALL": "C" if number else "C.UTF-8",
        }  # fmt: skip
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=True)
        made.add(done.stdout)
    assert len(made) == 1


def test_metadata_tell_title_author_and_language(
    un2020: Campaign, sender: Sender, worker: GuardedWorker
) -> None:
    content = document(un2020, minister(), sender, worker, format="pdf", language="fr")
    metadata = pypdfium2.PdfDocument(content).get_metadata_dict()
    assert metadata["Title"] == "ONU2020 – Madame la Ministre des Affaires étrangères"
    assert metadata["Author"] == "Association pour les Nations Unies – Exemple"
    assert "/Lang (fr)" in pdf_objects(content)


@pytest.mark.parametrize(("name", "said"), [("नमस्ते", "न (U+0928)"), ("Ana 🙂", "🙂 (U+1F642)")])
def test_a_missing_glyph_is_an_error_that_names_the_character(
    un2020: Campaign, sender: Sender, worker: GuardedWorker, name: str, said: str
) -> None:
    with pytest.raises(LetterError, match=re.escape(said)):
        document(un2020, minister(full_name=name), sender, worker, format="pdf")


@pytest.mark.parametrize(
    "address", [b"http://127.0.0.1:9/x.png", b"file:///etc/passwd", b"other.png"]
)
def test_nothing_outside_the_letter_is_fetched(
    un2020: Campaign, sender: Sender, worker: GuardedWorker, address: bytes
) -> None:
    logo = Asset("logo.svg", "image/svg+xml", HOSTILE_SVG % address)
    organisation = sender.organisations[0]._replace(logo=logo)
    hostile = replace(sender, organisations=(organisation,))
    with pytest.raises(LetterError, match="asks for a file that the letter does not hold"):
        document(un2020, minister(), hostile, worker, format="pdf")


def test_a_broken_picture_is_an_error(
    un2020: Campaign, sender: Sender, worker: GuardedWorker
) -> None:
    logo = Asset("logo.png", "image/png", b"\x89PNG\r\n\x1a\nbroken")
    broken = replace(sender, organisations=(sender.organisations[0]._replace(logo=logo),))
    with pytest.raises(LetterError, match="cannot be drawn"):
        document(un2020, minister(), broken, worker, format="pdf")


def test_several_pages_are_numbered_and_stay_in_order(
    un2020: Campaign, sender: Sender, worker: GuardedWorker
) -> None:
    text = un2020.texts["fr"]
    body = text.body.replace("{{ closing }}", "Encore un mot.\n\n" * 25 + "{{ closing }}")
    campaign = replace(un2020, texts={"fr": replace(text, body=body)})
    written = write_letter(campaign, minister(), sender, date=DATE, format="pdf", worker=worker)
    assert written.document.pages == 2
    assert "the letter has 2 pages" in str(written.warnings[0])
    assert "Page 2 sur 2" in pdf_text(written.document.content)


def test_enclosures_copies_and_reference_stand_in_every_format(
    un2020: Campaign, sender: Sender, worker: GuardedWorker
) -> None:
    text = replace(un2020.texts["fr"], enclosures=("Note <1>", "Note 2"))
    campaign = replace(un2020, texts={"fr": text})
    recipient = minister(cc="Mission permanente; Cabinet *x*")
    for form in ("markdown", "html", "pdf"):
        content = document(
            campaign, recipient, replace(sender, reference="CD/19-7"), worker, format=form
        )
        if form == "markdown":
            content = MarkdownIt("commonmark").render(content.decode()).encode()
        text_ = pdf_text(content) if form == "pdf" else " ".join(Page(content).text.split())
        assert "Pièces jointes : Note <1>, Note 2" in text_.replace("\xa0", " ")
        assert "Copie à : Mission permanente, Cabinet *x*" in text_.replace("\xa0", " ")
        assert "Réf. CD/19-7" in text_


def test_a_users_frame_may_extend_a_built_in_one(
    tmp_path: Path, un2020: Campaign, sender: Sender, worker: GuardedWorker
) -> None:
    (tmp_path / "letter.html.j2").write_text(
        '{% extends "builtin:classic/letter.html.j2" %}'
        "{% block letterhead %}<p>OWN</p>{% endblock %}",
        "utf-8",
    )
    frame = load_frame(tmp_path)
    written = write_letter(
        un2020, minister(), sender, date=DATE, format="html", template=frame, worker=worker
    )
    assert "<p>OWN</p>" in written.document.content.decode()
    assert 'class="letterhead"' not in written.document.content.decode()


class TestBody:
    """The body's Markdown becomes HTML that is safe to send."""

    def test_html_stays_text(self) -> None:
        assert body_html("<b>x</b>", {}) == "<p>&lt;b&gt;x&lt;/b&gt;</p>\n"

    def test_headings_begin_below_the_subject(self) -> None:
        assert body_html("# A\n\n## B", {}) == "<h2>A</h2>\n<h3>B</h3>\n"

    @pytest.mark.parametrize(
        "url", ["javascript:x", "file:///etc/passwd", "data:text/html,x", "vbscript:x"]
    )
    def test_a_link_leads_to_the_web_or_an_address_or_is_none(self, url: str) -> None:
        assert "href" not in body_html(f"[x]({url})", {})
        assert 'href="https://x.org"' in body_html("[x](https://x.org)", {})
        assert 'href="mailto:a@x.org"' in body_html("<a@x.org>", {})

    def test_a_picture_must_be_the_campaigns_and_have_a_text(self) -> None:
        pictures = {"assets/a.png": "data:image/png;base64,x"}
        assert 'alt="Map"' in body_html("![Map](assets/a.png)", pictures)
        with pytest.raises(LetterError, match=r"Did you mean assets/a\.png"):
            body_html("![Map](assets/b.png)", pictures)
        with pytest.raises(LetterError, match="no text for those who cannot see it"):
            body_html("![](assets/a.png)", pictures)
