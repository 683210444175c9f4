"""The page of docs/ on recipients and senders: what lists may look like, and what is understood."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from letter_kit.people.phrases import words_table
from letter_kit.protocol import offices

__all__ = ["people"]

ROOT = Path(__file__).parent.parent
_KINDS = {
    "text": "text",
    "lines": "text; lines are separated by `|`, or by line breaks in TOML",
    "list": "texts, separated by `;`, or a list in TOML",
    "office": "an office",
    "gender": "a gender",
    "country": "a country",
    "language": "a language",
    "date": "date, such as `2019-09-03`",
    "email": "e-mail address",
    "local": "text; with `_fr`, `_en`, … for one language (in TOML `office_title.fr`)",
}
_FILES = (
    ("CSV, TSV", "Comma, semicolon, tab or bar, whichever the header has; `.tsv` has tabs; Excel’s"
     " first line `sep=;` counts; `--delimiter` says another. Any size: rows are read one by one."),
    ("XLSX, XLSM, ODS", "The first sheet with a header; the others are named in a warning, hidden"
     " ones passed over. Numbers, dates and true or false come as a person would type them. At most"
     " 50 MB, 200 MB unpacked, 5 million cells."),
    ("XLS", "The same, but the error of a formula arrives as an empty cell."),
)  # fmt: skip
_LANGUAGES = {
    "en": "English", "fr": "French", "es": "Spanish", "de": "German", "it": "Italian",
    "pt": "Portuguese", "ru": "Russian", "ar": "Arabic", "zh": "Chinese",
}  # fmt: skip
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


def people() -> Iterator[str]:
    """The lines of the page."""
    table = tomllib.loads((ROOT / "letter_kit" / "people" / "columns.toml").read_text("utf-8"))
    yield "# Recipients and senders\n"
    yield (
        "A recipient is a row of a list, a TOML file of its own, or"
        " `--set recipient.FIELD=VALUE`. The fields are the same. Only what a letter needs is"
        " required: an office, a name or an institution.\n"
    )
    yield "```csv\noffice,gender,full_name,organisation,city,country,language"
    yield "foreign_minister,f,Mariama Exemple,Ministère des Affaires étrangères,Dakar,SN,fr"
    yield ",,,Ministry of Foreign Affairs,Nairobi,KE,en\n```\n"
    yield (
        "The second row is an institution: no office, no name. More rows to look at:"
        " [recipients/sample.csv](../recipients/sample.csv). The same as an export may have it:\n"
    )
    yield "```csv\nTitle;Name;Job Title;Ministry;City;Country;Preferred language"
    yield "H.E. Mrs.;Mariama Exemple;Minister for Foreign Affairs;…;Dakar;Sénégal;français\n```\n"
    yield from _files()
    yield from _fields(table["columns"])
    yield from _words()
    yield from _offices()
    yield from _sender()


def _files() -> Iterator[str]:
    yield "## Files\n"
    yield "| Kind | How it is read |"
    yield "| --- | --- |"
    yield from (f"| {kind} | {about} |" for kind, about in _FILES)
    yield (
        "\nA file is read by what it is; where its name says something else, that is told. The"
        " header may stand below a title and blank lines. Every cell is text: `01234`, `NO`, `Null`"
        " and `1e5` stay as they are; a spreadsheet that keeps postal codes as numbers has lost"
        " their zeros, and is reported. A row that cannot be read fails alone.\n"
    )
    yield (
        "A text is in the encoding that its byte order mark names, else in UTF-8. Where it is"
        " neither, nothing is guessed: the first cell that shows it is printed as three encodings"
        " read it, and `--encoding NAME` says which one is right.\n"
    )


def _fields(columns: dict[str, Any]) -> Iterator[str]:
    yield "## Fields of a recipient\n"
    yield "| Field | What it is | Form | Headers understood as well |"
    yield "| --- | --- | --- | --- |"
    for name, column in columns.items():
        weak = (f"({alias})" for alias in column.get("weak", ()))
        aliases = ", ".join((*column["aliases"], *weak))
        yield f"| `{name}` | {column['doc']} | {_KINDS[column['kind']]} | {aliases} |"
    yield "| `ask.ID` | What to do with the campaign's ask ID. | `ask`, `thank` or `skip` | |"
    yield (
        "\nHeaders match without regard to case, accents, spaces, hyphens and underscores. Those in"
        " brackets count where no other header means the field; *Title* beside *Job Title* is"
        " what stands before the name. Other columns are told and passed over; a campaign may add"
        " fields of its own (`letter-kit show CAMPAIGN`).\n"
    )


def _words() -> Iterator[str]:
    table = words_table()
    yield "## Words in cells\n"
    yield (
        "Cells may hold words in the place of codes. What was understood is told; what cannot be"
        " read is an error of its row, with what was probably meant.\n"
    )
    yield (
        "- **Countries**: codes of two or three letters or three digits, and names in some eighty"
        " languages: *Côte d’Ivoire*, *Iran (Islamic Republic of)*, *Korea, Rep.*, *Россия*."
        " A name that means two countries, such as *Congo* or *Korea*, is refused."
    )
    yield (
        "- **Languages**: codes, and names in as many languages: *French*, *français*, *العربية*,"
        " *English (UK)*."
    )
    for kind, said in (("gender", "**Genders**"), ("stance", "**`ask.ID`**")):
        yield f"- {said}: " + "; ".join(
            f"`{code}`: {', '.join(words)}" for code, words in table[kind].items()
        )
    courtesy = table["courtesy"]
    yield (
        "- **Titles before a name**: courtesy tells the gender and is left to the forms of address,"
        " so that it is not printed twice (*H.E. Mrs.*, *Mme*, *Frau Dr.*, of which *Dr.* stays):"
        f" `m`: {', '.join(courtesy['m'])}; `f`: {', '.join(courtesy['f'])}. A rank or a degree"
        " (*Col.*, *Dr*, *H.E.*) says nothing of it, and stays. Before a whole name they count"
        " where they can be nothing else: *Mme Awa Ndiaye*; *M. Dupont* is left as it is, and"
        " told. A title that contradicts the column of the gender is an error. Where that"
        " column says `x`, nothing is inferred."
    )
    placeholders = table["placeholders"]
    yield (
        "- **Nothing**: *…*, *-*, *?* and other signs alone, "
        f"{', '.join(placeholders['any'])}. Where no name can stand, also"
        f" {', '.join(placeholders['words'])}; as the whole name,"
        f" {', '.join(placeholders['full_name'])}."
    )
    yield "- **Dates**: year, month, day: `2019-09-03`.\n"


def _offices() -> Iterator[str]:
    table = words_table()
    yield "## Offices\n"
    yield (
        "Every language has [forms of address](forms-of-address.md) for every office. A minister"
        " of anything but foreign affairs is `minister` with an `office_title`.\n"
    )
    yield (
        "In words, a title may say more than the office: *Minister for Foreign Affairs and"
        " Cooperation*, *Deputy Prime Minister and Minister for Foreign Affairs*. Of several"
        " offices the higher counts. Words such as *deputy*, *former*, *adviser* or *wife of* make"
        " it another one: `official`. A title that says more is printed as it stands, in letters"
        " in its own language; in others the usual title is. Without an office column, the office"
        " is read from `office_title` in the same way.\n"
    )
    said = ", ".join(f"*{text}*" for text in table["ambiguous"])
    yield f"Refused, because they mean different offices in different countries: {said}.\n"
    yield "| Office | What it is | Words understood as well |"
    yield "| --- | --- | --- |"
    for office in offices().values():
        by_language: dict[str, list[str]] = {}
        for key, texts in table["offices"][office.id].items():
            by_language.setdefault(key.partition("_")[0], []).extend(texts)
        words = "; ".join(
            f"{_LANGUAGES[code]}: {', '.join(texts)}" for code, texts in by_language.items()
        )
        yield f"| `{office.id}` | {office.about} | {words} |"
    yield ""


def _sender() -> Iterator[str]:
    yield "## sender.toml\n"
    yield "| Key | Required | What it is |"
    yield "| --- | --- | --- |"
    for key, required, about in _SENDER:
        yield f"| `{key}` | {required} | {about} |"
    yield (
        "\nTOML in three sentences: texts stand in straight quotes; dates (`2027-06-30`), numbers"
        " and `true` or `false` do not; `[[…]]` begins one more of a kind.\n"
    )
