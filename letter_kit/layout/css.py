"""A layout as CSS: positions and page margins, and nothing about looks.

Everything is placed in the page's own coordinates, relative to ``.sheet``, which covers
the paper: the same rules serve PDF, a browser's print and the screen. The margins left and
right are the sheet's own, since a browser shrinks what is wider than its page area.
"""

from letter_kit.layout.address import AddressPlace
from letter_kit.layout.tables import Layout

__all__ = ["page_css"]


def page_css(layout: Layout, place: AddressPlace, page_label: str) -> str:
    """The rules for one letter; ``page_label`` is *Page {page} of {pages}*."""
    width, height = layout.paper
    margins, text = layout.margins, layout.text
    marks = "".join(
        f".fold-mark-{number}{{top:{y:g}mm}}" for number, y in enumerate(layout.fold_marks, start=1)
    )
    hole = f".hole-mark{{top:{layout.hole_mark:g}mm}}" if layout.hole_mark else ""
    return_line = (
        f".return-line{{position:absolute;left:{text.x:g}mm;top:{place.return_y:g}mm;"
        f"width:{layout.field.x + layout.field.width - text.x:g}mm;"
        "font-size:6.3pt;line-height:2.7mm;text-align:left}\n"
    )
    return f"""\
@page{{size:{width:g}mm {height:g}mm;\
margin:{margins.top:g}mm 0 {margins.bottom:g}mm;\
@bottom-right{{content:{_counter(page_label)};padding-right:{margins.right:g}mm}}}}
@page:first{{margin-top:0;@bottom-right{{content:none}}}}
html,body{{margin:0;padding:0}}
.sheet{{position:relative;box-sizing:border-box;width:{width:g}mm;\
padding:{layout.flow:g}mm {margins.right:g}mm 0 {margins.left:g}mm}}
.letterhead{{position:absolute;top:{layout.letterhead:g}mm;left:{margins.left:g}mm;\
width:{width - margins.left - margins.right:g}mm}}
{return_line if layout.return_line else ""}\
.address{{position:absolute;left:{text.x:g}mm;top:{place.y:g}mm;width:{text.width:g}mm;\
font-size:{place.size:g}pt;line-height:{place.line_height:g}mm}}
.dateline{{position:absolute;left:{layout.date.x:g}mm;top:{layout.date.y:g}mm;\
width:{width - margins.right - layout.date.x:g}mm}}
.fold-mark,.hole-mark{{position:absolute;left:3.5mm;width:4mm;border-top:.2mm solid #999}}
.hole-mark{{width:6mm}}{marks}{hole}{_overlay(layout) if layout.overlay else ""}
@media screen{{
.sheet{{margin:8mm auto;min-height:{height:g}mm;padding-bottom:{margins.bottom:g}mm}}
}}
@media screen and (max-width:{width + 4:g}mm){{
.sheet{{width:auto;margin:0;padding:6vw;min-height:0}}
.letterhead,.address,.dateline{{position:static;width:auto;margin-bottom:2em}}
.return-line,.fold-mark,.hole-mark{{display:none}}
}}
"""


def _overlay(layout: Layout) -> str:
    """The address field in red, what the window always shows in green, the folds in blue."""
    field, safe = layout.field, layout.safe
    return f"""
.sheet::before,.sheet::after{{content:"";position:absolute;box-sizing:border-box}}
.sheet::before{{left:{field.x:g}mm;top:{field.y:g}mm;width:{field.width:g}mm;\
height:{field.height:g}mm;border:.3mm dashed #c22}}
.sheet::after{{left:{safe.left:g}mm;top:{safe.top:g}mm;width:{safe.right - safe.left:g}mm;\
height:{safe.bottom - safe.top:g}mm;border:.3mm solid #2a2}}
.fold-mark{{left:0;width:{layout.paper[0]:g}mm;border-top:.2mm dashed #22c}}
"""


def _counter(label: str) -> str:
    """*Page {page} of {pages}* as the value of ``content``."""
    quoted = '"' + label.replace("\\", "").replace('"', "") + '"'
    return quoted.replace("{page}", '" counter(page) "').replace("{pages}", '" counter(pages) "')
