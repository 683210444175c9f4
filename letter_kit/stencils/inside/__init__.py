"""Inside WeasyPrint: the only package that knows its private parts.

WeasyPrint lays a page out and draws it. Here the drawing is taken apart: into blocks of lines
whose texts may be replaced, and what stands between them. A block is laid out and drawn anew by
WeasyPrint's own functions, in the place that it has.

Whatever is not as it was in the version that this was written for raises `Surprise`.
"""

from letter_kit.stencils.inside.blocks import Block, Column
from letter_kit.stencils.inside.columns import moved_down
from letter_kit.stencils.inside.fonts import Faces
from letter_kit.stencils.inside.pages import lay_out, lay_out_alone
from letter_kit.stencils.inside.regions import Painted
from letter_kit.stencils.inside.splicing import Composition, LaidOut, Part, put_together
from letter_kit.stencils.inside.surprise import Surprise

__all__ = [
    "Block",
    "Column",
    "Composition",
    "Faces",
    "LaidOut",
    "Painted",
    "Part",
    "Surprise",
    "lay_out",
    "lay_out_alone",
    "moved_down",
    "put_together",
]
