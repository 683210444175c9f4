"""The command line as a person uses it: what it writes, and what it says to nonsense."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from conftest import ROOT, SENDER, Outcome, pdf_text

Run = Callable[..., Outcome]
MINISTER = (
    "--set", "recipient.office=foreign_minister", "--set", "recipient.country=SN",
    "--set", "recipient.gender=f",
)  # fmt: skip
FROM = ("--from", SENDER)
WRITE = ("write", "un2020", *MINISTER, *FROM, "--date", "2019-09-03")


def test_a_letter_to_a_woman_minister_in_french(run: Run) -> None:
    done = run("write", "un2020", *MINISTER, *FROM, "--lang", "fr", "-o", "letter.pdf")
    assert done.code == 0
    assert "outside the campaign's period" in done.err
    content = Path("letter.pdf").read_bytes()
    assert len(pypdfium2.PdfDocument(content)) == 1
    text = pdf_text(content)
    assert "Madame la Ministre, Nous avons l’honneur" in text
    assert "agréer, Madame la Ministre, l’expression" in text
    assert text.count("Madame la Ministre,") == 2


def test_markdown_is_the_default_and_goes_to_stdout(run: Run) -> None:
    done = run(*WRITE)
    assert (done.code, done.err) == (0, "")
    assert "\n\nMadame la Ministre,\n\n" in done.out


@pytest.mark.parametrize(
    ("suffix", "magic"), [("md", b"**Assoc"), ("html", b"<!DOCTYPE html>"), ("pdf", b"%PDF-1.7")]
)
def test_the_format_follows_the_suffix(run: Run, suffix: str, magic: bytes) -> None:
    assert run(*WRITE, "-o", f"letter.{suffix}").code == 0
    assert Path(f"letter.{suffix}").read_bytes().startswith(magic)


def test_markdown_needs_neither_weasyprint_nor_jinja_in_the_calling_process() -> None:
    code = (
        "import sys; from letter_kit.cli import main; code = main(sys.argv[1:]);"
        "assert not {'weasyprint', 'jinja2'} & set(sys.modules), 'imported'; sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, WRITE)], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()


def test_the_worker_imports_weasyprint_for_a_pdf_only(un2020, sender) -> None:  # type: ignore[no-untyped-def]
    from letter_kit import GuardedWorker, write_letter
    from letter_kit.people import recipient_from_values

    person = recipient_from_values({"office": "foreign_minister", "country": "SN"})
    with GuardedWorker() as worker:
        for form, imported in (("markdown", False), ("html", False), ("pdf", True)):
            write_letter(un2020, person, sender, format=form, worker=worker)
            assert worker.run(_is_imported, "weasyprint") is imported


def _is_imported(module: str) -> bool:
    return module in sys.modules


def test_explain_names_rule_source_and_layout(run: Run) -> None:
    done = run(*WRITE, "--explain")
    assert "form of address: fr: foreign_minister/*/f" in done.err
    assert "language: fr: no other is known" in done.err
    assert "layout: nf-z11-001" in done.err


def test_a_recipient_from_a_list_by_id_and_by_number(run: Run) -> None:
    by_id = run("write", "un2020", "--to", "sample#sample-8", *FROM, "--date", "2019-09-03")
    by_number = run("write", "un2020", "--to", "sample#8", *FROM, "--date", "2019-09-03")
    assert by_id.code == by_number.code == 0
    assert by_id.out == by_number.out
    assert "His Excellency Mr. Kwame Sample\\\nMinister for Foreign Affairs" in by_id.out


def test_a_recipient_from_toml_and_from_stdin(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    text = 'office = "foreign_minister"\ncountry = "sn"\ngender = "femme"\ntags = ["a", "b"]\n'
    Path("person.toml").write_text(text, "utf-8")
    from_file = run("write", "un2020", "--to", "person.toml", *FROM, "--date", "2019-09-03")
    assert from_file.code == 0
    piped = subprocess.run(
        [sys.executable, "-m", "letter_kit", "write", "un2020", "--to", "-", "--from", str(SENDER),
         "--date", "2019-09-03"],
        input=text.encode(), capture_output=True, check=True,
    )  # fmt: skip
    assert piped.stdout.decode() == from_file.out


def test_asks_can_be_chosen_and_keep_the_campaigns_order(run: Run) -> None:
    done = run(*WRITE, "--asks", "summit,trust-fund")
    lines = [line for line in done.out.splitlines() if line.startswith("- ")]
    words = ("souligner", "Fonds", "sommet")
    assert [word in line for word, line in zip(words, lines, strict=True)] == [True] * 3


def test_a_file_that_is_there_is_not_written_over(run: Run) -> None:
    Path("letter.md").write_text("mine", "utf-8")
    done = run(*WRITE, "-o", "letter.md")
    assert done.code == 2
    assert "--force" in done.err
    assert Path("letter.md").read_text("utf-8") == "mine"
    assert run(*WRITE, "-o", "letter.md", "--force").code == 0


def test_list_show_and_doctor(run: Run) -> None:
    assert "un2020" in run("list").out
    for kind in ("campaigns", "templates", "recipients", "layouts", "languages"):
        assert json.loads(run("list", kind, "--json").out)
    shown = json.loads(run("show", "un2020", "--lang", "en", "--json").out)
    assert [ask["id"] for ask in shown["asks"]] == [
        "speeches", "trust-fund", "summit", "civil-society", "rules-based-order"
    ]  # fmt: skip
    assert shown["languages"] == ["fr", "ar", "en", "es", "ru", "zh"]
    assert "Asks, in this order" in run("show", "un2020").out
    doctor = json.loads(run("doctor", "--json").out)
    assert all(finding["good"] for finding in doctor)


def test_check_finds_the_built_in_campaign_good(run: Run) -> None:
    done = run("check", "un2020", "--strict")
    assert (done.code, done.out, done.err) == (0, "un2020: good\n", "")


def test_check_tells_all_problems_with_file_and_line(run: Run, own_campaign: Path) -> None:
    facts = own_campaign / "campaign.toml"
    facts.write_text(
        facts.read_text("utf-8")
        .replace("valid_until = 2020-09-14", 'valid_untill = "soon"')
        .replace('id = "summit"', 'id = "summit"\nrequired = "yes"'),
        "utf-8",
    )
    text = own_campaign / "en.md"
    text.write_text(text.read_text("utf-8").replace("trust-fund = ", "trust-found = "), "utf-8")
    done = run("check", own_campaign, "--json")
    assert done.code == 2
    problems = {(Path(p["file"]).name, p["line"], p["key"]): p for p in json.loads(done.out)}
    assert problems["campaign.toml", 10, "valid_untill"]["hint"] == "Did you mean valid_until?"
    wrong_type = problems["campaign.toml", 25, "asks[3].required"]
    assert (wrong_type["expected"], wrong_type["found"]) == ("true or false", "'yes'")
    assert problems["en.md", 14, "asks.trust-found"]["hint"] == "Did you mean trust-fund?"
    assert ("en.md", 12, "asks.trust-fund") in problems


def test_check_of_nothing(run: Run) -> None:
    done = run("check", "nothing")
    assert (done.code, done.out) == (2, "nothing: 1 error, 0 warnings\n")
    assert "there is no campaign nothing" in done.err


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("list.csv", "office,country\nmayor,SN\n", 0),
        ("list.csv", "office,country\nmayour,Senegal\n", 2),
        ("person.toml", 'office = "mayor"\n', 0),
        ("person.toml", 'ofice = "mayor"\n', 2),
        ("sender.toml", 'country = "FR"\n[[signatories]]\nname = "A"\n', 2),
    ],
)
def test_check_takes_lists_and_people(run: Run, name: str, content: str, code: int) -> None:
    Path(name).write_text(content, "utf-8")
    done = run("check", name)
    assert done.code == code, done.err


# --- nonsense -------------------------------------------------------------------------

BAD = {
    "unknown campaign": (("write", "un2021", *MINISTER, *FROM), 2, "Did you mean un2020?"),
    "folder that is no campaign": (("write", ".", *MINISTER, *FROM), 2, "campaign.toml"),
    "missing sender file": (("write", "un2020", *MINISTER, "--from", "no.toml"), 2, "no.toml: "),
    "sender is a folder": (("write", "un2020", *MINISTER, "--from", "."), 2, "found a folder"),
    "missing recipient file": (("write", "un2020", "--to", "no.toml", *FROM), 2, "no.toml: "),
    "no recipient": (("write", "un2020", *FROM), 2, "to whom"),
    "no such row": (("write", "un2020", "--to", "sample#99", *FROM), 2, "from 1 to 20"),
    "a list without a row": (("write", "un2020", "--to", "sample", *FROM), 2, "sample#ROW"),
    "unknown field": ((*WRITE, "--set", "recipient.familly_name=x"), 2, "mean family_name?"),
    "unknown owner": ((*WRITE, "--set", "recipent.name=x"), 2, "Did you mean recipient?"),
    "set without value": ((*WRITE, "--set", "recipient.name"), 2, "recipient.FIELD=VALUE"),
    "sender's list set": ((*WRITE, "--set", "sender.signatories=x"), 2, "cannot be set"),
    "no country code": ((*WRITE, "--set", "recipient.country=Senegall"), 2, "mean Senegal (SN)?"),
    "unknown office": ((*WRITE, "--set", "recipient.office=minster"), 2, "Did you mean minister?"),
    "unknown gender": ((*WRITE, "--set", "recipient.gender=q"), 2, "is not known"),
    "control character": ((*WRITE, "--set", "recipient.full_name=a\x07b"), 2, "U+0007"),
    "line break in a name": ((*WRITE, "--set", "recipient.full_name=a\nb"), 2, "a line break"),
    "empty name": ((*WRITE, "--set", "recipient.full_name=  "), 2, "full_name: is empty"),
    "nothing known": (("write", "un2020", "--set", "recipient.tags=a", *FROM), 2, "an office"),
    "unknown language": ((*WRITE, "--lang", "tlh"), 2, "fr, ar, en"),
    "unknown ask": ((*WRITE, "--asks", "trustfund"), 2, "Did you mean trust-fund?"),
    "unknown layout": ((*WRITE, "--layout", "din"), 2, "din-5008-b"),
    "unknown template": ((*WRITE, "--template", "clasic"), 2, "Did you mean classic?"),
    "unknown format": ((*WRITE, "--format", "docx"), 2, "markdown, html, pdf"),
    "unknown suffix": ((*WRITE, "-o", "letter.rtf"), 2, ".pdf"),
    "bad date": ((*WRITE, "--date", "03.09.2019"), 2, "2019-09-03"),
    "missing output folder": ((*WRITE, "-o", "no/letter.md"), 3, "mkdir"),
    "output is a folder": ((*WRITE, "-o", "."), 2, "--format"),
    "unknown command": (("wirte",), 2, "write"),
    "unknown option": ((*WRITE, "--langg", "fr"), 2, "--lang"),
    "show in another language": (("show", "un2020", "--lang", "zz"), 2, "fr, ar, en"),
    "too long an address": (
        (*WRITE, "--set", "recipient.address_block=" + "|".join("x" * 9 for _ in range(15)),
         "-o", "letter.html"), 2, "window",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_input_ends_with_one_clear_message(run: Run, name: str) -> None:
    arguments, code, said = BAD[name]
    done = run(*arguments)
    assert done.code == code, done.err
    assert said in done.err
    assert done.out == ""
    assert done.err.count("error") <= 1
    assert list(Path().iterdir()) == []


SENDERS = {
    "broken TOML": ('country = "FR"\nplace = Paris\n', 2, "not valid TOML"),
    "wrong type": ("country = 33\n", 1, "expected a text in quotes, found 33"),
    "no signatory": ('country = "FR"\n[[organisations]]\nname = "A"\n', None, "[[signatories]]"),
    "empty name": (
        'country = "FR"\n[[organisations]]\nname = "A"\n[[signatories]]\nname = " "\n', 5, "empty",
    ),
    "missing logo": (
        'country = "FR"\n[[organisations]]\nname = "A"\nlogo = "no.png"\n'
        '[[signatories]]\nname = "B"\n', 4, "no such file",
    ),
    "logo outside": (
        'country = "FR"\n[[organisations]]\nname = "A"\nlogo = "../../x.png"\n'
        '[[signatories]]\nname = "B"\n', 4, "outside",
    ),
    "misspelt key": ('contry = "FR"\n', 1, "Did you mean country?"),
    "binary": ("\x00\x01\x02", 1, "not valid TOML"),
}  # fmt: skip


@pytest.mark.parametrize("name", SENDERS)
def test_a_bad_sender_is_told_with_its_line(run: Run, name: str) -> None:
    content, line, said = SENDERS[name]
    Path("sender.toml").write_text(content, "utf-8")
    done = run("write", "un2020", *MINISTER, "--from", "sender.toml")
    assert done.code == 2
    assert said in done.err
    if line is not None:
        assert f"sender.toml:{line}: " in done.err


def test_all_problems_are_told_at_once(run: Run) -> None:
    Path("sender.toml").write_text("country = 33\nplase = 1\n", "utf-8")
    done = run("write", "un2021", "--set", "recipient.office=x", "--from", "sender.toml")
    assert done.code == 2
    for said in ("un2021", "office", "country", "plase", "organisations", "signatories"):
        assert said in done.err


def test_an_output_that_cannot_be_written_leaves_nothing(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("", "utf-8")
    done = run(*WRITE, "-o", file / "letter.md")
    assert done.code == 3
    assert "is a file, not a folder" in done.err


def test_python_m_letter_kit_and_version() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "letter_kit", "--version"], capture_output=True, check=True, cwd=ROOT
    )
    assert done.stdout.startswith(b"letter-kit, version ")
