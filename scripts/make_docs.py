"""Makes the pages of docs/ that say what the code says. A test compares them with the files."""

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import get_args

from people_docs import people
from protocol_docs import countries, forms_in, forms_of_address

from letter_kit.context.fields import DocumentedField, documented_fields
from letter_kit.merging.filters import FILTER_DOCS
from letter_kit.models import Letter, LetterheadEntry, Signature
from letter_kit.protocol import protocol_languages

ROOT = Path(__file__).parent.parent
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
        "people.md": _HEAD + "\n".join(people()) + "\n",
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


if __name__ == "__main__":
    main()
