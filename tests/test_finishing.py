"""A body finished paragraph by paragraph is what it would be as a whole."""

import sys

import pytest
from conftest import ROOT
from hypothesis import example, given, settings
from hypothesis import strategies as st

from letter_kit.language import language, languages, typeset, typeset_body
from letter_kit.merging.finishing import _NO_PLACE, _remembered, _tidy, finished_body, stray_in
from letter_kit.reading import control_character

LINES = st.sampled_from(
    ["", "", "", " ", "  ", "\t", "text", "text ", "hard  ", "    code", " : x ;", "\u00a0",
     "a\x0b", "\x1c", "M. Fall", "5 %", "- item ;", "“", "l'an", "\u202f!"]
)  # fmt: skip


def as_a_whole(body: str, code: str) -> tuple[str, str | None]:
    return typeset_body(_tidy(body.strip()), code), stray_in(body)


@given(st.lists(LINES, max_size=12).map("\n".join))
@settings(max_examples=1500, deadline=None)
@example("a\n\n\n    code\n\n  \nb  \n\nc")
@example("\x0ba\n\nb\x1c")
def test_paragraph_by_paragraph_is_the_whole(body: str) -> None:
    text, stray = finished_body(body, language("fr"))
    assert (stray is None) == (stray_in(body) is None)
    if stray is None:
        assert (text, stray) == as_a_whole(body, "fr")


@pytest.mark.parametrize("path", sorted((ROOT / "campaigns").glob("*/*.md")), ids=str)
def test_the_texts_that_ship_are_set_the_same_by_paragraph(path: object) -> None:
    source = (ROOT / str(path)).read_text("utf-8")
    code = str(path)[-5:-3]
    body = source.split("+++")[2]
    assert typeset_body(body, code) == typeset(body, code)


@pytest.mark.parametrize("code", languages())
def test_a_quotation_ends_with_its_paragraph(code: str) -> None:
    assert '"' not in typeset_body('He said "a b".', code)
    assert typeset_body('He said "a\n\nb" to us.', code).count('"') == 2


def test_however_many_paragraphs_there_are_only_some_are_kept() -> None:
    most = _remembered.cache_info().maxsize
    assert most is not None
    for number in range(most + 50):
        finished_body(f"Dear {number},\n\nYours", language("en"))
    assert _remembered.cache_info().currsize == most
    looked_up = _remembered.cache_info().misses
    finished_body("word " * 1_000, language("en"))
    assert _remembered.cache_info().misses == looked_up, "a long paragraph is not kept"


def test_every_character_without_a_place_is_found() -> None:
    for number in range(sys.maxunicode + 1):
        named = control_character(chr(number), multiline=True, formats=True)
        assert (_NO_PLACE.search(chr(number)) is None) == (named is None), hex(number)
