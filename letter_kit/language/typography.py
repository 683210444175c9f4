"""The spaces that a language's typography wants, in text that is otherwise left as it is."""

from letter_kit.language.tables import language

__all__ = ["typeset"]


def typeset(text: str, code: str) -> str:
    """``text`` with the spaces of the language ``code`` made unbreakable, or fine.

    Only spaces that stand are changed and none are added, so web addresses, e-mail
    addresses and times stay as they were.
    """
    for pattern, replacement in language(code).spacing:
        text = pattern.sub(replacement, text)
    return text
