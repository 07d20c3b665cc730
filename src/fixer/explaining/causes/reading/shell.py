"""Words of a command come in, of which a log may have written some; a line that can be pasted into a shell goes out."""

from collections.abc import Sequence

LONGEST = 200


def plain(word: str) -> bool:
    """Whether a word out of a log may stand in a command: printable, bounded, and not to be taken for an option."""
    return bool(word) and len(word) <= LONGEST and word.isprintable()


def shell_line(words: Sequence[str]) -> str:
    """Return the words as one line for a POSIX shell, quoted where they need it."""
    import shlex  # noqa: PLC0415 - most explanations need none

    return " ".join(shlex.quote(word) for word in words)
