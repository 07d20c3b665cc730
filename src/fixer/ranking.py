"""Failures as the parsers found them in; the same, without repetitions and with the first cause on top, out."""

from collections.abc import Iterable, Mapping, Sequence

from fixer import lazy_re as re
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.root_cause import RootCause

HINT = 90
"""`Parser.rank` from which on a parser only hints at an error."""
LAST_WORDS = 95
"""`Parser.rank` of what only repeats the last line of a step."""
SURVIVED = 60
"""`Parser.rank` from which on an error may have been survived, so that the last one says most."""

HINTING = frozenset({"generic", "exit_code"})
"""`Failure.tool` of lines that only look like errors."""
REPORT = "junit_xml"
"""`Failure.tool` of what a JUnit report says."""
_SEPARATORS = re.compile(r"(?:::|[\s.\\/#$\u203a>])+")
"""What stands between the parts of a test's name, which each runner writes in its own way."""
_SUFFIX = re.compile(r"\.(?:py|[cm]?[jt]sx?)(?=::|\s|$)|\(\)$")

_KINDS = {
    FailureKind.INFRASTRUCTURE: 0,
    FailureKind.COMPILE: 1,
    FailureKind.DEPENDENCY: 1,
    FailureKind.TEST: 2,
    FailureKind.TYPE: 2,
    FailureKind.LINT: 2,
    FailureKind.FORMAT: 2,
    FailureKind.EXCEPTION: 2,
    FailureKind.OTHER: 3,
}


def ranked(
    failures: Iterable[Failure],
    ranks: Mapping[str, int],
    passed_steps: frozenset[int] = frozenset(),
    failed_steps: frozenset[int] = frozenset(),
) -> list[Failure]:
    """Return the failures, the one that explains the most first.

    Args:
        failures: in the order in which the log has them.
        ranks: tool -> `Parser.rank`: how specific its format is, 0 the most.
        passed_steps: steps that ended well: what they printed is no failure (a retry, an allowed failure), unless it
            is a report.
        failed_steps: steps that are known to have failed: what they printed comes first.
    """
    kept: dict[str, Failure] = {}
    for failure in failures:
        if failure.step in passed_steps and failure.tool != REPORT:
            continue
        first = kept.get(failure.id)
        if first is None:
            kept[failure.id] = failure
        elif _detail(failure) > _detail(first):
            kept[failure.id] = failure.model_copy(update={"log_line": first.log_line, "step": first.step})
    found = _without_echoes(_without_reported(list(kept.values())), ranks)
    overtaken = _overtaken(found, ranks)
    return sorted(found, key=lambda failure: _place(failure, ranks, failed_steps, overtaken))


def with_reports(failures: Sequence[Failure], reports: Iterable[Sequence[Failure]]) -> list[Failure]:
    """Return the failures of a log, and of its JUnit reports those that it does not tell of.

    Args:
        failures: of the log, ranked.
        reports: of each report, read as a log of its own: lines and steps are not the log's.
    """
    strange = {"log_line": None, "step": None}
    reported = {f.id: f.model_copy(update=strange) for report in reports for f in report if f.tool == REPORT}
    for failure in failures:
        reported.pop(failure.id, None)
    new = [f for f in _without_reported([*failures, *reported.values()]) if reported.get(f.id) is f]
    # what a report says is sure, and what the log only hints at is not
    at = next((i for i, f in enumerate(failures) if f.tool in HINTING), len(failures))
    return [*failures[:at], *new, *failures[at:]]


def _detail(failure: Failure) -> int:
    said = sum(x is not None for x in (failure.file, failure.line, failure.exception, failure.code))
    return said + len(failure.frames)


def _place(
    failure: Failure, ranks: Mapping[str, int], failed: frozenset[int], overtaken: Mapping[int | None, tuple[int, str]]
) -> tuple[bool, int, int, int]:
    rank = ranks.get(failure.tool, 0)
    line = failure.log_line or 0
    kind = _KINDS[failure.kind]
    last, tool = overtaken.get(failure.step, (0, ""))
    if rank == 0 and failure.kind is FailureKind.COMPILE and line < last and tool != failure.tool:
        kind = _KINDS[FailureKind.OTHER]
    elsewhere = bool(failed) and failure.step not in failed
    return (elsewhere and rank < HINT, rank, kind, -line if rank >= SURVIVED else line)


def _overtaken(failures: list[Failure], ranks: Mapping[str, int]) -> dict[int | None, tuple[int, str]]:
    """Return for each step the line and tool of its last finding by a test or linter.

    What another tool said of a build error before it did not stop the build.
    """
    last: dict[int | None, tuple[int, str]] = {}
    for failure in failures:
        if _KINDS[failure.kind] == _KINDS[FailureKind.TEST] and ranks.get(failure.tool, 0) == 0:
            last[failure.step] = max((failure.log_line or 0, failure.tool), last.get(failure.step, (0, "")))
    return last


def _without_reported(failures: list[Failure]) -> list[Failure]:
    """Drop what a JUnit report says of tests of which the log itself tells: its runner's output says more."""
    told = {_words(name) for f in failures if f.tool != REPORT for name in (f.test, f.shown_as) if name}
    if not told:
        return failures
    return [f for f in failures if f.tool != REPORT or not f.test or not _is_told(_words(f.test), told)]


def _is_told(test: tuple[str, ...], told: set[tuple[str, ...]]) -> bool:
    """Whether one of the names is the test's: reports put the package before it, and may repeat its last part."""
    return any(test[-len(name) :] == name or name[-len(test) :] == test for name in told)


def _words(test: str) -> tuple[str, ...]:
    return tuple(_SEPARATORS.split(_SUFFIX.sub("", test).strip()))


def _is_wrapper(failure: Failure) -> bool:
    """Whether it says no more than that a command failed, as make and docker do of what they ran."""
    return failure.kind is FailureKind.OTHER and failure.root_cause is RootCause.UNKNOWN


def _without_echoes(failures: list[Failure], ranks: Mapping[str, int]) -> list[Failure]:
    """Drop what a less specific parser says of something that a more specific one has said.

    Hints (rank 90) count only in a step, or in a log without steps, in which no tool said anything itself; a step's
    last words (rank 95) only where there is not even a hint.
    """
    said = [f for f in failures if ranks.get(f.tool, 0) == 0]
    marks = {f.fingerprint for f in said}
    places = {(f.file, f.line) for f in said if f.line}
    lines = {f.log_line for f in said}
    stated = {f.log_line for f in failures if ranks.get(f.tool, 0) < HINT}
    explained = {f.step for f in failures if ranks.get(f.tool, 0) < HINT and not _is_wrapper(f)}
    hinted = {f.step for f in failures if ranks.get(f.tool, 0) < LAST_WORDS}
    kept = []
    for failure in failures:
        rank = ranks.get(failure.tool, 0)
        repeated = failure.fingerprint in marks or (failure.file, failure.line) in places or failure.log_line in lines
        needless = hinted if rank >= LAST_WORDS else explained if rank >= HINT else ()
        repeated = repeated or (rank >= HINT and failure.log_line in stated)
        if rank == 0 or not (repeated or failure.step in needless):
            kept.append(failure)
    return kept
