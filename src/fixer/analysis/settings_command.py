"""Commands from the settings: `[analysis.NAME]` in, a tool of that name out, and a number read out of what it says."""

import json
import math
import re
import shlex
from functools import partial
from pathlib import Path

from fixer.analysis.base import Measured, Project, Session, Tool, failed, missing
from fixer.schema.analysis import Metric, Series
from fixer.schema.command import CommandResult, Ending
from fixer.schema.root_cause import RootCause
from fixer.schema.settings import AnalysisSettings

ECOSYSTEM = "settings"


def find(project: Project) -> list[Tool]:
    """Return the tools that the settings name."""
    return [
        Tool(
            Series(tool=name, ecosystem=ECOSYSTEM, folder=str(Path(own.folder))),
            shlex.split(own.command)[0],
            partial(_measure, name, own),
        )
        for name, own in project.settings.analysis.items()
    ]


def _measure(name: str, own: AnalysisSettings, session: Session) -> Measured:
    argv = shlex.split(own.command)
    if not session.folder.is_dir():
        reason = f"there is no folder {own.folder}, which analysis.{name}.folder names"
        return Measured(root_cause=RootCause.ENVIRONMENT, reason=reason, result=session.run(*argv))
    before = _stamp(session.folder / own.file) if own.file else None
    ran = session.run(*argv, timeout_seconds=own.timeout_seconds)
    if ran.ending is Ending.NOT_STARTED:
        install = own.install or f"install {argv[0]}, or correct analysis.{name}.command in the settings"
        return missing(f"{argv[0]} is not installed", ran, install)
    if not ran.passed:
        return failed(ran)
    if not own.json_path and not own.pattern:
        return Measured(result=ran, reason="it passed; the settings name no number to read (json_path or pattern)")
    text, problem = _text(own, session, ran, before)
    value = None if problem else read_number(text, own)
    if isinstance(value, float):
        metric = Metric(name="value", value=value, unit=own.unit, better=own.better)
        return Measured(metrics=(metric,), result=ran)
    return failed(ran, RootCause.INVALID_DATA, problem or value or "")


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


def _text(
    own: AnalysisSettings, session: Session, ran: CommandResult, before: tuple[int, int] | None
) -> tuple[str, str]:
    """Return what the number is read from, and why it cannot be read."""
    if not own.file:
        return ran.stdout, ""
    path = session.folder / own.file
    after = _stamp(path)
    if after is None:
        return "", f"the command passed, but did not write {own.file}"
    if after == before:
        return "", f"the command passed, but {own.file} is the one of an earlier run"
    return path.read_text(encoding="utf-8", errors="replace"), ""


def read_number(text: str, own: AnalysisSettings) -> float | str:
    """Return the number that the settings point at, or why there is none."""
    found = _at_path(text, own.json_path) if own.json_path else _in_text(text, own.pattern)
    if isinstance(found, float) and not math.isfinite(found):
        return "the number is not finite"
    return found


def _in_text(text: str, pattern: str) -> float | str:
    found = list(re.finditer(pattern, text, re.MULTILINE))
    if not found:
        return f"nothing in the output fits the pattern {pattern!r}"
    said = found[-1][1] if found[-1].re.groups else found[-1][0]
    return _number(said, f"what the pattern {pattern!r} found")


def _at_path(text: str, path: str) -> float | str:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        return f"the output is not JSON: {error}"
    for key in path.split("."):
        if isinstance(value, list) and re.fullmatch(r"-?\d+", key) and -len(value) <= int(key) < len(value):
            value = value[int(key)]
        elif isinstance(value, dict) and key in value:
            value = value[key]
        else:
            return f"the JSON has nothing at '{path}': '{key}' is not there"
    return _number(value, f"what stands at '{path}'")


def _number(value: object, what: str) -> float | str:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return f"{what} is no number"
    try:
        return float(str(value).replace(",", "").strip().removesuffix("%"))
    except (ValueError, OverflowError):
        return f"{what} is no number: {str(value)[:80]!r}"
