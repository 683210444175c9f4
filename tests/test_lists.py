"""Lists are read in every kind of file and encoding, or refused with what is wrong with them."""

import csv
import datetime as dt
import json
import os
import pickle
import re
import struct
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import odf.opendocument
import odf.table
import odf.text
import openpyxl
import pytest
from conftest import ROOT, SENDER, Outcome

from letter_kit import RecipientError, load_recipients, load_row
from letter_kit.people import workbooks
from letter_kit.people.records import Dialect

HEADER = ("id", "office", "country", "family_name", "postal_code")
PERSON = ("a", "mayor", "SN", "Fáll", "01234")


def text_of(*rows: tuple[str, ...], delimiter: str = ",") -> str:
    return "".join(delimiter.join(row) + "\r\n" for row in rows)


def written(path: Path, content: str | bytes, encoding: str = "utf-8") -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def refused(path: Path, **options: str) -> str:
    with pytest.raises(RecipientError) as caught:
        list(load_recipients(path, **options))
    (problem,) = caught.value.problems
    assert problem.path is None or problem.path == str(path)
    return str(problem)


# --- texts ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "bom"),
    [
        ("utf-8", False),
        ("utf-8-sig", True),
        ("utf-16", True),
        ("utf-16-le", True),
        ("utf-16-be", True),
        ("utf-32", True),
    ],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_text_says_itself_how_it_is_written(
    tmp_path: Path, encoding: str, bom: bool, delimiter: str
) -> None:
    path = written(tmp_path / "l.csv", text_of(HEADER, PERSON, delimiter=delimiter), encoding)
    recipients = load_recipients(path)
    (row,) = recipients
    assert row.cells == PERSON
    assert recipients.headers == HEADER
    assert recipients.dialect == Dialect(delimiter, bom)
    assert recipients.rows == 1


@pytest.mark.parametrize(
    ("mark", "encoding"), [(b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")]
)
def test_utf_16_with_its_mark_is_read_in_both_orders(
    tmp_path: Path, mark: bytes, encoding: str
) -> None:
    path = written(tmp_path / "l.csv", mark + text_of(HEADER, PERSON).encode(encoding))
    assert next(iter(load_recipients(path))).cells == PERSON


@pytest.mark.parametrize("line", ["sep=;\r\n", '"sep=;"\n', "SEP=;\n"])
def test_the_first_line_of_excel_says_the_delimiter(tmp_path: Path, line: str) -> None:
    text = line + "office;full_name\nmayor;a, b, c\n"
    (row,) = load_recipients(written(tmp_path / "l.csv", text))
    assert (row.line, row.cells) == (3, ("mayor", "a, b, c"))


@pytest.mark.parametrize(
    ("name", "text", "options"),
    [
        ("l.tsv", "office\tfull_name, with a comma, and another\nmayor\tA\n", {}),
        ("l.csv", 'office;"full_name, with, commas, in, it"\nmayor;A\n', {}),
        ("l.csv", "office;full_name,,,\nmayor;A\n", {"delimiter": ";"}),
        ("l.csv", "office;full_name,,,\nmayor;A\n", {"delimiter": "semicolon"}),
        ("l.csv", "office^x,y,z\nmayor^A\n", {"delimiter": "^"}),
        ("l.csv", "office\tx,y,z\nmayor\tA\n", {"delimiter": "tab"}),
        ("l.csv", "office|x,y,z\nmayor|A\n", {"delimiter": "pipe"}),
        ("l.csv", "office|x,y,z\nmayor|A\n", {"delimiter": "Bar"}),
    ],
)
def test_the_delimiter_is_what_it_is_said_to_be(
    tmp_path: Path, name: str, text: str, options: dict[str, str]
) -> None:
    (row,) = load_recipients(written(tmp_path / name, text), **options)
    assert row.cells == ("mayor", "A")


@pytest.mark.parametrize("delimiter", ["comma,", "", "a", '"', "7"])
def test_what_cannot_be_a_delimiter_is_refused(tmp_path: Path, delimiter: str) -> None:
    path = written(tmp_path / "l.csv", text_of(HEADER, PERSON))
    said = refused(path, delimiter=delimiter)
    assert "--delimiter: this cannot stand between cells" in said
    assert "comma, semicolon, tab, pipe, bar" in said


NAMES = {
    "cp1252": "André Müller",
    "mac_roman": "Zoë Brontë",
    "cp1250": "Łukasz Żółć",
    "cp1251": "Иванова",
    "koi8_r": "Иванова",
    "cp1256": "الخارجية",
    "gb18030": "外交部长",
    "shift_jis": "外務大臣",
    "cp1253": "Παπαδόπουλος",
}


@pytest.mark.parametrize("encoding", NAMES)
def test_a_text_that_is_not_utf_8_is_shown_and_never_guessed(tmp_path: Path, encoding: str) -> None:
    name = NAMES[encoding]
    text = text_of(HEADER, ("1", "mayor", "SN", "Plain", ""), ("2", "mayor", "SN", name, ""))
    path = written(tmp_path / "l.csv", text, encoding)
    said = refused(path)
    assert f"{path}:3: the file is not UTF-8, and does not say what it is" in said
    assert f"{encoding} reads {name!r}" in said
    assert said.count(" reads '") == 3
    assert "Choose the one that reads right: --encoding " in said
    assert list(load_recipients(path, encoding=encoding))[1].cells[3] == name


def test_the_likeliest_encoding_is_named_first(tmp_path: Path) -> None:
    for encoding in ("cp1252", "cp1251", "gb18030", "cp1256"):
        names = text_of(HEADER, ("2", "mayor", "SN", NAMES[encoding], ""))
        said = refused(written(tmp_path / "l.csv", names, encoding))
        assert f"--encoding {encoding}" in said


def test_a_byte_that_is_no_utf_8_far_down_is_found_before_the_first_row(tmp_path: Path) -> None:
    lines = text_of(HEADER, *[PERSON] * 5000).encode() + b"z,mayor,SN,Andr\xe9,\r\n"
    path = written(tmp_path / "l.csv", lines)
    with pytest.raises(RecipientError, match=r"l\.csv:5002: the file is not UTF-8"):
        load_recipients(path)


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("latin-9000", "there is no such encoding (expected a name such as utf-8"),
        ("utf8x", "Did you mean utf-8?"),
        ("rot13", "there is no such encoding"),
        ("ascii", "l.csv:2: the file is not ascii (found bytes 46 c3 a1"),
        ("utf-16", "the file is not utf-16"),
    ],
)
def test_an_encoding_that_is_not_that_of_the_file_is_refused(
    tmp_path: Path, encoding: str, said: str
) -> None:
    path = written(tmp_path / "l.csv", text_of(HEADER, PERSON))
    assert said in refused(path, encoding=encoding)


def test_a_mark_that_belies_the_encoding_is_told(tmp_path: Path) -> None:
    path = written(tmp_path / "l.csv", text_of(HEADER, PERSON), "utf-8-sig")
    said = refused(path, encoding="cp1252")
    assert "the file says itself that it is in another encoding (expected utf-8" in said
    for encoding in ("utf-8", "UTF8", "utf-8-sig"):
        assert load_recipients(path, encoding=encoding).headers == HEADER


def test_text_in_another_encoding_comes_back_as_utf_8_with_a_mark(tmp_path: Path) -> None:
    path = written(tmp_path / "l.csv", text_of(HEADER, PERSON), "cp1252")
    assert load_recipients(path, encoding="cp1252").dialect == Dialect(",", True)


def test_a_header_below_other_lines_is_found(tmp_path: Path) -> None:
    text = "\r\n\r\nForeign ministers; as of May\r\n\r\noffice;country;nom\r\nmayor;SN;Fall\r\n"
    recipients = load_recipients(written(tmp_path / "l.csv", text))
    (row,) = recipients
    assert (recipients.headers, row.line, row.number) == (("office", "country", "nom"), 6, 1)


def test_headers_may_hold_line_breaks_and_spaces(tmp_path: Path) -> None:
    text = (
        '" Family\nname ",Job Title (EN),office title (fr),Postal\u00a0Code\nFall,Mayor,Maire,1\n'
    )
    recipients = load_recipients(written(tmp_path / "l.csv", text))
    assert [meaning for _, meaning in recipients.columns] == [
        "family_name", "office_title_en", "office_title_fr", "postal_code",
    ]  # fmt: skip
    (row,) = recipients
    assert (row.line, row.recipient().office_title) == (3, {"en": "Mayor", "fr": "Maire"})


FAULTS = {
    "empty": (b"", ":1: the list is empty (expected a line of headers"),
    "blank": (b"\xef\xbb\xbf\r\n \r\n", ":1: the list is empty"),
    "a NUL": (b"office,name\nmayor,\0\n", ":2: this is no list: there are bytes in it that no"),
    "no known header": (b"shoe,size\n1,2\n", ":1: the first line names no column"),
    "two headers for one": (b"x\nname,FN,nom\n1,2,3\n", ":2: two columns mean full_name (found"),
    "open quote": (b'office,name\nmayor,A\nmayor,"B\n', ":3: a quotation mark opens a cell and is"),
    "broken header": (b'office,"na"me\nmayor,A\n', ":1: the header cannot be read"),
    "PDF": (b"%PDF-1.7\n", ": this is no list but a PDF (expected CSV, TSV, XLSX or ODS)"),
    "web page": (b"\n <html><table>", ": this is no list but a web page"),
    "picture": (b"\x89PNG\r\n\x1a\n", ": this is no list but a picture"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_text_that_is_no_list_says_why_and_where(tmp_path: Path, fault: str) -> None:
    content, said = FAULTS[fault]
    path = written(tmp_path / "l.csv", content)
    assert f"{path}{said}" in refused(path)


def test_what_is_no_file_is_said(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    assert "found a folder" in refused(tmp_path)
    assert "found a device or pipe" in refused(tmp_path / "pipe.csv")
    assert "found a device or pipe" in refused(Path("/dev/zero"))
    assert "there is no such file" in refused(tmp_path / "no.csv")


def test_a_list_of_headers_alone_has_no_rows(tmp_path: Path) -> None:
    assert load_recipients(written(tmp_path / "l.csv", text_of(HEADER))).rows == 0


def test_a_row_with_a_fault_fails_alone_and_keeps_its_text(tmp_path: Path) -> None:
    text = 'office,name\nmayor,A\nmayor,"B"C\nmayor,D,E\nmayor,F\n'
    recipients = load_recipients(written(tmp_path / "l.csv", text))
    assert recipients.rows == 4
    first, quoted, ragged, last = recipients
    assert (quoted.line, quoted.cells) == (3, ('mayor,"B"C',))
    with pytest.raises(RecipientError, match=r"l\.csv:3: the row cannot be read"):
        quoted.recipient()
    with pytest.raises(RecipientError, match=r"l\.csv:4: .*\(expected 2 cells, found 3\)"):
        ragged.recipient()
    assert (first.recipient().name, last.recipient().name) == ("A", "F")


def test_every_cell_is_text(tmp_path: Path) -> None:
    cells = ("01234", "NO", "Null", "NA", "None", "1e5", "TRUE", "1.0", "0x1F", "12/03")
    header = ",".join(f"c{number}" for number in range(len(cells)))
    text = f"office,{header}\nmayor,{','.join(cells)}\n"
    (row,) = load_recipients(written(tmp_path / "l.csv", text))
    assert row.cells[1:] == cells


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("large") / "l.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(text_of(HEADER))
        for number in range(200_000):
            file.write(f"{number},foreign_minister,Sénégal,Fall,01234\r\n")
    return path


def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    text = "id,nom\n" + "".join(f"{number},Fáll\n" for number in range(200_000))
    path = written(tmp_path / "l.csv", text)
    del text
    tracemalloc.start()
    try:
        recipients = load_recipients(path)
        last = None
        for row in recipients:
            last = row
            if row.number % 1000 == 0:
                row.recipient()
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert recipients.rows == 200_000
    assert last is not None
    assert (last.number, last.line, last.id) == (200_000, 200_001, "199999")
    assert most < 3_000_000


def test_the_first_look_takes_little_more_than_the_csv_module(large: Path) -> None:
    def took(work: Callable[[], object]) -> float:
        began = time.process_time()
        work()
        return time.process_time() - began

    def plain() -> None:
        with large.open(encoding="utf-8", newline="") as file:
            for _ in csv.reader(file, strict=True):
                pass

    ours = min(took(lambda: load_recipients(large)) for _ in range(3))
    assert ours < 4 * min(took(plain) for _ in range(3))


def test_a_row_is_small_to_pickle(tmp_path: Path) -> None:
    path = written(tmp_path / "l.csv", text_of(HEADER, *[PERSON] * 100))
    rows = list(load_recipients(path))
    assert pickle.loads(pickle.dumps(rows)) == rows  # noqa: S301 - our own
    assert len(pickle.dumps(rows)) < 100 * 80 + 500


# --- spreadsheets -----------------------------------------------------------------------------


def xlsx(path: Path, *rows: tuple[Any, ...], **others: tuple[tuple[Any, ...], ...]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for title, content in others.items():
        more = book.create_sheet(title)
        for row in content:
            more.append(row)
    book.save(path)
    return path


def ods(path: Path, *rows: tuple[Any, ...]) -> Path:
    book = odf.opendocument.OpenDocumentSpreadsheet()
    table = odf.table.Table(name="List")
    book.spreadsheet.addElement(table)
    for row in rows:
        line = odf.table.TableRow()
        table.addElement(line)
        for value in row:
            line.addElement(ods_cell(value))
    book.save(str(path))
    return path


def ods_cell(value: Any) -> Any:
    if value is None:
        return odf.table.TableCell()
    kinds: dict[type, dict[str, Any]] = {
        bool: {"valuetype": "boolean", "booleanvalue": str(value).lower()},
        float: {"valuetype": "float", "value": str(value)},
        int: {"valuetype": "float", "value": str(value)},
        dt.date: {"valuetype": "date", "datevalue": str(value)},
    }
    cell = odf.table.TableCell(**kinds.get(type(value), {"valuetype": "string"}))
    cell.addElement(odf.text.P(text=str(value)))
    return cell


SHEETS = {"l.xlsx": xlsx, "l.ods": ods}


@pytest.mark.parametrize("name", SHEETS)
def test_a_spreadsheet_is_read_as_a_person_sees_it(tmp_path: Path, name: str) -> None:
    header = ("id", "office", "country", "name", "as_of", "seats", "share", "open")
    path = SHEETS[name](
        tmp_path / name,
        (),
        header,
        ("007", "Maire", "NO", "Null", dt.date(2019, 9, 3), 1234, 2.5, True),
        (None,) * 8,
        ("x", "Foreign Minister", "Sénégal", "Ba", None, 0, None, False),
    )
    recipients = load_recipients(path)
    first, second = recipients
    assert recipients.headers == header
    assert recipients.rows == 2
    assert recipients.dialect == Dialect(",", True)
    assert first.cells == ("007", "Maire", "NO", "Null", "2019-09-03", "1234", "2.5", "TRUE")
    assert (first.number, first.line, second.number, second.line) == (1, 3, 2, 5)
    assert second.cells[5:] == ("0", "", "FALSE")
    assert first.recipient().as_of == dt.date(2019, 9, 3)
    assert second.recipient().represents_country == "SN"
    assert recipients.warnings == ()


def test_a_list_in_the_middle_of_a_sheet_is_found(tmp_path: Path) -> None:
    path = xlsx(
        tmp_path / "l.xlsx",
        ("Ministers of foreign affairs",),
        (),
        (None, None, "office", "country", "as_of"),
        (None, None, "mayor", "SN", dt.datetime(2019, 9, 3, 10, 5)),
    )
    (row,) = load_recipients(path)
    assert row.line == 4
    assert row.values["as_of"] == "2019-09-03 10:05:00"
    assert row.recipient().as_of == dt.date(2019, 9, 3)


@pytest.mark.parametrize("name", SHEETS)
def test_codes_kept_as_numbers_are_told_once_a_column(tmp_path: Path, name: str) -> None:
    path = SHEETS[name](
        tmp_path / name,
        ("id", "office", "CP", "seats"),
        (1, "mayor", "01234", 1),
        (2, "mayor", 1234, 1),
        (3, "mayor", 75001, 1),
    )
    recipients = load_recipients(path)
    assert [row.values["CP"] for row in recipients] == ["01234", "1234", "75001"]
    assert [(w.key, w.line, w.severity) for w in recipients.warnings] == [
        ("id", 2, "warning"), ("CP", 3, "warning"),
    ]  # fmt: skip
    said = "CP: kept as numbers, which have no zeros at their beginning (found 2 of 3 cells)"
    assert said in str(recipients.warnings[1])


def test_the_first_sheet_with_a_header_is_read_and_the_others_are_told(tmp_path: Path) -> None:
    path = xlsx(
        tmp_path / "l.xlsx",
        ("Read me first", ""),
        People=(("office", "country"), ("mayor", "SN")),
        More=(("office", "country"), ("mayor", "FR")),
        Empty=(),
    )
    recipients = load_recipients(path)
    (row,) = recipients
    assert row.cells == ("mayor", "SN")
    (warning,) = recipients.warnings
    assert "the list is read from the sheet 'People' alone" in str(warning)
    assert "found also 'Sheet', 'More')" in str(warning)


def test_a_hidden_sheet_is_neither_read_nor_told(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(
        xlsx(
            tmp_path / "l.xlsx",
            ("office", "country"),
            ("mayor", "SN"),
            People=(("office", "country"), ("mayor", "FR")),
        )
    )
    book["Sheet"].sheet_state = "hidden"
    book.active = 1
    book.save(tmp_path / "l.xlsx")
    recipients = load_recipients(tmp_path / "l.xlsx")
    assert [row.cells for row in recipients] == [("mayor", "FR")]
    assert recipients.warnings == ()


def test_the_error_of_a_formula_fails_its_row(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("office", "country", "notes"), ("mayor", "SN", ""), ("mayor", "SN", "")):
        sheet.append(row)
    for place in ("B3", "C2"):
        sheet[place] = "#REF!"
        sheet[place].data_type = "e"
    book.save(tmp_path / "l.xlsx")
    first, second = load_recipients(tmp_path / "l.xlsx")
    assert (first.cells[2], second.cells[1]) == ("#REF!", "#REF!")
    assert first.recipient().office == "mayor", "nobody uses the column"
    with pytest.raises(RecipientError, match=r"l\.xlsx:3: country: holds a formula's error"):
        second.recipient()


def test_the_error_of_an_ods_formula_fails_its_row(tmp_path: Path) -> None:
    path = ods(tmp_path / "l.ods", ("office", "country"), ("mayor", "#N/A"))
    content = zipfile.ZipFile(path).read("content.xml").decode()
    faulty = '<table:table-cell office:value-type="string" office:string-value="" '
    faulty += (
        'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" '
        'calcext:value-type="error" table:formula="of:=NA()"><text:p>#N/A'
    )
    before = '<table:table-cell office:value-type="string"><text:p>#N/A'
    assert before in content
    repacked(path, "content.xml", content.replace(before, faulty).encode())
    (row,) = load_recipients(path)
    with pytest.raises(RecipientError, match="holds a formula's error"):
        row.recipient()


def repacked(path: Path, member: str, content: bytes) -> None:
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, old in members.items():
            archive.writestr(name, content if name == member else old)


def test_a_file_is_read_by_what_it_is_and_its_name_is_told(tmp_path: Path) -> None:
    book = xlsx(tmp_path / "l.xlsx", HEADER, PERSON)
    called_csv = written(tmp_path / "really.csv", book.read_bytes())
    called_xlsx = written(tmp_path / "really.xlsx", text_of(HEADER, PERSON, delimiter=";"))
    for path, said in (
        (called_csv, "the file is called .csv and is an Excel workbook (XLSX)"),
        (called_xlsx, "the file is called .xlsx and is a text (CSV)"),
    ):
        recipients = load_recipients(path)
        (row,) = recipients
        assert row.cells == PERSON
        (warning,) = recipients.warnings
        assert said in str(warning)
    assert load_recipients(book).warnings == ()


def test_a_spreadsheet_has_no_encoding_and_no_delimiter(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "l.xlsx", HEADER, PERSON)
    assert "--encoding is for texts, and this is an Excel" in refused(path, encoding="cp1252")
    assert "--delimiter is for texts" in refused(path, delimiter=";")


def ole(*streams: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "\0".join(streams).encode("utf-16-le")


BROKEN = {
    "cut off": (b"PK\x03\x04 and no more", "the spreadsheet is damaged"),
    "locked": (ole("EncryptionInfo", "EncryptedPackage"), "is locked with a password"),
    "old Word": (ole("WordDocument"), "this is no list but a Word document"),
    "old and broken": (ole("Workbook"), "the spreadsheet cannot be read: "),
    "old and unknown": (ole("x"), "this is no list but a file of an old Office program"),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_spreadsheet_that_cannot_be_read_says_why(tmp_path: Path, fault: str) -> None:
    content, said = BROKEN[fault]
    assert said in refused(written(tmp_path / "l.xlsx", content))


def archive_of(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"
ARCHIVES: dict[str, tuple[dict[str, bytes], str]] = {
    "Word": ({"word/document.xml": b""}, "this is no list but a Word document"),
    "Numbers": ({"Index/Document.iwa": b""}, "this is no list but an Apple Numbers file"),
    "XLSB": ({"xl/workbook.bin": b""}, "this is no list but a binary workbook (XLSB)"),
    "folder": ({"list.csv": b"office\n"}, "this is no list but a compressed folder"),
    "locked": (
        {"mimetype": SPREADSHEET, "META-INF/manifest.xml": b"<manifest:encryption-data/>"},
        "the spreadsheet is locked with a password",
    ),
    "text": (
        {"mimetype": b"application/vnd.oasis.opendocument.text"},
        "this is no list but an OpenDocument text",
    ),
    "no sheets": ({"xl/workbook.xml": b"<workbook/>"}, "the spreadsheet is damaged"),
    "no content": ({"mimetype": SPREADSHEET}, "the spreadsheet is damaged"),
    "no XML": ({"mimetype": SPREADSHEET, "content.xml": b"<a><b"}, "the spreadsheet"),
}


@pytest.mark.parametrize("fault", ARCHIVES)
def test_an_archive_that_is_no_list_says_what_it_is(tmp_path: Path, fault: str) -> None:
    members, said = ARCHIVES[fault]
    assert said in refused(archive_of(tmp_path / "l.xlsx", members))


def test_an_empty_workbook_is_an_empty_list(tmp_path: Path) -> None:
    assert ":1: the list is empty" in refused(xlsx(tmp_path / "l.xlsx"))
    assert "names no column" in refused(xlsx(tmp_path / "m.xlsx", ("shoe", "size"), (1, 2)))


def test_two_cells_far_apart_do_not_fill_the_memory(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = "office"
    sheet["XFD1048576"] = "x"
    book.save(tmp_path / "l.xlsx")
    assert "a sheet is too large: its last cell is too far" in refused(tmp_path / "l.xlsx")


def test_a_cell_that_stands_a_million_times_does_not_fill_the_memory(tmp_path: Path) -> None:
    path = ods(tmp_path / "l.ods", ("office", "country"), ("mayor", "SN"))
    content = zipfile.ZipFile(path).read("content.xml").decode()
    plain = content.replace(
        "</table:table>",
        '<table:table-row table:number-rows-repeated="1048570">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>',
    )
    repacked(path, "content.xml", plain.encode())
    assert load_recipients(path).rows == 1, "empty cells are usual, and harmless"
    filled = plain.replace(
        'repeated="16384"/>', 'repeated="16384"><text:p>x</text:p></table:table-cell>'
    )
    repacked(path, "content.xml", filled.encode())
    assert "a sheet is too large" in refused(path)


def test_a_workbook_that_unpacks_to_too_much_is_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = xlsx(tmp_path / "l.xlsx", HEADER, PERSON)
    repacked(path, "docProps/core.xml", bytes(2_000_000))
    monkeypatch.setattr(workbooks, "_MOST_BYTES", 1_000_000)
    said = refused(path)
    assert "the spreadsheet is too large (expected at most 1 MB when unpacked, found 2 MB)" in said
    assert "Save it as CSV: that may be of any size." in said


def test_any_damage_to_a_workbook_ends_in_a_message(tmp_path: Path) -> None:
    for make, name in ((xlsx, "l.xlsx"), (ods, "l.ods")):
        whole = make(tmp_path / name, HEADER, PERSON).read_bytes()
        path = tmp_path / f"damaged-{name}"
        for place in range(0, len(whole), max(1, len(whole) // 60)):
            for content in (whole[:place], whole[:place] + b"\xff\0" + whole[place + 2 :]):
                written(path, content)
                with suppress(RecipientError):
                    assert load_recipients(path).rows <= 1


def test_a_row_of_a_spreadsheet_is_found_like_one_of_a_csv(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "l.xlsx", ("id", "name"), (7, "First"), ("b", "Second"))
    assert load_row(path, "7").name == "First"
    assert load_row(path, "b").name == "Second"
    assert load_row(path, "1").name == "First"
    with pytest.raises(RecipientError, match=r"there is no row 9 \(expected a row number from 1"):
        load_row(path, "9")


@pytest.mark.parametrize("name", ["foreign-ministries", "sample"])
def test_codes_speak_for_themselves(name: str) -> None:
    recipients = load_recipients(ROOT / "recipients" / f"{name}.csv")
    assert (recipients.warnings, recipients.ignored) == ((), ())
    assert {note for row in recipients for note in row.understood().notes} == set()


def test_the_lists_of_the_documentation_are_read(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "people.md").read_text("utf-8")
    lists = re.findall(r"```csv\n(.*?)```", page, re.DOTALL)
    assert len(lists) == 2
    people = []
    for text in lists:
        people.append(next(iter(load_recipients(written(tmp_path / "l.csv", text)))).recipient())
    assert len({(p.office, p.gender, p.full_name, p.country, p.language) for p in people}) == 1


def test_a_letter_goes_to_a_row_of_a_spreadsheet(run: Callable[..., Outcome]) -> None:
    xlsx(Path("l.xlsx"), ("id", "Poste", "Pays"), ("k", "Foreign Minister", "Sénégal"))
    for who in ("l.xlsx#k", "l.xlsx#1"):
        done = run("write", "un2020", "--to", who, "--from", SENDER, "--lang", "fr")
        assert done.code == 0, done.err
        assert "SÉNÉGAL" in done.out
    done = run("write", "un2020", "--to", "l.xlsx", "--from", SENDER)
    assert done.code == 2
    assert "which row of the list is meant? (expected l.xlsx#ROW" in done.err
    assert run("check", "l.xlsx").out == "l.xlsx: good\n"


def test_lists_of_every_kind_stand_on_the_shelf(run: Callable[..., Outcome]) -> None:
    Path("recipients").mkdir()
    xlsx(Path("recipients/mine.xlsx"), ("office", "country"), ("mayor", "SN"))
    written(Path("recipients/ours.tsv"), "office\tcountry\nmayor\tSN\n")
    written(Path("recipients/notes.txt"), "no list")
    done = run("list", "recipients", "--json")
    names = {entry["name"]: entry["rows"] for entry in json.loads(done.out)}
    assert (names["mine"], names["ours"]) == (1, 1)
    assert "notes" not in names


@pytest.mark.parametrize(
    "text",
    [
        'office,a 12" ruler,name\nmayor,x,A\n',
        "office,x,name\rmayor,x,A\r",
        "office ,x, name \nmayor,x,A\n",
        'Ministers 12" "quoted"\n\noffice,x,name\nmayor,x,A\n',
        'office,"x\ny\nz",name\nmayor,x,A\n',
    ],
)
def test_odd_headers_are_no_obstacle(tmp_path: Path, text: str) -> None:
    (row,) = load_recipients(written(tmp_path / "l.csv", text))
    assert row.cells == ("mayor", "x", "A")
    assert row.recipient().name == "A"


def test_a_header_that_never_ends_takes_bounded_time(tmp_path: Path) -> None:
    path = written(tmp_path / "l.csv", 'office,"name\n' + "x\n" * 500_000)
    began = time.monotonic()
    assert "l.csv:1: a quotation mark opens a cell and is never closed" in refused(path)
    assert time.monotonic() - began < 5


# --- old Excel ----------------------------------------------------------------------------------
#
# No library writes XLS any more; this is as little of the format (BIFF8 in a compound file) as
# makes a workbook of one sheet.


def biff(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def biff_cell(row: int, column: int, value: str | float) -> bytes:
    if isinstance(value, str):
        text = struct.pack("<HHHHB", row, column, 0, len(value), 1) + value.encode("utf-16-le")
        return biff(0x0204, text)
    return biff(0x0203, struct.pack("<HHHd", row, column, 0, value))


def directory_entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    raw = f"{name}\0".encode("utf-16-le")
    tree = struct.pack("<HBBIII", len(raw), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
    return raw.ljust(64, b"\0") + tree + bytes(36) + struct.pack("<IQ", start, size)


def xls(path: Path, cells: dict[tuple[int, int], str | float]) -> Path:
    def begins(what: int) -> bytes:
        return biff(0x0809, struct.pack("<HHHHII", 0x0600, what, 0, 0, 0, 0))

    def book(at: int) -> bytes:
        sheet = struct.pack("<IBBBB", at, 0, 0, 4, 0) + b"List"
        return begins(5) + biff(0x42, struct.pack("<H", 1200)) + biff(0x85, sheet) + biff(0x0A)

    rows = b"".join(biff_cell(row, column, value) for (row, column), value in cells.items())
    stream = (book(len(book(0))) + begins(16) + rows + biff(0x0A)).ljust(4096, b"\0")
    sectors = -(-len(stream) // 512)
    chain = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, sectors + 2), 0xFFFFFFFE]
    table = struct.pack("<128I", *chain, *[0xFFFFFFFF] * (128 - len(chain)))
    root = directory_entry("Root Entry", 5, 1, 0xFFFFFFFE, 0)
    root += directory_entry("Workbook", 2, 0xFFFFFFFF, 2, len(stream))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<9I", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    head += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    whole = head + table + root.ljust(512, b"\0") + stream.ljust(sectors * 512, b"\0")
    return written(path, whole)


def test_an_old_workbook_is_read(tmp_path: Path) -> None:
    cells: dict[tuple[int, int], str | float] = {
        (1, 0): "id", (1, 1): "Poste", (1, 2): "CP",
        (2, 0): "007", (2, 1): "Foreign Minister", (2, 2): 1234.0,
    }  # fmt: skip
    recipients = load_recipients(xls(tmp_path / "l.xls", cells))
    (row,) = recipients
    assert (row.line, row.cells) == (3, ("007", "Foreign Minister", "1234"))
    assert [warning.key for warning in recipients.warnings] == ["CP"]
    assert list(recipients) == [row], "it can be gone through again"


@pytest.mark.parametrize("far", [(65535, 255), (65535, 65535)])
def test_an_old_workbook_that_asks_for_too_much_memory_ends_in_a_message(
    tmp_path: Path, far: tuple[int, int]
) -> None:
    path = xls(tmp_path / "l.xls", {(0, 0): "office", far: "x"})
    assert "the spreadsheet cannot be read: " in refused(path)


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1048576">' + "<c><v>1</v></c>" * 100 + "</row>",
        '<row><c r="A1"/></row><row r="1048576"><c r="A1048576"/>' + "<c/>" * 99 + "</row>",
        "<row><c r='xfd1048576'/></row>",
    ],
)
def test_cells_that_do_not_say_where_they_are_are_counted(tmp_path: Path, rows: str) -> None:
    path = xlsx(tmp_path / "l.xlsx", HEADER, PERSON)
    content = zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml").decode()
    repacked(
        path,
        "xl/worksheets/sheet1.xml",
        content.replace("</sheetData>", rows + "</sheetData>").encode(),
    )
    assert "a sheet is too large" in refused(path)


def test_a_nul_far_down_fails_its_row_alone(tmp_path: Path) -> None:
    text = text_of(HEADER, *[PERSON] * 500, ("z", "mayor", "SN", "F\0ll", ""), PERSON)
    rows = list(load_recipients(written(tmp_path / "l.csv", text)))
    with pytest.raises(RecipientError, match=r"l\.csv:502: family_name: has the character U\+0000"):
        rows[500].recipient()
    assert rows[501].recipient().name == "Fáll"


@pytest.mark.parametrize(
    "cell", ["{{ 7*7 }}", "<b>x</b>", "../../etc", "=1+1", "%s", "\\N{DIGIT ONE}"]
)
def test_a_cell_is_data_and_nothing_else(tmp_path: Path, cell: str) -> None:
    path = ods(tmp_path / "l.ods", ("office", "city", "country"), ("mayor", cell, "SN"))
    (row,) = load_recipients(path)
    assert row.recipient().city == cell


@pytest.mark.parametrize(
    "command",
    [
        ("check", "list.csv"),
        ("write", "un2020", "--to", "list.csv#1", "--from", SENDER, "-o", "letter.md"),
        ("batch", "un2020", "list.csv", "--from", SENDER, "--out", "out", "--format", "markdown"),
        ("labels", "list.csv", "--from", SENDER, "--sheet", "L7163", "--out", "labels.pdf"),
    ],
)
def test_every_command_that_reads_a_list_takes_its_encoding(
    run: Callable[..., Outcome], command: tuple[object, ...]
) -> None:
    Path("list.csv").write_bytes(
        "office,country,name\nminister,FR,André Lefèvre\n".encode("cp1252")
    )
    done = run(*command)
    assert (done.code, "--encoding cp1252" in done.err) == (2, True), done.err
    assert run(*command, "--encoding", "cp1252").code == 0
