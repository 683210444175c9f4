"""Recipients and senders are read from tables and files, with all their problems at once."""

import datetime as dt
from pathlib import Path

import pytest

from letter_kit import (
    CampaignField,
    RecipientError,
    SenderError,
    load_recipient,
    load_recipients,
    load_row,
    load_sender,
    recipient_from_values,
)
from letter_kit.output import spreadsheet_cell
from letter_kit.people.columns import columns

HEADER = "office,country,family_name\n"


def write(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_headers_match_in_any_spelling() -> None:
    for header in ("Family Name", "FAMILY-NAME", "family_name", "Last name", "Nom", "BB_LastName"):
        named = columns().named(header)
        assert named is not None
        assert named.column == "family_name", header
    title = columns().named("office_title_fr")
    assert title is not None
    assert (title.column, title.language) == ("office_title", "fr")
    assert columns().named("shoe size") is None


def test_no_two_columns_claim_one_header() -> None:
    import tomllib

    path = Path(str(columns.__wrapped__.__code__.co_filename)).parent / "columns.toml"
    data = tomllib.loads(path.read_text("utf-8"))
    headers = [h for name, c in data["columns"].items() for h in (name, *c["aliases"])]
    assert len(columns().by_header) == len(headers)


def test_cells_are_words_and_text_survives() -> None:
    recipient = recipient_from_values(
        {
            "office": "Minister of Foreign Affairs", "gender": "Femme", "country": "no",
            "postal_code": "01234", "last_name": "Null", "lang": "FR", "as_of": "2019-09-03",
            "cc": "A; B", "address_block": "one|two", "ask.summit": "merci",
        }
    )  # fmt: skip
    assert recipient.office == "foreign_minister"
    assert (recipient.gender, recipient.country, recipient.represents_country) == ("f", "NO", "NO")
    assert (recipient.postal_code, recipient.family_name) == ("01234", "Null")
    assert (recipient.language, recipient.as_of) == ("fr", dt.date(2019, 9, 3))
    assert (recipient.cc, recipient.address_block) == (("A", "B"), ("one", "two"))
    assert recipient.asks == {"summit": "thank"}


@pytest.mark.parametrize(
    ("values", "office"),
    [({"full_name": "A"}, "official"), ({"organisation": "B"}, "body")],
)
def test_an_office_follows_from_a_name_or_an_institution(
    values: dict[str, str], office: str
) -> None:
    assert recipient_from_values(values).office == office


def test_all_problems_of_a_recipient_are_told_at_once() -> None:
    with pytest.raises(RecipientError) as caught:
        recipient_from_values(
            {"ofice": "mayor", "gender": "?!", "country": "XX", "email": "a@", "as_of": "soon"}
        )
    assert {problem.key for problem in caught.value.problems} == {
        "ofice", "gender", "country", "email", "as_of", None
    }  # fmt: skip


def test_a_campaigns_own_fields_are_checked_by_type() -> None:
    fields = (
        CampaignField("recipient", "seats", "number", required=True),
        CampaignField("recipient", "bloc", default="none"),
    )
    assert recipient_from_values({"name": "A", "seats": "12"}, fields).extra == {
        "seats": "12", "bloc": "none"
    }  # fmt: skip
    for values, said in (({"seats": "many"}, "expected a number"), ({}, "is missing")):
        with pytest.raises(RecipientError, match=said):
            recipient_from_values({"name": "A", **values}, fields)


def test_toml_problems_name_their_line(tmp_path: Path) -> None:
    path = write(
        tmp_path / "p.toml", 'office = "mayor"\n\n[office_title]\nfr = "Maire"\nen = 3.5\n'
    )
    assert load_recipient(path).office_title == {"fr": "Maire", "en": "3.5"}
    path = write(tmp_path / "p.toml", 'office = "mayor"\n\ncountry = "Senegall"\n')
    with pytest.raises(RecipientError) as caught:
        load_recipient(path)
    assert caught.value.problems[0].line == 3


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_lists_come_with_any_delimiter_and_with_a_bom(
    tmp_path: Path, delimiter: str, mark: str
) -> None:
    text = mark + HEADER.replace(",", delimiter) + delimiter.join(("mayor", "SN", "Fall")) + "\r\n"
    path = write(tmp_path / "list.csv", text)
    (row,) = load_recipients(path)
    assert row.recipient().family_name == "Fall"


def test_rows_keep_their_numbers_and_lines(tmp_path: Path) -> None:
    path = write(tmp_path / "list.csv", HEADER + 'mayor,SN,"a\nb"\n\n,,\nmayor,FR,Roy\n')
    rows = list(load_recipients(path))
    assert [(row.number, row.line) for row in rows] == [(1, 2), (2, 6)]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "empty"),
        ("shoe,size\n1,2\n", "names no column"),
        ("name,nom,full_name\n1,2,3\n", "two columns mean full_name"),
        (HEADER + 'mayor,SN,"open\n', "quotation mark"),
        (HEADER.encode() + b"mayor,SN,Andr\xe9\n", "not UTF-8"),
    ],
)
def test_a_list_that_cannot_be_read_says_why(
    tmp_path: Path, content: str | bytes, said: str
) -> None:
    path = write(tmp_path / "list.csv", content)
    with pytest.raises(RecipientError, match=said):
        list(load_recipients(path))


def test_a_ragged_row_is_its_own_problem(tmp_path: Path) -> None:
    path = write(tmp_path / "list.csv", HEADER + "mayor,SN\nmayor,SN,Fall\n")
    first, second = load_recipients(path)
    with pytest.raises(RecipientError, match="expected 3 cells, found 2"):
        first.recipient()
    assert second.recipient().family_name == "Fall"


def test_columns_nobody_asked_for_are_told_and_ignored(tmp_path: Path) -> None:
    path = write(tmp_path / "list.csv", "office,shoe size,error\nmayor,44,none\n")
    recipients = load_recipients(path)
    assert recipients.ignored == ("shoe size",)
    assert next(iter(recipients)).recipient().office == "mayor"


def test_what_was_made_safe_for_a_spreadsheet_is_read_as_it_was(tmp_path: Path) -> None:
    for name in ("=1+1", "-Ba", "@x", "+49", "'quoted'"):
        path = write(tmp_path / "list.csv", HEADER + f"mayor,SN,{spreadsheet_cell(name)}\n")
        assert next(iter(load_recipients(path))).recipient().family_name == name


def test_a_row_is_found_by_id_before_number(tmp_path: Path) -> None:
    path = write(tmp_path / "list.csv", "id,name\n2,First\nb,Second\n")
    assert load_row(path, "2").name == "First"
    assert load_row(path, "b").name == "Second"
    assert load_row(path, "1").name == "First"
    with pytest.raises(RecipientError, match="there is no row c"):
        load_row(path, "c")


SENDER = """\
country = "FR"
place.fr = "Genève"
place.en = "Geneva"
[[organisations]]
name.fr = "Asso"
[[signatories]]
name = "A"
title.fr = "Présidente"
"""


def test_a_sender_speaks_several_languages(tmp_path: Path) -> None:
    sender = load_sender(write(tmp_path / "s.toml", SENDER))
    assert sender.place == {"fr": "Genève", "en": "Geneva"}
    assert sender.organisations[0].name_in("en") == "Asso"


def test_a_picture_must_be_what_its_name_says(tmp_path: Path) -> None:
    write(tmp_path / "logo.png", b"GIF89a")
    text = SENDER.replace('name.fr = "Asso"', 'name.fr = "Asso"\nlogo = "logo.png"')
    with pytest.raises(SenderError, match="expected image/png"):
        load_sender(write(tmp_path / "s.toml", text))


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "inner"
    folder.mkdir()
    write(tmp_path / "secret.svg", "<svg/>")
    (folder / "logo.svg").symlink_to(tmp_path / "secret.svg")
    text = SENDER.replace('name.fr = "Asso"', 'name.fr = "Asso"\nlogo = "logo.svg"')
    with pytest.raises(SenderError, match="outside"):
        load_sender(write(folder / "s.toml", text))


def test_what_is_set_goes_before_a_column_of_another_spelling(tmp_path: Path) -> None:
    path = write(tmp_path / "list.csv", "Gender,pays,Nom\nf,SN,Fall\n")
    recipient = load_row(path, "1", overrides={"gender": "m", "country": "GH"})
    assert (recipient.gender, recipient.country, recipient.family_name) == ("m", "GH", "Fall")


def test_a_senders_own_field_is_a_single_value(tmp_path: Path) -> None:
    fields = (CampaignField("sender", "members"),)
    path = write(tmp_path / "s.toml", 'members = ["a", "b"]\n' + SENDER)
    with pytest.raises(SenderError, match="a text in quotes"):
        load_sender(path, fields)
    assert load_sender(write(path, "members = 12\n" + SENDER), fields).extra == {"members": "12"}
