"""`fixer report`: lists the reports of a repository and shows one."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fixer.cli.base import loaded_settings, print_json, print_result, project_folder, say, warn_of_settings
from fixer.errors import ConfigError

if TYPE_CHECKING:
    from fixer.reporters.files import AnyReport

COMMAND = "report"
PANEL = "Look"
ORDER = 10
LATEST = "latest"


def command(
    run: Annotated[
        str | None, typer.Argument(help="A run's id (or its start), latest, or the path of a report.")
    ] = None,
    *,
    repo: Annotated[Path | None, typer.Option("--repo", help="The project's folder; default: found from here.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the reports of this project, newest first, or show one.

    Example: `fixer report latest`
    """
    folder = project_folder(repo)
    if run is None:
        _list(folder, as_json=as_json)
        return
    warn_of_settings(folder)
    if (path := _file(run)) is not None and not as_json:
        _show(path.read_text(encoding="utf-8", errors="replace"))
    else:
        _show_run(_find(run, folder), as_json=as_json)


def _list(folder: Path, *, as_json: bool) -> None:
    reports = _stored(folder)
    if not reports:
        warn_of_settings(folder)
    output = _output_folder(folder) if reports else folder
    rows = [_row(report, output) for report in reports]
    if as_json:
        print_json({"reports": rows})
    elif not rows:
        say(f"there is no report in {folder} yet; `fixer run info.json` writes one")
    else:
        lines = [f"{'STARTED':<20} {'STATUS':<8} {'OUTCOME':<14} {'RUN':<16}  SUMMARY"]
        lines += [
            f"{row['started'][:19]:<20} {row['status']:<8} {row['outcome']:<14} {row['run']:<16}  {_one_line(row)}"
            for row in rows
        ]
        print_result("\n".join(lines))


def _one_line(row: dict[str, Any]) -> str:
    from fixer.reporters.quoting import clean_line  # noqa: PLC0415 - pydantic costs what --help must not pay

    return clean_line(str(row["summary"]))[:120]


def _row(report: "AnyReport", output: Path) -> dict[str, Any]:
    from fixer.reporters.files import find_markdown  # noqa: PLC0415

    path = find_markdown(report, output)
    return {
        "run": report.run_id,
        "started": report.started,
        "seconds": report.seconds,
        "status": report.status.value,
        "outcome": report.outcome.value,
        "summary": report.summary,
        "report": str(path) if path else None,
    }


def _output_folder(folder: Path) -> Path:
    return folder / loaded_settings(folder).settings.output_dir


def _stored(folder: Path) -> "tuple[AnyReport, ...]":
    from fixer.reporters.files import stored_reports  # noqa: PLC0415 - pydantic costs what --help must not pay

    stored = stored_reports(folder)
    for broken in stored.broken:
        say(f"warning: a stored report cannot be read: {broken}")
    return stored.reports


def _file(run: str) -> Path | None:
    path = Path(run)
    try:
        return path if path.suffix == ".md" and path.is_file() else None
    except (OSError, ValueError):
        return None


def _find(run: str, folder: Path) -> "AnyReport":
    from fixer.reporters.files import run_of  # noqa: PLC0415

    reports = _stored(folder)
    path = _file(run)
    wanted = run_of(path) or run if path else run
    matches = [report for report in reports if report.run_id == wanted] or [
        report for report in reports if report.run_id.startswith(wanted)
    ]
    if wanted == LATEST and reports:
        return reports[0]
    if len(matches) == 1:
        return matches[0]
    listed = "`fixer report` lists the runs that have one"
    if matches:
        raise ConfigError(f"'{run}' is the start of {len(matches)} runs in {folder}", f"type more of the id; {listed}")
    if not reports:
        raise ConfigError(f"there is no report in {folder}", "`fixer run info.json` writes one")
    raise ConfigError(f"there is no report '{run}' in {folder}", listed)


def _show_run(report: "AnyReport", *, as_json: bool) -> None:
    from fixer.reporters import json  # noqa: PLC0415
    from fixer.reporters.files import as_markdown  # noqa: PLC0415

    if as_json:
        import sys  # noqa: PLC0415

        sys.stdout.write(json.render(report))
    else:
        _show(as_markdown(report))


def _show(text: str) -> None:
    """Print Markdown: laid out on a terminal, as it is elsewhere; control codes never get through."""
    import sys  # noqa: PLC0415

    from fixer.terminal import clean, stdout_console  # noqa: PLC0415

    text = clean(text)
    if not sys.stdout.isatty():
        print_result(text)
        return
    from rich.markdown import Markdown  # noqa: PLC0415

    body = text.split("\n---\n", 1)[-1] if text.startswith("---\n") else text
    stdout_console().print(Markdown(body, hyperlinks=False))
