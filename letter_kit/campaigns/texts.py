"""``<lang>.md``: all the words of a campaign in one language.

TOML front matter between two lines ``+++``, then the body, Markdown with Jinja.
"""

import re
from pathlib import Path

from letter_kit.campaigns.facts import LANGUAGE_CODE
from letter_kit.errors import CampaignError, Problem, did_you_mean
from letter_kit.models import CampaignText
from letter_kit.reading import Source, Table, parse_toml, read_text, shown

__all__ = ["read_campaign_text"]

_FENCE = "+++"
_TRANSLATED_FROM = re.compile(r"[a-z]{2,3}(?:-[A-Z]{2})?@[0-9a-f]{8}")


def read_campaign_text(
    path: Path, ask_ids: tuple[str, ...] | None, problems: list[Problem]
) -> CampaignText | None:
    """Read one language's file; what is wrong is added to ``problems``.

    ``ask_ids`` is ``None`` where ``campaign.toml`` could not be read: then every ask may be.
    """
    language = path.stem
    if not LANGUAGE_CODE.fullmatch(language):
        problems.append(
            Problem(
                "the file's name is no language code",
                path=str(path),
                expected="a name such as fr.md or fr-CA.md",
                found=path.name,
            )
        )
        return None
    try:
        text = read_text(path, CampaignError)
        front_matter, body, body_line = _split(text, str(path))
        source = parse_toml(front_matter, str(path), first_line=2, error=CampaignError)
    except CampaignError as exc:
        problems.extend(exc.problems)
        return None

    table = Table(source, problems=problems)
    title = table.text("title", required=True)
    subject = table.text("subject", required=True)
    summary = table.text("summary") or ""
    background = table.text("background", multiline=True) or ""
    enclosures = table.texts("enclosures")
    translated_from = table.text(
        "translated_from",
        pattern=_TRANSLATED_FROM,
        expected="LANGUAGE@FINGERPRINT, such as fr@1f3a5b7c",
    )
    asks = _ask_texts(table, "asks", ask_ids)
    thanks = _ask_texts(table, "thanks", ask_ids)
    for ask_id in ask_ids or ():
        if ask_id not in source.data.get("asks", {}):
            table.table("asks").report(
                ask_id,
                "the ask has no text in this language",
                hint=f'Add {ask_id} = "…" under [asks].',
            )
    table.finish()
    if not body.strip():
        problems.append(Problem("the body is empty", path=str(path), line=body_line))
    return CampaignText(
        language=language,
        title=title or "",
        subject=subject or "",
        summary=summary,
        background=background,
        asks=asks,
        thanks=thanks,
        enclosures=enclosures,
        translated_from=translated_from,
        body=body,
        path=str(path),
        body_line=body_line,
        source=text,
        lines=_lines_of_texts(source),
    )


def _split(text: str, path: str) -> tuple[str, str, int]:
    """Front matter, body, and the line on which the body begins."""
    lines = text.split("\n")
    if lines[0].rstrip() != _FENCE:
        raise CampaignError.of(
            "the front matter is missing",
            path=path,
            line=1,
            expected="a first line +++",
            found=shown(lines[0]),
            hint="Begin with +++, then title and subject, then +++, then the letter.",
        )
    for number, line in enumerate(lines[1:], start=2):
        if line.rstrip() == _FENCE:
            return "\n".join(lines[1 : number - 1]), "\n".join(lines[number:]), number + 1
    raise CampaignError.of(
        "the front matter does not end",
        path=path,
        line=1,
        expected="a second line +++ before the letter's text",
    )


def _ask_texts(table: Table, key: str, ask_ids: tuple[str, ...] | None) -> dict[str, str]:
    texts = table.table(key)
    found = {}
    for ask_id in texts.names():
        if ask_ids is not None and ask_id not in ask_ids:
            texts.report(
                ask_id, "campaign.toml has no such ask", hint=did_you_mean(ask_id, ask_ids)
            )
        elif text := texts.text(ask_id, required=True):
            found[ask_id] = text
    return found


def _lines_of_texts(source: Source) -> dict[str, int]:
    """The line of every text that is merged, for messages about it."""
    keys: list[tuple[str, ...]] = [("subject",)]
    keys += [(group, name) for group in ("asks", "thanks") for name in source.data.get(group, ())]
    return {".".join(key): source.line_of(key) or 1 for key in keys}
