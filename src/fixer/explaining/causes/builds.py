"""Why builds fail: dependencies, compilers, tools, the environment, tests, linters, time, memory, machines, chance."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from fixer.causes import cause_of, faint_cause, hinted_cause
from fixer.explaining.causes.base import Finding, Scene
from fixer.explaining.causes.reading.build import SURE_KINDS, failures, given_cause, is_build
from fixer.explaining.causes.reading.build_names import named_in, place_in
from fixer.explaining.causes.reading.build_sentences import DISK, OTHERWISE, SENTENCES
from fixer.explaining.causes.reading.build_words import ANYWHERE, IN_BUILDS
from fixer.explaining.causes.reading.names import line, quoted
from fixer.explaining.causes.reading.offers import Offers, listed
from fixer.explaining.causes.reading.words import prepared, says, sure
from fixer.schema.failure import Failure
from fixer.schema.root_cause import RootCause

if TYPE_CHECKING:
    from fixer.schema.pattern import Match


def recognise(scene: Scene) -> Sequence[Finding]:
    """Find why a build failed; time, memory and machines also end what is no build."""
    text, build = prepared(scene.text), is_build(scene)
    given = given_cause(scene)
    found: Sequence[Failure] = failures(scene) if build and scene.text.strip() else ()
    scores = dict(_scores(scene, text, found, build=build))
    if given is not None:
        scores[given] = 1.0
    known = _known(found, scene.text) if scores and build else None
    return [_finding(scene, cause, score, found, known) for cause, score in scores.items() if score > 0]


def _scores(scene: Scene, text: str, found: Sequence[Failure], *, build: bool) -> Iterator[tuple[RootCause, float]]:
    best: dict[RootCause, float] = {}

    def may_be(cause: RootCause, score: float) -> None:
        if cause is not RootCause.UNKNOWN:
            best[cause] = max(score, best.get(cause, 0.0))

    for cause, rules in (ANYWHERE | IN_BUILDS if build else ANYWHERE).items():
        score = sure(text, rules)
        if cause is RootCause.TIMEOUT and not build and says(text, r"connect|request|http|socket|gateway|host|server"):
            score -= 0.25
        if cause is RootCause.FLAKY and not build:
            score -= 0.4
        may_be(cause, score if build or score > 0.9 else score - 0.2)
    if build:
        for failure in found[:3]:
            sure_kind = failure.kind in SURE_KINDS
            may_be(failure.root_cause, 0.97 if sure_kind else 0.9)
        may_be(cause_of(scene.text), 0.93)
        may_be(hinted_cause(scene.text), 0.55)
        may_be(faint_cause(scene.text), 0.3)
    yield from best.items()


def _known(found: Sequence[Failure], text: str) -> "Match | None":
    """Return what the library of error patterns knows."""
    from fixer.diagnosis.patterns import shipped_for  # noqa: PLC0415 - only builds need the library

    given: list[Failure | str] = [*found[:1], text]
    library = shipped_for(given)
    return next((match for one in given for match in library.match(one)), None)


def _finding(scene: Scene, cause: RootCause, score: float, found: Sequence[Failure], known: "Match | None") -> Finding:
    offers = Offers(scene)
    first = next((failure for failure in found if failure.root_cause is cause), None)
    place = place_in(scene.text, first)
    values = {
        "name": named_in(scene.text, cause, first) or place or _said(scene, offers),
        "where": offers.where,
        "place": place or f"what {offers.where} reads",
        "at": f" at {place}" if place else "",
    }
    sentences = DISK if values["name"] == "disk space" else SENTENCES.get(cause, OTHERWISE)
    why, what, how = (part.format(**values) for part in sentences)
    words = f"{offers.subject} {why}."
    first_fix = None
    if known is not None and known.root_cause is cause:
        words += f" {known.explanation}"
        steps = "; ".join(step[0] for step in known.steps)
        about = [named for named in (values["name"], place) if named and known.fix.find(named) < 0 and len(named) < 80]
        first_fix = offers.manual(f"{known.fix} ({', '.join([offers.where, *about[-1:]])})", steps or how)
    elif scene.text:
        words += f" It said: {line(scene.failed.error or scene.text)}"
    return Finding(root_cause=cause, score=score, explanation=words, fixes=listed(first_fix, offers.manual(what, how)))


def _said(scene: Scene, offers: Offers) -> str:
    """Return what stands for the name where the error names nothing: words in quotes, its first line, the step."""
    if names := quoted(scene.text):
        return f"'{names[0]}'"
    return f"'{line(scene.text, 80)}'" if scene.text else offers.where
