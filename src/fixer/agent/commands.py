"""The commands that a model may ask for: an argument list from the model goes in, one that may run comes out.

All of them run in the sandbox; the list keeps a model from turning a test runner, git or make into a way to start
something else, and its transcript readable.
"""

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from fixer.agent.confined import Confined, parts_of
from fixer.agent.refusal import Refused
from fixer.schema.command import Invocation
from fixer.schema.reproduction import Reproduction

MAX_WORDS = 40
MAX_WORD = 400
_PLAIN_OPTIONS = frozenset(
    {"-v", "-vv", "-q", "-x", "-s", "-l", "-ra", "--verbose", "--quiet", "--exitfirst", "--showlocals", "--no-header"}
    | {
        "--failfast",
        "--tb=short",
        "--tb=long",
        "--tb=line",
        "--full-trace",
        "--nocapture",
        "--release",
        "--",
        "-f",
        "-b",
    }
)
"""Options that change what is shown or which tests run; in no tool do they take a file or a module."""
_WITH_VALUE = frozenset({"-k", "-t", "--filter"})
"""Options whose next word is an expression over names of tests."""
_SUBCOMMAND = re.compile(r"[a-z][a-z0-9:-]*")
_TEST_NAME = re.compile(r"[A-Za-z_][\w.:$]*(\[[^\]\s]*\])?")
_EXPRESSION = re.compile(r"[\w\s.:\[\]()-]+")
_SHELLS = frozenset({"sh", "bash", "dash", "zsh", "ksh", "fish", "env", "xargs", "sudo", "eval", "perl", "awk"})
_INTERPRETERS = re.compile(r"(python[\d.]*|pypy[\d.]*|node|ruby|php|java|Rscript|lua|bun|deno)")


@dataclass(frozen=True)
class Allowed:
    """The first words of commands that may run."""

    shown: tuple[str, ...]
    """As the model is told of it and writes it."""
    argv: tuple[str, ...]
    """What is run in their place."""
    cwd: str = "."
    env: tuple[tuple[str, str], ...] = ()
    names_tests: bool = False
    """Whether what follows may name tests, or folders and files only."""


def allowed(
    reproduction: Reproduction | None, further: Sequence[str], tests: Sequence[str] = ()
) -> tuple[Allowed, ...]:
    """Return what the reproduction's own commands begin with, and the first words that the settings name.

    Args:
        reproduction: of the failure, where there is one.
        further: each the first words of a command.
        tests: the argument list that runs the project's tests, where no reproduction says it.
    """
    found = [Allowed(tuple(words), tuple(words)) for line in further if (words := _split(line))]
    if reproduction is not None:
        for command in (reproduction.narrowed, reproduction.suite):
            found += _first_words(command)
    found += _first_words(Invocation(argv=tuple(tests)))
    return tuple(dict.fromkeys(found))


def invocation(words: Sequence[str], commands: Sequence[Allowed], files: Confined, seconds: float) -> Invocation:
    """Return the command to run for what a model asked for.

    Raises:
        Refused: it begins with no allowed words, or goes on with what is neither a harmless option nor a test.
    """
    if len(words) > MAX_WORDS or any(len(word) > MAX_WORD for word in words):
        raise Refused(f"a command has at most {MAX_WORDS} words of {MAX_WORD} characters")
    for one in sorted(commands, key=lambda each: -len(each.shown)):
        if tuple(words[: len(one.shown)]) == one.shown:
            rest = list(words[len(one.shown) :])
            _check(rest, one, files)
            return Invocation(argv=(*one.argv, *rest), cwd=one.cwd, env=dict(one.env), timeout_seconds=seconds)
    listed = "; ".join(shlex.join(one.shown) for one in commands)
    raise Refused(f"that command is not on the list; commands may begin with: {listed}")


def _check(rest: list[str], one: Allowed, files: Confined) -> None:
    follows = False
    for word in rest:
        if follows:
            follows = False
            if not _EXPRESSION.fullmatch(word):
                raise Refused(f"{word!r} is no plain expression over names of tests")
        elif word in _WITH_VALUE and one.names_tests:
            follows = True
        elif word.startswith("-"):
            if word not in _PLAIN_OPTIONS:
                raise Refused(f"the option {word} is not on the list; only {', '.join(sorted(_PLAIN_OPTIONS))} are")
        elif not _is_place(word, files) and not (one.names_tests and _TEST_NAME.fullmatch(word)):
            raise Refused(
                f"{word!r} names no file or folder of the project" + (" and no test" if one.names_tests else "")
            )
    if follows:
        raise Refused(f"{rest[-1]} needs an expression over names of tests behind it")


def _is_place(word: str, files: Confined) -> bool:
    """Whether the word is a file or folder of the project, perhaps with a test behind `::`."""
    name, _, test = word.partition("::")
    if any(ord(char) < 0x20 for char in test) or "=" in name:
        return False
    if name in {".", "./"}:
        return True
    try:
        parts_of(name)
    except Refused:
        return False
    return files.exists(name)


def _first_words(command: Invocation) -> Iterator[Allowed]:
    """Yield what may be extended of a command: its tool and the tool's subcommand, never a script's text."""
    if not command.argv:
        return
    env = tuple(sorted(command.env.items()))
    name = PurePath(command.argv[0]).name
    if name in _SHELLS:
        return
    if _INTERPRETERS.fullmatch(name):
        before = command.argv[1:]
        flags = before[: before.index("-m")] if "-m" in before else ("",)
        if any(not re.fullmatch(r"-[A-Za-z]+", flag) for flag in flags):
            return
        end = 1 + len(flags) + 2
        module = command.argv[end - 1]
        for shown in (("python", "-m", module), (module,)):
            yield Allowed(shown, command.argv[:end], command.cwd, env, names_tests=True)
        return
    length = 2 if len(command.argv) > 1 and _SUBCOMMAND.fullmatch(command.argv[1]) else 1
    yield Allowed((name, *command.argv[1:length]), command.argv[:length], command.cwd, env, names_tests=True)


def _split(line: str) -> list[str]:
    try:
        return shlex.split(line)
    except ValueError:
        return []
