"""Reading what people wrote: every value checked, every problem told with its line.

`parse_toml` keeps the text beside the data, `Table` hands out typed values and collects
what is wrong instead of stopping at the first. Campaigns, senders and recipients are all
read through it.
"""

from letter_kit.reading.files import read_bytes, read_text
from letter_kit.reading.table import Table
from letter_kit.reading.texts import (
    EMAIL,
    FIELD_TYPES,
    clean_text,
    control_character,
    fits,
    matches,
    shown,
)
from letter_kit.reading.toml import KeyPath, Source, parse_toml

__all__ = [
    "EMAIL",
    "FIELD_TYPES",
    "KeyPath",
    "Source",
    "Table",
    "clean_text",
    "control_character",
    "fits",
    "matches",
    "parse_toml",
    "read_bytes",
    "read_text",
    "shown",
]
