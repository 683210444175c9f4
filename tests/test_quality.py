"""What is reported before a letter is sent, and what makes it unsendable."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import DATE, ROOT, SENDER

from letter_kit import Campaign, GuardedWorker, LetterError, Recipient, Sender, write_letter
from letter_kit.people import recipient_from_values

PERU = {"office": "foreign_minister", "country": "PE", "gender": "f", "full_name": "A. Fall"}


def warnings(
    campaign: Campaign, sender: Sender, worker: GuardedWorker,
    recipient: Recipient | None = None, **options: object,
) -> list[str]:  # fmt: skip
    recipient = recipient or recipient_from_values(PERU)
    options = {"date": DATE, "worker": worker, **options}
    written = write_letter(campaign, recipient, sender, **options)  # type: ignore[arg-type]
    return [warning.text for warning in written.warnings]


def saying(campaign: Campaign, words: str, language: str = "fr") -> Campaign:
    """The campaign with ``words`` in its body."""
    text = campaign.texts[language]
    body = text.body.replace("{{ closing }}", f"{words}\n\n{{{{ closing }}}}")
    return replace(campaign, texts={**campaign.texts, language: replace(text, body=body)})


def test_a_sound_letter_has_no_warning(
    un2020: Campaign, sender: Sender, worker: GuardedWorker
) -> None:
    assert warnings(un2020, sender, worker) == []


@pytest.mark.parametrize(
    ("language", "words", "found"),
    [
        ("fr", "Nous comptons sur le Sénégal.", "Sénégal (SN)"),
        ("fr", "Nous écrivons de France, au Pérou, et à nul autre.", None),
        ("en", "We count on Senegal’s support.", "Senegal (SN)"),
        ("es", "Contamos con el Senegal.", "Senegal (SN)"),
        ("ru", "Мы рассчитываем на поддержку Сенегала.", "Сенегал (SN)"),
        ("ar", "نعول على دعم السنغال.", "السنغال (SN)"),
        ("zh", "我们期待塞内加尔的支持。", "塞内加尔 (SN)"),
        ("fr", "{{ recipient.country | in }}, {{ sender.country }}", None),
    ],
)
def test_a_letter_to_peru_that_names_senegal_is_found(
    un2020: Campaign, sender: Sender, worker: GuardedWorker,
    language: str, words: str, found: str | None,
) -> None:  # fmt: skip
    said = warnings(saying(un2020, words, language), sender, worker, language=language)
    assert len(said) == (found is not None)
    assert found is None or f"not the recipient's (found {found})" in said[0]


def test_a_country_that_is_meant_by_its_name_is_not_told(
    un2020: Campaign, sender: Sender, worker: GuardedWorker
) -> None:
    meant = replace(saying(un2020, "Nous comptons sur le Sénégal."), mentions=("SN",))
    assert warnings(meant, sender, worker) == []


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"country": "FR", "region": "Bretagne", "city": "Brest"}, True),
        ({"country": "US", "region": "NY", "city": "Albany"}, False),
        ({"country": "FR", "region": "brest", "city": "Brest"}, False),
        ({"country": "FR", "region": "Bretagne", "address_block": "A. Fall\nBrest"}, False),
        ({"country": "FR", "city": "Brest"}, False),
    ],
)
def test_a_region_that_addresses_have_no_place_for_is_told(
    un2020: Campaign, sender: Sender, worker: GuardedWorker, values: dict[str, str], told: bool
) -> None:
    recipient = recipient_from_values({"office": "foreign_minister", "name": "A. Fall", **values})
    said = warnings(un2020, sender, worker, recipient, language="fr")
    assert any("no region, and it is left out (found 'Bretagne')" in text for text in said) == told


def test_people_and_institutions_may_be_called_as_countries_are(
    un2020: Campaign, sender: Sender, worker: GuardedWorker
) -> None:
    recipient = recipient_from_values(
        {**PERU, "full_name": "Jordan Chad", "organisation": "Institut du Sénégal"}
    )
    words = "À l’attention de {{ recipient.name }}, {{ recipient.organisation }}."
    assert warnings(saying(un2020, words), sender, worker, recipient) == []


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"as_of": "2018-09-02"}, "verified more than a year before (found 2018-09-02)"),
        ({"as_of": "2018-09-03"}, None),
        ({"as_of": "2026-11-01"}, None),
        ({"in_office_until": "2019-09-02"}, "has left the office"),
        ({"in_office_until": "2019-09-03"}, None),
        ({"office": "mayor"}, "not meant for this office"),
        ({"salutation": "Chère Awa,", "closing": "Amitiés, Madame."}, "does not repeat"),
    ],
)
def test_what_may_hold_no_more_is_told(
    un2020: Campaign, sender: Sender, worker: GuardedWorker,
    values: dict[str, str], said: str | None,
) -> None:  # fmt: skip
    told = warnings(un2020, sender, worker, recipient_from_values({**PERU, **values}))
    assert len(told) == (said is not None)
    assert said is None or said in told[0]


def test_a_date_outside_the_period_and_too_many_pages_are_told(
    un2020: Campaign, sender: Sender, worker: GuardedWorker
) -> None:
    late = warnings(un2020, sender, worker, date=dt.date(2021, 1, 1))
    assert "outside the campaign's period" in late[0]
    long = saying(un2020, "\n\n".join(["Un paragraphe."] * 60))
    assert "the letter has 3 pages" in warnings(long, sender, worker, format="pdf")[0]


def test_strict_makes_a_warning_an_error(
    un2020: Campaign, sender: Sender, worker: GuardedWorker
) -> None:
    with pytest.raises(LetterError, match="outside the campaign's period"):
        warnings(un2020, sender, worker, date=dt.date(2021, 1, 1), strict=True)


def test_strict_writes_nothing_and_fails_the_row(run: Callable[..., object]) -> None:
    late = ("--from", SENDER, "--date", "2021-01-01", "--strict")
    done = run("write", "un2020", "--to", "sample#1", *late, "-o", "letter.md")
    assert (done.code, "error: the letter's date" in done.err) == (2, True)
    assert not Path("letter.md").exists()
    rows = ("batch", "un2020", "sample", *late, "--limit", "2", "--format", "markdown")
    done = run(*rows, "--out", "out")
    assert (done.code, "0 done, 2 failed" in done.out) == (1, True)


def test_check_tells_a_country_in_the_text_with_its_line(
    run: Callable[..., object], own_campaign: Path
) -> None:
    text = own_campaign / "fr.md"
    text.write_text(
        text.read_text("utf-8").replace("{{ closing }}", "Vive le Sénégal !\n\n{{ closing }}"),
        "utf-8",
    )
    line = text.read_text("utf-8").splitlines().index("Vive le Sénégal !") + 1
    done = run("check", own_campaign)
    assert f"fr.md:{line}: warning: the text names Sénégal" in done.err
    assert 'add "SN" to mentions' in done.err
    facts = own_campaign / "campaign.toml"
    facts.write_text(f'mentions = ["SN"]\n{facts.read_text("utf-8")}', "utf-8")
    assert "Sénégal" not in run("check", own_campaign).err


def test_rows_older_than_a_year_are_told_by_check(run: Callable[..., object]) -> None:
    old = "office,country,as_of\nforeign_minister,SN,2020-01-01\nforeign_minister,PE,2126-01-01\n"
    Path("old.csv").write_text(old, "utf-8")
    done = run("check", "old.csv")
    assert done.err.count("verified more than a year before") == 1
    assert "old.csv:2: warning" in done.err


FRAME = """{% extends "builtin:classic/letter.html.j2" %}"""


@pytest.mark.parametrize(
    ("css", "said"),
    [
        (".address { margin-left: 60mm }", "does not show the whole address"),
        (".address { margin-top: 40mm }", "does not show the whole address"),
        (".address { display: none }", "found an address that stands elsewhere"),
        (".address { font-size: 20pt !important }", "does not show the whole address"),
        (".dateline { top: 50mm !important }", "shows more than the address"),
        (".dateline { top: 52mm !important; left: 150mm !important; width: 39mm !important }",
         "shows more than the address"),
        (".address { color: #111 }", None),
    ],
)  # fmt: skip
def test_the_window_is_measured_on_the_page_whatever_the_frame_does(
    un2020: Campaign, sender: Sender, worker: GuardedWorker, tmp_path: Path,
    css: str, said: str | None,
) -> None:  # fmt: skip
    classic = (ROOT / "templates" / "classic" / "letter.css").read_text("utf-8")
    for name, text in (
        ("letter.html.j2", FRAME), ("letter.css", classic + css),
        ("letter.md.j2", "{{ body }}"), ("template.toml", 'description = "x"'),
    ):  # fmt: skip
        (tmp_path / name).write_text(text, "utf-8")
    options = {"format": "pdf", "template": str(tmp_path), "layout": "nf-z11-001"}
    recipient = recipient_from_values({**PERU, "organisation": "Ministère", "city": "Lima"})
    if said is None:
        assert warnings(un2020, sender, worker, recipient, **options) == []
        return
    with pytest.raises(LetterError, match=said):
        warnings(un2020, sender, worker, recipient, **options)
    # Without a window, the address may stand wherever the frame puts it.
    assert warnings(un2020, sender, worker, recipient, **{**options, "layout": "plain"}) == []


def test_193_ministries_each_in_its_language_on_one_page_and_in_the_window(
    run: Callable[..., object],
) -> None:
    import csv

    import pypdfium2

    done = run("batch", "un2020", "foreign-ministries", "--from", SENDER, "--out", "out",
               "--date", "2020-01-15", "--strict")  # fmt: skip
    said = re.sub(r"\d+ of 193 rows, .* left\n", "", done.err)  # on a slow machine
    assert (done.code, said) == (0, "")
    assert "193 done, 0 failed, 0 skipped" in done.out
    listed = (ROOT / "recipients" / "foreign-ministries.csv").read_text("utf-8").splitlines()
    rows = {row["id"]: row for row in csv.DictReader(listed)}
    made = list(csv.DictReader(Path("out/manifest.csv").read_text("utf-8").splitlines()))
    assert len({row["country"] for row in rows.values()}) == len(made) == 193
    for entry in made:
        assert entry["language"] == rows[entry["id"]]["language"]
        assert entry["rule"].startswith(f"{entry['language']}: foreign_minister/")
        assert len(pypdfium2.PdfDocument(Path("out", entry["file"]).read_bytes())) == 1
