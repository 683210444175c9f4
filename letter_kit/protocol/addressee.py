"""The lines of an address that name the person and the office, filled with what is known."""

import re
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache

from letter_kit.errors import InputError
from letter_kit.language import (
    Country,
    CountryTable,
    country,
    country_form,
    country_table,
    has_forms,
)
from letter_kit.models import Recipient, localised
from letter_kit.protocol.records import Form, Protocol

__all__ = ["addressee", "filled", "loses_its_country", "values_of"]

_PLACEHOLDER = re.compile(r"{(\w+)}")
_SPACES = re.compile(" {2,}")


def filled(text: str, values: Mapping[str, str]) -> str:
    """``text`` with its placeholders filled; one without a value vanishes, with its space.

    Braces in names stay as they are.
    """
    found = _PLACEHOLDER.sub(lambda match: values.get(match[1], ""), text) if "{" in text else text
    return (_SPACES.sub(" ", found) if "  " in found else found).strip(" ")


def values_of(
    records: Protocol, form: Form, recipient: Recipient, known: Mapping[str, str], language: str
) -> dict[str, str]:
    """What the recipient has for the placeholders of ``form``; ``known`` are the names."""
    values = {**known, **_served(recipient.represents_country, language)}
    values["honorific"] = _honorific(records, form, recipient, values)
    values["usual_title"] = filled(form.title.get(recipient.gender, ""), values)
    own_title = localised(recipient.office_title, language)
    if own_title:
        values["own_title"] = own_title
    values["title"] = own_title or values["usual_title"]
    return values


def addressee(
    records: Protocol,
    form: Form,
    recipient: Recipient,
    region: str,
    relation: str | None,
    values: Mapping[str, str],
) -> tuple[str, ...]:
    """The line of the name and that of the office; without a name, one of the office."""
    if recipient.name:
        before = _before_the_name(records, form, recipient, relation, values)
        name = f"{before} {recipient.name}".strip() + form.after_name.get(recipient.gender, "")
        if recipient.honorific_suffix:
            separators = records.suffix_separators
            suffix = recipient.honorific_suffix.lstrip(", ")
            name += separators.get(region, separators["default"]) + suffix
        lines = (name, values["title"])
    else:
        lines = (_without_name(form, recipient, values), "")
    return tuple(line for line in lines if line)


def loses_its_country(
    form: Form, recipient: Recipient, values: Mapping[str, str], language: str
) -> bool:
    """Whether the country belongs to what is said, and its grammar is not known."""
    code = recipient.represents_country
    if code is None or "of_title" in values or has_forms(code, language):
        return False
    title = "" if "own_title" in values else form.title.get(recipient.gender, "")
    alone = "" if "own_title" in values else form.without_name.get(recipient.gender, title)
    said = title if recipient.name else alone.replace("{title}", title)
    said += form.vocative[recipient.gender] + form.inline[recipient.gender]
    return "of_title}" in said


def _without_name(form: Form, recipient: Recipient, values: Mapping[str, str]) -> str:
    """*Madame la Ministre des Affaires étrangères*.

    A title of the recipient's own stands alone where the form has a place for the usual one
    only: it may have to be declined.
    """
    pattern = form.without_name.get(recipient.gender, "{title}")
    if "own_title" in values and "{title}" not in pattern:
        return values["own_title"]
    return filled(pattern, values) if values["title"] else ""


def _before_the_name(
    records: Protocol,
    form: Form,
    recipient: Recipient,
    relation: str | None,
    values: Mapping[str, str],
) -> str:
    """Style and honorific; a recipient's own prefix that names a style stands for both."""
    if _names_a_style(records, recipient):
        return recipient.honorific_prefix or ""
    style = form.excellency.get(recipient.gender, "") if relation == "foreign" else ""
    return f"{style} {values['honorific']}".strip()


def _honorific(
    records: Protocol, form: Form, recipient: Recipient, values: Mapping[str, str]
) -> str:
    """*Mr*, or the recipient's own prefix; a degree stands after it where the form says so."""
    usual = form.honorific.get(recipient.gender, "")
    takes_degree = "academic_title" in values and "{academic_title}" in usual
    if recipient.honorific_prefix and not takes_degree and not _names_a_style(records, recipient):
        return recipient.honorific_prefix
    return filled(usual, values)


def _names_a_style(records: Protocol, recipient: Recipient) -> bool:
    prefix = recipient.honorific_prefix
    if prefix is None:
        return False
    return any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", prefix) for word in records.styles)


def _served(code: str | None, language: str) -> Mapping[str, str]:
    """The country served, in the forms that a title may name."""
    return {} if code is None else _titled(code, language, country_table(language))


@lru_cache(maxsize=2048)
def _titled(code: str, language: str, table: CountryTable) -> Mapping[str, str]:
    if not has_forms(code, language):
        return {}
    served = country(code, language)
    forms = {"of_title": served, "formal_of_title": Country(served, code, formal=True)}
    values = {}
    for name, named in forms.items():
        with suppress(InputError):  # a language without the form writes the title alone
            values[name] = country_form(named, language, "of_title")
    return values
