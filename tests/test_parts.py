"""Templates are rendered in parts, and say what they would say as a whole."""

import datetime as dt
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from itertools import count, repeat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Template, UndefinedError
from jinja2.exceptions import TemplateError as JinjaError
from markupsafe import Markup

from letter_kit.language import Country
from letter_kit.merging import keeping, rendering
from letter_kit.merging.environment import TextEnvironment
from letter_kit.merging.escaping import escape_markdown
from letter_kit.merging.merge import template_problem
from letter_kit.merging.parts import Passage, parted
from letter_kit.merging.rendering import Field, Part, PartedTemplate, TooLong


@dataclass(frozen=True)
class Person:
    name: str | None
    tags: tuple[str, ...]
    country: Country


NAMES = ("greeting", "asks", "person", "several", "number", "day")
PIECES = st.sampled_from(
    [
        "Text\n", "\n", "{{ greeting }}\n", "{{ person.country | of_title }}", "{{ number }}",
        "{% if several %}we{% else %}I{% endif %}\n", "{% if asks %}{{ asks | length }}{% endif %}",
        "{% for ask in asks %}\n- {{ ask }}{% if loop.last %}.{% else %};{% endif %}\n{% endfor %}",
        "{% if person.name %}{{ person.name }}{% endif %}",
        "{% if greeting %}{{ day | date }}{% endif %}",
        "{% for tag in person.tags %}{{ tag }}{{ greeting }}{% endfor %}",
        "{% if several %}{{ person.country }} {{ person.country | in }}{% endif %}",
        "{% macro twice(text) %}{{ text }}{{ text }}{{ greeting }}{% endmacro %}",
        "{% for ask in asks %}{{ greeting ~ ask }}{% endfor %}",
        "{% with person = number %}{{ person }}{% endwith %}",
        "{% filter upper %}{{ greeting }}{% endfilter %}", "{# nothing #}",
        "{% set greeting = 'changed' %}", "{% if several %}{% set number = 5 %}{% endif %}",
        "{% block a %}{{ greeting }}{% endblock %}", "{{ person.name | default('nobody') }}",
        "{{ person.tags | join }}", "{{ person.nmae }}", "{{ person.tags }}\n", "{{ day }}",
        "{{ greeting }}{{ person.country }}\n{{ person.name }}", "{{ asks | first }}\n",
        "{{ twice(person.name) }}", "{{ 'x' }}", "{{ none }}", "{{ greeting.upper }}",
        "{% if greeting is defined %}x{% endif %}", "{% if number > 1 %}{{ number }}{% endif %}",
    ]
)  # fmt: skip
TEXTS = st.sampled_from(["Dear A", "*Dear*", "<b>", "Pérou"]).flatmap(
    lambda text: st.sampled_from([text, Markup(text)])  # noqa: S704  # as in a letter
)
VALUES = st.fixed_dictionaries(
    {
        "greeting": TEXTS,
        "asks": st.lists(TEXTS, max_size=3).map(tuple),
        "person": st.builds(
            Person,
            name=st.sampled_from([None, "Ana", "*Ana*"]),
            tags=st.sampled_from([(), ("a",), ("a", "<b>")]),
            country=st.sampled_from(
                [Country("Pérou", "PE"), Country("Pérou", "CL"), Country("Pérou", "PE", True)]
            ),
        ),
        "several": st.booleans(),
        "number": st.sampled_from([0, 1, 2, 1.0]),
        "day": st.sampled_from([dt.date(2019, 9, 3), dt.date(2019, 9, 4)]),
    }
)


def environment() -> TextEnvironment:
    return TextEnvironment(escape_markdown, "fr")


def as_a_whole(source: str) -> Template:
    of = environment()
    return Template.from_code(of, of.compile(source, "t", "t.md"), {})


def in_parts(source: str) -> PartedTemplate:
    of = environment()
    return parted(of, [Passage(of.parse(source).body, "t", "t.md")], frozenset(NAMES))


def said(template: PartedTemplate | Template, values: Mapping[str, object]) -> str:
    return template.render(values)


def outcome(template: PartedTemplate | Template, values: Mapping[str, object]) -> str:
    """What it says, or why and in which line it says nothing."""
    try:
        return said(template, values)
    except (JinjaError, TypeError) as exc:
        return f"{type(exc).__name__}: {exc}, line {template_problem(exc, 't.md', 0).line}"


@given(st.lists(PIECES, max_size=6).map("".join), st.lists(VALUES, min_size=2, max_size=5))
@settings(max_examples=600, deadline=None)
def test_in_parts_a_template_says_what_it_says_as_a_whole(
    source: str, letters: list[dict[str, object]]
) -> None:
    if source.count("{% block") > 1:
        return  # Jinja takes no two of one name
    template, whole = in_parts(source), as_a_whole(source)
    for values in [*letters, *letters]:
        assert outcome(template, values) == outcome(whole, values)


@given(
    st.lists(PIECES, min_size=1, max_size=8).map("".join),
    st.lists(VALUES, min_size=1, max_size=3),
    st.data(),
)
@settings(max_examples=400, deadline=None)
def test_what_letters_share_may_be_replaced_by_the_same_by_equals_or_by_others(
    source: str, letters: list[dict[str, object]], data: st.DataObject
) -> None:
    if source.count("{% block") > 1:
        return
    template, whole = in_parts(source), as_a_whole(source)
    values = dict(letters[0])
    for _ in range(data.draw(st.integers(3, 12), "letters")):
        for name in data.draw(st.sets(st.sampled_from(NAMES), max_size=2), "replaced"):
            other = data.draw(st.sampled_from(letters), "by")[name]
            values[name] = data.draw(st.sampled_from([other, deepcopy(other)]), "or a copy")
        left_out = data.draw(st.sampled_from([None, None, None, *NAMES]), "left out")
        given = {name: value for name, value in values.items() if name != left_out}
        assert outcome(template, given) == outcome(whole, given)


def person(name: str) -> Person:
    return Person(name, ("a", "b"), Country("Pérou", "PE"))


def test_what_letters_share_is_one_text_with_what_stands_around_it() -> None:
    template = in_parts("{{ person.name }}, {% if several %}we{% endif %} {{ greeting }}!")
    who = person("Ana")
    for number in range(5):
        values = {"person": who, "several": True, "greeting": f"Dear {number}"}
        assert said(template, values) == f"Ana, we Dear {number}!"
    assert template._steady is not None
    before, field, after = template._steady.parts
    assert (before, after) == ("Ana, we ", "!")
    assert isinstance(field, Field)


def test_what_was_shared_is_looked_at_again_when_it_is_another() -> None:
    template = in_parts("{% for tag in person.tags %}{{ tag }}{% endfor %} {{ person.name }}")
    for name in ["Ana"] * 3 + ["Eva"] * 3 + ["Ana", "Eva"] * 3:
        for who in (person(name), deepcopy(person(name))):
            assert said(template, {"person": who}) == f"ab {name}"


def test_what_changed_often_is_counted_on_again_after_many_letters() -> None:
    template = in_parts("{{ greeting }} {% if several %}we{% endif %}")
    for number in range(rendering._LETTERS):
        said(template, {"greeting": f"Dear {number}", "several": True})
    assert template._replaced["greeting"] == 0
    for _ in range(2):
        assert said(template, {"greeting": "Dear", "several": True}) == "Dear we"
    assert template._steady is not None
    assert template._steady.parts == ["Dear we"]


@pytest.mark.parametrize("source", ["{% for ask in asks %}{{ greeting }}{% endfor %}"])
@pytest.mark.parametrize("before", ["", "{% set x = 1 %}"])
def test_a_text_without_end_is_stopped_while_it_grows(source: str, before: str) -> None:
    template = in_parts(before + source)
    for asks in (("a",), ("a",), ("a",), count(), repeat("a"), ("a",) * 11):
        values = {"asks": asks, "greeting": "Dear"}
        if isinstance(asks, tuple) and len(asks) == 1:
            assert template.render(values, 40) == "Dear"
        else:
            with pytest.raises(TooLong):
                template.render(values, 40)


def test_a_text_may_be_as_long_as_it_may_and_no_longer() -> None:
    for source in ("constant", "{{ greeting }}", "{% if greeting %}{{ greeting }}{% endif %}"):
        template = in_parts(source)
        for _ in range(3):
            assert template.render({"greeting": "constant"}, 8) == "constant"
            with pytest.raises(TooLong):
                template.render({"greeting": "constant"}, 7)


def test_texts_that_are_equal_but_no_markup_are_kept_apart() -> None:
    template = in_parts("{% if several %}{{ greeting }}{% endif %}")
    assert said(template, {"several": True, "greeting": Markup("*a*")}) == "*a*"
    assert said(template, {"several": True, "greeting": "*a*"}) == r"\*a\*"
    assert said(template, {"several": True, "greeting": Markup("*a*")}) == "*a*"


def test_numbers_that_are_equal_but_of_other_types_are_kept_apart() -> None:
    template = in_parts("{% if several %}{{ number }}{% endif %}")
    assert said(template, {"several": True, "number": 1}) == "1"
    assert said(template, {"several": True, "number": 1.0}) == r"1\.0"


def test_what_is_missing_is_told_each_time() -> None:
    template = in_parts("{% if several %}{{ person.nmae }}{% endif %}")
    values = {"several": True, "person": Person("A", (), Country("Pérou", "PE"))}
    for _ in range(2):
        with pytest.raises(UndefinedError, match="no field nmae"):
            said(template, values)


GREETED = "{% if greeting %}{{ greeting }}{% endif %}"


def kept_by(template: PartedTemplate) -> keeping.Kept:
    (part,) = (part for part in template._parts if isinstance(part, Part))
    return part._kept


def test_a_part_that_sees_ever_new_values_keeps_none() -> None:
    template = in_parts(GREETED)
    for number in range(2000):
        assert said(template, {"greeting": f"Dear {number}"}) == f"Dear {number}"
    assert len(kept_by(template)._texts) <= 1


def test_what_comes_again_after_many_others_is_kept() -> None:
    template = in_parts(GREETED)
    for _ in range(3):
        for number in range(600):  # as many as there are countries and genders
            assert said(template, {"greeting": f"Dear {number}"}) == f"Dear {number}"
    assert len(kept_by(template)._texts) > 400


@pytest.mark.parametrize(("most", "characters"), [(10, 10**6), (10**6, 500)])
def test_what_is_kept_has_bounds(
    monkeypatch: pytest.MonkeyPatch, most: int, characters: int
) -> None:
    monkeypatch.setattr(keeping, "MOST_KEPT", most)
    monkeypatch.setattr(keeping, "MOST_CHARACTERS", characters)
    monkeypatch.setattr(keeping, "LONGEST_KEPT", 100)
    monkeypatch.setattr(rendering, "LONGEST_KEPT", 100)
    template = in_parts(GREETED)
    greetings = [f"Dear {number}" for number in range(60)] + ["x" * 51, "y" * 101]
    for greeting in [*greetings * 3, *(greeting for greeting in greetings for _ in range(3))]:
        assert said(template, {"greeting": greeting}) == greeting
    texts = kept_by(template)._texts
    assert 0 < len(texts) <= most
    assert all(len(text) <= 50 for text in texts.values())
    assert kept_by(template)._characters == sum(2 * len(text) for text in texts.values())
    assert kept_by(template)._characters <= characters


def test_a_text_without_fields_is_one_constant() -> None:
    template = in_parts("Only\nwords {# and no field #}")
    assert template._parts == ["Only\nwords "]
