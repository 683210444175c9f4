"""Templates are rendered in parts, and say what they would say as a whole."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Template, UndefinedError
from jinja2.exceptions import TemplateError as JinjaError
from markupsafe import Markup

from letter_kit.language import Country
from letter_kit.merging import parts
from letter_kit.merging.environment import TextEnvironment
from letter_kit.merging.escaping import escape_markdown
from letter_kit.merging.parts import PartedTemplate, Passage, parted


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


def in_parts(source: str) -> PartedTemplate:
    of = environment()
    return parted(of, [Passage(of.parse(source).body, "t", "t.md")], frozenset(NAMES))


def said(template: PartedTemplate | Template, values: Mapping[str, object]) -> str:
    return "".join(template.generate(values))


def outcome(template: PartedTemplate | Template, values: Mapping[str, object]) -> str:
    """What it says, or why it says nothing."""
    try:
        return said(template, values)
    except (JinjaError, TypeError) as exc:
        return f"{type(exc).__name__}: {exc}"


@given(st.lists(PIECES, max_size=6).map("".join), st.lists(VALUES, min_size=2, max_size=5))
@settings(max_examples=600, deadline=None)
def test_in_parts_a_template_says_what_it_says_as_a_whole(
    source: str, letters: list[dict[str, object]]
) -> None:
    if source.count("{% block") > 1:
        return  # Jinja takes no two of one name
    template, whole = in_parts(source), environment().from_string(source)
    for values in [*letters, *letters]:
        assert outcome(template, values) == outcome(whole, values)


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


def test_a_part_that_sees_ever_new_values_keeps_only_some() -> None:
    template = in_parts("{% if greeting %}{{ greeting }}{% endif %}")
    for number in range(3 * parts._MOST_KEPT):
        assert said(template, {"greeting": f"Dear {number}"}) == f"Dear {number}"
    (part,) = (part for part in template._parts if not isinstance(part, str))
    assert len(part._by_values) == parts._MOST_KEPT
    long = "x" * (parts._LONGEST_KEPT + 1)
    assert said(template, {"greeting": long}) == long
    assert all(len(text) <= parts._LONGEST_KEPT for text in part._by_values.values())


def test_a_text_without_fields_is_one_constant() -> None:
    template = in_parts("Only\nwords {# and no field #}")
    assert template._parts == ["Only\nwords "]
