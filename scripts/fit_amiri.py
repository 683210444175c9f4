"""Takes the fillers out of Amiri: `python scripts/fit_amiri.py Amiri-Regular.ttf OUT.ttf`.

Amiri lengthens some joints by a glyph of its own that stands for no letter. WeasyPrint gives
it the text of its neighbour, and whoever reads or copies the PDF finds that letter twice.
"""

import sys
from pathlib import Path

from fontTools.ttLib import TTFont

_MULTIPLE, _EXTENSION = 2, 7


def main(source: str, target: str) -> None:
    font = TTFont(Path(source))
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for subtable in lookup.SubTable:
            rule = subtable.ExtSubTable if lookup.LookupType == _EXTENSION else subtable
            if rule.LookupType == _MULTIPLE:
                rule.mapping = {
                    glyph: [glyph] if len(made) == 2 and made[0] == glyph else made
                    for glyph, made in rule.mapping.items()
                }
    font.save(Path(target))


if __name__ == "__main__":
    main(*sys.argv[1:])
