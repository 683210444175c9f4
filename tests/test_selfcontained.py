"""A finished page is looked at tag by tag, and refused as it would be as a whole."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from letter_kit import TemplateError
from letter_kit.formats.selfcontained import _read, _tags_and_styles, check_page
from letter_kit.frames import Frame

PIECES = st.sampled_from(
    [
        "<p>", "</p>", "text", " ", "a > b", "&lt;", "&", "<br>", "<br/>", "<BR />",
        "<!DOCTYPE html>",
        '<p dir="ltr">', '<img src="data:image/png;base64,AA" alt="x">', "<img src='http://x'>",
        '<img src="http://evil/x">', "<img src=http://evil>", '<a href="https://x.org">x</a>',
        '<a href="javascript:x">', '<p style="background:url(http://x)">', '<p onclick="x">',
        "<style>p { color: red }</style>", "<style>@import 'x'</style>", "<style>", "</style>",
        "<style>a</b>@import</style>", '<STYLE media="print">p > q { src(x) }</style>',
        "<script>", "</script>", "<script><img src='http://x'></script>", "<!-- <p> -->", "<!--",
        "-->", "<![CDATA[", "<?php x ?>", "<", ">", '"', "'", '<p title="a > b">', '<p title="a',
        "<title>", "</title>", "<textarea>", "</textarea>", "<link>", "<p a=b>", "<p/title=x>",
        '<meta http-equiv="refresh" content="0">', "</p x>", "</", "<1>", "<p\\n>", "<svg>",
        '<image xlink:href="http://x">', '<form action="x">', "</style >", "@import",
    ]
)  # fmt: skip


def refused(html: str) -> list[str]:
    try:
        check_page(Frame("own", "own", {}), html)
    except TemplateError as exc:
        return [problem.text for problem in exc.problems]
    return []


@given(st.lists(PIECES, max_size=8).map("".join))
@settings(max_examples=1000, deadline=None)
@example('<style>p{}</style><img src="http://x">')
def test_tag_by_tag_nothing_is_let_through_that_the_whole_refuses(html: str) -> None:
    as_a_whole = [problem.text for problem in _read(html, "own/letter.html.j2")]
    assert refused(html) == as_a_whole
    assert refused(html) == as_a_whole, "the second page is read as the first"


def test_a_page_as_frames_write_them_is_looked_at_tag_by_tag() -> None:
    page = '<!DOCTYPE html>\n<html lang="fr"><style>\np > q {}\n</style><p>a<br>b</p></html>\n'
    assert _tags_and_styles(page) == [
        '<html lang="fr">',
        "<style>\np > q {}\n</style>",
        "<p>",
        "<br>",
    ]


def test_what_ships_with_letter_kit_was_looked_at_before() -> None:
    check_page(Frame("classic", "classic", {}, builtin=True), "<script>")
