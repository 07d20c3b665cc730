"""Why builds fail: dependencies, compilers, tools, the environment, tests, linters, time, memory, machines, chance."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from fixer.alternatives import says
from fixer.causes import cause_of, faint_cause, hinted_cause
from fixer.explaining.causes import auth_error, invalid_data, network_error
from fixer.explaining.causes.base import SETTLED, Finding, Scene
from fixer.explaining.causes.reading.build import SURE_KINDS, failures, given_cause, is_build
from fixer.explaining.causes.reading.build_facts import Facts, facts_of
from fixer.explaining.causes.reading.build_sentences import sentence_of
from fixer.explaining.causes.reading.build_words import ANYWHERE, IN_BUILDS
from fixer.explaining.causes.reading.code_sentences import Sentence
from fixer.explaining.causes.reading.installing import install_tool
from fixer.explaining.causes.reading.offers import Offers, listed
from fixer.explaining.causes.reading.words import prepared, sure
from fixer.schema.failure import Failure
from fixer.schema.root_cause import RootCause

if TYPE_CHECKING:
    from fixer.schema.pattern import Match


_BOTH = {RootCause.TEST_FAILURE, RootCause.LINT, RootCause.FLAKY}
"""Causes with a command of their own that says more than the library's fix."""


CAUSES = frozenset(
    {
        RootCause.MISSING_DEPENDENCY,
        RootCause.COMPILE_ERROR,
        RootCause.MISSING_TOOL,
        RootCause.ENVIRONMENT,
        RootCause.TEST_FAILURE,
        RootCause.LINT,
        RootCause.TIMEOUT,
        RootCause.OUT_OF_MEMORY,
        RootCause.INFRASTRUCTURE,
        RootCause.FLAKY,
    }
)
_FORMAT = 2.0
"""More than words weigh by themselves: a tool's own format was read."""
_AHEAD = 0.001
"""Of a cause that agents have, too: what is said of a build is said in a build's words."""


def scores(scene: Scene) -> Mapping[RootCause, float]:
    """Say how sure each cause of builds is; time, memory and machines also end what is no build."""
    text, build = prepared(scene.text), is_build(scene)
    given = given_cause(scene)
    found: Sequence[Failure] = failures(scene) if build and scene.text.strip() else ()
    sure_of = {cause: score for cause, score in _scores(scene, text, found, build=build) if score > 0}
    return sure_of if given is None else {**sure_of, given: SETTLED}


def finding(scene: Scene, cause: RootCause, score: float) -> Finding:
    """Explain what failed in the build, and what would mend it."""
    build = is_build(scene)
    found: Sequence[Failure] = failures(scene) if build and scene.text.strip() else ()
    return _finding(scene, cause, score, found, _known(found, scene.text) if build else None)


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
            may_be(failure.root_cause, _FORMAT if sure_kind else 0.9)
        for agents in (auth_error, invalid_data, network_error):
            for cause, score in agents.scores(scene).items():
                may_be(cause, score + _AHEAD)
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
    offers, facts = Offers(scene), facts_of(scene, cause, found)
    told = sentence_of(cause, facts)
    own = offers.manual(told.what, told.how)
    if known is None or known.root_cause is not cause:
        return Finding(root_cause=cause, score=score, explanation=_words(facts, told, ""), fixes=listed(own))
    steps = "; ".join(step[0] for step in known.steps)
    if cause is RootCause.MISSING_TOOL and facts.names:
        steps = install_tool(facts.names[0]) or steps
    names = [*facts.names, *facts.tests, *filter(None, [facts.place]), facts.where]
    named = any(name in known.fix for name in names)
    first = offers.manual(known.fix if named else f"{known.fix} ({names[0]})", steps or told.how)
    more = cause in _BOTH and (facts.tests or facts.place) and own.action != first.action
    fixes = listed(first, own if more else None)
    return Finding(root_cause=cause, score=score, explanation=_words(facts, told, known.explanation), fixes=fixes)


def _words(facts: Facts, told: Sentence, known: str) -> str:
    """Return the explanation: why, what is known of such an error, and else the error's own words, nothing twice."""
    start = f"{facts.where[:1].upper()}{facts.where[1:]}"
    if known:
        repeats = bool(facts.names) and facts.names[0] in known
        return f"{start} failed. {known}" if repeats else f"{start} {told.why}. {known}"
    said = "" if told.quotes or not facts.said or facts.said in told.why else f" It said: {facts.said}"
    return f"{start} {told.why.rstrip('.')}.{said}"
