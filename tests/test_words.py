"""Cells are words, not codes: they are read by tables, refused, or left, and never guessed."""

import csv
from pathlib import Path

import pytest

from letter_kit import RecipientError
from letter_kit.people import Note, understand
from letter_kit.people.columns import folded

with (Path(__file__).parent / "data" / "cells.csv").open(encoding="utf-8", newline="") as lines:
    CELLS = [tuple(row.values()) for row in csv.DictReader(lines)]
REFUSED = "refused: "
BASE = {"office": "official", "organisation": "Ministry"}
TITLES = {"honorific_prefix": "honorific_prefix", "full_name": "full_name"}


def test_there_are_enough_words_of_real_lists() -> None:
    assert len(CELLS) >= 250
    assert len(set(CELLS)) == len(CELLS)


@pytest.mark.parametrize(("column", "found", "expected"), CELLS)
def test_a_cell_means_what_it_says(column: str, found: str, expected: str) -> None:
    values = {**BASE, column: found}
    if expected.startswith(REFUSED):
        with pytest.raises(RecipientError) as caught:
            understand(values, ignore_unknown=True)
        (problem,) = caught.value.problems
        assert expected.removeprefix(REFUSED) in str(problem)
        assert problem.key == column
        return
    understood = understand(values, ignore_unknown=True)
    recipient = understood.recipient
    if expected == "blank":
        assert understood.notes == (Note(column, found, "nothing", "blank"),)
        return
    if column in TITLES:
        gender, _, text = expected.partition("|")
        if column == "full_name" and recipient.honorific_prefix:
            assert f"{recipient.honorific_prefix} {recipient.full_name}" == text
        else:
            assert getattr(recipient, column) == (text or None)
        assert recipient.gender == gender
    else:
        assert str(getattr(recipient, column)) == expected
        assert understood.notes or folded(expected) == folded(found), "a guess is never silent"
