"""Failures as the parsers found them in; the same, without repetitions and with the first cause on top, out."""

from collections.abc import Iterable, Mapping

from fixer.schema.failure import Failure, FailureKind

HINT = 90
"""`Parser.rank` from which on a parser only hints at an error."""

_KINDS = {
    FailureKind.COMPILE: 0,
    FailureKind.DEPENDENCY: 0,
    FailureKind.TEST: 1,
    FailureKind.TYPE: 1,
    FailureKind.LINT: 1,
    FailureKind.FORMAT: 1,
    FailureKind.EXCEPTION: 1,
    FailureKind.INFRASTRUCTURE: 2,
    FailureKind.OTHER: 3,
}


def ranked(
    failures: Iterable[Failure], ranks: Mapping[str, int], passed_steps: frozenset[int] = frozenset()
) -> list[Failure]:
    """Return the failures, the one that explains the most first.

    Args:
        failures: in the order in which the log has them.
        ranks: tool -> `Parser.rank`: how specific its format is, 0 the most.
        passed_steps: steps that ended well: what they printed is no failure (a retry, an allowed failure).
    """
    kept: dict[tuple[str, str, str, int], Failure] = {}
    for failure in failures:
        if failure.step in passed_steps:
            continue
        key = (failure.tool, failure.test or failure.file or "", failure.fingerprint, failure.line or 0)
        if key not in kept or _detail(failure) > _detail(kept[key]):
            first = kept.get(key)
            kept[key] = failure.model_copy(update={"log_line": first.log_line}) if first else failure
    found = _without_echoes(list(kept.values()), ranks)
    return sorted(found, key=lambda failure: _place(failure, ranks))


def _detail(failure: Failure) -> int:
    return sum(x is not None for x in (failure.file, failure.line, failure.exception, failure.code)) + len(
        failure.frames
    )


def _place(failure: Failure, ranks: Mapping[str, int]) -> tuple[int, int, int]:
    return (ranks.get(failure.tool, 0), _KINDS[failure.kind], failure.log_line or 0)


def _without_echoes(failures: list[Failure], ranks: Mapping[str, int]) -> list[Failure]:
    """Drop what a less specific parser says of something that a more specific one has said.

    Hints (rank 90) count only in a step, or in a log without steps, in which no tool said anything itself.
    """
    said = [f for f in failures if ranks.get(f.tool, 0) == 0]
    marks = {f.fingerprint for f in said}
    places = {(f.file, f.line) for f in said if f.line}
    explained = {f.step for f in failures if ranks.get(f.tool, 0) < HINT}
    kept = []
    for failure in failures:
        rank = ranks.get(failure.tool, 0)
        repeated = failure.fingerprint in marks or (failure.file, failure.line) in places
        if rank == 0 or not (repeated or (rank >= HINT and failure.step in explained)):
            kept.append(failure)
    return kept
