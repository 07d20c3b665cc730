"""From a failure and its evidence to a diagnosis in plain words, without a model."""

import re
from pathlib import PurePosixPath

from fixer.diagnosis.patterns import Library, shipped
from fixer.schema.diagnosis import Diagnosis, MinimalChange
from fixer.schema.execution import Execution, Step
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.pattern import Match
from fixer.schema.root_cause import RootCause

CAUSES: dict[RootCause, str] = {
    RootCause.MISSING_TEMPLATE: "a template that it asks for does not exist",
    RootCause.MISSING_INTEGRATION: "an integration that it needs is not connected",
    RootCause.RATE_LIMIT: "a service refused further requests for now: its rate limit is used up",
    RootCause.INVALID_DATA: "it was given data that it cannot take",
    RootCause.MISSING_FIELD: "a field that it reads is not there",
    RootCause.LOGIC_ERROR: "the code does something else than it should",
    RootCause.AUTH_ERROR: "a service refused its credentials, or there were none",
    RootCause.NETWORK_ERROR: "a connection over the network failed",
    RootCause.MISSING_DEPENDENCY: "a package that it imports is not installed where it ran",
    RootCause.COMPILE_ERROR: "the source could not be compiled",
    RootCause.MISSING_TOOL: "a program that the step calls is not installed where it ran",
    RootCause.ENVIRONMENT: "the machine was not set up as the step needs it",
    RootCause.TEST_FAILURE: "the code does not do what the test expects",
    RootCause.LINT: "the source breaks a rule of the project's own checks",
    RootCause.TIMEOUT: "it took longer than it was given",
    RootCause.OUT_OF_MEMORY: "the machine ran out of memory",
    RootCause.INFRASTRUCTURE: "the CI service itself failed, not the project",
    RootCause.FLAKY: "it passes and fails on the same code",
    RootCause.UNKNOWN: "the log does not tell the cause",
}
"""Root cause -> what it says about a failure."""
_KINDS: dict[FailureKind, RootCause] = {
    FailureKind.TEST: RootCause.TEST_FAILURE,
    FailureKind.EXCEPTION: RootCause.LOGIC_ERROR,
    FailureKind.COMPILE: RootCause.COMPILE_ERROR,
    FailureKind.TYPE: RootCause.LINT,
    FailureKind.LINT: RootCause.LINT,
    FailureKind.FORMAT: RootCause.LINT,
    FailureKind.DEPENDENCY: RootCause.MISSING_DEPENDENCY,
    FailureKind.INFRASTRUCTURE: RootCause.INFRASTRUCTURE,
}
_EXCEPTIONS: dict[str, str] = {
    "NameError": "the code uses a name that is not defined there, or not any more",
    "UnboundLocalError": "the code uses a variable before it has a value",
    "AttributeError": "the code asks for an attribute that does not exist, or not any more",
    "ImportError": "the code imports a name that is not in that module, or not any more",
    "ModuleNotFoundError": "the code imports a module that is not there",
    "SyntaxError": "the source is not valid Python",
    "IndentationError": "the source is not valid Python",
    "RecursionError": "a function calls itself without an end",
    "FileNotFoundError": "a file that the code opens is not there",
    "PermissionError": "the code may not open a file that it needs",
}
"""Exception -> what it says, where the root cause alone says less."""
_LONGEST = 300
_NO_MODULE = re.compile(r"No module named '?(\w+)\.")


def explain(
    failure: Failure, execution: Execution | None, minimal_change: MinimalChange | str, library: Library | None = None
) -> Diagnosis:
    """Say what failed, where, the likely root cause, and which change made it.

    Args:
        failure: what was taken on.
        execution: the run that it comes from, where one is known; names the step and its command.
        minimal_change: the change that made it, or the reason why none is known.
        library: the error patterns that are known; the shipped ones where none is given.
    """
    match = known(failure, library or shipped())
    cause = _root_cause(failure, match)
    found = minimal_change if isinstance(minimal_change, MinimalChange) else None
    reason = "" if isinstance(minimal_change, MinimalChange) else minimal_change
    sentences = [
        _what(failure),
        _where(failure),
        _step(failure, execution),
        f"Likely cause ({cause.value}): {match.explanation.rstrip('.') if match else _cause_in_words(cause, failure)}.",
        _change(found) if found else f"No change is known that made it: {reason.rstrip('.')}." if reason else "",
    ]
    return Diagnosis(
        failure_id=failure.id,
        explanation=" ".join(sentence for sentence in sentences if sentence),
        root_cause=cause,
        minimal_change=found,
        no_minimal_change=reason,
    )


def known(failure: Failure, library: Library) -> Match | None:
    """Return what the library says of a failure; None where it says nothing, or the files of the failure say more."""
    return None if _misses_own_module(failure) else next(iter(library.match(failure)), None)


def _root_cause(failure: Failure, match: Match | None) -> RootCause:
    """Return what the parser found; else what the library or the kind of the failure alone tells."""
    if _misses_own_module(failure):
        return RootCause.LOGIC_ERROR
    if failure.root_cause is not RootCause.UNKNOWN:
        return failure.root_cause
    if match is not None:
        return match.root_cause
    return _KINDS.get(failure.kind, RootCause.UNKNOWN)


def _cause_in_words(cause: RootCause, failure: Failure) -> str:
    if cause in {RootCause.TEST_FAILURE, RootCause.LOGIC_ERROR}:
        return _EXCEPTIONS.get((failure.exception or "").rpartition(".")[2], CAUSES[cause])
    return CAUSES[cause]


def _misses_own_module(failure: Failure) -> bool:
    """Whether the module that is missing lies in a package of the project: then there is nothing to install."""
    found = _NO_MODULE.search(failure.message)
    files = [failure.file or "", *(frame[0] for frame in failure.frames)]
    return found is not None and any(found[1] in PurePosixPath(file).parts[:-1] for file in files if _is_project(file))


def _what(failure: Failure) -> str:
    message = _short(failure.message) or (failure.exception or "it printed no message")
    subject = f"The test {failure.test} failed" if failure.test else f"{failure.tool} failed"
    if failure.kind is FailureKind.FORMAT:
        subject = f"{failure.tool} would format the source in another way"
    elif failure.kind in {FailureKind.LINT, FailureKind.TYPE, FailureKind.COMPILE} and not failure.test:
        rule = f" ({failure.code})" if failure.code and failure.code not in message else ""
        subject = f"{failure.tool} reports a fault{rule}"
    return f"{subject}: {message.rstrip('.')}."


def _where(failure: Failure) -> str:
    """Name the line that is stated, and the project's innermost frame where that is another one."""
    place = _place(failure.file, failure.line)
    inner = next((frame for frame in reversed(failure.frames) if _is_project(frame[0])), None)
    sentence = f"It is stated at {place}" if place else ""
    if inner is not None and _place(inner[0], inner[1]) != place:
        raised = f"raised at {_place(inner[0], inner[1])}, in {inner[2]}"
        sentence = f"{sentence}, {raised}" if sentence else f"It was {raised}"
    return sentence + "." if sentence else ""


def _place(file: str | None, line: int | None) -> str:
    if file is None:
        return ""
    return file if line is None else f"line {line} of {file}"


def _is_project(file: str) -> bool:
    """Whether a frame's file is the project's: relative, and not of an environment inside of the repository."""
    path = PurePosixPath(file)
    outside = {"site-packages", "dist-packages", "node_modules", ".venv", "venv", ".tox", ".nox"}
    return not path.is_absolute() and not file.startswith("<") and not outside & set(path.parts)


def _step(failure: Failure, execution: Execution | None) -> str:
    step = _step_of(failure, execution)
    if step is None:
        return ""
    name = f"Step {step.number}" + (f" ('{_short(step.name)}')" if step.name else "")
    ran = f" ran `{_short(step.command)}`" if step.command else ""
    code = failure.exit_code if failure.exit_code is not None else step.exit_code
    ended = f"ended with exit code {code}" if code is not None else "failed"
    return f"{name}{ran}{' and' if ran else ''} {ended}."


def _step_of(failure: Failure, execution: Execution | None) -> Step | None:
    steps = execution.steps if execution is not None else ()
    return next((step for step in steps if step.number == failure.step), None)


def _change(change: MinimalChange) -> str:
    hunks = "1 hunk" if len(change.hunks) == 1 else f"{len(change.hunks)} hunks"
    part = f"{hunks} of its {change.hunks_in_culprit}" if change.hunks_in_culprit > 1 else "its only hunk"
    made = (
        f"{part[0].upper()}{part[1:]} {'makes' if len(change.hunks) == 1 else 'make'} the difference."
        if change.reduced
        else "Which of its hunks make the difference was not found out."
    )
    return (
        f"It passes on {change.green[:12]} and fails since {change.culprit[:12]} "
        f"('{_short(change.culprit_subject)}', {change.culprit_author}). {made}"
    )


def _short(text: str) -> str:
    """Put a text on one line of bounded length."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1].rstrip() + "…"
