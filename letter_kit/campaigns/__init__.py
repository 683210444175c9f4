"""A campaign: a folder with ``campaign.toml`` and one ``<lang>.md`` per language."""

from pathlib import Path

from letter_kit.assets import PICTURE_TYPES, read_picture
from letter_kit.campaigns.asks import choose_asks
from letter_kit.campaigns.facts import read_facts
from letter_kit.campaigns.texts import read_campaign_text
from letter_kit.errors import CampaignError, Problem
from letter_kit.library import Library
from letter_kit.models import Asset, Campaign, CampaignText

__all__ = ["choose_asks", "load_campaign"]


def load_campaign(where: str | Path, library: Library | None = None) -> Campaign:
    """The campaign of that name or folder, every file of it read and checked.

    Raises `InputError` where there is none, `CampaignError` with all problems of all its
    files at once.
    """
    folder = (library or Library.of()).campaign(where)
    problems: list[Problem] = []
    facts = read_facts(folder / "campaign.toml", problems)
    texts: dict[str, CampaignText] = {}
    for path in sorted(folder.glob("*.md")):
        if path.stem.lower() == "readme":
            continue
        text = read_campaign_text(path, facts.ask_ids, problems)
        if text is not None:
            texts[text.language] = text
    assets = _read_assets(folder, problems)
    source_language = facts.values.get("source_language", "")
    if not any(p.severity == "error" for p in problems) and source_language not in texts:
        problems.append(
            Problem(
                "the text in the source language is missing",
                path=str(folder / f"{source_language}.md"),
                hint="Write this file, or name another source_language in campaign.toml.",
            )
        )
    if any(problem.severity == "error" for problem in problems):
        raise CampaignError(problems)
    return Campaign(path=str(folder), texts=texts, assets=assets, **facts.values)


def _read_assets(folder: Path, problems: list[Problem]) -> dict[str, Asset]:
    assets: dict[str, Asset] = {}
    for path in sorted((folder / "assets").glob("*")):
        if path.suffix.lower() not in PICTURE_TYPES:
            continue
        try:
            asset = read_picture(folder, f"assets/{path.name}", CampaignError)
        except CampaignError as exc:
            problems.extend(exc.problems)
        else:
            assets[asset.name] = asset
    return assets
