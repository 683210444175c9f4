"""What would embarrass the sender, found before anything is sent."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

from letter_kit.campaigns import load_campaign
from letter_kit.engines import GuardedWorker, Limits
from letter_kit.errors import (
    InputError,
    LetterKitError,
    Problem,
    RunawayError,
    did_you_mean,
)
from letter_kit.frames import Frame, load_frame
from letter_kit.language import countries_named, country_name, format_date, look_again
from letter_kit.layout import layouts
from letter_kit.letters import WrittenLetter, own_field_names, write_letter
from letter_kit.library import Library
from letter_kit.models import (
    Campaign,
    CampaignText,
    Organisation,
    Recipient,
    Sender,
    Signatory,
)
from letter_kit.people import load_recipients
from letter_kit.people.columns import columns
from letter_kit.protocol import check_protocol
from letter_kit.quality import stale

__all__ = ["check_campaign", "check_language", "check_recipients", "trial_letter"]

_SECONDS = 12.0
"""For all languages of a campaign together; a sound one takes a tenth of it."""

_SENDER = Sender(
    country="FR",
    place={"": "Paris"},
    organisations=(
        Organisation({"": "Organisation"}, ("1 rue Exemple", "75001 Paris"), email="a@example.org"),
    ),
    signatories=(Signatory("A. Exemple", {"": "…"}), Signatory("B. Exemple", {"": "…"})),
)
_TRIALS = {
    "a woman": Recipient(
        office="foreign_minister",
        gender="f",
        full_name="Anna-Maria Exemple",
        country="SN",
        represents_country="SN",
        city="Dakar",
        organisation={"": "Ministère"},
    ),
    "a man": Recipient(
        office="foreign_minister", gender="m", family_name="Exemple", represents_country="CA"
    ),
    "someone unknown": Recipient(office="foreign_minister", represents_country="BR"),
    "an institution": Recipient(office="body", organisation={"": "Ministère"}),
}
_SINGLE_BRACES = re.compile(r"(?<![{%]){ ?[a-z_]+(?:\.[a-z_]+)* ?}(?!})")
_FIELD_SAMPLES = {"text": "…", "number": "1", "date": "2020-01-01", "flag": "true"}


def check_campaign(campaign: Campaign, template: str = "classic") -> Iterator[Problem]:
    """Every problem of a campaign that was loaded, language by language.

    Its texts are compiled and merged for telling recipients (a woman, a man, someone
    unknown, an institution), and laid out once in each language. All of it runs in a
    process with limits, and takes 12 s at most.
    """
    yield from _check_facts(campaign)
    frame = load_frame(template)
    with GuardedWorker(Limits(in_all=_SECONDS)) as worker:
        for language in campaign.languages:
            text = campaign.texts[language]
            found = check_language(language)
            if faults := dict.fromkeys(replace(p, path=p.path or text.path) for p in found):
                yield from faults
                continue
            yield from _check_translation(campaign, text)
            yield from _check_parts(campaign, text)
            yield from _check_countries(campaign, text)
            if worker.time_left > 0:
                yield from _check_language(campaign, text, frame, worker)
            else:
                yield Problem(
                    "the text was not tried: the other languages took too long",
                    path=text.path,
                    hint="Mend those first, and check again.",
                )


def check_language(code: str) -> Iterator[Problem]:
    """What cannot be used of a language's three files, one problem a file."""

    def written() -> None:
        format_date(dt.date(2000, 1, 1), code)

    def countries() -> None:
        country_name("FR", code)

    def protocol() -> None:
        check_protocol(code)

    look_again(object())
    for check in (protocol, written, countries):
        try:
            check()
        except InputError as exc:
            yield from exc.problems


def check_recipients(
    path: Path,
    campaign: Campaign | None = None,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
) -> Iterator[Problem]:
    """Every problem of a list of recipients, row by row, and the columns it ignores.

    Raises `RecipientError` where the list cannot be read at all.
    """
    fields = campaign.fields if campaign else ()
    recipients = load_recipients(path, fields, encoding=encoding, delimiter=delimiter)
    if recipients.ignored:
        yield Problem(
            "columns that letter-kit does not use",
            path=str(path),
            line=1,
            found=", ".join(recipients.ignored),
            severity="warning",
        )
    yield from recipients.warnings
    rows = 0
    for row in recipients:
        rows += 1
        try:
            recipient = row.recipient(fields)
        except LetterKitError as exc:
            yield from exc.problems
        else:
            for problem in stale(recipient, dt.date.today()):
                yield replace(problem, path=str(path), line=row.line)
    if not rows:
        yield Problem("the list has no rows", path=str(path), line=2, expected="a recipient a line")


def trial_letter(format: str) -> WrittenLetter:
    """A letter of the built-in campaign to an invented minister, to see whether all works."""
    campaign = load_campaign("un2020", Library.builtin())
    recipient = _TRIALS["a woman"]
    return write_letter(campaign, recipient, _SENDER, format=format, date=campaign.valid_from)


def _check_language(
    campaign: Campaign, text: CampaignText, frame: Frame, worker: GuardedWorker
) -> Iterator[Problem]:
    try:
        problems = worker.run(_compile_all, text, own_field_names(campaign), what=text.path)
    except RunawayError as exc:
        yield from exc.problems
        return
    yield from problems
    if problems:
        return
    seen: set[Problem] = set()
    for index, (who, recipient) in enumerate(_TRIALS.items()):
        try:
            written = write_letter(
                # Which countries the text names was told with its lines already.
                replace(campaign, mentions=tuple(columns().countries), offices=()),
                replace(recipient, extra=_sample_fields(campaign, "recipient")),
                replace(_SENDER, extra=_sample_fields(campaign, "sender")),
                date=campaign.valid_from or dt.date.today(),
                language=text.language,
                template=frame,
                format="pdf" if index == 0 else "html",
                worker=worker,
            )
            found = written.warnings
        except RunawayError as exc:
            yield from exc.problems
            return
        except LetterKitError as exc:
            found = tuple(
                replace(
                    p, path=p.path or text.path, message=f"{p.message} (in a trial letter to {who})"
                )
                for p in exc.problems
            )
        for problem in found:
            alike = replace(problem, message=problem.message.partition(" (in a trial letter")[0])
            if alike not in seen:
                seen.add(alike)
                yield problem


def _compile_all(text: CampaignText, names: dict[str, tuple[str, ...]]) -> list[Problem]:
    from letter_kit.merging.merge import check_text

    return list(check_text(text, names))


def _sample_fields(campaign: Campaign, owner: str) -> dict[str, str]:
    return {
        field.name: field.default or _FIELD_SAMPLES[field.type]
        for field in campaign.fields
        if field.owner == owner
    }


def _check_facts(campaign: Campaign) -> Iterator[Problem]:
    """What ``campaign.toml`` names and other parts must know."""
    path = f"{campaign.path}/campaign.toml"
    folder = Path(campaign.path).resolve().name
    if folder != campaign.id:
        yield Problem(
            "differs from the folder's name, by which the campaign is called",
            path=path,
            key="id",
            expected=f'"{folder}"',
            found=f'"{campaign.id}"',
            severity="warning",
        )
    if campaign.recipients is not None:
        try:
            Library.of().recipients(campaign.recipients)
        except InputError as exc:
            yield from (replace(p, path=path, key="recipients") for p in exc.problems)
    if campaign.layout is not None and campaign.layout not in layouts():
        hint = did_you_mean(campaign.layout, layouts())
        yield Problem("is not known", path, key="layout", found=repr(campaign.layout), hint=hint)
    known = set(columns().words["office"].values())
    groups = [("", campaign.offices, campaign.mentions, "mentions")]
    for number, ask in enumerate(campaign.asks, start=1):
        prefix = f"asks[{number}].only_for."
        groups.append((prefix, ask.only_for.offices, ask.only_for.countries, "countries"))
    for prefix, offices, countries, countries_key in groups:
        for office in sorted(set(offices) - known):
            key, hint = f"{prefix}offices", did_you_mean(office, known)
            yield Problem("is not known", path, key=key, found=repr(office), hint=hint)
        for code in sorted(set(countries) - columns().countries):
            key = f"{prefix}{countries_key}"
            yield Problem("is no country code", path, key=key, found=repr(code))


def _check_translation(campaign: Campaign, text: CampaignText) -> Iterator[Problem]:
    if text.language == campaign.source_language:
        return
    source, _, fingerprint = (text.translated_from or "").partition("@")
    if source not in campaign.texts:
        current = campaign.texts[campaign.source_language].fingerprint
        yield Problem(
            "it is not said which text this translates",
            path=text.path,
            line=1,
            key="translated_from",
            expected=f'"{campaign.source_language}@{current}"',
            found=repr(text.translated_from) if text.translated_from else None,
            severity="warning",
        )
    elif fingerprint != campaign.texts[source].fingerprint:
        yield Problem(
            f"the text in {source} has changed since this was translated",
            path=text.path,
            line=1,
            key="translated_from",
            expected=f'"{source}@{campaign.texts[source].fingerprint}"',
            found=f'"{text.translated_from}"',
            hint="Bring the translation up to date, then set the expected value.",
            severity="warning",
        )


def _check_countries(campaign: Campaign, text: CampaignText) -> Iterator[Problem]:
    """Countries that the text names and `campaign.toml` does not: written for one recipient."""
    pieces = [(text.subject, text.lines.get("subject", 1))]
    for group, texts in (("asks", text.asks), ("thanks", text.thanks)):
        pieces += [(words, text.lines.get(f"{group}.{ask}", 1)) for ask, words in texts.items()]
    pieces += list(zip(text.body.split("\n"), count(text.body_line), strict=False))
    for words, line in pieces:
        for code in sorted(countries_named(words, text.language) - set(campaign.mentions)):
            yield Problem(
                f"the text names {country_name(code, text.language)}, whoever the recipient is",
                path=text.path,
                line=line,
                hint="Write {{ recipient.country }} where the recipient's country is meant; else"
                f' add "{code}" to mentions in campaign.toml.',
                severity="warning",
            )


def _check_parts(campaign: Campaign, text: CampaignText) -> Iterator[Problem]:
    for number, line in enumerate(text.body.split("\n"), start=text.body_line):
        for match in _SINGLE_BRACES.finditer(line):
            yield Problem(
                "single braces are printed as they stand",
                path=text.path,
                line=number,
                found=match[0],
                hint=f"Did you mean {{{match[0]}}}?",
                severity="warning",
            )
    for name, wanted in (("asks", any(a.required for a in campaign.asks)), ("thanks", text.thanks)):
        if wanted and not re.search(r"{[{%].*\b" + name + r"\b", text.body):
            yield Problem(
                f"the letter never says its {name}",
                path=text.path,
                line=text.body_line,
                hint=f"Loop over them where they belong: {{% for x in {name} %}} … {{% endfor %}}",
                severity="warning",
            )
    thanked = {ask for other in campaign.texts.values() for ask in other.thanks}
    for ask in sorted(thanked - set(text.thanks)):
        yield Problem(
            "other languages have a text of thanks for this ask, and this one has not",
            path=text.path,
            line=1,
            key=f"thanks.{ask}",
            severity="warning",
        )
    for name in ("salutation", "closing"):
        if not re.search(r"\{\{-?\s*" + name + r"\b", text.body):
            yield Problem(
                f"the letter has no {name}",
                path=text.path,
                line=text.body_line,
                hint=f"Put {{{{ {name} }}}} where it belongs.",
                severity="warning",
            )
