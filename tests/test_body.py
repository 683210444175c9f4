"""The body's HTML is made block by block, and is what it would be as a whole."""

import pytest
from conftest import ROOT
from hypothesis import example, given, settings
from hypothesis import strategies as st

from letter_kit.errors import LetterError
from letter_kit.formats.body import _PLAIN, _remembered, _rendered, body_html

LINES = st.sampled_from(
    [
        "", "", "", " ", "\t", "  ", "text", "Two words", "Dear Ms A. O’Neil,", "hard  ", "back\\",
        "- item", "-", "- ", "* star", "+ plus", "1. one", "2) two", "10. ten", "1234567890. no",
        "  - inner", "    - deep", "   three", "    code", "\tcode", "> quote", ">", "> - both",
        "# Head", "## Head ##", "#", "===", "---", "***", "- - -", "```", "~~~", "````x", "`a`",
        "[ref]: https://x.org", "[ref]", "[ref]: https://x.org 'title", "[a](https://x.org)",
        "<b>x</b>", "<div>", "</div>", "<!-- c", "-->", "<https://x.org>", "&amp;", "&", "a & b",
        "www.x.org", "a@x.org", "https://x.org/a_b?c=d&e", "*em*", "**bold", "_a_", "a|b", "|-|-|",
        "!", "![x", "]: y", "\\", "a\\*b",
        "\u00a0x", "x\u2028y", "(1) x", "–  dash", "مرحبا", "你好",
    ]
)  # fmt: skip


@given(st.lists(LINES, max_size=12).map("\n".join))
@settings(max_examples=1500, deadline=None)
@example("- a\n\n- b\n\ntext")
@example("1. a\n\n   b\n\n2. c")
@example("a\n\n    code\n\nb")
@example("```\n\na\n\n```")
@example("[a]\n\n[a]: https://x.org")
def test_block_by_block_is_the_whole(markdown: str) -> None:
    assert body_html(markdown, {}) == _rendered(markdown, {})


@given(
    st.text(alphabet=st.sampled_from("aZé你 .,;:!?’'\"()-#=+$%^{}~@/0\u00a0\u202f\t"), max_size=30)
)
@settings(max_examples=1500, deadline=None)
@example("www.example.org and a@example.org.")
def test_a_plain_line_is_a_paragraph(line: str) -> None:
    if _PLAIN.fullmatch(line):
        assert body_html(line, {}) == _rendered(line, {})


@pytest.mark.parametrize("path", sorted((ROOT / "campaigns").glob("*/*.md")), ids=str)
def test_the_texts_that_ship_are_the_same_block_by_block(path: object) -> None:
    body = (ROOT / str(path)).read_text("utf-8").split("+++")[2]
    assert body_html(body, {}) == _rendered(body, {})


def test_a_picture_is_looked_up_for_each_letter() -> None:
    markdown = "Text\n\n![Map](assets/a.png)\n\nMore"
    assert 'src="one"' in body_html(markdown, {"assets/a.png": "one"})
    assert 'src="two"' in body_html(markdown, {"assets/a.png": "two"})
    with pytest.raises(LetterError, match="no picture"):
        body_html(markdown, {})


def test_however_many_blocks_there_are_only_some_are_kept() -> None:
    most = _remembered.cache_info().maxsize
    assert most is not None
    for number in range(most + 50):
        body_html(f"**{number}**\n\n*b*", {})
    assert _remembered.cache_info().currsize == most
    looked_up = _remembered.cache_info().misses
    body_html("**x** " * 5_000, {})
    assert _remembered.cache_info().misses == looked_up, "a long block is not kept"
