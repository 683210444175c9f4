"""Values come out literally, whatever they hold and wherever they are put."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from letter_kit.merging.escaping import escape_html, escape_markdown

# With tables and strikethrough, so that the result holds for GitHub's Markdown too.
PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])

HOSTILE = (
    "O'Brien & Söhne <GmbH>",
    "{{ 7*7 }}",
    "{% raw %}",
    "# x",
    "[a](javascript:alert(1))",
    "![x](http://example.org/x.png)",
    "*x*",
    "**x**",
    "_x_",
    "__init__",
    "`x`",
    "1. x",
    "12) x",
    "- x",
    "+ x",
    "---",
    "===",
    "> x",
    "| a | b |",
    "~~x~~",
    "&copy; &#35;",
    "<b>x</b>",
    "<!-- x -->",
    "<https://example.org>",
    "C#",
    "C #",
    "\\",
    "x\\",
    "a) [evil](http://example.org",
    "jean_dupont@example.org",
    "!",
    "AT&T",
    "x&",
    "(x)",
)
PLACES = (
    "{}",
    "{} after",
    "before {}",
    "before {} after",
    "- {}",
    "1. {}",
    "> {}",
    "# {}",
    "**Name** {}",
    "first line\n{}",
    "{}\n===",
)


def text_of(markdown: str) -> str:
    """What a reader sees of Markdown, tags taken off."""
    rendered = PARSER.render(markdown)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", rendered)).split())


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_value_is_literal_in_markdown(value: str, place: str) -> None:
    expected = " ".join(text_of(place.replace("{}", "VALUE")).replace("VALUE", value).split())
    assert text_of(place.replace("{}", escape_markdown(value))) == expected


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp", "Cn"))),
    st.sampled_from(PLACES),
)
def test_any_value_is_literal_in_markdown(value: str, place: str) -> None:
    value = " ".join(value.split()) or "x"
    expected = " ".join(text_of(place.replace("{}", "VALUE")).replace("VALUE", value).split())
    assert text_of(place.replace("{}", escape_markdown(value))) == expected


@given(st.text("#*_[]()!<>&;-+=.1 `~|\\ab\"'{}", min_size=1, max_size=12), st.sampled_from(PLACES))
def test_any_mixture_of_signs_is_literal_in_markdown(value: str, place: str) -> None:
    value = " ".join(value.split()) or "x"
    expected = " ".join(text_of(place.replace("{}", "VALUE")).replace("VALUE", value).split())
    assert text_of(place.replace("{}", escape_markdown(value))) == expected


def test_a_line_break_stays_one() -> None:
    assert PARSER.render(escape_markdown("a\n- b")) == "<p>a<br />\n- b</p>\n"


@pytest.mark.parametrize("name", ["O'Brien", "jean_dupont@example.org", "C#", "Anne-Marie", "(UK)"])
def test_what_is_literal_already_stays_readable(name: str) -> None:
    assert escape_markdown(f"x {name}") == f"x {name}"


@given(st.text())
def test_html_reads_as_the_value(value: str) -> None:
    escaped = escape_html(value)
    assert not re.search(r"[<>\"']", escaped.replace("<br>", ""))
    assert html.unescape(escaped.replace("<br>", "\n")) == value
