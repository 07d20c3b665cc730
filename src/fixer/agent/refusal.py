"""The answer "no" of a tool: the text is what the model reads, and says what it can do instead."""


class Refused(Exception):  # noqa: N818 - not an error of fixer: an answer to the model
    """A tool does not do what it was asked; nothing was changed."""
