"""For the print house: all letters in one PDF."""

from letter_kit.printing.combined import CombinedFile, CombinedPart, combine_pdfs

__all__ = ["CombinedFile", "CombinedPart", "combine_pdfs"]
