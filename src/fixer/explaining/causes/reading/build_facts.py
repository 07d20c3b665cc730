"""What is known of a build's failure before a sentence is made of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from fixer import lazy_re as re
from fixer.explaining.causes.base import Scene
from fixer.explaining.causes.reading.build_evidence import last_line, telling, without
from fixer.explaining.causes.reading.build_names import names_in, place_in, place_of, wanted_by
from fixer.explaining.causes.reading.build_text import command_in, first_error, only_passes_on, ran
from fixer.explaining.causes.reading.build_told import beside, told
from fixer.explaining.causes.reading.machine_names import made_last, what_ran
from fixer.explaining.causes.reading.named_tests import tests_in
from fixer.explaining.causes.reading.offers import Offers
from fixer.explaining.causes.reading.said import first_words, last_printed, limit_in, message_of
from fixer.explaining.causes.reading.servers import server_in
from fixer.explaining.origins.log import COUNTS, leaves
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.root_cause import RootCause

_WANTED: dict[RootCause, tuple[str, ...]] = {
    RootCause.MISSING_DEPENDENCY: ("names", "wanted_by"),
    RootCause.MISSING_TOOL: ("names",),
    RootCause.TEST_FAILURE: ("tests", "place"),
    RootCause.FLAKY: ("names", "tests", "place"),
    RootCause.ENVIRONMENT: ("names", "place", "said"),
    RootCause.LINT: ("place", "rule"),
    RootCause.TIMEOUT: ("names", "tests", "limit", "command"),
    RootCause.OUT_OF_MEMORY: ("names", "tests", "command", "place"),
    RootCause.INFRASTRUCTURE: ("names", "command"),
    RootCause.NETWORK_ERROR: ("names",),
    RootCause.RATE_LIMIT: ("names",),
    RootCause.AUTH_ERROR: ("names",),
}
"""What names a failure of a cause; else what it is about, and its place."""


_PROGRAMS = {"cc1plus", "cc1", "ld", "rustc", "pip"}
"""What works on something: that it was killed says less than what it worked on."""
_ANYWHERE = {RootCause.INFRASTRUCTURE, RootCause.FLAKY, RootCause.LINT}
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
    wanted_by: str = ""
    """What was being installed or built and needs what is not there; empty where nothing tells it."""

    last: str = ""
    """Of a step that took too long: what it printed last; empty where it printed nothing that tells."""

    @property
    def ran(self) -> str:
        """The step as people call it, with the command where its name does not tell it."""
        known = self.command and self.command not in self.where
        return f"`{self.command}` in {self.where}" if known else self.where

    @property
    def subjects(self) -> tuple[str, ...]:
        """What a fix is to name, the surest first; at least one."""
        wanted = _WANTED.get(self.cause, ("names", "place"))
        held = {
            "names": self.names[:2],
            "wanted_by": (self.wanted_by,),
            "tests": self.tests[:1] or (self.names[:1] if self.cause is RootCause.TEST_FAILURE else ()),
            "place": (self.place or (self.names[0] if self.names and self.cause is RootCause.LINT else ""),),
            "command": ("" if self.cause is RootCause.INFRASTRUCTURE and self.names else self.command,),
            "limit": (limit_in(self.text),),
            "said": (self.said[:120],),
            "rule": (self.first.code if self.first is not None and self.first.code else "",),
        }
        found = tuple(dict.fromkeys(one for key in wanted for one in held[key] if one))
        if self.cause is RootCause.TIMEOUT and not found:
            return (self.where,)
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
    place = place_in(text, first) or next(filter(None, map(place_of, found)), "")
    message = message_of(first) if first is not None else ""
    if not message or (only_passes_on(message) and not (first is not None and first.test)):
        message = first_error(text) or message
    message = message or last_line(text) or scene.failed.error or scene.text
    names = _names(scene, cause, text)
    said = telling(text, cause, "" if first is not None and first.file else next(iter(names), ""), message)
    return Facts(
        cause=cause,
        where=_where(scene),
        action=scene.failed.action or scene.record.agent,
        text=text,
        first=first,
        alike=alike,
        total=counted if isinstance(counted, int) and counted else max(len(alike), 1),
        counted=bool(counted),
        names=names,
        place=place,
        said=without(place, first_words(said)).rstrip(".: "),
        command=command_in(text),
        last=_last(scene) if cause is RootCause.TIMEOUT else "",
        wanted_by=wanted_by(text) if cause is RootCause.MISSING_DEPENDENCY else "",
    )


def _last(scene: Scene) -> str:
    return last_printed(ran(told(scene))) or last_printed(ran(beside(scene)))


def _names(scene: Scene, cause: RootCause, text: str) -> tuple[str, ...]:
    if cause is RootCause.TIMEOUT:
        return what_ran(text)
    if cause is RootCause.TEST_FAILURE:
        return tests_in(text)
    if cause in {RootCause.NETWORK_ERROR, RootCause.RATE_LIMIT}:
        return tuple(filter(None, (server_in(text),)))
    named = names_in(text, cause)
    if cause is RootCause.OUT_OF_MEMORY and (not named or named[0] in _PROGRAMS or " " in named[0]):
        return tuple(filter(None, (made_last(text), *named)))
    if cause is RootCause.OUT_OF_MEMORY:
        named = tuple(name for name in named if not re.search(r"(?:^|/)(?:vendor|node_modules|site-packages)/", name))
    if named or cause not in _ANYWHERE:
        return named
    return names_in(scene.text, cause) or names_in(beside(scene), cause)


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
