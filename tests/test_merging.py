"""Campaign texts are merged strictly, and their errors name file, line and next step."""

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import DATE

from letter_kit import Campaign, GuardedWorker, LetterKitError, Sender, load_campaign, write_letter
from letter_kit.people import recipient_from_values

BODY_LINE = 5
PERSON = {"office": "foreign_minister", "country": "SN", "gender": "f", "full_name": "Awa Ndiaye"}

Merge = Callable[..., str]


@pytest.fixture
def campaign_with(own_campaign: Path) -> Callable[..., Campaign]:
    """A campaign in French whose body (on line 5), subject or ask a test gives."""

    def make(
        body: str = "{{ salutation }}", subject: str = "S", ask: str = "a", **more: str
    ) -> Campaign:
        facts = 'id = "own"\nsource_language = "fr"\n[[asks]]\nid = "one"\n' + more.get("facts", "")
        (own_campaign / "campaign.toml").write_text(facts, "utf-8")
        (own_campaign / "en.md").unlink(missing_ok=True)
        text = f"+++\ntitle = \"T\"\nsubject = '{subject}'\nasks.one = '{ask}'\n+++\n{body}\n"
        (own_campaign / "fr.md").write_text(text, "utf-8")
        return load_campaign(own_campaign)

    return make


@pytest.fixture
def merge(campaign_with: Callable[..., Campaign], sender: Sender, worker: GuardedWorker) -> Merge:
    """The merged body of a campaign for one person."""

    def call(body: str, person: dict[str, str] | None = None, **parts: str) -> str:
        campaign = campaign_with(body, **parts)
        recipient = recipient_from_values(person or PERSON, campaign.fields)
        return write_letter(campaign, recipient, sender, date=DATE, worker=worker).letter.body

    return call


def failure(merge: Merge, body: str, **parts: str) -> str:
    with pytest.raises(LetterKitError) as caught:
        merge(body, **parts)
    return str(caught.value)


def test_fields_are_merged(merge: Merge) -> None:
    assert merge("{{ salutation }} {{ recipient.name }}, {{ date }}") == (
        "Madame la Ministre, Awa Ndiaye, 3\u00a0septembre 2019"
    )


def test_values_are_never_rendered_again(merge: Merge) -> None:
    person = PERSON | {"full_name": "{{ 7*7 }}{% if %}"}
    assert merge("{{ recipient.name }}", person) == "{{ 7\\*7 }}{% if %}"


def test_asks_are_the_campaigns_own_markdown(merge: Merge) -> None:
    assert merge("{{ asks | first }}", ask="do **this** in {{ recipient.country }}") == (
        "do **this** in Sénégal"
    )


def test_filters_loops_and_sets_keep_values_literal(merge: Merge) -> None:
    person = PERSON | {"full_name": "*x* & [y]", "tags": "*a*; _b_"}
    body = """\
{% set shown %}**{{ recipient.name }}**{% endset %}{{ shown }}
{{ recipient.name | upper }}
{{ recipient.tags | join(", ") }}
{{ "*" ~ recipient.name ~ shown }}
{% macro m(x) %}{{ x }}{% endmacro %}{{ m(recipient.name) }}
{% autoescape false %}{{ recipient.name }}{% endautoescape %}
"""
    assert merge(body).count("**") == 4  # only those of the text itself
    assert merge(body, person).split("\n") == [
        r"**\*x\* & \[y\]**",
        r"\*X\* & \[Y\]",
        r"\*a\*, \_b\_",
        r"\*\*x\* & \[y\]**\*x\* & \[y\]**",
        r"\*x\* & \[y\]",
        r"\*x\* & \[y\]",
    ]


@pytest.mark.parametrize(
    ("body", "line", "said"),
    [
        ("\n{{ recipient.nmae }}", 7, "Did you mean recipient.name?"),
        ("{% if false %}{{ sende.place }}{% endif %}", 6, "Did you mean sender?"),
        ("{% for s in sender.signatories %}{{ s.nam }}{% endfor %}", 6, "Did you mean s.name?"),
        ("\n\n{% if x", 8, "unexpected end of template"),
        ("{% for ask in asks %}", 6, "endfor"),
        ("{{ asks }}", 6, "loop over it"),
        ("{{ recipient }}", 6, "name one of its fields"),
        ("{{ campaign.valid_from }}", 6, "campaign.valid_from is empty"),
        ("{{ recipient.city }}", 6, "{% if recipient.city %}"),
        ("{{ 1/0 }}", 6, "division by zero"),
        ("{{ recipient.name | shout }}", 6, "No filter named 'shout'"),
        ("{% include 'x' %}", 6, "cannot include"),
        ("{{ asks[3] }}", 6, "no entry 3"),
        ("{{ asks[0] | date }}", 6, "is no date"),
        ("{{ range(3) }}", 6, "range does not exist"),
    ],
)
def test_an_error_names_file_line_and_suggestion(
    merge: Merge, body: str, line: int, said: str
) -> None:
    message = failure(merge, body)
    assert f"fr.md:{line}: " in message
    assert said.casefold() in message.casefold()


def test_an_error_in_the_subject_or_an_ask_names_its_own_line(merge: Merge) -> None:
    assert "fr.md:3: " in failure(merge, "x", subject="{{ recipient.nmae }}")
    assert "fr.md:4: " in failure(merge, "{{ asks | first }}", ask="{{ asks }}")


def test_an_empty_field_may_be_asked_for(merge: Merge) -> None:
    assert (
        merge("{% if recipient.city %}in {{ recipient.city }}{% else %}there{% endif %}") == "there"
    )
    assert merge("{{ recipient.city | default('there') }}") == "there"


def test_a_campaigns_own_fields_can_be_merged(merge: Merge) -> None:
    facts = '[[fields]]\nname = "recipient.committee"\ntype = "text"\n'
    body = "{% if recipient.committee %}{{ recipient.committee }}{% endif %}."
    assert merge(body, PERSON | {"committee": "C"}, facts=facts) == "C."
    assert merge(body, facts=facts) == "."


@pytest.mark.parametrize(
    "body",
    [
        "{{ ''.__class__ }}",
        "{{ recipient.__init__ }}",
        "{{ recipient.name.upper() }}",
        "{{ recipient.name.format('x') }}",
        "{{ self }}",
        "{{ cycler }}",
        "{{ lipsum() }}",
        "{{ namespace() }}",
        "{{ asks.append(1) }}",
        "{{ recipient['__class__'] }}",
        "{{ (1).real }}",
        "{{ loop }}",
        "{% for a in asks %}{{ loop.cycle('a') }}{% endfor %}",
        "{{ 2 ** 3 }}",
        "{{ 'a' * 3 }}",
        "{{ '%s' % 'a' }}",
        "{{ [1] + [2] }}",
        "{{ recipient.name | attr('upper') }}",
        "{{ recipient.name | safe }}",
        "{{ none }}",
        "{{ recipient.name is callable }}",
    ],
)
def test_the_sandbox_gives_nothing_beyond_the_fields(merge: Merge, body: str) -> None:
    assert "fr.md:6: " in failure(merge, body)


def test_the_limits_on_a_texts_length_hold(merge: Merge) -> None:
    body = "{% for a in '0123456789' %}{% for b in '0123456789' %}{% for c in '0123456789' %}"
    body += "x" * 200 + "{% endfor %}" * 3
    assert "grows too long" in failure(merge, body)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("{% for sender in sender.signatories %}{% endfor %}{{ sender.place }}", "Paris"),
        ("{% set r = recipient %}{{ r.name }}", "Awa Ndiaye"),
        ("{% with r = recipient %}{{ r.name }}{% endwith %}", "Awa Ndiaye"),
        ("{% macro m(recipient) %}{{ recipient }}{% endmacro %}{{ m('x') }}", "x"),
        ("{% for s in sender.signatories %}{{ loop.index }}{% endfor %}", "12"),
    ],
)
def test_names_are_known_where_they_are_bound(merge: Merge, body: str, expected: str) -> None:
    assert merge(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        "{% for s in sender.signatories %}{% endfor %}{{ s.name }}",
        "{% with r = recipient %}{% endwith %}{{ r.name }}",
        "{% with r = recipient %}{{ r.nmae }}{% endwith %}",
        "{% macro m(x) %}{% endmacro %}{{ x }}",
    ],
)
def test_names_are_unknown_elsewhere(merge: Merge, body: str) -> None:
    assert "does not exist" in failure(merge, body)


def test_an_own_field_is_known_under_any_name_of_its_owner(merge: Merge) -> None:
    facts = '[[fields]]\nname = "recipient.committee"\n'
    body = "{% set r = recipient %}{{ r.committee }}"
    assert merge(body, PERSON | {"committee": "C"}, facts=facts) == "C"


def test_escaped_text_cannot_be_cut(merge: Merge) -> None:
    said = failure(merge, '{% set m = recipient.name ~ "" %}{{ m[1] }}')
    assert "fr.md:6: " in said
