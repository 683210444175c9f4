"""The records of one language: ``languages/<code>/protocol.toml``."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

from letter_kit.errors import InputError, did_you_mean
from letter_kit.language import Source, languages, read_language_file, source_of, text_of
from letter_kit.models import Gender, Register

__all__ = [
    "Closing",
    "Form",
    "Joint",
    "Office",
    "Protocol",
    "check_protocol",
    "forms",
    "offices",
    "protocol",
    "protocol_languages",
]

_PLACEHOLDER = re.compile(r"{(\w+)}")
_FORM = re.compile(r"^[ \t]*\[\[[ \t]*forms[ \t]*\]\][ \t]*(?:#.*)?$", re.MULTILINE)
_OFFICE = re.compile(r"""^[ \t]*office[ \t]*=[ \t]*["'](\w+)["']""", re.MULTILINE)
_PLACEHOLDERS = {
    "name", "given_name", "patronymic", "family_name", "honorific_prefix", "honorific",
    "academic_title", "of_title", "formal_of_title", "title", "usual_title",
}  # fmt: skip
_BY_GENDER = (
    "vocative", "inline", "closing", "plural", "excellency", "honorific",
    "after_name", "title", "without_name",
)  # fmt: skip
_CHOICES: dict[str, set[str | None]] = {
    "relation": {None, "own", "foreign"},
    "register": {None, *get_args(Register)},
}

ByGender = Mapping[Gender, str]
_NOTHING: ByGender = {}


class Office(NamedTuple):
    """An office, and the one whose forms serve where it has none."""

    id: str
    about: str
    falls_to: str = "official"
    titles_differ: tuple[str, ...] = ()
    """Countries whose holder has another title than the usual one."""


class Closing(NamedTuple):
    """A complimentary close, for one signatory and for several.

    Where it speaks of the recipient (*Vuestra Excelencia*), a joint letter has its own.
    """

    one: str
    many: str
    source: str
    reviewed_by: str = ""
    one_to_many: str | None = None
    many_to_many: str | None = None

    def pattern(self, signatories: int, recipients: int) -> str:
        """The text for that many people on either side, with ``{vocative}`` in it."""
        joint = self.one_to_many if signatories == 1 else self.many_to_many
        single = self.one if signatories == 1 else self.many
        return joint if recipients > 1 and joint is not None else single


class Form(NamedTuple):
    """How the holder of an office is addressed, in one language and region.

    Texts differ by the holder's gender; ``x`` serves where it is not known. They may hold
    ``{name}``, ``{given_name}``, ``{patronymic}``, ``{family_name}``, ``{honorific_prefix}``: a
    form whose texts need what a recipient has not does not apply. ``{honorific}``,
    ``{academic_title}`` and ``{of_title}`` vanish where there is none.
    """

    office: str
    vocative: ByGender
    inline: ByGender
    closing: ByGender
    """The names of closings."""
    source: str
    reviewed_by: str
    region: str | None = None
    relation: Literal["own", "foreign"] | None = None
    """Whether the form is only for dignitaries of the sender's own, or of another country."""
    register: Register | None = None
    represents: tuple[str, ...] = ()
    """The countries whose dignitaries the form is for; an empty tuple means every country."""
    plural: ByGender = _NOTHING
    """The vocative of several holders of the office."""
    excellency: ByGender = _NOTHING
    """The style before the name, given to dignitaries of other countries only."""
    honorific: ByGender = _NOTHING
    after_name: ByGender = _NOTHING
    """What stands right after the name, as courtesy does in Chinese: *李丽阁下*."""
    title: ByGender = _NOTHING
    without_name: ByGender = _NOTHING

    def rule(self, gender: Gender) -> str:
        """The record's key: *foreign_minister/UN/x/foreign*."""
        parts = (self.office, self.region or "*", gender, self.relation, self.register)
        return "/".join(part for part in parts if part)

    def needs(self, gender: Gender) -> frozenset[str]:
        """The placeholders that the recipient must fill."""
        texts = self.vocative[gender] + self.inline[gender]
        return frozenset(_PLACEHOLDER.findall(texts)) - {"honorific", "academic_title"}


class Joint(NamedTuple):
    """How the vocatives of several people are put one after the other."""

    separator: str
    small: tuple[str, ...] = ()
    """First words that begin with a small letter after the separator: *sehr geehrter Herr*."""
    closing: str | None = None
    """The closing where those of the people differ: one that goes with every vocative."""
    plural_first: bool = False
    """Whether holders of one office are greeted together even where their own forms differ."""


# A record is itself and no other, so that what was chosen can be kept by it.
@dataclass(frozen=True, slots=True, eq=False)
class Protocol:
    """What holds for a whole language; its forms are read office by office (`forms`)."""

    language: str
    default_region: str
    sender_regions: Mapping[str, str]
    salutation_ends: Mapping[str, str]
    """What stands after the vocative, by region; ``default`` for all others."""
    joint: Joint
    suffix_separators: Mapping[str, str]
    """What stands between a name and what follows it, by region; ``default`` for all others."""
    closings: Mapping[str, Closing]
    academic_titles: tuple[str, ...]
    """The words of prefixes such as *Prof. Dr.*, which a form may name as ``{academic_title}``."""
    styles: tuple[str, ...]
    """Words in a recipient's own prefix that stand for the style of Excellency and its like."""
    own_salutation_closing: str | None = None
    """The closing that goes with a recipient's own salutation, where not the usual one."""


@cache
def offices() -> Mapping[str, Office]:
    """Every office by its id, in the order of precedence."""
    data = tomllib.loads((Path(__file__).parent / "offices.toml").read_text("utf-8"))
    return {
        name: Office(
            name,
            entry["about"],
            entry.get("falls_to", "official"),
            tuple(entry.get("titles_differ", "").split()),
        )
        for name, entry in data.items()
    }


protocol_languages = languages
"""The languages that have forms of address."""


def protocol(language: str) -> Protocol:
    """The records of ``language``, without its region.

    Raises `InputError` where there are none, or their file cannot be used.
    """
    return _protocol(language, source_of(language, "protocol.toml"))


def forms(language: str, office: str) -> tuple[Form, ...]:
    """The forms of an office in ``language``, in the order of the file.

    Raises `InputError` where the file cannot be used.
    """
    return _forms(language, source_of(language, "protocol.toml"), office)


def check_protocol(language: str) -> None:
    """Read every record of ``language``.

    Raises `InputError` for the first that cannot be used.
    """
    source = source_of(language, "protocol.toml")
    protocol(language)
    _, by_office = _parts(source)
    for office in by_office:
        if office not in offices():
            raise InputError.of(
                f"a form is for the office {office!r}, which is not known",
                path=source.file,
                hint=did_you_mean(office, offices()),
            )
        forms(language, office)


@lru_cache(maxsize=32)
def _protocol(language: str, source: Source) -> Protocol:
    head, _ = _parts(source)
    return read_language_file(source.path, head, lambda data: _understood(language, data))


@lru_cache(maxsize=1024)
def _forms(language: str, source: Source, office: str) -> tuple[Form, ...]:
    closings = _protocol(language, source).closings
    _, by_office = _parts(source)
    return read_language_file(
        source.path,
        "\n".join(by_office.get(office, ())),
        lambda data: tuple(_form(record, closings) for record in data.get("forms", ())),
    )


@lru_cache(maxsize=32)
def _parts(source: Source) -> tuple[str, Mapping[str, list[str]]]:
    """The text before the forms, and that of each office's forms.

    TOML takes a millisecond for three thousand characters, and a letter needs two offices.
    """
    head, *blocks = _FORM.split(text_of(source.path))
    by_office: dict[str, list[str]] = {}
    for block in blocks:
        named = _OFFICE.search(block)
        by_office.setdefault(named[1] if named else "", []).append(f"[[forms]]\n{block}")
    return head, by_office


def _understood(language: str, data: dict[str, Any]) -> Protocol:
    return Protocol(
        language=language,
        default_region=data["default_region"],
        sender_regions=data.get("sender_regions", {}),
        salutation_ends={"default": data["salutation_ends"]["default"], **data["salutation_ends"]},
        joint=Joint(
            data["joint"]["separator"],
            tuple(data["joint"].get("small", ())),
            data["joint"].get("closing"),
            data["joint"].get("plural_first", False),
        ),
        suffix_separators={"default": ", "} | data.get("suffix_separators", {}),
        academic_titles=tuple(data.get("academic_titles", ())),
        styles=tuple(data.get("styles", ())),
        closings={name: _closing(name, record) for name, record in data["closings"].items()},
        own_salutation_closing=data.get("own_salutation_closing"),
    )


def _closing(name: str, record: dict[str, Any]) -> Closing:
    if odd := ({"one", "many", "source"} - set(record)) | (set(record) - set(Closing._fields)):
        raise ValueError(f"the closing {name}: {odd.pop()} is missing, or is not known")
    closing = Closing(**record)
    for text in (closing.one, closing.many, closing.one_to_many, closing.many_to_many):
        if set(_PLACEHOLDER.findall(text or "")) - {"vocative"}:
            raise ValueError(f"the closing {name} has other braces than {{vocative}}")
    return closing


def _form(record: dict[str, Any], closings: Mapping[str, Closing]) -> Form:
    said = f"form {record.get('office')}/{record.get('region', '*')}"
    texts = {name: _by_gender(record[name]) for name in _BY_GENDER if name in record}
    if unknown := set(record) - set(Form._fields):
        raise ValueError(f"the {said} has a key {unknown.pop()}, which is not known")
    if not isinstance(represents := record.get("represents", []), list):
        raise TypeError(f"represents of the {said} is a list of country codes")
    form = Form(**{**record, **texts, "represents": tuple(represents)})
    for name in ("vocative", "inline", "closing"):
        if missing := set(get_args(Gender)) - set(getattr(form, name)):
            raise ValueError(f"the {said} has no {name} for {', '.join(sorted(missing))}")
    for key, allowed in _CHOICES.items():
        if getattr(form, key) not in allowed:
            expected = ", ".join(sorted(filter(None, allowed)))
            raise ValueError(f"the {said} has {key} {getattr(form, key)!r}; expected {expected}")
    for name, by_gender in texts.items():
        for text in by_gender.values():
            if unknown := set(_PLACEHOLDER.findall(text)) - _PLACEHOLDERS:
                raise ValueError(
                    f"the {said} has {{{unknown.pop()}}} in {name}, which is not known"
                )
    for closing in form.closing.values():
        if closing not in closings:
            raise ValueError(f"the {said} names the closing {closing}, which is not there")
    return form


def _by_gender(text: Any) -> ByGender:
    by_gender = dict.fromkeys(get_args(Gender), text) if isinstance(text, str) else text
    if not all(isinstance(said, str) and said.strip() for said in by_gender.values()):
        raise TypeError(f"a form has {text!r}; expected a text, or texts for m, f and x")
    return by_gender
