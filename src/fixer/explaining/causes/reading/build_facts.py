"""What is known of a build's failure before a sentence is made of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from fixer.explaining.causes.base import Scene
from fixer.explaining.causes.reading.build_names import names_in, place_in, place_of
from fixer.explaining.causes.reading.build_text import command_in, first_error
from fixer.explaining.causes.reading.machine_names import what_ran
from fixer.explaining.causes.reading.offers import Offers
from fixer.explaining.causes.reading.said import first_words, limit_in, message_of
from fixer.explaining.causes.reading.servers import server_in
from fixer.explaining.origins.log import COUNTS, leaves
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.root_cause import RootCause

_WANTED: dict[RootCause, tuple[str, ...]] = {
    RootCause.MISSING_DEPENDENCY: ("names",),
    RootCause.MISSING_TOOL: ("names",),
    RootCause.TEST_FAILURE: ("tests", "place"),
    RootCause.FLAKY: ("names", "tests", "place"),
    RootCause.ENVIRONMENT: ("names", "place", "said"),
    RootCause.LINT: ("place", "rule"),
    RootCause.TIMEOUT: ("names", "tests", "limit", "command"),
    RootCause.OUT_OF_MEMORY: ("names", "tests", "command"),
    RootCause.INFRASTRUCTURE: ("names", "command"),
    RootCause.NETWORK_ERROR: ("names",),
    RootCause.RATE_LIMIT: ("names",),
    RootCause.AUTH_ERROR: ("names",),
}
"""What names a failure of a cause; else what it is about, and its place."""


_ANYWHERE = {RootCause.INFRASTRUCTURE, RootCause.FLAKY}
"""Causes of which warnings and the runner's own words tell the names."""


@dataclass(frozen=True)
class Facts:
    """The failure of one cause in one step. All text in it comes from outside: it is data."""

    cause: RootCause
    where: str
    """The step as people call it."""
    action: str
    """What the step runs."""
    text: str
    first: Failure | None
    """The first failure of the cause; None where no tool's own format was read."""
    alike: tuple[Failure, ...]
    """All failures of the cause that are known here, the first included."""
    total: int
    """How many the log has, at least 1."""
    counted: bool
    """Whether the whole log was counted, and not only the error that is shown."""
    names: tuple[str, ...]
    """What the error is about, in its tools' own words; empty where nothing is named."""
    place: str
    """File and line, as editors take them; empty where none is told."""
    said: str
    """The error itself in one line, without what the place says already."""
    command: str = ""
    """What the step ran when it failed, as the text shows it; empty where it shows none."""

    @property
    def ran(self) -> str:
        """The step as people call it, with the command where its name does not tell it."""
        known = self.command and self.command not in self.where
        return f"`{self.command}` in {self.where}" if known else self.where

    @property
    def subjects(self) -> tuple[str, ...]:
        """What a fix is to name, the surest first; at least one."""
        wanted = _WANTED.get(self.cause, ("names", "place"))
        told = {
            "names": self.names[:2],
            "tests": self.tests[:1],
            "place": (self.place or (self.names[0] if self.names and self.cause is RootCause.LINT else ""),),
            "command": (self.command,),
            "limit": (limit_in(self.text),),
            "said": (self.said[:120],),
            "rule": (self.first.code if self.first is not None and self.first.code else "",),
        }
        found = tuple(dict.fromkeys(one for key in wanted for one in told[key] if one))
        return found or tuple(filter(None, (self.said[:120], self.ran)))

    @property
    def places(self) -> tuple[str, ...]:
        """Files and lines of all failures that are known, each once."""
        return tuple(dict.fromkeys(filter(None, (place_of(one) for one in self.alike))))

    @property
    def tests(self) -> tuple[str, ...]:
        """The tests that failed, each once."""
        return leaves([one.test for one in self.alike if one.test])


def facts_of(scene: Scene, cause: RootCause, found: Sequence[Failure], text: str) -> Facts:
    """Return what is known of a failure of this cause; `text` is what decides in it."""
    alike = _alike(cause, found)
    first = _telling(alike)
    counts = scene.record.context.get(COUNTS)
    counted = counts.get(cause.value, 0) if isinstance(counts, dict) else 0
    message = message_of(first) if first is not None else first_error(text) or scene.failed.error or scene.text
    return Facts(
        cause=cause,
        where=_where(scene),
        action=scene.failed.action or scene.record.agent,
        text=text,
        first=first,
        alike=alike,
        total=counted if isinstance(counted, int) and counted else max(len(alike), 1),
        counted=bool(counted),
        names=_names(scene, cause, text),
        place=place_in(text, first) or next(filter(None, map(place_of, found)), ""),
        said=first_words(message).rstrip(".: "),
        command=command_in(text),
    )


def _names(scene: Scene, cause: RootCause, text: str) -> tuple[str, ...]:
    if cause is RootCause.TIMEOUT:
        return what_ran(text)
    if cause in {RootCause.NETWORK_ERROR, RootCause.RATE_LIMIT}:
        return tuple(filter(None, (server_in(text),)))
    named = names_in(text, cause)
    return named or (names_in(scene.text, cause) if cause in _ANYWHERE else ())


def _where(scene: Scene) -> str:
    if not scene.failed.step_number and scene.record.trigger == "log" and scene.record.agent:
        return f"the build of '{scene.record.agent}'"
    return Offers(scene).where


def _alike(cause: RootCause, found: Sequence[Failure]) -> tuple[Failure, ...]:
    """Return the failures of a cause; those whose words hint at it where no tool has said it."""
    if cause is RootCause.FLAKY:
        return tuple(failure for failure in found if failure.kind is FailureKind.TEST)
    if said := tuple(failure for failure in found if failure.root_cause is cause):
        return said
    from fixer.causes import hinted_cause  # noqa: PLC0415 - seldom needed

    return tuple(failure for failure in found if hinted_cause(failure.message) is cause)


def _telling(alike: Sequence[Failure]) -> Failure | None:
    """Return the first failure; of a test with parts, the part that says why."""
    if not alike:
        return None
    first = alike[0]
    if not first.test:
        return next((one for one in alike if not one.message.rstrip().endswith(":")), first)
    if message_of(first):
        return first
    parts = (one for one in alike if one.test and one.test.startswith(f"{first.test}/") and message_of(one))
    return next(parts, first)
