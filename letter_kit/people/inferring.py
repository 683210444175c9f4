"""What follows from the cells of a row together: gender, title, office. A guess is noted."""

from typing import Any, Protocol

from letter_kit.errors import Problem
from letter_kit.people.cells import Cell
from letter_kit.people.courtesy import is_certain, is_title, named_with_title, read_title
from letter_kit.people.notes import NoteKind
from letter_kit.people.offices import OfficeWords, read_office

__all__ = ["Reader", "infer"]

_SAID = {"m": "gender m", "f": "gender f"}
_NAMES = frozenset({"full_name", "given_name", "family_name"})


class Reader(Protocol):
    """Who is told of problems and guesses."""

    headers: dict[str, str]
    problems: list[Problem]
    office: tuple[str, Cell] | None

    def report(self, key: str | None, message: str, **details: Any) -> None:
        """Tell what is wrong with the cell called ``key``."""

    def note(self, column: str, found: str, meaning: str, kind: NoteKind) -> None:
        """Tell what was made of the cell in ``column``."""


def infer(known: dict[str, Any], reader: Reader) -> None:
    """Complete the values of a row by what others of them say."""
    signs: list[tuple[str, str, str]] = []
    """The columns that tell a gender, with it and their text."""
    if "gender" not in known or known["gender"] != "x":
        _title_in_its_column(known, reader)
        signs += _title_and_name(known, reader)
    signs += _office(known, reader)
    _gender(known, signs, reader)
    known.setdefault("represents_country", known.get("country"))


def _title_in_its_column(known: dict[str, Any], reader: Reader) -> None:
    """Move *Mr* from the columns of the office's title and the salutation to its own."""
    titles = known.get("office_title", {})
    for column, text in (("office_title", titles.get("")), ("salutation", known.get("salutation"))):
        if text and "honorific_prefix" not in known and is_title(text):
            reader.note(column, text, "a title before the name", "guess")
            known["honorific_prefix"] = text
            reader.headers["honorific_prefix"] = reader.headers[column]
            if column == "salutation":
                del known[column]
            else:
                known["office_title"] = {code: said for code, said in titles.items() if code}


def _title_and_name(known: dict[str, Any], reader: Reader) -> list[tuple[str, str, str]]:
    signs: list[tuple[str, str, str]] = []
    name = known.get("full_name")
    if name and (parts := named_with_title(name)):
        title, rest = parts
        read = read_title(title)
        if read is None or read.gender is None or not is_certain(title):
            reader.note("full_name", name, f"left as it is: {title} may be no title", "unclear")
        else:
            known["full_name"] = rest
            reader.note("full_name", name, f"{_SAID[read.gender]}, name {rest}", "guess")
            signs.append(("full_name", read.gender, name))
    prefix = known.get("honorific_prefix")
    if prefix and not is_title(prefix) and read_office(prefix):
        reader.note("honorific_prefix", prefix, "before the name: it is no office there", "unclear")
    if prefix and (told := read_title(prefix)):
        if told.gender is None:
            reader.note("honorific_prefix", prefix, "left as it is: two genders", "unclear")
            return signs
        said = _SAID[told.gender]
        if told.rest != prefix:
            said += f", {told.rest} before the name" if told.rest else ", the usual title"
            known["honorific_prefix"] = told.rest or None
        reader.note("honorific_prefix", prefix, said, "guess")
        signs.append(("honorific_prefix", told.gender, prefix))
    return signs


def _office(known: dict[str, Any], reader: Reader) -> list[tuple[str, str, str]]:
    """Fill in the office, and the title where the office's words say more than it."""
    if reader.office is not None:
        text, cell = reader.office
        if cell.value == "body":
            if " " in text and "organisation" not in known:
                known["organisation"] = {"": text}
                reader.note("office", text, "the institution", "guess")
        elif cell.language and not known.get("office_title"):
            known["office_title"] = {cell.language: text}
            reader.note("office", text, f"the title in letters in {cell.language}", "read")
        return [("office", cell.gender, text)] if cell.gender else []
    named = known.keys() & _NAMES
    titles = known.get("office_title") or {}
    for code, text in titles.items():
        read = read_office(text)
        if read and len(read.offices) == 1 and read.offices != ("body",):
            return _office_of_title(known, code, text, read, reader)
    if named:
        known["office"] = "official"
        for text in titles.values():
            reader.note(
                "office_title", text, "official: the title names no known office", "unclear"
            )
            break
    elif known.get("organisation"):
        known["office"] = "body"
    elif not (reader.problems and "office" in reader.headers):
        reader.report(
            None,
            "a recipient needs an office, a name or an organisation",
            hint="For example: office = foreign_minister, country = SN.",
        )
    return []


def _office_of_title(
    known: dict[str, Any], code: str, text: str, read: OfficeWords, reader: Reader
) -> list[tuple[str, str, str]]:
    known["office"] = office = read.offices[0]
    meaning = office
    if not code and read.language and office != "official":
        # Letters in other languages have the usual title, and none in a foreign language.
        titles = dict(known["office_title"])
        titles.setdefault(read.language, titles.pop(""))
        known["office_title"] = titles
        meaning = f"{office}; the title in letters in {read.language}"
    reader.note("office_title", text, meaning, "guess")
    return [("office_title", read.gender, text)] if read.gender else []


def _gender(known: dict[str, Any], signs: list[tuple[str, str, str]], reader: Reader) -> None:
    """Take the gender from what tells it; what contradicts itself is a problem."""
    given = known.get("gender")
    if given is None and signs:
        known["gender"] = given = signs[0][1]
    for column, gender, text in signs:
        if given in {"m", "f"} and gender != given:
            reader.report(
                reader.headers.get(column, column),
                "contradicts the gender that the row has elsewhere",
                expected=f"a word for {given}",
                found=repr(text),
                hint="Correct the one that is wrong.",
            )
