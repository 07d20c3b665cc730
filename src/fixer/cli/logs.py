"""`fixer logs INPUT`: what failed in a CI log, for people or, with `--json`, for programs."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from fixer.cli.base import loaded_settings, print_json, print_result, project_folder, say, warn_of_settings
from fixer.errors import ConfigError
from fixer.own_files import make_ignored

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fixer.diagnosis.patterns import Library
    from fixer.schema.log_summary import LogSummary
    from fixer.schema.pattern import Match

COMMAND = "logs"
PANEL = "Look"
ORDER = 10
SHOWN = 20
"""Failures that are listed for people."""


def command(
    given: Annotated[
        str,
        typer.Argument(metavar="INPUT", help="A log file, a folder, a zip archive of logs, a GitHub URL, or -."),
    ],
    *,
    json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
    budget: Annotated[int, typer.Option("--budget", min=200, help="Characters that the context may have.")] = 12_000,
) -> None:
    """Say what failed in a CI log: steps, failures, root cause, and the lines that matter.

    Example: `fixer logs ci.log --json`
    """
    from fixer.distiller import distill  # noqa: PLC0415 - with the one below: what --help need not pay
    from fixer.redact import Masker, masked  # noqa: PLC0415

    files, reports = opened(given)
    summary = distill(given, files, budget, reports)
    if summary.lines == 0:
        raise ConfigError(f"the log is empty: {given}", "give the log of a run that failed")
    say(_in_short(summary))
    mask = Masker(os.environ).mask
    if json:
        warn_of_settings(project_folder(None))
        print_json(masked(summary.model_dump(mode="json"), mask))
    else:
        print_result(mask(_told(summary, _library())))


def _library() -> "Library":
    from fixer.diagnosis.own_patterns import library  # noqa: PLC0415

    folder = project_folder(None)
    return library(folder, loaded_settings(folder).settings.patterns_dir)


def _known(summary: "LogSummary", library: "Library") -> dict[str, list[str]]:
    """Return the lines that the library has for a failure, by its id; what was said of one is not said again."""
    from fixer.diagnosis.explain import known  # noqa: PLC0415 - only where a log is told to people

    found: dict[str, list[str]] = {}
    said: set[str] = set()
    for failure in summary.failures[:SHOWN]:
        match = known(failure, library)
        if match is None or match.fix in said:
            continue
        said.add(match.fix)
        found[failure.id] = _advice(match)
    return found


def _advice(match: "Match") -> list[str]:
    typed = ["      " + "\n   or ".join(f"$ {command}" for command in ways) for ways in match.steps]
    return [f"    why: {match.explanation}", f"    fix: {match.fix}", *typed]


def opened(given: str) -> "tuple[Iterable[tuple[str | None, BinaryIO]], list[Path]]":
    """Return the files of a log with their names, and the JUnit reports that were fetched with it.

    `given` is a file, a folder, an archive, a GitHub URL, or - for standard input.

    Raises:
        FixerError: there is no such log, or it cannot be had.
    """
    from fixer.ci_log.inputs import nearest_log, parts  # noqa: PLC0415 - only where a log is read

    if given == "-":
        return [(None, sys.stdin.buffer)], []
    if given.startswith(("http://", "https://")):
        log, reports = _fetched(given)
        return parts(log), reports
    path = Path(given).expanduser()
    try:
        exists = bool(given) and path.exists()
    except OSError as error:
        raise ConfigError(
            f"the log {given[:200]} could not be looked at: {error.strerror}",
            "give the path of a log file, a folder or a zip archive",
        ) from error
    if not exists:
        near = nearest_log(path)
        raise ConfigError(
            f"there is no such log: {given}",
            f"did you mean {near}?" if near else "give the path of a log file, a folder or a zip archive",
        )
    return parts(path), []


def _fetched(url: str) -> tuple[Path, list[Path]]:
    """Return log and reports of a GitHub Actions run or job, kept by the repository or in the user's cache."""
    from fixer.budget import Budget  # noqa: PLC0415 - only where a log is fetched
    from fixer.errors import SourceError  # noqa: PLC0415
    from fixer.journal import refuse_foreign  # noqa: PLC0415
    from fixer.redact import Masker  # noqa: PLC0415
    from fixer.schema.settings import BudgetSettings  # noqa: PLC0415
    from fixer.sources.github_actions import fetch  # noqa: PLC0415

    folder = project_folder(None)
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "fixer"
    if (folder / ".git").exists():
        refuse_foreign(folder / ".fixer")
    keep = (folder / ".fixer" if (folder / ".git").exists() else cache) / "fetched"
    make_ignored(keep.parent)
    found = fetch(url, keep, Masker(os.environ), os.environ, Budget("fetch", BudgetSettings().total), say)
    if found.log_path is None:
        raise SourceError(f"{url} has no log", "look at the run in the browser: it may have been skipped or cancelled")
    return Path(found.log_path), [Path(report) for report in found.reports]


def _in_short(summary: "LogSummary") -> str:
    """Return one line for stderr: how much was read and how much of it is shown."""
    shown = summary.lines - summary.omitted_lines
    return (
        f"read {summary.lines} lines: {len(summary.failures)} failures, root cause {summary.root_cause}; "
        f"{shown} lines ({summary.context.characters} characters) shown"
    )


def _told(summary: "LogSummary", library: "Library | None" = None) -> str:
    """Return the summary for people. Log text is clean of control characters already."""
    by_id = _known(summary, library) if library else {}
    context = [summary.context.text]
    if library and not by_id:
        # No failure is known by its words: the lines around it may be.
        context += [line for match in library.match(summary.context.text) for line in ("", *_advice(match))]
    failed = [step for step in summary.steps if step.status == "failed"]
    lines = [f"{summary.source}: {summary.lines} lines, {len(summary.steps)} steps, {len(summary.failures)} failures"]
    lines.append(f"root cause: {summary.root_cause}")
    for step in failed:
        code = "" if step.exit_code is None else f" (exit code {step.exit_code})"
        lines.append(f"failed step {step.number}: {step.name}{code}, lines {step.first_line}-{step.last_line}")
    for failure in summary.failures[:SHOWN]:
        place = f"{failure.file}:{failure.line}" if failure.file and failure.line else failure.file or ""
        named = " ".join(part for part in (failure.test, place) if part)
        lines.append(f"  {failure.tool}: {named}{': ' if named else ''}{failure.message} (line {failure.log_line})")
        lines += by_id.pop(failure.id, ())
    if len(summary.failures) > SHOWN:
        lines.append(f"  and {len(summary.failures) - SHOWN} more; `--json` has them all")
    lines += ["", *context, "", f"{summary.omitted_lines} of {summary.lines} lines left out"]
    return "\n".join(lines)
