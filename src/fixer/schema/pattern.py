"""An error pattern: how an error is recognised, what it means, and what to type; and what a match says of one error."""

import re
from typing import Annotated

from pydantic import BeforeValidator, Field

from fixer.schema.base import Record
from fixer.schema.described import Described
from fixer.schema.failure import FailureKind
from fixer.schema.root_cause import RootCause

ID = r"^[a-z0-9_]+(\.[a-z0-9-]+)+$"
"""What an id looks like: `python.module-not-installed`."""


def _ways(step: object) -> object:
    return [step] if isinstance(step, str) else step


Ways = Annotated[tuple[str, ...], BeforeValidator(_ways, json_schema_input_type=str | list[str]), Field(min_length=1)]
"""One thing to type; several: the ways to do it with different tools, of which one is enough."""


class Pattern(Described):
    """One error that is known by its words.

    `{name}` in explanation, fix and steps stands for what the group `(?P<name>…)` of the pattern captured, for a name
    out of `names`, or for what the failure tells: file, line, test, tool. Text in square brackets that holds such a
    name is left out where there is nothing to put in.
    """

    id: str = Field(pattern=ID)
    """`ecosystem.what-is-wrong`; an own entry with the id of a shipped one takes its place."""
    pattern: str = Field(min_length=1)
    """Regular expression (Python's), searched in the message, `^` and `$` at each line; without nested repeats."""
    contains: tuple[str, ...] = ()
    """Texts of which one stands in everything that the pattern matches: other messages are passed over at once."""
    tools: tuple[str, ...] = ()
    """Parsers whose failures it is about; empty: any. Not asked for plain text."""
    kinds: tuple[FailureKind, ...] = ()
    """Kinds of failure that it is about; empty: any. Not asked for plain text."""
    root_cause: RootCause
    explanation: str = Field(min_length=1)
    """What happened, in whole sentences."""
    fix: str = Field(min_length=1)
    """What to do about it, as an instruction."""
    steps: tuple[Ways, ...] = ()
    """Commands to type, in order, as a POSIX shell takes them; a list within: one of them is enough."""
    names: dict[str, str] = {}
    """New name -> group: the group's text, as the file's table of that name calls it."""
    example: str = Field(min_length=1)
    """Lines of a real log that show it."""
    source: str = Field(min_length=1)
    """How the example was had: `run: ` with the tool's version and the command, or an address."""


class PatternFile(Described):
    """The patterns of one ecosystem, in one TOML file."""

    ecosystem: str = Field(pattern=r"^[a-z0-9_]+$")
    """What all of them are about: python, rust, docker, git, network, …"""
    names: dict[str, dict[str, str]] = {}
    """Tables of what a captured name is called elsewhere: `names.package.yaml = "PyYAML"`."""
    pattern: tuple[Pattern, ...] = ()
    """The entries: `[[pattern]]`."""


class Match(Record):
    """What a pattern says of one error, with the names that stand in it."""

    id: str
    ecosystem: str
    root_cause: RootCause
    explanation: str
    fix: str
    steps: tuple[tuple[str, ...], ...]
    """Commands in order, as a shell takes them; of several in one step one is enough."""
    captured: dict[str, str]
    """What the pattern's groups hold."""
    weight: int
    """Characters of the error that the pattern itself spells out: the more, the more specific it is."""

    def told(self) -> str:
        """Return fix and commands in one line for people."""
        typed = "; then ".join(" or ".join(f"`{command}`" for command in ways) for ways in self.steps)
        return f"{self.fix.rstrip('.')}: {typed}" if typed else self.fix


def groups(pattern: str) -> frozenset[str]:
    """Return the names of a regular expression's groups, as written."""
    return frozenset(re.findall(r"\(\?P<(\w+)>", pattern))
