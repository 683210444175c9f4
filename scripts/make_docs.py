"""Makes the pages of docs/ that say what the code says. A test compares them with the files."""

import tomllib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import get_args

from protocol_docs import countries, forms_in, forms_of_address

from letter_kit.context.fields import DocumentedField, documented_fields
from letter_kit.merging.filters import FILTER_DOCS
from letter_kit.models import Letter, LetterheadEntry, Signature
from letter_kit.protocol import offices, protocol_languages

ROOT = Path(__file__).parent.parent
PEOPLE = ROOT / "letter_kit" / "people"
_HEAD = "<!-- Made by `make docs` from the code. Do not change it here. -->\n\n"


def main() -> None:
    for name, text in pages().items():
        path = ROOT / "docs" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")


def pages() -> dict[str, str]:
    """The text of every page by its name in docs/."""
    return {
        "merge-fields.md": _HEAD + "\n".join(_merge_fields()) + "\n",
        "people.md": _HEAD + "\n".join(_people()) + "\n",
        "forms-of-address.md": _HEAD + "\n".join(forms_of_address()) + "\n",
        **{
            f"forms-of-address/{code}.md": _HEAD + "\n".join(forms_in(code)) + "\n"
            for code in protocol_languages()
        },
        "countries.md": _HEAD + "\n".join(countries()) + "\n",
    }


def _merge_fields() -> Iterator[str]:
    yield "# What a campaign's text may say\n"
    yield (
        "A campaign's text is Markdown with fields in double braces: `{{ recipient.name }}`."
        " These are all the fields there are; any other name is an error that names its line."
        " Fields marked *may be empty* must be asked for before they are printed:"
        " `{% if recipient.name %}{{ recipient.name }}{% endif %}`."
        " Values are put in literally: they are never Markdown, and never merged again.\n"
    )
    by_owner: dict[str, list[DocumentedField]] = {}
    for field in documented_fields():
        owner, _, _ = field.path.rpartition(".")
        by_owner.setdefault(owner, []).append(field)
    by_owner.pop("recipients[]")  # the same as recipient
    for owner, members in by_owner.items():
        yield f"## {_owner_title(owner)}\n"
        yield "| Field | What it is | Example |"
        yield "| --- | --- | --- |"
        for field in members:
            name = field.path.replace("[]", "")
            if "[]" in owner:
                name = field.path.rpartition(".")[2]
            about = field.doc + (" *May be empty.*" if field.optional else "") + _list_note(field)
            yield f"| `{name}` | {about} | {field.example} |"
        yield ""
    yield "## Loops\n"
    yield (
        "Inside `{% for … %}`, `loop.index` counts from 1, `loop.first` and `loop.last` say where"
        " it stands, `loop.length` how many there are:"
        " `{{ ask }}{% if loop.last %}.{% else %};{% endif %}`.\n"
    )
    yield "## Markdown\n"
    yield (
        "Paragraphs, `**strong**`, `*emphasis*`, headings (`##`), lists, quotations, links to the"
        " web and to e-mail addresses, and pictures of the campaign. HTML and tables are printed"
        " as they stand.\n"
    )
    yield "## Filters\n"
    yield "| Filter | What it does |"
    yield "| --- | --- |"
    for name, about in FILTER_DOCS.items():
        yield f"| `{name}` | {about} |"
    yield ""
    yield "# What a frame may say\n"
    yield (
        "A frame (`letter.html.j2`, `letter.md.j2`) puts the finished letter on a page. It has"
        " `letter`, `body` (the letter's body in the frame's own format), and for HTML also"
        " `css`, `layout` and `pictures` (the address of each picture by its name).\n"
    )
    for owner, model in (
        ("letter", Letter),
        ("letter.letterhead, each", LetterheadEntry),
        ("letter.signatures, each", Signature),
    ):
        yield f"## `{owner}`\n"
        yield "| Field | What it is |"
        yield "| --- | --- |"
        for entry in fields(model):
            yield f"| `{entry.name}` | {entry.metadata['doc']} |"
        yield ""


def _owner_title(owner: str) -> str:
    if not owner:
        return "At the top"
    if owner.endswith("[]"):
        return f"`{owner.removesuffix('[]')}`, each"
    return f"`{owner}`"


def _list_note(field: DocumentedField) -> str:
    return " A list." if get_args(field.type)[1:] == (Ellipsis,) else ""


_KINDS = {
    "text": "text",
    "lines": "text; lines are separated by `|`, or by line breaks in TOML",
    "list": "texts, separated by `;`, or a list in TOML",
    "office": "an office",
    "gender": "a gender",
    "country": "ISO 3166-1 code, such as `SN`",
    "language": "language code",
    "date": "date, such as `2019-09-03`",
    "email": "e-mail address",
    "local": "text; with `_fr`, `_en`, … for one language (in TOML `office_title.fr`)",
}
_SENDER = (
    ("country", "yes", "Your country, as an ISO 3166-1 code. It decides forms of address, layout"
     " and the country line."),
    ("place", "", "The place of the dateline; by language: `place.fr = \"Londres\"`."),
    ("layout", "", "Your layout: `letter-kit list layouts`."),
    ("register", "", "How formally to write, where not as is usual for the office: `plain`,"
     " `formal` or `diplomatic`."),
    ("reference", "", "Your reference."),
    ("[[organisations]]", "yes", "Who sends; the first one leads."),
    ("name", "yes", "Its name; by language: `name.fr`, `name.en`."),
    ("address", "", "Its address: `[\"12 rue de la Paix\", \"75002 Paris\"]`."),
    ("email, phone, website", "", "How to reach it."),
    ("registration", "", "Its registration line."),
    ("logo", "", "A picture beside sender.toml: PNG, JPEG or SVG."),
    ("[[signatories]]", "yes", "Who signs, in order."),
    ("name", "yes", "The person's name."),
    ("title", "", "The office held; by language: `title.fr`, `title.en`."),
    ("organisation", "", "For whom the person signs; by language as well."),
    ("signature", "", "A picture of the handwriting."),
)  # fmt: skip


def _people() -> Iterator[str]:
    table = tomllib.loads((PEOPLE / "columns.toml").read_text("utf-8"))
    yield "# Recipients and senders\n"
    yield (
        "A recipient is a row of a list (CSV in UTF-8; comma, semicolon, tab or bar), a TOML file"
        " of its own, or `--set recipient.FIELD=VALUE`. The fields are the same. Only what a"
        " letter needs is required: an office, a name or an institution.\n"
    )
    yield "```csv\noffice,gender,full_name,organisation,city,country,language"
    yield "foreign_minister,f,Mariama Exemple,Ministère des Affaires étrangères,Dakar,SN,fr"
    yield ",,,Ministry of Foreign Affairs,Nairobi,KE,en\n```\n"
    yield (
        "The second row is an institution: no office, no name. More rows to look at:"
        " [recipients/sample.csv](../recipients/sample.csv).\n"
    )
    yield "## Fields of a recipient\n"
    yield "| Field | What it is | Form | Headers understood as well |"
    yield "| --- | --- | --- | --- |"
    for name, column in table["columns"].items():
        aliases = ", ".join(f"`{alias}`" for alias in column["aliases"])
        yield f"| `{name}` | {column['doc']} | {_KINDS[column['kind']]} | {aliases} |"
    yield "| `ask.ID` | What to do with the campaign's ask ID. | `ask`, `thank` or `skip` | |"
    yield (
        "\nHeaders match without regard to case, accents, spaces, hyphens and underscores. Other"
        " columns are told and passed over; a campaign may add fields of its own"
        " (`letter-kit show CAMPAIGN`).\n"
    )
    yield "## Offices\n"
    yield (
        "Every language has [forms of address](forms-of-address.md) for every office. A minister"
        " of anything but foreign affairs is `minister` with an `office_title`.\n"
    )
    yield "| Office | What it is | Words understood as well |"
    yield "| --- | --- | --- |"
    for office in offices().values():
        words = ", ".join(table["words"]["office"][office.id])
        yield f"| `{office.id}` | {office.about} | {words} |"
    yield ""
    for kind in ("gender", "stance"):
        yield f"Words for {'a gender' if kind == 'gender' else '`ask.ID`'}: " + "; ".join(
            f"`{code}`: {', '.join(words)}" for code, words in table["words"][kind].items()
        )
        yield ""
    yield "## sender.toml\n"
    yield "| Key | Required | What it is |"
    yield "| --- | --- | --- |"
    for key, required, about in _SENDER:
        yield f"| `{key}` | {required} | {about} |"
    yield (
        "\nTOML in three sentences: texts stand in straight quotes; dates (`2027-06-30`), numbers"
        " and `true` or `false` do not; `[[…]]` begins one more of a kind.\n"
    )


if __name__ == "__main__":
    main()
