"""Addresses as they are printed on labels and envelopes: the lines of the letter, fitted."""

from collections.abc import Iterable
from typing import NamedTuple

from letter_kit.errors import InputError, LetterError, LetterKitError, Problem, SetupError
from letter_kit.formats.fonts import advances, missing_characters
from letter_kit.formats.pdf import missing_glyph
from letter_kit.language import language as language_table
from letter_kit.language import languages, postal_name
from letter_kit.layout import FittedLines, fit_lines
from letter_kit.models import Recipient, Sender
from letter_kit.people import Row
from letter_kit.people.columns import language_code
from letter_kit.printing.sheets import Box, Sheet
from letter_kit.protocol import address_block, forms_of_address, language_of_the_post

__all__ = ["Address", "addresses", "language_of", "returned_to"]

_FONTS = ("SourceSans3-Regular.ttf", "Amiri-Regular.ttf")
_CARE = 1.02
"""Pairs of letters may stand a trace wider than each by itself."""
_RETURN_SIZE = 8.0
"""pt: small, so that no machine takes the sender's address for the recipient's."""


class Address(NamedTuple):
    """An address, fitted to its place; ``path`` and ``line`` are of the row that it comes from."""

    lines: tuple[str, ...]
    language: str
    fitted: FittedLines
    abroad: bool
    path: str | None
    line: int | None


def addresses(
    rows: Iterable[Row | Recipient], sender: Sender, sheet: Sheet, language: str | None
) -> Iterable[Address | tuple[Problem, ...]]:
    """The address of each row, or what is wrong with it.

    Raises `InputError` where ``language`` is one that letters cannot be written in.
    """
    if language is not None:
        language = _known(language)
    for row in rows:
        path, line = (row.path, row.line) if isinstance(row, Row) else (row.id or None, None)
        try:
            recipient = row.recipient() if isinstance(row, Row) else row
            yield _address(recipient, sender, sheet, language, path, line)
        except SetupError:
            raise
        except LetterKitError as exc:
            yield exc.problems if path is None else exc.at(path, line).problems


def _address(
    recipient: Recipient,
    sender: Sender,
    sheet: Sheet,
    wanted: str | None,
    path: str | None,
    line: int | None,
) -> Address:
    spoken = wanted or language_of(recipient, sender)
    forms = forms_of_address(recipient, sender, spoken, len(sender.signatories))
    lines = address_block(recipient, sender, forms, spoken)
    if missing := missing_characters("".join(lines)):
        raise LetterError(missing_glyph(char, ord(char)) for char in missing)
    place = sheet.places[0]
    fitted = fit_lines(lines, place.width, place.height, sheet.size, _em)
    if fitted is None:
        raise LetterError.of(
            f"the address does not fit on {sheet.name}",
            expected=f"{place.width:g} × {place.height:g} mm, at 8 pt or larger",
            found=f"{len(lines)} lines, the longest of {max(map(len, lines))} letters",
            hint="Shorten it, give the recipient an address_block of its own, or take a larger"
            " sheet: letter-kit list sheets.",
        )
    abroad = recipient.country is not None and recipient.country != sender.country
    return Address(lines, spoken, fitted, abroad, path, line)


def language_of(recipient: Recipient, sender: Sender) -> str:
    """The language of a recipient's address where no campaign decides it.

    The recipient's own, where letters can be written in it; else that of the sender's post.
    """
    try:
        return _known(recipient.language or "", sender.country)
    except InputError:
        return _known(language_of_the_post(sender.country), sender.country)


def _known(language: str, country: str | None = None) -> str:
    """The code as it is rightly written, with the region of ``country`` where it has none.

    Raises `InputError` where letters cannot be written in the language.
    """
    code = language_code(language)
    if code is None or code.partition("-")[0] not in languages():
        raise InputError.of(
            f"letters cannot be written in the language {language[:40]!r}",
            expected=", ".join(languages()),
        )
    if "-" in code or country is None:
        return code
    return language_table(code).in_region(country)


def returned_to(sender: Sender, abroad: bool, place: Box) -> tuple[tuple[str, ...], str, float]:
    """The sender's address as it stands on an envelope: its lines, their language, their size
    in pt.

    It is for the sender's own post to read, so in its language. On mail ``abroad`` the last
    line is the sender's country, as the Universal Postal Union asks. Raises `LetterError`
    where it does not fit into ``place``.
    """
    spoken = language_of_the_post(sender.country)
    organisation = sender.organisations[0]
    lines = (organisation.name_in(spoken), *organisation.address)
    if abroad:
        lines = (*lines, postal_name(sender.country, spoken).upper())
    fitted = fit_lines(lines, place.width, place.height, _RETURN_SIZE, _em)
    if fitted is None:
        raise LetterError.of(
            "the sender's address does not fit on the envelope",
            expected=f"{place.width:g} × {place.height:g} mm",
            found=f"{len(lines)} lines",
            hint="Leave it out with --no-return, or take a larger envelope.",
        )
    return lines, spoken, fitted.size


def _em(line: str) -> float:
    """The width of a line in em."""
    return sum(map(_advance, line))


def _advance(char: str) -> float:
    """The width of a character in em, in the fonts of labels; rather too much than too little.

    Arabic letters are narrower when they are joined.
    """
    for name in _FONTS:
        if char in (known := advances(name)):
            return known[char] * _CARE
    return 1.0  # Chinese, Japanese, Korean
