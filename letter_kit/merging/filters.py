"""The filters of a text: some of Jinja's, and those that know the letter's language."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from jinja2 import Undefined, pass_context
from jinja2.filters import FILTERS
from jinja2.runtime import Context
from markupsafe import Markup

from letter_kit.errors import InputError
from letter_kit.language import FORMS, Country, country, country_form, direction, format_date
from letter_kit.language import language as language_table
from letter_kit.people.columns import columns

__all__ = ["FILTER_DOCS", "filters", "kind_of"]

FILTER_DOCS = {
    **{form: f"Of a country, {about}." for form, about in FORMS.items()},
    "capitalize": "The first letter large, all others small.",
    "country": 'A country by its ISO 3166-1 code, as a short name: `{{ "PE" \\| country }}`.',
    "count": "The same as `length`.",
    "date": "A date in words, in the letter's language: `{{ campaign.valid_until \\| date }}`.",
    "default": 'Another text where a field is empty: `{{ recipient.name \\| default("…") }}`.',
    "direction": "`ltr` or `rtl`, as a text runs; for frames.",
    "first": "The first of a list.",
    "join": 'A list as one text: `{{ campaign.links \\| join(" and ") }}`.',
    "last": "The last of a list.",
    "listed": "A list with *and* before its last: `{{ campaign.organisers \\| listed }}`.",
    "length": "How many there are.",
    "lower": "In small letters.",
    "trim": "Without white space at the ends.",
    "upper": "In capitals.",
}
"""Every filter there is, with its documentation."""
_OWN_FILTERS = frozenset({"country", "date", "direction", "join", "listed", *FORMS})
_COUNTRY_CODE = re.compile("[A-Z]{2}")


def filters(language: str) -> dict[str, Callable[..., Any]]:
    """Every filter by its name, for texts in ``language``."""
    return {
        **{name: FILTERS[name] for name in FILTER_DOCS if name not in _OWN_FILTERS},
        **{form: partial(_country_form, language, form) for form in FORMS},
        "country": partial(_country, language),
        "date": partial(_date, language),
        "direction": direction,
        "join": _join,
        "listed": _listed_in(language),
    }


def kind_of(value: object) -> str:
    """What a person would call the value."""
    if value is None:
        return "nothing"
    if isinstance(value, str):
        return "a text"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, dt.date):
        return "a date"
    if isinstance(value, Sequence | Iterator):
        return "a list"
    return type(value).__name__.removesuffix("Context").lower()


def _country(language: str, value: Any) -> Country:
    if isinstance(value, Country):
        return value
    if isinstance(value, Undefined):
        str(value)  # raises, and says what is missing
    if isinstance(value, str) and value in columns().countries:
        return country(value, language)
    if isinstance(value, str) and _COUNTRY_CODE.fullmatch(value):
        raise TypeError(f"there is no country {value}; an ISO 3166-1 code is one such as PE")
    raise TypeError(
        f'{kind_of(value)} is no country; write recipient.country, or a code such as "PE"'
    )


def _country_form(language: str, form: str, value: Any, *arguments: Any) -> str:
    if arguments:
        raise TypeError(f"the filter {form} takes no arguments")
    named = _country(language, value)
    try:
        said = country_form(named, language, form)
    except InputError as exc:
        problem = exc.problems[0]
        there_are = f"; there are {problem.expected}" if problem.expected else ""
        next_step = f". {problem.hint}" if problem.hint else ""
        raise TypeError(f"{problem.message}{there_are}{next_step}") from None
    return Country(said, named.code, formal=True) if form == "formal" else said


def _date(language: str, value: Any) -> str:
    if not isinstance(value, dt.date):
        raise TypeError(f"{kind_of(value)} is no date")
    return format_date(value, language)


@pass_context
def _join(context: Context, values: Iterable[object], separator: str = ", ") -> Markup:
    joined: Markup = context.environment.joined(values, separator)  # type: ignore[attr-defined]
    return joined


def _listed_in(language: str) -> Callable[..., Markup]:
    @pass_context
    def listed(context: Context, values: Iterable[object]) -> Markup:
        *others, last = list(values) or [""]
        if not others:
            return _join(context, [last])
        label = language_table(language).label
        return _join(context, [_join(context, others, label("comma")), last], label("and"))

    return listed
