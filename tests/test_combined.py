"""All letters in one PDF: each stays what it was, and what they share stands there once."""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import page
import pikepdf
import pypdfium2
import pytest
from conftest import DATE

from letter_kit import Campaign, GuardedWorker, InputError, Sender, SetupError, write_letter
from letter_kit.formats.pdf import typeset
from letter_kit.people import recipient_from_values
from letter_kit.printing import CombinedPart, combine_pdfs

LETTERS = (
    ("fr", "classic", {"full_name": "Awa Ndiaye", "country": "SN", "gender": "f"}),
    ("en", "modern", {"full_name": "Zoë O'Brien", "country": "KE", "gender": "f"}),
    ("ar", "classic", {"full_name": "ليلى النموذجي", "country": "EG", "gender": "f"}),
    ("fr", "classic", {"full_name": "Łukasz Çelik", "country": "SN", "gender": "m"}),
    ("zh", "classic", {"full_name": "王示例", "country": "CN", "gender": "m"}),
    ("zh", "modern", {"full_name": "李范文", "country": "SG", "gender": "f"}),
)
LINKED = """<!DOCTYPE html><html lang="en"><head><title>A letter (12 0 R)</title></head><body>
<h1 id="top">Letter</h1><p><a href="https://example.org/a(b)?c=12 0 R">12 0 R</a>
and <a href="#top">above</a></p>
<table><thead><tr><th scope="col">A</th><th scope="col">B</th></tr></thead>
<tbody><tr><td>1</td><td>2</td></tr></tbody></table></body></html>"""


@pytest.fixture(scope="module")
def parts(
    tmp_path_factory: pytest.TempPathFactory,
    un2020: Campaign,
    sender: Sender,
    worker: GuardedWorker,
) -> list[CombinedPart]:
    """Letters in four languages and two templates; the second one has two pages."""
    folder = tmp_path_factory.mktemp("letters")
    made = []
    for number, (language, template, values) in enumerate(LETTERS, start=1):
        campaign = un2020
        if number == 2:
            text = un2020.texts["en"]
            body = text.body.replace("{{ closing }}", "One more word.\n\n" * 30 + "{{ closing }}")
            campaign = replace(un2020, texts={"en": replace(text, body=body)})
        written = write_letter(
            campaign, recipient_from_values({"office": "foreign_minister", **values}), sender,
            date=DATE, format="pdf", language=language, template=template, worker=worker,
        )  # fmt: skip
        path = folder / f"{number:05}.pdf"
        path.write_bytes(written.document.content)
        made.append(CombinedPart(path, f"{number:05} {values['full_name']}", language))
    return made


@pytest.fixture(scope="module")
def combined(parts: list[CombinedPart], tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("combined") / "all.pdf"
    (made,) = combine_pdfs(parts, out, title="ONU <2020> & co", language="fr")
    assert made == (out, 6, 7)
    return out


def pages_of(pdf: Path | bytes) -> Iterator[pypdfium2.PdfPage]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        yield from document
    finally:
        document.close()


def texts_of(pdf: Path | bytes) -> list[str]:
    return [page_.get_textpage().get_text_bounded() for page_ in pages_of(pdf)]


def pictures_of(pdf: Path | bytes) -> list[bytes]:
    return [bytes(page_.render(scale=1.5).buffer) for page_ in pages_of(pdf)]


def elements(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Dictionary]:
    """Every structure element, from the root down; each is its parent's child."""
    waiting = [pdf.Root.StructTreeRoot]
    while waiting:
        element = waiting.pop()
        kids = element.get("/K", ())
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                assert kid.P.objgen == element.objgen
                waiting.append(kid)
                yield kid


def test_the_whole_is_pdf_ua_of_letters_that_are(combined: Path) -> None:
    report = page.validate_pdf_bytes(combined.read_bytes(), profile="ua1")
    assert report.is_compliant, [failure.message for failure in report.failures]
    with pikepdf.open(combined, attempt_recovery=False) as pdf:
        assert not pdf.check_pdf_syntax()


def test_every_page_says_and_shows_what_the_single_letter_does(
    combined: Path, parts: list[CombinedPart]
) -> None:
    single = [part.pdf for part in parts]
    assert texts_of(combined) == [text for pdf in single for text in texts_of(pdf)]
    assert pictures_of(combined) == [picture for pdf in single for picture in pictures_of(pdf)]


def test_bookmarks_lead_to_the_letters_in_their_order(
    combined: Path, parts: list[CombinedPart]
) -> None:
    document = pypdfium2.PdfDocument(combined)
    found = [(mark.get_title(), mark.get_dest().get_index()) for mark in document.get_toc()]
    document.close()
    assert found == list(zip((part.title for part in parts), (0, 1, 3, 4, 5, 6), strict=True))


def test_each_letter_is_a_part_with_its_language(combined: Path) -> None:
    with pikepdf.open(combined) as pdf:
        (document,) = pdf.Root.StructTreeRoot.K
        assert document.S == "/Document"
        assert [(str(part.S), str(part.Lang)) for part in document.K] == [
            ("/Part", language) for language, *_ in LETTERS
        ]
        assert pdf.Root.Lang == "fr"
        assert [str(element.S) for element in elements(pdf)].count("/Document") == 1


def test_marked_content_and_structure_find_each_other(combined: Path) -> None:
    with pikepdf.open(combined) as pdf:
        root = pdf.Root.StructTreeRoot
        parents = pikepdf.NumberTree(root.ParentTree)
        keys = [int(page_.obj.StructParents) for page_ in pdf.pages]
        assert len(set(keys)) == len(keys)
        assert max(keys) < int(root.ParentTreeNextKey)
        letters = [part.objgen for part in root.K[0].K]
        for page_, key, letter in zip(pdf.pages, keys, (0, 1, 1, 2, 3, 4, 5), strict=True):
            for marked, element in enumerate(parents[key]):
                part = element
                while part.S != "/Part":
                    part = part.P
                assert letters.index(part.objgen) == letter
                assert element.Pg.objgen == page_.obj.objgen
                assert marked in [int(kid) for kid in element.K if isinstance(kid, int)]


def test_title_and_metadata_are_those_of_the_whole(combined: Path) -> None:
    with pikepdf.open(combined) as pdf:
        assert pdf.Root.ViewerPreferences.DisplayDocTitle is True
        assert pdf.docinfo.Title == "ONU <2020> & co"
        with pdf.open_metadata() as metadata:
            assert metadata["dc:title"] == "ONU <2020> & co"
            assert metadata["pdfuaid:part"] == "1"


def test_each_font_stands_there_once(combined: Path, parts: list[CombinedPart]) -> None:
    def fonts(path: Path) -> list[str]:
        with pikepdf.open(path) as pdf:
            return [
                str(entry.FontName)
                for entry in pdf.objects
                if isinstance(entry, pikepdf.Dictionary) and entry.get("/Type") == "/FontDescriptor"
            ]

    single = [name for part in parts for name in fonts(part.pdf)]
    assert len(single) > len(set(single)) > 5  # Latin, Arabic, and Chinese of two kinds
    assert sorted(fonts(combined)) == sorted(set(single))


def test_what_letters_share_is_written_once(tmp_path: Path, parts: list[CombinedPart]) -> None:
    many = [parts[index] for index in (0, 3)] * 20
    (made,) = combine_pdfs(many, tmp_path / "all.pdf", title="T", language="fr")
    fonts = 20_000
    assert made.path.stat().st_size < fonts + 4_000 * len(many)


@pytest.mark.parametrize("number", [0, 2, 4])
def test_one_letter_keeps_its_fonts_byte_for_byte(
    tmp_path: Path, parts: list[CombinedPart], number: int
) -> None:
    """Where there is nothing to unite: as when a run embeds the same subsets everywhere."""

    def programs(path: Path) -> set[bytes]:
        with pikepdf.open(path) as pdf:
            return {
                (entry.get("/FontFile2") or entry.get("/FontFile3")).read_bytes()
                for entry in pdf.objects
                if isinstance(entry, pikepdf.Dictionary) and entry.get("/Type") == "/FontDescriptor"
            }

    out = tmp_path / "all.pdf"
    combine_pdfs([parts[number]] * 3, out, title="T", language="fr")
    assert programs(out) == programs(parts[number].pdf)


def exchanged(path: Path) -> bytes:
    """The letter with the programs of its fonts exchanged, so that their names lie."""
    out = io.BytesIO()
    with pikepdf.open(path) as pdf:
        first, second = [
            entry
            for entry in pdf.objects
            if isinstance(entry, pikepdf.Dictionary) and entry.get("/Type") == "/FontDescriptor"
        ][:2]
        key = "/FontFile2"
        first[key], second[key] = second[key], first[key]
        pdf.save(out)
    return out.getvalue()


def unreadable(path: Path) -> bytes:
    """The letter with a font that is none."""
    out = io.BytesIO()
    with pikepdf.open(path) as pdf:
        descriptor = next(
            entry
            for entry in pdf.objects
            if isinstance(entry, pikepdf.Dictionary) and entry.get("/Type") == "/FontDescriptor"
        )
        descriptor.FontFile2 = pdf.make_stream(b"no font")
        pdf.save(out)
    return out.getvalue()


@pytest.mark.parametrize("spoil", [exchanged, unreadable])
def test_fonts_that_cannot_be_one_all_stay_as_they_are(
    tmp_path: Path, parts: list[CombinedPart], spoil: Callable[[Path], bytes]
) -> None:
    assert isinstance(parts[0].pdf, Path)
    pdfs = [parts[0].pdf, spoil(parts[0].pdf), parts[3].pdf]
    out = tmp_path / "all.pdf"
    combine_pdfs([CombinedPart(pdf, "x", "fr") for pdf in pdfs], out, title="T", language="fr")
    assert pictures_of(out) == [picture for pdf in pdfs for picture in pictures_of(pdf)]
    assert texts_of(out) == [text for pdf in pdfs for text in texts_of(pdf)]


def test_many_letters_are_bookmarked_in_groups_and_found_by_every_reader(
    tmp_path: Path, linked: CombinedPart
) -> None:
    out = tmp_path / "all.pdf"
    many = [linked._replace(title=f"{number}") for number in range(1, 302)]
    (made,) = combine_pdfs(many, out, title="T", language="en")
    assert made.letters == made.pages == 301
    document = pypdfium2.PdfDocument(out)
    found = [
        (mark.level, mark.get_title(), mark.get_dest().get_index()) for mark in document.get_toc()
    ]
    document.close()
    assert [title for level, title, _ in found if level == 0] == [
        "1–100", "101–200", "201–300", "301–301",
    ]  # fmt: skip
    letters = [(title, index) for level, title, index in found if level == 1]
    assert letters == [(str(number), number - 1) for number in range(1, 302)]
    assert page.validate_pdf_bytes(out.read_bytes(), profile="ua1").is_compliant


def test_duplex_begins_each_letter_on_a_right_hand_page(
    tmp_path: Path, parts: list[CombinedPart]
) -> None:
    out = tmp_path / "all.pdf"
    (made,) = combine_pdfs(parts[:4], out, title="T", language="fr", duplex=True)
    assert made.pages == 7  # one and a blank, two, one and a blank, one
    blank = [not text for text in texts_of(out)]
    assert blank == [False, True, False, False, False, True, False]
    document = pypdfium2.PdfDocument(out)
    assert [mark.get_dest().get_index() for mark in document.get_toc()] == [0, 2, 4, 6]
    assert {tuple(map(round, page_.get_size())) for page_ in document} == {(595, 842)}
    document.close()
    report = page.validate_pdf_bytes(out.read_bytes(), profile="ua1")
    assert report.is_compliant, [failure.message for failure in report.failures]


def test_a_file_holds_as_many_letters_as_is_asked(
    tmp_path: Path, parts: list[CombinedPart]
) -> None:
    made = combine_pdfs(parts[:5], tmp_path / "all.pdf", title="T", language="fr", every=2)
    assert [(file.path.name, file.letters) for file in made] == [
        ("all-0001.pdf", 2), ("all-0002.pdf", 2), ("all-0003.pdf", 1),
    ]  # fmt: skip
    assert {path.name for path in tmp_path.iterdir()} == {file.path.name for file in made}
    for file in made:
        assert page.validate_pdf_bytes(file.path.read_bytes(), profile="ua1").is_compliant
    with pikepdf.open(made[1].path) as pdf:
        assert pdf.docinfo.Title == "T (2)"


def test_a_file_left_from_a_longer_run_is_told(tmp_path: Path, parts: list[CombinedPart]) -> None:
    out = tmp_path / "all.pdf"
    combine_pdfs(parts[:3], out, title="T", language="fr", every=1)
    before = (tmp_path / "all-0001.pdf").read_bytes()
    with pytest.raises(InputError, match=r"all-0003\.pdf: a file of an earlier run"):
        combine_pdfs(parts[3:5], out, title="T", language="fr", every=1, force=True)
    assert (tmp_path / "all-0001.pdf").read_bytes() == before


def test_the_same_letters_give_the_same_bytes(
    tmp_path: Path, parts: list[CombinedPart], combined: Path
) -> None:
    out = tmp_path / "other.pdf"
    read = [
        part._replace(pdf=part.pdf.read_bytes()) for part in parts if isinstance(part.pdf, Path)
    ]
    combine_pdfs(read, out, title="ONU <2020> & co", language="fr")
    assert out.read_bytes() == combined.read_bytes()


@pytest.fixture(scope="module")
def linked() -> CombinedPart:
    return CombinedPart(typeset(LINKED)[0], "A (1 0 R) ) letter", "en")


def test_links_within_and_beyond_the_letter_are_kept(
    tmp_path: Path, parts: list[CombinedPart], linked: CombinedPart
) -> None:
    out = tmp_path / "all.pdf"
    combine_pdfs([parts[0], linked, linked], out, title="T", language="en")
    assert page.validate_pdf_bytes(out.read_bytes(), profile="ua1").is_compliant
    with pikepdf.open(out) as pdf:
        parents = pikepdf.NumberTree(pdf.Root.StructTreeRoot.ParentTree)
        for number in (1, 2):
            beyond, within = pdf.pages[number].Annots
            assert beyond.A.URI == "https://example.org/a(b)?c=12%200%20R"
            assert within.Dest[0].objgen == pdf.pages[number].obj.objgen
            for link in (beyond, within):
                element = parents[int(link.StructParent)]
                assert element.S == "/Link"
        assert [str(mark.title) for mark in pdf.open_outline().root][1] == linked.title


def test_identifiers_of_headings_are_those_of_their_letter(
    tmp_path: Path, linked: CombinedPart
) -> None:
    out = tmp_path / "all.pdf"
    combine_pdfs([linked, linked], out, title="T", language="en")
    with pikepdf.open(out) as pdf:
        found = list(elements(pdf))
        ids = [bytes(element.ID) for element in found if "/ID" in element]
        assert len(ids) == len(set(ids)) == 4
        named = [
            bytes(name) for element in found if element.S == "/TD" for name in element.A.Headers
        ]
        assert sorted(named) == sorted(ids)


def encrypted(path: Path) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(path) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="x", user=""))
    return out.getvalue()


def untagged(path: Path) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(path) as pdf:
        del pdf.Root.StructTreeRoot
        pdf.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda path: b"no PDF", "no PDF, or a damaged one"),
        (lambda path: b"", "no PDF, or a damaged one"),
        (lambda path: path.read_bytes()[:-3000], "no PDF, or a damaged one"),
        (lambda path: re.sub(rb"stream\n.{40}", b"stream\n" + b"x" * 40, path.read_bytes(), count=9,
                             flags=re.DOTALL), "no PDF, or a damaged one"),
        (encrypted, "the PDF is encrypted"),
        (untagged, "the PDF has no tags"),
    ],
)  # fmt: skip
def test_a_letter_that_cannot_be_used_is_named_and_nothing_is_written(
    tmp_path: Path, parts: list[CombinedPart], spoil: Callable[[Path], bytes], said: str
) -> None:
    assert isinstance(parts[0].pdf, Path)
    bad = tmp_path / "00002.pdf"
    bad.write_bytes(spoil(parts[0].pdf))
    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(InputError, match=rf"00002\.pdf: .*{said}"):
        combine_pdfs(
            [parts[0], CombinedPart(bad, "x", "fr")], out / "all.pdf", title="T", language="fr",
            every=1,
        )  # fmt: skip
    assert not list(out.iterdir())


def test_a_letter_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.pdf: there is no such file"):
        combine_pdfs(
            [CombinedPart(tmp_path / "gone.pdf", "x", "fr")], tmp_path / "a.pdf",
            title="T", language="fr",
        )  # fmt: skip


def test_no_letters_make_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no letter to combine"):
        combine_pdfs([], tmp_path / "all.pdf", title="T", language="fr")
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_there_stays_unless_it_may_be_replaced(
    tmp_path: Path, parts: list[CombinedPart]
) -> None:
    out = tmp_path / "all.pdf"
    out.write_text("mine")
    with pytest.raises(InputError, match="a file of this name already"):
        combine_pdfs(parts[:1], out, title="T", language="fr")
    assert out.read_text() == "mine"
    combine_pdfs(parts[:1], out, title="T", language="fr", force=True)
    assert out.read_bytes().startswith(b"%PDF-1.7")
    assert list(tmp_path.iterdir()) == [out]


def test_a_folder_that_is_not_there_is_told(tmp_path: Path, parts: list[CombinedPart]) -> None:
    with pytest.raises(SetupError, match="there is no folder"):
        combine_pdfs(parts[:1], tmp_path / "no" / "all.pdf", title="T", language="fr")


def test_a_full_disk_leaves_nothing(parts: list[CombinedPart], tmp_path: Path) -> None:
    device = Path("/dev/full")
    if not device.exists():
        pytest.skip("the system has no device that is always full")
    from letter_kit.output import GrowingFile

    growing = GrowingFile(tmp_path / "all.pdf")
    growing.file.close()
    growing.file = device.open("wb", buffering=0)
    with pytest.raises(SetupError, match="the disk is full"):
        growing.write(b"x")
    growing.discard()
    assert not list(tmp_path.iterdir())
