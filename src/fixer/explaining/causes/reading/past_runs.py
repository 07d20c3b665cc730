"""A failure comes in; whether runs of its commit that the record lists went both ways goes out."""

from collections.abc import Iterator

from pydantic import JsonValue

from fixer.explaining.causes.base import Scene
from fixer.input.status_words import status_of
from fixer.schema.execution_record import RecordStatus

_OUTCOMES = ("outcome", "status", "result", "conclusion", "state", "verdict", "passed", "success", "ok")
_WORDS = {
    "true": RecordStatus.COMPLETED,
    "pass": RecordStatus.COMPLETED,
    "false": RecordStatus.FAILED,
    "unstable": RecordStatus.FAILED,
}
"""Words for how a run of tests ended that no status of a record has."""
_COMMITS = ("commit", "sha", "revision", "head_sha", "commitSha", "commit_sha", "rev", "ref")
_OF_ONE_COMMIT = {"attempts", "retries", "reruns", "tries", "rerun", "retry", "repetitions"}
"""What lists runs of one commit, which then need not say which."""
_DEPTH, _MOST = 4, 200


def went_both_ways(scene: Scene) -> bool:
    """Return whether a list of runs beside the error has a commit that passed and failed."""
    step = scene.step
    held: dict[str, JsonValue] = {
        key: part for key, part in scene.record.context.items() if isinstance(part, dict | list)
    }
    if step is not None:
        held |= {key: part for key, part in step.details.items() if isinstance(part, dict | list)}
        held["result"] = step.result
    return any(_both(key, runs) for key, runs in _lists("", held, 0))


def _lists(key: str, value: JsonValue, depth: int) -> Iterator[tuple[str, list[JsonValue]]]:
    if isinstance(value, list):
        yield key, value[:_MOST]
    elif isinstance(value, dict) and depth < _DEPTH:
        for name, part in value.items():
            yield from _lists(name, part, depth + 1)


def _both(key: str, runs: list[JsonValue]) -> bool:
    seen: dict[str, set[bool]] = {}
    for run in runs:
        if not isinstance(run, dict) or (passed := _passed(run)) is None:
            continue
        commit = next((str(run[name]) for name in _COMMITS if run.get(name)), "")
        if commit or key.lower() in _OF_ONE_COMMIT:
            seen.setdefault(commit, set()).add(passed)
    return any(len(outcomes) > 1 for outcomes in seen.values())


def _passed(run: dict[str, JsonValue]) -> bool | None:
    """Return whether a run passed; None where it does not say."""
    for name in _OUTCOMES:
        word = str(run.get(name)).lower()
        status = _WORDS.get(word) or status_of(word)
        if status in {RecordStatus.COMPLETED, RecordStatus.FAILED}:
            return status is RecordStatus.COMPLETED
    return None
