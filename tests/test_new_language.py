"""Adding a language is adding files: an invented one, in a folder of its own."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ROOT, SENDER

from letter_kit import (
    GuardedWorker,
    InputError,
    Recipient,
    load_campaign,
    load_sender,
    write_letter,
)
from letter_kit.language import (
    country_form,
    country_name,
    format_date,
    language,
    languages,
    look_again,
    typeset,
)
from letter_kit.language.countries import country

LANGUAGE = """\
name = "lingua nova"
direction = "ltr"
locale = "en"
date = "y.MMMM.d"
months = ["un", "du", "tri", "kvar", "kvin", "ses", "sep", "ok", "naŭ", "dek", "dekun", "dekdu"]
place_and_date = "{place} / {date}"
quotes = ["‹", "›", "‘", "’"]
apostrophe = "ʼ"
[labels]
subject = "Temo"
reference = "Ref"
enclosures = { one = "Aldono", many = "Aldonoj" }
cc = "Kopio"
page = "{page} el {pages}"
colon = " = "
comma = "; "
and = " kaj "
[[typography]]
find = "--"
put = "–"
"""
PROTOCOL = """\
default_region = "XX"
[salutation_ends]
default = " !"
[joint]
separator = " kaj "
[closings.kind]
one = "Salutas vin, {vocative}, mi."
many = "Salutas vin, {vocative}, ni."
source = "invented"
[[forms]]
office = "official"
vocative = { m = "Sinjoro", f = "Sinjorino", x = "Estimata" }
inline = "vi"
honorific = { m = "S-ro", f = "S-ino" }
title = "Estro {of_title}"
without_name = "La {title}"
closing = "kind"
source = "invented"
reviewed_by = ""
[[forms]]
office = "body"
vocative = "Estimataj"
inline = "vi"
closing = "kind"
source = "invented"
reviewed_by = ""
"""
COUNTRIES = """\
code,short,formal,the,in,to,of_title,of_article,aliases
SN,Senegalo,Respubliko Senegalo,la Senegalo,en Senegalo,al Senegalo,de Senegalo,de la Senegalo,
CA,Kanado,Kanado,la Kanado,en Kanado,al Kanado,de Kanado,de la Kanado,
BR,Brazilo,Brazilo,la Brazilo,en Brazilo,al Brazilo,de Brazilo,de la Brazilo,
"""
TEXT = """\
+++
title = "Provo"
subject = 'La "temo"'
[asks]
one = "fari tion{% if recipient.country %} -- {{ recipient.country | in }}{% endif %}"
+++
{{ salutation }}

Hodiaŭ, {{ date }}, ni petas {{ recipient.inline }}: {{ asks | listed }}.

{{ closing }}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "project"
    (folder / "languages" / "xx").mkdir(parents=True)
    for name, text in (
        ("language.toml", LANGUAGE), ("protocol.toml", PROTOCOL), ("countries.csv", COUNTRIES)
    ):  # fmt: skip
        (folder / "languages" / "xx" / name).write_text(text, "utf-8")
    campaign = folder / "campaigns" / "provo"
    campaign.mkdir(parents=True)
    (campaign / "campaign.toml").write_text(
        'id = "provo"\nsource_language = "xx"\n[[asks]]\nid = "one"\nrequired = true\n', "utf-8"
    )
    (campaign / "xx.md").write_text(TEXT, "utf-8")
    monkeypatch.chdir(folder)
    return folder


def test_a_letter_in_an_invented_language(
    run: Callable[..., object], project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    done = run(
        "write", "provo", "--from", SENDER, "--date", "2026-09-03", "--explain",
        "--set", "recipient.office=mayor", "--set", "recipient.gender=f",
        "--set", "recipient.full_name=Ana", "--set", "recipient.country=SN",
        "--set", "sender.place=Paris",
    )  # fmt: skip
    assert done.code == 0, done.err
    for said in (
        "S-ino Ana\\\nEstro de Senegalo\\\nSÉNÉGAL",
        "Paris / 2026.naŭ.3",
        "**Temo = La ‹temo›**",
        "Sinjorino \\!",
        "ni petas vi: fari tion – en Senegalo.",
        "Salutas vin, Sinjorino, ni.",
    ):
        assert said in done.out
    assert "xx: official/*/f" in done.err
    assert "there is no form for mayor; that of official serves" in done.err
    pdf = run(
        "write", "provo", "--from", SENDER, "--set", "recipient.office=official",
        "--set", "recipient.full_name=Ana", "--set", "recipient.country=SN", "-o", "letter.pdf",
    )  # fmt: skip
    assert (pdf.code, Path("letter.pdf").read_bytes()[:5]) == (0, b"%PDF-")


def test_the_check_and_the_lists_know_it(
    run: Callable[..., object], project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    assert run("check", "provo").code == 0
    assert "lingua nova" in run("list", "languages").out


def test_its_tables_are_used_and_gone_with_the_folder(
    project: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import datetime as dt

    assert "xx" in languages()
    assert format_date(dt.date(2026, 1, 2), "xx") == "2026.un.2"
    assert country_form(country("SN", "xx"), "xx", "the") == "la Senegalo"
    assert country_name("DE", "xx") == "Germany"  # the locale's, where the table has none
    monkeypatch.chdir(tmp_path)
    assert "xx" not in languages()


def test_a_project_may_lay_its_own_over_a_language_of_ours(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ROOT / "languages" / "fr", project / "languages" / "fr")
    file = project / "languages" / "fr" / "language.toml"
    file.write_text(file.read_text("utf-8").replace('"Objet"', '"Concerne"'), "utf-8")
    assert language("fr").label("subject") == "Concerne"


def change(path: Path, old: str, new: str) -> None:
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")


def test_a_language_file_that_changes_is_seen_by_the_next_run(project: Path) -> None:
    folder = project / "languages" / "xx"
    look_again("one run")
    assert (language("xx").label("subject"), typeset("a--b", "xx")) == ("Temo", "a–b")
    assert country_name("SN", "xx") == "Senegalo"
    change(folder / "language.toml", '"Temo"', '"Pri kio"')
    change(folder / "language.toml", 'put = "–"', 'put = "…"')
    change(folder / "countries.csv", "Senegalo,", "Senegalio,")
    look_again("one run")
    assert language("xx").label("subject") == "Temo", "within a run nothing changes"
    look_again("another run")
    assert (language("xx").label("subject"), typeset("a--b", "xx")) == ("Pri kio", "a…b")
    assert country_name("SN", "xx") == "Senegalio"


def test_a_worker_that_lives_on_sees_a_changed_language_file(project: Path) -> None:
    campaign, sender = load_campaign("provo"), load_sender(SENDER)
    who = Recipient(office="official", full_name="Ana", country="SN", represents_country="SN")
    with GuardedWorker() as worker:
        first = write_letter(campaign, who, sender, worker=worker).letter
        change(project / "languages" / "xx" / "language.toml", 'put = "–"', 'put = "…"')
        change(project / "languages" / "xx" / "protocol.toml", "Salutas vin", "Ĝis")
        second = write_letter(campaign, who, sender, worker=worker).letter
    assert ("tion – en" in first.body, "Salutas vin" in first.body) == (True, True)
    assert ("tion … en" in second.body, "Ĝis, Estimata" in second.body) == (True, True)


def test_a_language_that_was_not_there_is_found_once_it_is(project: Path) -> None:
    folder = project / "languages" / "yy"
    with pytest.raises(InputError, match="yy"):
        language("yy")
    shutil.copytree(project / "languages" / "xx", folder)
    assert language("yy").name == "lingua nova"


@pytest.mark.parametrize(
    ("find", "put"),
    [(r"\\s*\ue000", ""), (r"(\ue000)", "\\\\1\\\\1"), ("kaj", "\ue000")],
)
def test_a_rule_that_loses_what_typography_leaves_alone_is_told(
    project: Path, find: str, put: str
) -> None:
    path = project / "languages" / "xx" / "language.toml"
    change(path, 'find = "--"\nput = "–"', f'find = "{find}"\nput = "{put}"')
    look_again("this run")
    with pytest.raises(InputError, match="takes away or doubles") as told:
        typeset("vidu https://x.org kaj a@x.org", "xx")
    assert told.value.problems[0].path == str(path)
    assert typeset("vidu nenion", "xx") == "vidu nenion"


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("language.toml", '["‹", "›", "‘", "’"]', '["‹"]', "quotes are four texts"),
        ("language.toml", 'locale = "en"', 'locale = "qqq"', "a date cannot be written"),
        ("language.toml", "{place} / {date}", "{plac} / {date}", "no other braces"),
        ("language.toml", 'page = "{page} el {pages}"', "page = 5", "labels.page is no text"),
        ("language.toml", 'put = "–"', 'put = "\\\\9"', "cannot be used"),
        ("protocol.toml", "{vocative}, ni", "{vocatif}, ni", "other braces than {vocative}"),
        ("protocol.toml", "{of_title}", "{of_titel}", "{of_titel} in title"),
        ("protocol.toml", 'office = "body"', 'office = "bdy"', "the office 'bdy'"),
        (
            "protocol.toml",
            'closing = "kind"\n',
            'closing = "kind"\nrelation = "abroad"\n',
            "expected foreign, own",
        ),
        ("protocol.toml", 'closing = "kind"\n', 'closing = "kind"\nplurall = "x"\n', "key plurall"),
        ("countries.csv", "de la Senegalo,", "de la Senegalo", "not as many cells"),
        ("language.toml", 'date = "y.MMMM.d"', "", "is missing"),
        ("language.toml", 'find = "--"', 'find = "("', "cannot be used"),
        ("protocol.toml", ', x = "Estimata"', "", "no vocative for x"),
        (
            "protocol.toml",
            'closing = "kind"',
            "closing = kind",
            ".toml:17: error: this is not valid",
        ),
        ("protocol.toml", 'closing = "kind"', 'closing = "kid"', "the closing kid"),
        ("protocol.toml", "[joint]", "[jiont]", "joint: is missing"),
        ("countries.csv", "code,short", "kode,short", "cannot be read"),
    ],
)
def test_a_broken_file_is_told_by_its_name(
    run: Callable[..., object], project: Path, monkeypatch: pytest.MonkeyPatch,
    file: str, old: str, new: str, said: str,
) -> None:  # fmt: skip
    path = project / "languages" / "xx" / file
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    monkeypatch.chdir(project)
    for target in ("languages/xx", "provo"):
        done = run("check", target)
        assert done.code == 2
        assert file in done.err
        assert said in done.err
