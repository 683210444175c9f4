"""What is kept of one letter for the next changes no letter, and never grows without end."""

import ast
import random
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from conftest import DATE, ROOT

import letter_kit
from letter_kit import (
    Campaign,
    DirectWorker,
    Mailing,
    Recipient,
    Sender,
    load_campaign,
    load_recipients,
    write_letters,
)
from letter_kit.frames import load_frame

PACKAGE = Path(letter_kit.__file__).parent
FINITE = {"_field_names"}
"""Functions with arguments that can have few values: types of our own."""


def listed(campaign: Campaign) -> list[Recipient]:
    rows = load_recipients(ROOT / "recipients" / "foreign-ministries.csv", campaign.fields)
    return [row.recipient(campaign.fields) for row in rows]


def named(recipients: list[Recipient]) -> Iterator[Recipient]:
    """The recipients, each time with names and addresses that nobody had before."""
    for number in count():
        yield replace(
            recipients[number % len(recipients)],
            gender="mfx"[number % 3],
            full_name=f"Anna {number}-{'é*' * (number % 3)} O'Exemple",
            street_1=f'{number} "rue"',
            city=f"Ville {number}",
            office_title={"": f"Titre {number}"} if number % 5 == 0 else {},
        )


@pytest.mark.parametrize("name", sorted(p.name for p in (ROOT / "campaigns").iterdir()))
def test_letters_are_the_same_in_any_order_and_alone(name: str, sender: Sender) -> None:
    campaign = load_campaign(ROOT / "campaigns" / name)
    people = listed(campaign)[::9]
    people += [who for who, _ in zip(named(people), range(len(people)), strict=False)]
    chance = random.Random(1)  # noqa: S311  # no secret
    made: dict[int, list[bytes]] = {}
    for template in ("classic", "modern"):
        frame = load_frame(template)
        mailing = Mailing(campaign, sender, DATE, ("markdown", "html"), frame)
        for _ in range(2):
            for index in chance.sample(range(len(people)), len(people)):
                alone = replace(mailing) if index % 4 == 0 else mailing
                letters = write_letters(alone, people[index], worker=DirectWorker())
                content = [written.document.content for written in letters]
                key = index + 1000 * (template == "modern")
                assert made.setdefault(key, content) == content


def test_every_cache_has_a_bound() -> None:
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.FunctionDef) or node.name in FINITE:
                continue
            for decorator in node.decorator_list:
                said = ast.unparse(decorator)
                assert said != "cache" or not node.args.args, f"{path}: {node.name}"
                assert not said.startswith("lru_cache") or "maxsize=" in said, f"{path}: {said}"
                assert "maxsize=None" not in said, f"{path}: {said}"


def test_memory_stays_flat_however_many_people_there_are(un2020: Campaign, sender: Sender) -> None:
    mailing = Mailing(un2020, sender, DATE, ("html",), load_frame("classic"))
    people = named(listed(un2020))
    worker = DirectWorker()

    def grown_after(letters: int) -> int:
        for _ in range(letters):
            write_letters(mailing, next(people), worker=worker)
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        before = grown_after(1200)
        assert grown_after(400) - before < 150_000, "bytes, by 400 letters"
    finally:
        tracemalloc.stop()
