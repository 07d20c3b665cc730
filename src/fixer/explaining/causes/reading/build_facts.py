"""What is known of a build's failure before a sentence is made of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from fixer.explaining.causes.base import Scene
from fixer.explaining.causes.reading.build_names import names_in, place_in, place_of
from fixer.explaining.causes.reading.offers import Offers
from fixer.explaining.causes.reading.said import first_words, message_of
from fixer.explaining.origins.log import COUNTS, leaves
from fixer.schema.failure import Failure
from fixer.schema.root_cause import RootCause


@dataclass(frozen=True)
class Facts:
    """The failure of one cause in one step. All text in it comes from outside: it is data."""

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

    @property
    def places(self) -> tuple[str, ...]:
        """Files and lines of all failures that are known, each once."""
        return tuple(dict.fromkeys(filter(None, (place_of(one) for one in self.alike))))

    @property
    def tests(self) -> tuple[str, ...]:
        """The tests that failed, each once."""
        return leaves([one.test for one in self.alike if one.test])


def facts_of(scene: Scene, cause: RootCause, found: Sequence[Failure]) -> Facts:
    """Return what is known of a failure of this cause."""
    alike = _alike(cause, found)
    first = _telling(alike)
    counts = scene.record.context.get(COUNTS)
    counted = counts.get(cause.value, 0) if isinstance(counts, dict) else 0
    said = first_words(message_of(first) if first is not None else scene.failed.error or scene.text).rstrip(".: ")
    return Facts(
        where=_where(scene),
        action=scene.failed.action or scene.record.agent,
        text=scene.text,
        first=first,
        alike=alike,
        total=counted if isinstance(counted, int) and counted else max(len(alike), 1),
        counted=bool(counted),
        names=names_in(scene.text, cause),
        place=place_in(scene.text, first),
        said=said,
    )


def _where(scene: Scene) -> str:
    if not scene.failed.step_number and scene.record.trigger == "log" and scene.record.agent:
        return f"the build of '{scene.record.agent}'"
    return Offers(scene).where


def _alike(cause: RootCause, found: Sequence[Failure]) -> tuple[Failure, ...]:
    """Return the failures of a cause; those whose words hint at it where no tool has said it."""
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
