"""What can go wrong, as data.

An error carries its problems and neither prints nor knows the command line::

    LetterKitError
    ├── InputError            what was given is wrong: campaign, person, template, usage
    │   ├── CampaignError
    │   ├── RecipientError
    │   ├── SenderError
    │   ├── TemplateError     a text or a frame that cannot be merged
    │   │   └── RunawayError  …because it takes too much time or memory
    │   └── LetterError       a letter that must not be sent as it is
    └── SetupError            the machine stands in the way: disk, permission, library
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Literal, Self

__all__ = [
    "CampaignError",
    "InputError",
    "LetterError",
    "LetterKitError",
    "Problem",
    "RecipientError",
    "RunawayError",
    "SenderError",
    "SetupError",
    "TemplateError",
    "did_you_mean",
]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, with all a person needs to mend it.

    ``path`` is the file as the person named it, ``line`` counts from 1, ``key`` is the
    field. ``hint`` is the next step. A ``warning`` does not stop a letter.
    """

    message: str
    path: str | None = None
    line: int | None = None
    key: str | None = None
    expected: str | None = None
    found: str | None = None
    hint: str | None = None
    severity: Literal["error", "warning"] = "error"

    @property
    def where(self) -> str:
        """``campaign.toml:7``, as far as it is known."""
        return ":".join(str(part) for part in (self.path, self.line) if part is not None)

    @property
    def text(self) -> str:
        """One line: what, what was expected and what was found."""
        said = self.message if self.key is None else f"{self.key}: {self.message}"
        details = [
            f"{word} {value}"
            for word, value in (("expected", self.expected), ("found", self.found))
            if value is not None
        ]
        return said + (f" ({', '.join(details)})" if details else "")

    def __str__(self) -> str:
        lines = [f"{self.where}: {self.text}" if self.where else self.text]
        if self.hint:
            lines.append(f"  {self.hint}")
        return "\n".join(lines)

    def as_dict(self) -> dict[str, Any]:
        """The same for ``--json``; absent parts are ``None``."""
        return {
            "severity": self.severity,
            "file": self.path,
            "line": self.line,
            "key": self.key,
            "message": self.message,
            "expected": self.expected,
            "found": self.found,
            "hint": self.hint,
        }


class LetterKitError(Exception):
    """The base of every error that letter-kit raises on purpose."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    @classmethod
    def of(cls, message: str, **details: Any) -> Self:
        """An error of a single problem; ``details`` are the fields of `Problem`."""
        return cls([Problem(message, **details)])

    def at(self, path: str, line: int | None = None) -> Self:
        """The same error, its problems placed there where they name no file."""
        return type(self)(p if p.path else replace(p, path=path, line=line) for p in self.problems)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


class InputError(LetterKitError):
    """What was given is wrong."""


class CampaignError(InputError):
    """A campaign that cannot be used."""


class RecipientError(InputError):
    """A recipient, or a list of them, that cannot be used."""


class SenderError(InputError):
    """A sender that cannot be used."""


class TemplateError(InputError):
    """A campaign's text, or a frame, that cannot be merged."""


class RunawayError(TemplateError):
    """A text or a frame that was stopped because it took too much time or memory."""


class LetterError(InputError):
    """A letter that must not be sent as it is."""


class SetupError(LetterKitError):
    """The machine stands in the way: disk, permission, a missing library."""


def did_you_mean(found: str, known: Iterable[str]) -> str | None:
    """The hint for a misspelt name, or the names there are.

    >>> did_you_mean("foriegn_minister", ["foreign_minister", "mayor"])
    'Did you mean foreign_minister?'
    """
    from difflib import get_close_matches

    names: Sequence[str] = list(islice(dict.fromkeys(known), 300))
    folded = {name.casefold(): name for name in names}
    close = get_close_matches(found.casefold()[:100], folded, n=1, cutoff=0.6)
    if close:
        return f"Did you mean {folded[close[0]]}?"
    if not names:
        return None
    shown = ", ".join(names[:12]) + (", …" if len(names) > 12 else "")
    return f"Known: {shown}."
