"""Campaigns are read whole, and every problem of every file is told with its line."""

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ROOT

from letter_kit import Campaign, CampaignError, InputError, Recipient, load_campaign
from letter_kit.campaigns import choose_asks
from letter_kit.checks import check_campaign
from letter_kit.library import Library

Change = Callable[[str, str, str], Path]


@pytest.fixture
def change(own_campaign: Path) -> Change:
    """Replace a text in one file of a copy of the campaign un2020."""

    def call(file: str, old: str, new: str) -> Path:
        path = own_campaign / file
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")
        return own_campaign

    return call


def problems(folder: Path) -> list[str]:
    with pytest.raises(CampaignError) as caught:
        load_campaign(folder)
    return [str(problem).replace(f"{folder}/", "") for problem in caught.value.problems]


def test_un2020_carries_the_facts_of_the_call(un2020: Campaign) -> None:
    assert [ask.id for ask in un2020.asks] == [
        "speeches", "trust-fund", "summit", "civil-society", "rules-based-order"
    ]  # fmt: skip
    assert un2020.contacts == ("UN2020@UN2020.org", "info@together1st.org")
    assert un2020.hashtags == ("#multilateralismmatters",)
    assert un2020.languages == ("fr", "ar", "en", "es", "ru", "zh")
    for text in un2020.texts.values():
        assert "2020" in text.asks["summit"]
        assert set(text.asks) == set(text.thanks) == {ask.id for ask in un2020.asks}
        assert "2017" in text.background


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("campaign.toml", 'id = "un2020"', "id = UN2020", ":4: this is not valid TOML"),
        ("campaign.toml", 'id = "un2020"', 'id = "UN 2020"', ":4: id: has the wrong form"),
        ("campaign.toml", "info@together1st.org", "info", ":6: contacts: has the wrong form"),
        ("campaign.toml", "2019-07-01", '"2019-07-01"', ":9: valid_from: wrong type"),
        ("campaign.toml", "2019-07-01", "2021-07-01", ":10: valid_until: lies before"),
        ("campaign.toml", "max_pages = 1", "max_pages = 0", ":14: max_pages: out of range"),
        ("campaign.toml", 'id = "summit"', 'id = "speeches"', ":24: asks[3].id: stands twice"),
        ("campaign.toml", "required = true", "required = true\ndefault = false",
         ":19: asks[1].default: contradicts required"),
        ("campaign.toml", 'id = "summit"', 'id = "summit"\nonly_for = { ofices = ["mp"] }',
         ":25: asks[3].only_for.ofices: is not known\n  Did you mean offices?"),
        ("fr.md", 'title = "ONU2020"', "titel = 1",
         ":2: titel: is not known\n  Did you mean title?"),
        ("fr.md", "+++\n", "", ":1: the front matter is missing"),
        ("fr.md", 'subject = "', 'subject = " " #', ":3: subject: is empty"),
        ("en.md", 'summit = "to', 'sumit = "to', "Did you mean summit?"),
    ],
)  # fmt: skip
def test_a_problem_is_told_with_file_line_and_key(
    change: Change, file: str, old: str, new: str, expected: str
) -> None:
    wanted = file + expected if expected.startswith(":") else expected
    assert any(wanted in said for said in problems(change(file, old, new)))


def test_the_problems_of_all_files_are_told_at_once(change: Change) -> None:
    change("campaign.toml", "max_pages = 1", 'max_pages = "one"')
    change("fr.md", 'title = "ONU2020"', "title = 1")
    said = "\n".join(problems(change("en.md", 'title = "UN2020"', "title = 2")))
    assert "campaign.toml:14" in said
    assert "fr.md:2" in said
    assert "en.md:2" in said


def test_a_missing_source_text_is_told(own_campaign: Path) -> None:
    (own_campaign / "fr.md").unlink()
    assert "source language is missing" in problems(own_campaign)[0]


def test_a_name_a_folder_and_a_file_lead_to_the_campaign(own_campaign: Path) -> None:
    assert load_campaign("un2020").id == "un2020"
    assert load_campaign(own_campaign).id == "un2020"
    assert load_campaign(own_campaign / "campaign.toml").id == "un2020"
    with pytest.raises(InputError, match="Did you mean un2020"):
        load_campaign("un-2020")


def test_a_projects_campaign_goes_before_the_built_in_one(
    tmp_path: Path, own_campaign: Path
) -> None:
    (tmp_path / "campaigns").mkdir()
    own_campaign.rename(tmp_path / "campaigns" / "un2020")
    library = Library.of(tmp_path)
    assert library.campaign("un2020") == tmp_path / "campaigns" / "un2020"
    assert Library.builtin().campaign("un2020") == ROOT / "campaigns" / "un2020"


def test_check_finds_a_stale_translation_and_a_letter_without_closing(change: Change) -> None:
    change("fr.md", "{{ closing }}", "")
    folder = change("fr.md", "l’Organisation des Nations Unies", "l’ONU")
    said = "\n".join(str(problem) for problem in check_campaign(load_campaign(folder)))
    assert "en.md:1: translated_from: the text in fr has changed" in said
    assert "the letter has no closing" in said


def test_check_tells_who_the_letter_to_whom_something_fails_is_for(change: Change) -> None:
    folder = change("fr.md", "{{ salutation }}", "{{ salutation }} {{ recipient.name }}")
    (said,) = [p.text for p in check_campaign(load_campaign(folder)) if p.severity == "error"]
    assert "recipient.name is empty" in said
    assert "(in a trial letter to someone unknown)" in said


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("fr.md", "{{ closing }}", "{{ closing }} {recipient.country}", "Did you mean {{recipient"),
        ("fr.md", "for ask in asks", "for ask in thanks", "never says its asks"),
        (
            "en.md",
            'trust-fund = "for',
            '#trust-fund = "for',
            "other languages have a text of thanks",
        ),
        (
            "campaign.toml",
            'recipients = "foreign-ministries"',
            'recipients = "smple"',
            "Did you mean sample?",
        ),
        ("campaign.toml", "max_pages = 1", 'max_pages = 1\nlayout = "din"', "din-5008-b"),
        ("campaign.toml", 'id = "summit"', 'id = "summit"\nonly_for.offices = ["king"]', "'king'"),
        ("campaign.toml", 'id = "un2020"', 'id = "other"', "differs from the folder's name"),
    ],
)
def test_check_finds_what_would_embarrass(
    change: Change, file: str, old: str, new: str, expected: str
) -> None:
    if old == "for ask in asks":
        folder = change(file, "{% if asks | length == 1 %}", "{% if thanks | length == 1 %}")
        for word in ("asks | first", "elif asks", "for ask in asks", "if asks"):
            folder = change(file, word, word.replace("asks", "thanks"))
    else:
        folder = change(file, old, new)
    said = "\n".join(str(problem) for problem in check_campaign(load_campaign(folder)))
    assert expected in said


def test_an_own_field_cannot_have_the_name_of_a_usual_one(change: Change) -> None:
    for name in ("recipient.inline", "recipient.name", "sender.organisations"):
        folder = change("campaign.toml", "[[asks]]", f'[[fields]]\nname = "{name}"\n[[asks]]')
        assert "means something already" in "\n".join(problems(folder))


def test_the_reserved_names_are_those_that_mean_something() -> None:
    from dataclasses import fields

    from letter_kit.campaigns.facts import reserved_names
    from letter_kit.context import RecipientContext, SenderContext
    from letter_kit.people.columns import columns

    recipient = {field.name for field in fields(RecipientContext)} | set(columns().kinds)
    assert set(reserved_names()["recipient"]) == recipient
    sender = {field.name for field in fields(SenderContext)} | {"layout", "reference", "register"}
    assert set(reserved_names()["sender"]) == sender


class TestAsks:
    """Which asks stand in a letter."""

    person = Recipient(office="mayor", represents_country="SN", tags=("a",))

    def chosen(
        self, campaign: Campaign, requested: tuple[str, ...] | None = None, **asks: str
    ) -> str:
        recipient = Recipient(office="mayor", asks=asks)  # type: ignore[arg-type]
        return " ".join(f"{a.id}:{a.stance}" for a in choose_asks(campaign, recipient, requested))

    def test_all_default_asks_in_the_campaigns_order(self, un2020: Campaign) -> None:
        assert self.chosen(un2020).split()[:2] == ["speeches:ask", "trust-fund:ask"]

    def test_required_asks_stay_whatever_is_requested(self, un2020: Campaign) -> None:
        assert self.chosen(un2020, ("summit",)) == "speeches:ask summit:ask"

    def test_the_recipients_own_word_goes_last(self, un2020: Campaign) -> None:
        own = {"trust-fund": "thank", "summit": "skip"}
        assert self.chosen(un2020, (), **own) == "speeches:ask trust-fund:thank"

    def test_what_cannot_be_is_told_at_once(self, un2020: Campaign) -> None:
        with pytest.raises(InputError) as caught:
            self.chosen(un2020, ("sumit",), speeches="skip", other="ask")
        assert len(caught.value.problems) == 3

    def test_an_ask_is_only_for_whom_it_is_for(self, change: Change) -> None:
        only = 'only_for = { offices = ["mayor"], countries = ["SN"], tags = ["a", "b"] }'
        campaign = load_campaign(change("campaign.toml", 'id = "summit"', f'id = "summit"\n{only}'))
        assert "summit" in {ask.id for ask in choose_asks(campaign, self.person)}
        stranger = Recipient(office="mayor", represents_country="FR")
        assert "summit" not in {ask.id for ask in choose_asks(campaign, stranger)}
        with pytest.raises(InputError, match="not for this recipient"):
            choose_asks(campaign, stranger, ("summit",))
