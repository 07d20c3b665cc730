"""Why builds fail: dependencies, compilers, tools, the environment, tests, linters, time, memory, machines, chance."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from fixer.alternatives import says
from fixer.causes import cause_of, faint_cause, hinted_cause
from fixer.explaining.causes import auth_error, invalid_data, network_error
from fixer.explaining.causes.base import CERTAIN, SETTLED, Finding, Scene
from fixer.explaining.causes.reading.build import (
    SURE_KINDS,
    failures,
    given_cause,
    is_build,
    is_surely_build,
    passed_later,
)
from fixer.explaining.causes.reading.build_evidence import telling
from fixer.explaining.causes.reading.build_facts import Facts, facts_of
from fixer.explaining.causes.reading.build_names import place_of
from fixer.explaining.causes.reading.build_sentences import sentence_of
from fixer.explaining.causes.reading.build_text import decisive, gist
from fixer.explaining.causes.reading.build_told import told
from fixer.explaining.causes.reading.build_words import ANYWHERE, IN_BUILDS
from fixer.explaining.causes.reading.code_sentences import Sentence
from fixer.explaining.causes.reading.commands import kind_of
from fixer.explaining.causes.reading.installing import install_tool
from fixer.explaining.causes.reading.linters import is_linter
from fixer.explaining.causes.reading.offers import Offers, listed
from fixer.explaining.causes.reading.said import first_words
from fixer.explaining.causes.reading.verdicts import verdict
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
_LIMITED = {RootCause.TIMEOUT, RootCause.OUT_OF_MEMORY}
"""A limit says nothing of what met it; the sentence names what ran."""
_OF_BOTH = {RootCause.AUTH_ERROR, RootCause.NETWORK_ERROR, RootCause.RATE_LIMIT, RootCause.INVALID_DATA}
"""What builds fail of as agents do; the others are no cause of a build."""
_AHEAD = 0.001
"""Of a cause that agents have, too: what is said of a build is said in a build's words."""
_DOUBT = 0.45
"""Of data being wrong, where a build's tools say `invalid` and `not found` of all that they use."""
_COMPILERS = {"gcc", "compilers", "javac"}
"""Parsers of forms that many tools print."""
_FORMAT = 2.5
"""More than words weigh by themselves: a tool's own format was read."""
_TOLD = 14.0
"""The word of whoever ran the build."""
_LIKELY_TOLD = 3.0
"""The same, where it may be no build: more than words weigh, and less than what the record itself says."""


def scores(scene: Scene) -> Mapping[RootCause, float]:
    """Say how sure each cause of builds is; time, memory and machines also end what is no build."""
    given, build = given_cause(scene), is_build(scene)
    if given is not None:
        return {given: SETTLED}
    text = decisive(told(scene)) if build else scene.text
    found = _failures(scene, build=build)
    surely = build and is_surely_build(scene)
    if build and (said := verdict(text, found, passed_later=passed_later(scene, text, found))) is not None:
        # What surely is a build is explained as one.
        return {said: _TOLD if surely else _LIKELY_TOLD}
    sure_of = {cause: score for cause, score in _scores(scene, text, found, build=build) if score > 0}
    # A run of fixer's own that waits was put off by a service, whatever it works on.
    if not surely or scene.record.resumable_run:
        return sure_of
    return {cause: CERTAIN + sure_of.get(cause, 0.0) for cause in {*CAUSES, *_OF_BOTH, *sure_of, RootCause.UNKNOWN}}


def finding(scene: Scene, cause: RootCause, score: float) -> Finding:
    """Explain what failed in the build, and what would mend it."""
    build = is_build(scene)
    text = decisive(told(scene)) if build else scene.text
    found = _failures(scene, build=build)
    known = _known(found, cause, text) if build else None
    return _finding(facts_of(scene, cause, found, text), score, known, Offers(scene))


def _failures(scene: Scene, *, build: bool) -> Sequence[Failure]:
    return failures(scene) if build and scene.text.strip() else ()


def _scores(scene: Scene, text: str, found: Sequence[Failure], *, build: bool) -> Iterator[tuple[RootCause, float]]:
    best: dict[RootCause, float] = {}

    def may_be(cause: RootCause, score: float) -> None:
        if cause is not RootCause.UNKNOWN:
            best[cause] = max(score, best.get(cause, 0.0))

    words = gist(text) if build else text
    plain = prepared(words)
    for cause, rules in (IN_BUILDS if build else ANYWHERE).items():
        score = sure(plain, rules)
        if cause is RootCause.TIMEOUT and not build and says(plain, r"connect|request|http|socket|gateway|host|server"):
            score -= 0.25
        if cause is RootCause.FLAKY and not build:
            score -= 0.4
        may_be(cause, score if build or score > 0.9 else score - 0.2)
    if build:
        for own in _of_formats(scene.failed.action, found[:3]):
            may_be(*own)
        for agents in (auth_error, invalid_data, network_error):
            for cause, score in agents.scores(scene).items():
                doubt = _DOUBT if cause is RootCause.INVALID_DATA else 0.0
                may_be(cause, score + _AHEAD - doubt)
        if (ran := kind_of(scene.failed.action, words)) is not None:
            may_be(*ran)
        may_be(cause_of(words), 0.93)
        may_be(hinted_cause(words), 0.55)
        may_be(faint_cause(words), 0.3)
    yield from best.items()


def _of_formats(action: str, found: Sequence[Failure]) -> Iterator[tuple[RootCause, float]]:
    """Yield what is meant by what was read in the tools' own formats, and how sure that is."""
    linted = is_linter(action)
    for failure in found:
        refused = failure.root_cause is RootCause.COMPILE_ERROR
        lacks = IN_BUILDS[RootCause.MISSING_DEPENDENCY]
        if refused and linted and failure.tool in _COMPILERS:
            # Linters print places in the form of compilers.
            yield RootCause.LINT, _FORMAT
        elif refused and not place_of(failure) and sure(prepared(failure.message), lacks) > 0.9:
            yield RootCause.MISSING_DEPENDENCY, _FORMAT
        else:
            known = failure.root_cause in SURE_KINDS.get(failure.kind, ())
            yield failure.root_cause, _FORMAT if known else 0.9


def _known(found: Sequence[Failure], cause: RootCause, text: str) -> "Match | None":
    """Return what the library of error patterns knows of this cause: of the failures first, then of the text."""
    from fixer.diagnosis.patterns import shipped_for  # noqa: PLC0415 - only builds need the library

    given: list[Failure | str] = [*[one for one in found if one.root_cause is cause][:1], text]
    library = shipped_for(given)
    matches = (match for one in given for match in library.match(one, limit=5))
    return next((match for match in matches if match.root_cause is cause), None)


def _finding(facts: Facts, score: float, known: "Match | None", offers: Offers) -> Finding:
    sentence = sentence_of(facts.cause, facts)
    own = offers.manual(sentence.what if sentence.thing else _naming(sentence.what, facts, ""), sentence.how)
    if known is None:
        return Finding(root_cause=facts.cause, score=score, explanation=_words(facts, sentence, ""), fixes=listed(own))
    steps = "; ".join(step[0] for step in known.steps)
    if facts.cause is RootCause.MISSING_TOOL and facts.names:
        steps = install_tool(facts.names[0]) or steps
    fix = sentence.what if facts.cause in _LIMITED else known.fix
    first = offers.manual(_naming(fix, facts, sentence.thing), steps or sentence.how)
    more = facts.cause in _BOTH and (facts.tests or facts.place) and own.action != first.action
    fixes = listed(first, own if more else None)
    return Finding(
        root_cause=facts.cause, score=score, explanation=_words(facts, sentence, known.explanation), fixes=fixes
    )


def _naming(fix: str, facts: Facts, thing: str) -> str:
    """Return what to do, with the things themselves behind it where it does not name them yet."""
    subjects = (thing,) if thing else facts.subjects
    missing = [one for one in subjects if one not in fix][:3]
    return f"{fix} ({'; '.join(missing)})" if missing else fix


def _words(facts: Facts, sentence: Sentence, known: str) -> str:
    """Return the explanation: why, what is known of such an error, and else the error's own words, nothing twice."""
    start = f"{facts.where[:1].upper()}{facts.where[1:]}"
    if known:
        repeats = bool(facts.names) and facts.names[0] in known
        return f"{start} failed. {known}" if repeats else f"{start} {sentence.why}. {known}"
    said = first_words(telling(facts.text, facts.cause, sentence.shown or sentence.thing, facts.said)).rstrip(".: ")
    quoted = sentence.quotes or not said or said in sentence.why
    return f"{start} {sentence.why.rstrip('.')}.{'' if quoted else f' It said: {said}'}"
