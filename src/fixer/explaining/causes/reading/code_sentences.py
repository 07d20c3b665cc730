"""What is said where the code itself was refused: by a compiler, by a linter, or by its tests."""

from typing import NamedTuple

from fixer import lazy_re as re
from fixer.explaining.causes.reading.build_facts import Facts
from fixer.explaining.causes.reading.build_names import listed_names
from fixer.explaining.causes.reading.build_text import only_passes_on
from fixer.explaining.causes.reading.linters import linter_of
from fixer.explaining.causes.reading.named_tests import tests_in
from fixer.explaining.causes.reading.one_test import alone, named_alone
from fixer.explaining.causes.reading.said import expected_and_got, message_of
from fixer.schema.failure import Failure, FailureKind

_ENVIRONMENT_OF_TOX = re.compile(r"(?m)^\s*(?:ERROR:\s*)?(?P<name>[\w.-]{2,40}): (?:commands failed|FAIL code \d+)")
_COMPILERS = (
    ("cargo", "cargo check --all-targets"),
    ("tsc", "npx tsc --noEmit"),
    ("go", "go build ./..."),
    ("dotnet", "dotnet build"),
    ("dart", "dart analyze"),
    ("exunit", "mix compile"),
)
_IN_WORDS = {FailureKind.TYPE: "the type checker", FailureKind.FORMAT: "the formatter"}


class Sentence(NamedTuple):
    """What is said of a failure."""

    why: str
    """Said of the step."""
    what: str
    """What to change."""
    how: str
    """What to type, or where to look."""
    quotes: bool = False
    """Whether `why` has the error's own words in it."""
    thing: str = ""
    """What it is about, by name, where the facts do not tell it."""
    shown: str = ""
    """What of the thing stands in the error, where that is only a part of it."""


def of_compiler(facts: Facts) -> Sentence:
    """Return place and words of the compiler."""
    if not facts.place:
        return Sentence(
            "could not be compiled",
            f"Correct what the compiler of {facts.where} refuses{_quoted(facts.said)}",
            _again(facts),
        )
    why = (
        f"could not be compiled: {facts.place}: {facts.said}"
        if facts.said
        else f"could not be compiled at {facts.place}"
    )
    what = f"Correct {facts.place}{_quoted(facts.said)}"
    return Sentence(why + _others(facts, "errors"), what, _again(facts), quotes=bool(facts.said))


def _again(facts: Facts) -> str:
    first = facts.first
    commands = [f"rustc --explain {first.code}"] if first and re.fullmatch(r"E\d{4}", first.code or "") else []
    commands += [command for tool, command in _COMPILERS if first and first.tool == tool]
    opened = f"open {facts.place}" if facts.place else ""
    return "; ".join(filter(None, [opened, *commands])) or f"run {facts.where} again and read its first error"


def of_linter(facts: Facts) -> Sentence:
    """Return place, rule and words of the linter, and its own way to mend it."""
    file = facts.first.file if facts.first is not None and facts.first.file else facts.place.rpartition(":")[0]
    files = tuple(dict.fromkeys(one.file for one in facts.alike if one.file)) or ((file,) if file else ())
    by = linter_of(facts.first, facts.action, facts.text, files if facts.total <= len(facts.alike) else ())
    name = by.name if by else _IN_WORDS.get(facts.first.kind, "a linter") if facts.first else "a linter"
    place = f"{facts.place}: " if facts.place else ""
    rule = facts.first.code if facts.first is not None and facts.first.code else ""
    told = (file or next(iter(facts.names), "")) if only_passes_on(facts.said) else ""
    said = told or facts.said
    said = said if not rule or rule in said else f"{rule} {said}"
    if facts.first is not None and facts.first.kind is FailureKind.FORMAT and facts.place:
        place, said = facts.place, " is not formatted"
    why = f"was refused by {name}: {place}{said}".removesuffix(": ")
    if by is not None and by.mends:
        what = (
            f"Let {name} mend {file if file and facts.total == 1 else f'what it found in {facts.where}'}, and commit it"
        )
        return Sentence(why + _others(facts, "findings"), what, by.command, quotes=True)
    what = f"Correct {facts.place or facts.where}{f' ({rule})' if rule else _quoted(facts.said)}"
    how = (
        by.command
        if by is not None and by.command
        else f"open {facts.place}"
        if facts.place
        else f"run {facts.where} again"
    )
    return Sentence(why + _others(facts, "findings"), what, how, quotes=True)


def of_test(facts: Facts) -> Sentence:
    """Return which tests failed, what the first expected and got, and how it is run alone."""
    names = facts.tests or tests_in(facts.text)
    if not names:
        return _of_no_test(facts)
    first, name = facts.first, names[0]
    total = max(facts.total if facts.counted and facts.tests else 0, len(names))
    name = first.test if first is not None and first.test in names else name
    many = f"{total} failing tests: {listed_names(names, total)}" if total > 1 else f"a failing test: {name}"
    told, quotes = _told(facts, first)
    which = f". The first {told}" if total > 1 and told else f", which {told}" if told else ""
    at = f", at {facts.place}" if facts.place and first is not None and facts.place not in name else ""
    command = (alone(first, facts.action) if first is not None else "") or named_alone(facts.text, facts.action)
    what = f"Find out why {name} fails{at}, and correct the code or the test"
    how = command or f"run the test {name} alone, then {facts.where} again"
    return Sentence(f"has {many}{which}", what, how, quotes=quotes)


def _told(facts: Facts, first: Failure | None) -> tuple[str, bool]:
    """Return what the first test expected and got, else its message; and whether that is all that was said."""
    message = message_of(first) if first is not None else facts.text
    one = first is None or facts.total == 1
    if both := expected_and_got(message) or (expected_and_got(facts.text) if one else None):
        return f"expects {both[0]} and got {both[1]}", len("".join(both)) * 2 > len(message) or len(message) < 120
    if first is not None and facts.said and not only_passes_on(facts.said):
        return f"says: {facts.said}", True
    return "", first is not None


def _of_no_test(facts: Facts) -> Sentence:
    if re.search(r"(?i)coverage", facts.said):
        return Sentence(
            f"asks for more test coverage than there is: {facts.said}",
            f"Test more of the code, or lower the limit of coverage that {facts.where} checks",
            "look at the uncovered lines in the coverage report",
            quotes=True,
        )
    if found := _ENVIRONMENT_OF_TOX.search(facts.text):
        return Sentence(
            f"failed: the commands of its environment {found['name']} failed, and no test is named",
            f"Read what the commands of {found['name']} print before they fail",
            f"tox -e {found['name']}",
        )
    at = f" at {facts.place}" if facts.place else ""
    return Sentence(
        f"failed in its tests{at}, and the log names none of them",
        f"Look at {facts.place or f'what {facts.where} prints before it fails'}{_quoted(facts.said)}",
        f"run {facts.where} again by itself",
    )


def of_flaky(facts: Facts) -> Sentence:
    """Return the test that fails now and then."""
    names = facts.names or facts.tests or tests_in(facts.text)
    name = names[0] if names else facts.where
    command = (alone(facts.first, facts.action) if facts.first is not None else "") or named_alone(
        facts.text, facts.action
    )
    ran = f"run it many times (`{command}`), or let fixer do so: `fixer flaky`" if command else "fixer flaky"
    return Sentence(
        f"fails now and then without a change: {listed_names(names) or facts.said}",
        f"Find out what differs between the runs of {name} in {facts.where}: order, time, randomness, network",
        ran,
        quotes=not names,
    )


def _others(facts: Facts, what: str) -> str:
    """Return how many more there are, and where the next ones stand."""
    if facts.total < 2:
        return ""
    rest = tuple(place for place in facts.places if place != facts.place)
    there = f", also at {listed_names(rest[:2])}" if rest else ""
    return f" ({facts.total} {what} in all{there})"


def _quoted(said: str) -> str:
    return f": {said}" if said else ""
