"""Takes a finished report and keeps it: Markdown in `outputs/`, JSON in `.fixer/reports/`; and finds both again."""

import json as stdlib_json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from fixer.errors import DependencyError
from fixer.own_files import make_ignored, refuse_links, replace
from fixer.redact import masked
from fixer.reporters import json, markdown, workflow
from fixer.schema.report import Report
from fixer.schema.workflow_report import WorkflowReport

STATE_FOLDER = ".fixer"
REPORTS = "reports"
AnyReport = Report | WorkflowReport
_RUN = re.compile(r'^run: "([^"\n]*)"$', re.MULTILINE)
_FRONT_MATTER_BYTES = 4096


@dataclass(frozen=True)
class Stored:
    """The reports of a repository, newest first, and what could not be read."""

    reports: tuple[AnyReport, ...]
    broken: tuple[str, ...]
    """`PATH: why`."""


def write_report(report: AnyReport, folder: Path, *, mask: Callable[[str], str] | None = None) -> Path:
    """Keep a report: written whole or not at all, and again by a resumed run without leaving two.

    Args:
        report: of a run, in any outcome.
        folder: for the Markdown (`outputs`); made where it is missing, with a `.gitignore`.
        mask: applied to every text of the report before anything is written.

    Returns:
        The path of the Markdown file, `YYYY-MM-DD_HH-MM-SS_<description>.md` in UTC.

    Raises:
        DependencyError: it could not be written.
        PolicyError: a link leads from where it belongs to elsewhere.
    """
    if mask is not None:
        report = type(report).model_validate(masked(report.model_dump(mode="json", by_alias=True), mask))
    state = Path(report.repository) / STATE_FOLDER
    for place in (folder, state / REPORTS):
        refuse_links(place, Path(report.repository))
    try:
        make_ignored(folder)
        make_ignored(state)
        (state / REPORTS).mkdir(exist_ok=True)
        replace(state / REPORTS / f"{_slug(report.run_id)}.json", json.render(report).encode("utf-8", "replace"))
        before = find_markdown(report, folder)
        path = _markdown_path(report, folder)
        replace(path, as_markdown(report).encode("utf-8", "replace"))
        if before is not None and before != path:
            before.unlink(missing_ok=True)
    except OSError as error:
        raise DependencyError(
            f"the report of run {report.run_id} could not be written into {folder}: {error}",
            "make room and check the rights of the folder; `fixer resume` then writes it",
        ) from error
    return path


def as_markdown(report: AnyReport) -> str:
    """Return the Markdown form of a report of any kind."""
    return markdown.render(report) if isinstance(report, Report) else workflow.render(report)


def stored_reports(repository: Path) -> Stored:
    """Read every report that was kept for a repository; it writes nothing."""
    reports, broken = [], []
    for path in sorted((repository / STATE_FOLDER / REPORTS).glob("*.json")):
        try:
            reports.append(_read(path.read_bytes()))
        except (OSError, ValidationError) as error:
            reason = f"{error.error_count()} fields are wrong" if isinstance(error, ValidationError) else str(error)
            broken.append(f"{path}: {reason}")
    newest_first = sorted(reports, key=lambda report: (report.started, report.run_id), reverse=True)
    return Stored(tuple(newest_first), tuple(broken))


def stored_report(repository: Path, run_id: str) -> AnyReport | None:
    """Return the report that was kept of one run; None where there is none that can be read."""
    path = repository / STATE_FOLDER / REPORTS / f"{_slug(run_id)}.json"
    try:
        return _read(path.read_bytes())
    except (OSError, ValidationError):
        return None


def _read(data: bytes) -> AnyReport:
    try:
        kind = stdlib_json.loads(data).get("kind")
    except (ValueError, AttributeError):
        kind = None
    return (WorkflowReport if kind == "workflow" else Report).model_validate_json(data)


def find_markdown(report: AnyReport, folder: Path) -> Path | None:
    """Return the Markdown file of a run in `folder`, or None where there is none."""
    candidates = sorted(folder.glob(f"{_stamp(report)}_*.md"))
    return next((path for path in candidates if run_of(path) == report.run_id), None)


def run_of(path: Path) -> str | None:
    """Return the id of the run that a Markdown report is of, or None where it is no report."""
    try:
        with path.open("rb") as file:
            head = file.read(_FRONT_MATTER_BYTES).decode("utf-8", "replace")
    except OSError:
        return None
    found = _RUN.search(head.partition("\n---\n")[0]) if head.startswith("---\n") else None
    return str(stdlib_json.loads(f'"{found.group(1)}"')) if found else None


def _markdown_path(report: AnyReport, folder: Path) -> Path:
    name = f"{_stamp(report)}_{_slug(report.description)}"
    path = folder / f"{name}.md"
    if path.exists() and run_of(path) != report.run_id:
        # Two runs that began in one second and saw the same failure.
        path = folder / f"{name}_{_slug(report.run_id)}.md"
    return path


def _stamp(report: AnyReport) -> str:
    return datetime.fromisoformat(report.started).astimezone(UTC).strftime("%Y-%m-%d_%H-%M-%S")


def _slug(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-")[:60].strip("-") or "run"
