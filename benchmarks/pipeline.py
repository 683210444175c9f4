"""The way of a letter, from a recipient to the written letter, in microseconds of the processor.

Two lists are written: the foreign ministries, whose letters differ by the country, and one
of the same length in which no two recipients share a name, a street or a town. All runs in
this process, as in a worker of a batch: reading the row and writing the file are not in it.
Run it with ``python benchmarks/pipeline.py [markdown|html]``.
"""

import datetime as dt
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count, cycle, islice
from pathlib import Path
from typing import Any

from letter_kit import (
    DirectWorker,
    Mailing,
    Recipient,
    load_campaign,
    load_recipients,
    load_sender,
    write_letters,
)
from letter_kit import letters as steps
from letter_kit.frames import load_frame

ROOT = Path(__file__).parent.parent
PASSES = 20
"""How often the list is written; the least disturbed pass counts."""
STEPS = (
    "choose_language", "forms_of_address", "address_block", "choose_asks", "build_context",
    "merge", "compose_letter", "render", "letter_warnings",
)  # fmt: skip


def main(formats: list[str]) -> None:
    campaign = load_campaign("un2020")
    sender = load_sender(ROOT / "examples" / "sender.toml", campaign.fields)
    rows = load_recipients(ROOT / "recipients" / "foreign-ministries.csv", campaign.fields)
    listed = [row.recipient(campaign.fields) for row in rows]
    frame = load_frame("classic")
    for name in formats:
        mailing = Mailing(campaign, sender, dt.date(2019, 9, 3), (name,), frame)
        for said, recipients in (("as listed", cycle(listed)), ("all different", named(listed))):
            passes = [list(islice(recipients, len(listed))) for _ in range(PASSES)]
            whole = min(seconds(mailing, batch) for batch in passes) / len(listed)
            print(f"{name}, {said}: {whole * 1e6:.0f} microseconds a letter")
            least: dict[str, float] = {}
            for batch in passes:
                with clocked() as taken:
                    seconds(mailing, batch)
                least = {step: min(taken[step], least.get(step, 9)) for step in STEPS}
            for step, total in least.items():
                print(f"    {step:18} {total / len(listed) * 1e6:6.1f}")


def named(recipients: list[Recipient]) -> Iterator[Recipient]:
    """The recipients again and again, each time other people."""
    for number, recipient in zip(count(), cycle(recipients), strict=False):
        word = "".join(chr(ord("a") + int(digit)) for digit in f"{number:06}").capitalize()
        yield replace(
            recipient,
            gender="mf"[number % 2],
            honorific_prefix=None,
            given_name=f"Anna-{word}",
            family_name=f"Exemple {word}",
            street_1=f"{number} rue {word}",
            postal_code=f"{number:05}",
            city=f"Ville-{word}",
        )


def seconds(mailing: Mailing, recipients: list[Recipient]) -> float:
    """The time of all letters."""
    worker = DirectWorker()
    began = time.process_time()
    for recipient in recipients:
        write_letters(mailing, recipient, worker=worker)
    return time.process_time() - began


@contextmanager
def clocked() -> Iterator[Counter[str]]:
    """Inside, the seconds that each step takes are counted; the clock itself adds some."""
    taken: Counter[str] = Counter()
    functions: dict[str, Callable[..., Any]] = {name: getattr(steps, name) for name in STEPS}

    def timed(name: str) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            began = time.process_time()
            try:
                made = functions[name](*arguments, **options)
                return list(made) if isinstance(made, Iterator) else made
            finally:
                taken[name] += time.process_time() - began

        return call

    try:
        for name in STEPS:
            setattr(steps, name, timed(name))
        yield taken
    finally:
        for name, function in functions.items():
            setattr(steps, name, function)


if __name__ == "__main__":
    main(sys.argv[1:] or ["markdown", "html"])
