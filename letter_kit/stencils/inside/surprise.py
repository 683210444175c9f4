"""What is met where WeasyPrint, or a page, is not as this package knows it."""

__all__ = ["Surprise"]


class Surprise(Exception):  # noqa: N818  # it is met, and costs time only
    """The letter has to be laid out by WeasyPrint alone."""
