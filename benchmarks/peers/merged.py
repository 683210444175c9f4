"""The letters of a list as the peers get them: merged by letter-kit, and ready to be set."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt

from letter_kit import DirectWorker, load_campaign, load_recipients, load_sender
from letter_kit.formats.html import letter_html
from letter_kit.frames import load_frame
from letter_kit.layout import layout
from letter_kit.letters import Mailing, write_letters
from letter_kit.models import Letter, Recipient

__all__ = ["ROOT", "mailing_of", "merged_letters", "people", "ready_letters"]

ROOT = Path(__file__).parent.parent.parent
_PAPER = "nf-z11-001"


def mailing_of(form: str) -> Mailing:
    """UN2020, from the sender of the examples."""
    campaign = load_campaign("un2020")
    sender = load_sender(ROOT / "examples" / "sender.toml", campaign.fields)
    frame = load_frame("classic")
    return Mailing(campaign, sender, dt.date(2019, 9, 3), (form,), frame, layout=_PAPER)


def people(mailing: Mailing, path: Path) -> list[Recipient]:
    """The recipients of a list."""
    fields = mailing.campaign.fields
    return [row.recipient(fields) for row in load_recipients(path, fields)]


def merged_letters(mailing: Mailing, path: Path) -> Iterator[Letter]:
    """The letter to each recipient of a list."""
    worker = DirectWorker()
    for person in people(mailing, path):
        (written,) = write_letters(mailing, person, worker=worker)
        yield written.letter


def ready_letters(path: Path, folder: Path) -> Iterator[dict[str, Any]]:
    """Each letter as data, with its page in HTML; their pictures are files in ``folder``."""
    for letter in merged_letters(mailing_of("markdown"), path):
        yield _as_data(letter, folder)


def _as_data(letter: Letter, folder: Path) -> dict[str, Any]:
    def saved(name: str, _: object = None) -> str:
        file = folder / f"{name.replace('/', '-')}.svg"
        if not file.exists():
            file.write_bytes(letter.assets[name].content)
        return file.name

    organisation = letter.letterhead[0]
    assert organisation.logo is not None
    return {
        "html": letter_html(letter, load_frame("classic"), layout(_PAPER), saved),
        "language": letter.language,
        "title": letter.title,
        "author": organisation.name,
        "description": letter.subject,
        "organisation": organisation.name,
        "about": [" · ".join(organisation.address), " · ".join(organisation.contacts)],
        "logo": saved(organisation.logo),
        "address": letter.address,
        "place_and_date": letter.place_and_date,
        "label": letter.labels["subject"] + letter.labels["colon"],
        "subject": letter.subject,
        "body": _blocks(letter.body),
        "signatures": [
            {"name": who.name, "title": who.title, "picture": saved(who.picture or "")}
            for who in letter.signatures
        ],
        "page": letter.labels["page"],
        "markdown": "\n\n".join(
            ("\\\n".join(letter.address), f"**{letter.subject}**", letter.body)
        ),
    }


def _blocks(body: str) -> list[str | list[str]]:
    """Paragraphs as texts, and lists as lists of texts."""
    blocks: list[str | list[str]] = []
    items: list[str] | None = None
    for token in MarkdownIt().parse(body):
        if token.type == "bullet_list_open":
            items = []
            blocks.append(items)
        elif token.type == "bullet_list_close":
            items = None
        elif token.type == "inline":
            (blocks if items is None else items).append(token.content)
    return blocks
