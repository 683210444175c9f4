"""``letter-kit list`` and ``letter-kit show``: what there is, and what a campaign needs."""

from typing import Any

import click

from letter_kit.cli.messages import tell, to_json
from letter_kit.errors import CampaignError, InputError

__all__ = ["list_", "show"]

_KINDS = ("campaigns", "templates", "recipients", "layouts", "languages", "sheets")


@click.command("list")
@click.argument("kind", type=click.Choice(_KINDS), default="campaigns")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(kind: str, as_json: bool) -> None:
    """List what there is: campaigns, templates, recipients, layouts, languages or sheets."""
    entries = {
        "campaigns": _campaigns,
        "templates": _templates,
        "recipients": _recipients,
        "layouts": _layouts,
        "languages": _languages,
        "sheets": _sheets,
    }[kind]()
    if as_json:
        to_json(entries)
        return
    width = max((len(entry["name"]) for entry in entries), default=0)
    for entry in entries:
        click.echo(f"{entry['name']:<{width}}  {entry['about']}".rstrip())


@click.command()
@click.argument("campaign")
@click.option("--lang", metavar="CODE", help="The language to show. Default: the source language.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show(campaign: str, lang: str | None, as_json: bool) -> None:
    """Show CAMPAIGN: its asks, languages, period, and the fields it needs."""
    from letter_kit.campaigns import load_campaign
    from letter_kit.letters import text_in

    loaded = load_campaign(campaign)
    text, _ = text_in(loaded, lang or loaded.source_language)
    about = {
        "id": loaded.id,
        "title": text.title,
        "summary": text.summary,
        "background": text.background,
        "language": text.language,
        "languages": loaded.languages,
        "subject": text.subject,
        "valid_from": loaded.valid_from,
        "valid_until": loaded.valid_until,
        "organisers": loaded.organisers,
        "contacts": loaded.contacts,
        "links": loaded.links,
        "hashtags": loaded.hashtags,
        "recipients": loaded.recipients,
        "offices": loaded.offices,
        "mentions": loaded.mentions,
        "layout": loaded.layout,
        "max_pages": loaded.max_pages,
        "asks": [
            {
                "id": ask.id,
                "text": text.asks[ask.id],
                "thanks": text.thanks.get(ask.id),
                "required": ask.required,
                "default": ask.default,
                "only_for": {
                    "offices": ask.only_for.offices,
                    "countries": ask.only_for.countries,
                    "tags": ask.only_for.tags,
                },
            }
            for ask in loaded.asks
        ],
        "fields": [
            {
                "name": f"{field.owner}.{field.name}",
                "type": field.type,
                "required": field.required,
                "default": field.default,
                "help": field.help,
            }
            for field in loaded.fields
        ],
    }
    if as_json:
        to_json(about)
    else:
        _print_campaign(about)


def _print_campaign(about: dict[str, Any]) -> None:
    click.echo(f"{about['title']} ({about['id']})")
    click.echo(f"{about['summary']}\n")
    period = " to ".join(str(about[key] or "…") for key in ("valid_from", "valid_until"))
    rows = [
        ("Languages", ", ".join(about["languages"])),
        ("Period", period),
        ("Organisers", ", ".join(about["organisers"])),
        ("Contacts", ", ".join(about["contacts"])),
        ("Links", ", ".join(about["links"])),
        ("Hashtags", " ".join(about["hashtags"])),
        ("Recipients", about["recipients"]),
        ("Offices", ", ".join(about["offices"])),
        ("Subject", about["subject"]),
    ]
    for word, value in rows:
        if value:
            click.echo(f"{word + ':':<12} {value}")
    click.echo("\nAsks, in this order:")
    for ask in about["asks"]:
        marks = ["required" if ask["required"] else "optional"]
        if not ask["default"]:
            marks.append("not made unless named")
        if ask["thanks"]:
            marks.append("can be thanks")
        click.echo(f"  {ask['id']} ({', '.join(marks)})")
        click.echo(click.wrap_text(ask["text"], 92, "      ", "      "))
    if about["fields"]:
        click.echo("\nFields it needs besides the usual ones:")
        for field in about["fields"]:
            need = "required" if field["required"] else "optional"
            click.echo(f"  {field['name']} ({field['type']}, {need}) {field['help']}".rstrip())
    if about["background"]:
        click.echo()
        for paragraph in about["background"].split("\n\n"):
            click.echo(click.wrap_text(" ".join(paragraph.split()), 96) + "\n")


def _campaigns() -> list[dict[str, Any]]:
    from letter_kit.campaigns import load_campaign
    from letter_kit.library import Library

    entries = []
    for name, folder in Library.of().campaigns().items():
        try:
            campaign = load_campaign(folder)
        except CampaignError as exc:
            tell(exc.problems)
            entries.append({"name": name, "about": "cannot be read, see above", "languages": []})
            continue
        text = campaign.texts[campaign.source_language]
        entries.append(
            {
                "name": name,
                "about": f"{text.title} ({', '.join(campaign.languages)}): {text.summary}",
                "title": text.title,
                "summary": text.summary,
                "languages": list(campaign.languages),
                "path": str(folder),
            }
        )
    return entries


def _templates() -> list[dict[str, Any]]:
    from letter_kit.frames import describe_frame
    from letter_kit.library import Library

    entries = []
    for name, folder in Library.of().frames().items():
        try:
            about = describe_frame(folder)
        except InputError as exc:
            tell(exc.problems)
            about = "its template.toml cannot be read, see above"
        entries.append({"name": name, "about": about, "path": str(folder)})
    return entries


def _recipients() -> list[dict[str, Any]]:
    from letter_kit.library import Library
    from letter_kit.people import load_recipients

    entries = []
    for name, path in Library.of().lists().items():
        try:
            rows = load_recipients(path).rows
        except InputError as exc:
            tell(exc.problems)
            continue
        entries.append({"name": name, "about": f"{rows} rows", "rows": rows, "path": str(path)})
    return entries


def _layouts() -> list[dict[str, Any]]:
    from letter_kit.layout import layouts

    return [{"name": entry.id, "about": entry.name} for entry in layouts().values()]


def _languages() -> list[dict[str, Any]]:
    from letter_kit.language import language, languages

    return [{"name": code, "about": language(code).name} for code in languages()]


def _sheets() -> list[dict[str, Any]]:
    from letter_kit.printing import sheets

    return [{"name": entry.name, "about": entry.about} for entry in sheets().values()]
