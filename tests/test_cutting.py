"""Parts are cut out of a page only where it is sure what they are."""

import pytest

from letter_kit.stencils.cutting import ancestors, cut
from letter_kit.stencils.markup import taken_apart

ADDRESS = '<div class="address">'
PAGE = """<!DOCTYPE html><html lang="en"><head><title>T</title><style>
p{margin:0}
.address{top:48mm}
.body p{margin:1em}
</style></head><body><div class="sheet"><br><div class="address"><p>Ann</p><div>1 Road</div></div>
<div class="body"><p>Dear Ann</p></div></div></body></html>"""


def test_a_part_is_cut_out_with_the_rule_for_it_alone() -> None:
    markup = taken_apart(PAGE)
    cutting = cut(markup, [ADDRESS])
    assert cutting is not None
    (part,) = cutting.parts
    assert part.frame == ".address{top:}\n" + ADDRESS + "<p></p><div></div></div>"
    assert part.top == 48
    assert [markup.texts[place] for place in part.places] == ["", "Ann", "", "1 Road", ""]
    assert "address" not in cutting.around.frame
    assert "Dear Ann" in [markup.texts[place] for place in cutting.around.places]
    assert sorted((*part.places, *cutting.around.places)) == list(range(len(markup.texts)))
    assert cutting.alone == (
        '<!DOCTYPE html><html lang="en"><head></head><body><div class="sheet">'
        '<div class="address"><p>Ann</p><div>1 Road</div></div></div></body>',
    )
    assert "".join(cutting.sheets) == PAGE[PAGE.index("\np{") : PAGE.index("</style>")]


def test_pages_that_differ_in_a_part_have_the_rest_in_common() -> None:
    other = PAGE.replace("48mm", "45mm").replace("<div>1 Road</div>", "<p>X</p><p>Y</p>")
    one, two = (cut(taken_apart(page), [ADDRESS]) for page in (PAGE, other))
    assert one is not None
    assert two is not None
    assert one.around.frame == two.around.frame
    assert one.parts[0].frame != two.parts[0].frame


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (".body p{", ".address + .body{"),
        (".body p{", ".sheet > div:nth-child(2){"),
        (".body p{", ".sheet:has(.address){"),
        (".body p{", "p{counter-increment:line}p{"),
        (".body p{", '.body p::before{content:target-text("#a")}p{'),
        (".body p{", "@import 'other.css';p{"),
        (".body p{", "p{background:url(x.png)}p{"),
        ("</style>", "</style><style>p{color:red}</style>"),
        ("<title>", '<link rel="stylesheet" href="x.css"><title>'),
        ("<p>Dear Ann</p>", '<div class="address">Dear Ann</div>'),
    ],
)
def test_nothing_is_cut_where_parts_have_a_say_in_each_other(old: str, new: str) -> None:
    assert PAGE.count(old) >= 1
    assert cut(taken_apart(PAGE.replace(old, new, 1)), [ADDRESS]) is None


@pytest.mark.parametrize(
    "changed",
    [
        PAGE.replace('<div class="body">', '<div class="body"><p class="address">PS</p>'),
        PAGE.replace(".address{top:48mm}\n", "@media print{\n.address{top:48mm}\n}\n"),
    ],
)
def test_a_rule_that_is_not_for_the_part_alone_stays(changed: str) -> None:
    cutting = cut(taken_apart(changed), [ADDRESS])
    assert cutting is not None
    assert ".address{top:48mm}" in cutting.around.frame


def test_ancestors_are_the_open_elements() -> None:
    markup = taken_apart(PAGE)
    assert ancestors(markup, markup.tags.index(ADDRESS)) == ["<body>", '<div class="sheet">']
