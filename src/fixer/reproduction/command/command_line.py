"""Sorts a tool's arguments into the options that still matter and the places that it was pointed at."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """What is known about a tool's options; every other option is kept as it is."""

    dropped: frozenset[str] = frozenset()
    """Options without a value that must not be repeated."""
    dropped_with_value: frozenset[str] = frozenset()
    """Options with a value that must not be repeated."""
    with_value: frozenset[str] = frozenset()
    """Options that are kept together with their value."""


def options(dropped: str = "", dropped_with_value: str = "", with_value: str = "") -> Options:
    """Build `Options` from names with blanks between them."""
    return Options(frozenset(dropped.split()), frozenset(dropped_with_value.split()), frozenset(with_value.split()))


@dataclass(frozen=True)
class Arguments:
    """The arguments of one command, sorted."""

    options: tuple[str, ...]
    places: tuple[str, ...]
    """Files, folders, node ids: what is no option and no option's value."""


def sort_arguments(arguments: Sequence[str], known: Options, exists: Callable[[str], bool]) -> Arguments:
    """Sort `arguments` into options and places.

    A word behind an unknown option is the option's value unless `exists` says that it is a place of the project.
    """
    kept: list[str] = []
    places: list[str] = []
    waiting = list(reversed(arguments))
    while waiting:
        word = waiting.pop()
        if word == "--":
            places += reversed(waiting)
            break
        if not word.startswith("-") or word == "-":
            places.append(word)
            continue
        name, has_value = _name(word, known)
        if name in known.dropped_with_value:
            if not has_value and waiting and not waiting[-1].startswith("-"):
                waiting.pop()
        elif name in known.with_value:
            kept.append(word)
            if not has_value and waiting:
                kept.append(waiting.pop())
        else:
            rest = _without_dropped(word, known)
            kept += rest
            if rest and not has_value and waiting and _is_value(waiting[-1], rest[0], exists):
                kept.append(waiting.pop())
    return Arguments(tuple(kept), tuple(places))


def _name(word: str, known: Options) -> tuple[str, bool]:
    """Return the option's name, and whether its value is in the same word (`--name=value`, `-n4`)."""
    if word.startswith("--"):
        name, equals, _ = word.partition("=")
        return name, bool(equals)
    short = word[:2]
    if short in known.with_value | known.dropped_with_value:
        return short, len(word) > len(short)
    return word, False


def _without_dropped(word: str, known: Options) -> list[str]:
    """Take dropped options out of a word, also out of joined short ones such as `-xvs`."""
    if word.partition("=")[0] in known.dropped:
        return []
    if word.startswith("--"):
        return [word]
    letters = "".join(letter for letter in word[1:] if f"-{letter}" not in known.dropped)
    return [f"-{letters}"] if letters else []


def _is_value(word: str, option: str, exists: Callable[[str], bool]) -> bool:
    return option.startswith("--") and not word.startswith("-") and not exists(word)
