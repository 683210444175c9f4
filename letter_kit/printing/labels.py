"""The use case: addresses on labels or envelopes, ready to print."""

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice
from typing import NamedTuple

from letter_kit.errors import InputError, Problem
from letter_kit.formats.pdf import typeset
from letter_kit.models import Document, Recipient, Sender
from letter_kit.people import Row
from letter_kit.printing.addresses import Address, addresses
from letter_kit.printing.combined import CombinedPart, combined_pdf
from letter_kit.printing.labelpages import label_pages
from letter_kit.printing.sheets import Sheet, sheet
from letter_kit.protocol import language_of_the_post

__all__ = ["Labels", "write_labels"]

_AT_ONCE = 500
"""Labels that are laid out in one go: all their boxes are in memory then."""


class Labels(NamedTuple):
    """What was made: no document where no row had an address; ``problems`` are of the rows that
    failed.
    """

    document: Document | None
    labels: int
    failed: int
    problems: tuple[Problem, ...]


def write_labels(
    rows: Iterable[Row | Recipient],
    sender: Sender,
    on: str | Sheet,
    *,
    language: str | None = None,
    start: int = 1,
    return_address: bool = True,
    outline: bool = False,
) -> Labels:
    """The addresses of ``rows`` on labels or envelopes ``on``, in their order, as one PDF/UA-1.

    The lines are those of the letters. ``language`` is a BCP 47 code; without it, each is in
    the recipient's language, or where letters cannot be written in that, in the sender's.
    ``start`` is the first label to print on, counted from 1, for a sheet of which some were
    used; ``return_address`` prints the sender's on envelopes; ``outline`` draws the edges of
    the labels, to hold a print on plain paper against the sheet. A row that fails stops no
    other.

    Raises `InputError` where there is no such sheet, label or language, or the sender's
    address does not fit.
    """
    paper = on if isinstance(on, Sheet) else sheet(on)
    places = len(paper.places)
    if not 1 <= start <= places:
        raise InputError.of(
            f"{paper.name} has no label {start}" if paper.cuts else "an envelope has one address",
            key="start",
            expected=f"1 to {places}",
        )
    problems: list[Problem] = []
    counts = {True: 0, False: 0}

    def good() -> Iterator[Address]:
        for entry in addresses(rows, sender, paper, language):
            is_good = isinstance(entry, Address)
            counts[is_good] += 1
            if isinstance(entry, Address):
                yield entry
            else:
                problems.extend(entry)

    spoken = language or language_of_the_post(sender.country)
    laid_out = partial(
        label_pages,
        sheet=paper,
        sender=sender if return_address else None,
        outline=outline,
        language=spoken,
        title=f"Addresses on {paper.name}",
    )
    parts: list[CombinedPart] = []
    pages = first = 0
    before, waiting = start - 1, good()
    at_once = places * max(1, _AT_ONCE // places)
    while chunk := list(islice(waiting, at_once - before)):
        content, count = typeset(laid_out(chunk, before=before))
        parts.append(CombinedPart(content, f"{first + 1}–{first + len(chunk)}", spoken))
        pages, first, before = pages + count, first + len(chunk), 0
    document = None
    if parts:
        content = (
            parts[0].pdf
            if len(parts) == 1 and isinstance(parts[0].pdf, bytes)
            else combined_pdf(parts, title=f"Addresses on {paper.name}", language=spoken)
        )
        document = Document(content, "application/pdf", ".pdf", pages=pages)
    return Labels(document, counts[True], counts[False], tuple(problems))
