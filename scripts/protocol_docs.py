"""The pages of docs/ that show every form of address and the grammar of countries."""

from collections.abc import Iterator

from letter_kit.language import FORMS, country, country_form, language
from letter_kit.models import Gender
from letter_kit.protocol import Form, forms, offices, protocol, protocol_languages

__all__ = ["countries", "forms_in", "forms_of_address"]

_GENDERS: tuple[tuple[Gender, str], ...] = (("m", "man"), ("f", "woman"), ("x", "not known"))
_EXAMPLES = ("FR", "DE", "PE", "US", "CU", "CH")


def forms_of_address() -> Iterator[str]:
    """What holds for all languages, and where the forms of each one are."""
    yield "# Forms of address\n"
    yield (
        "How letter-kit addresses the holder of an office, in each language. The words are records"
        " of `languages/<code>/protocol.toml`, each with its source; *practice* marks a usage for"
        " which no written rule is known to us. **No record has been read by a native protocol"
        " officer unless it says so.** If you are one: we would be glad of your corrections.\n"
    )
    yield (
        "A record serves the region, the register and the relation that it names, and all where it"
        " names none. *Foreign* and *own* say whether the recipient serves another country than the"
        " sender's. The most special record goes first; `letter-kit write --explain` says which one"
        " was used. Where the gender is not known the neutral form stands, never a guess. A"
        " recipient's own `salutation`, `office_title`, `honorific_prefix` and `closing` go before"
        " all of this.\n"
    )
    yield "The office chosen where a language has no record: " + "; ".join(
        f"`{office.id}` → `{office.falls_to}`"
        for office in offices().values()
        if office.falls_to != "official"
    ) + "; any other → `official`.\n"  # fmt: skip
    yield "Every form, language by language:\n"
    for code in protocol_languages():
        count = sum(len(forms(code, office)) for office in offices())
        yield f"- [{language(code).name}](forms-of-address/{code}.md), {count} records"


def forms_in(code: str) -> Iterator[str]:
    """Every record of one language, office by office, with its source."""
    records = protocol(code)
    yield f"# Forms of address: {language(code).name} (`{code}`)\n"
    yield "What the columns mean, and what was reviewed: [overview](../forms-of-address.md).\n"
    yield "| Closing | One signatory | Several | Source |"
    yield "| --- | --- | --- | --- |"
    for name, closing in records.closings.items():
        yield f"| `{name}` | {closing.one} | {closing.many} | {closing.source} |"
    yield ""
    for office in offices().values():
        yield f"## `{office.id}`\n"
        yield f"{office.about}\n"
        yield "| For | Gender | Salutation | In the text | Before the name | Office | Closing |"
        yield "| --- | --- | --- | --- | --- | --- | --- |"
        entries = forms(code, office.id)
        for form in entries:
            yield from _form(form)
        yield ""
        sources = dict.fromkeys(
            form.source + (f" (read by {form.reviewed_by})" if form.reviewed_by else "")
            for form in entries
        )
        yield "Sources: " + "; ".join(sources) + ".\n"


def _form(form: Form) -> Iterator[str]:
    alike = len({form.vocative[gender] for gender, _ in _GENDERS}) == 1
    alike = alike and not (form.honorific or form.excellency) and len(set(form.title.values())) < 2
    said = ", ".join(part for part in (form.region, form.relation, form.register) if part)
    for gender, name in (("x", "any"),) if alike else _GENDERS:
        style = " ".join(
            text for text in (form.excellency.get(gender), form.honorific.get(gender)) if text
        )
        cells = (
            said or "all",
            name,
            form.vocative[gender],
            form.inline[gender],
            style,
            form.title.get(gender, ""),
            f"`{form.closing[gender]}`",
        )
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def countries() -> Iterator[str]:
    """The filters for countries, with what they give in every language."""
    yield "# Countries in a text\n"
    yield (
        "`{{ recipient.country }}` is the short name of the country that the recipient serves, as"
        " the United Nations use it, in the letter's language. Grammar wants more than the name:"
        " put a filter behind it.\n"
    )
    yield "| You write | It is |"
    yield "| --- | --- |"
    yield "| `{{ recipient.country }}` | the short name |"
    for form, about in FORMS.items():
        yield f"| `{{{{ recipient.country \\| {form} }}}}` | {about} |"
    yield (
        "\n`formal` may stand before another: `{{ recipient.country | formal | of_title }}` is *de"
        " la République du Pérou*. Another country is named by its ISO 3166-1 code, in quotes:"
        ' `{{ "PE" | country }}`, `{{ "PE" | in }}`. A letter may be for someone without a country:'
        " ask first, `{% if recipient.country %} … {% endif %}`. Where a language has no such form,"
        " `letter-kit check` says which there are.\n"
    )
    yield (
        "The names and forms are in `languages/<code>/countries.csv`, a table to open in any"
        " spreadsheet: the 193 Member States, the Holy See and the State of Palestine. English,"
        " French, Spanish, Russian, Arabic and Chinese follow the United Nations (UNTERM), German,"
        " Italian and Portuguese their foreign ministries. Native readers have yet to review"
        " them.\n"
    )
    for code in protocol_languages():
        known = [form for form in FORMS if _form_of("FR", code, form)]
        yield f"## {language(code).name} (`{code}`)\n"
        yield "| | " + " | ".join(f"`{form}`" for form in known) + " |"
        yield "| --- |" + " --- |" * len(known)
        for iso in _EXAMPLES:
            cells = (_form_of(iso, code, form) for form in known)
            yield f"| {country(iso, code)} | " + " | ".join(cells) + " |"
        yield ""


def _form_of(iso: str, code: str, form: str) -> str:
    from letter_kit import InputError

    try:
        return country_form(country(iso, code), code, form)
    except InputError:
        return ""
