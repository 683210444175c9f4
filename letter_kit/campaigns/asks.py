"""Which asks stand in a letter, in the campaign's order."""

from collections.abc import Sequence

from letter_kit.errors import InputError, Problem, did_you_mean
from letter_kit.models import Campaign, ChosenAsk, Recipient

__all__ = ["choose_asks"]


def choose_asks(
    campaign: Campaign, recipient: Recipient, requested: Sequence[str] | None = None
) -> tuple[ChosenAsk, ...]:
    """The asks of a letter to ``recipient``, in the campaign's order.

    Without ``requested`` these are the campaign's default asks; with it, the required ones
    and those named. An ask that is not for this recipient falls away, and the recipient's
    own ``ask.ID`` (ask, thank or skip) has the last word.

    Raises `InputError` with every ask that is not known, is not for this recipient though
    it was requested, or is required but skipped.
    """
    problems = []
    if requested or recipient.asks:
        problems = _unknown(campaign, recipient, requested or ())
    chosen = []
    for ask in campaign.asks:
        stance = recipient.asks.get(ask.id)
        if stance == "skip":
            if ask.required:
                problems.append(
                    Problem(f"the ask {ask.id} is required and cannot be skipped", key="asks")
                )
            continue
        if not ask.only_for.admits(recipient):
            if requested is not None and ask.id in requested:
                problems.append(Problem(f"the ask {ask.id} is not for this recipient", key="asks"))
            continue
        wanted = ask.required or (ask.default if requested is None else ask.id in requested)
        if stance is not None or wanted:
            chosen.append(ChosenAsk(ask.id, stance or "ask"))
    if problems:
        raise InputError(problems)
    return tuple(chosen)


def _unknown(campaign: Campaign, recipient: Recipient, requested: Sequence[str]) -> list[Problem]:
    known = {ask.id for ask in campaign.asks}
    return [
        Problem(f"{campaign.id} has no ask {name}", key=key, hint=did_you_mean(name, known))
        for key, names in (("asks", requested), ("recipient.ask", recipient.asks))
        for name in names
        if name not in known
    ]
