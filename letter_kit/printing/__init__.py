"""For the print house: all letters in one PDF, addresses on labels and envelopes, an archive."""

from letter_kit.printing.archive import zip_files
from letter_kit.printing.combined import CombinedFile, CombinedPart, combine_pdfs
from letter_kit.printing.labels import Labels, write_labels
from letter_kit.printing.sheets import Sheet, sheet, sheets

__all__ = [
    "CombinedFile",
    "CombinedPart",
    "Labels",
    "Sheet",
    "combine_pdfs",
    "sheet",
    "sheets",
    "write_labels",
    "zip_files",
]
