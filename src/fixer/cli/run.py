"""`fixer run FILE`: a red build in, a verified fix out; or a workflow in, its steps done; and a report of either."""

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fixer.cli.base import loaded_settings, print_json, project_folder, say
from fixer.errors import ConfigError, GitError
from fixer.own_files import refuse_links

if TYPE_CHECKING:
    from fixer import repair, workflow
    from fixer.journal import Journal

COMMAND = "run"
PANEL = "Repair"
ORDER = 10


def command(  # noqa: PLR0913 - one argument an option
    *,
    file: Annotated[Path, typer.Argument(help="The input: an info.json, or a workflow.", show_default=False)],
    repo: Annotated[Path, typer.Option(help="The repository, or a folder inside of it.")] = Path(),
    commit: Annotated[
        str, typer.Option(help="The commit that failed; default: the one that the log names, else HEAD.")
    ] = "",
    green: Annotated[str, typer.Option(help="A commit on which it still worked; default: searched for.")] = "",
    commit_here: Annotated[
        bool, typer.Option("--commit-here", help="Commit the reproduction on the branch that is checked out.")
    ] = False,
    validate: Annotated[
        bool, typer.Option("--validate", help="Check the input, the tools and the repository; run nothing.")
    ] = False,
    arg: Annotated[str | None, typer.Option(help="What $ARG stands for in a workflow.", show_default=False)] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> int:
    """Find what failed, show it here, fix it, and prove the fix; or run the steps of a workflow.

    The fix is on the branch fix/NAME, the proof in the report under outputs/. Your files, index and branch stay
    as they are. A workflow's steps are your own commands: they run in the project itself.

    Example: `fixer run info.json`
    """
    from fixer.git import Git, find_repository, forget_hook_environment  # noqa: PLC0415
    from fixer.input.request_file import Kind, kind_of, read_request  # noqa: PLC0415

    if validate:
        from fixer.cli import doctor  # noqa: PLC0415

        return doctor.command(file, repo=repo, as_json=json)
    forget_hook_environment()
    if kind_of(file) is Kind.WORKFLOW:
        _only_for_repair({"--commit": commit, "--green": green, "--commit-here": commit_here})
        return run_workflow(file, repo, arg, as_json=json)
    if arg is not None:
        raise ConfigError("--arg is for workflows, and this is an info.json", "leave --arg out")
    request = read_request(file, project_folder(repo))
    repository = find_repository(repo)
    loaded = loaded_settings(repository)
    _refuse_unready(repository, loaded.settings.output_dir)
    if Git(repository).commit_of("HEAD") is None:
        raise GitError(f"{repository} has no commit yet", "git add --all && git commit -m 'First commit'")
    if loaded.settings.patterns_dir:
        from fixer.diagnosis.own_patterns import library  # noqa: PLC0415 - only where a project has its own

        library(repository, loaded.settings.patterns_dir)
    from fixer.journal import open_journal  # noqa: PLC0415
    from fixer.repair import Options, start  # noqa: PLC0415
    from fixer.terminal import Progress  # noqa: PLC0415

    options = Options(commit=commit, green=green, commit_here=commit_here)
    with open_journal(repository / ".fixer") as journal, Progress() as progress:
        finished = start(request, file, repository, loaded.settings, options, journal, progress.talk)
    return present(finished, as_json=json)


def _refuse_unready(repository: Path, output: str) -> None:
    """Refuse where the report could not be written, before there is anything to report."""
    folder = repository / output
    refuse_links(folder, repository)
    blocked = next((place for place in (folder, *folder.parents) if place.exists() and not place.is_dir()), None)
    if blocked is not None:
        away = f"mv {shlex.quote(str(blocked))} {shlex.quote(f'{blocked}.old')}"
        raise ConfigError(
            f"reports go into the folder {folder}, and {blocked} is a file",
            f"move it away ({away}), or name another folder with output_dir in fixer.toml",
        )


def _only_for_repair(options: Mapping[str, object]) -> None:
    given = [name for name, value in options.items() if value]
    if given:
        raise ConfigError(f"{given[0]} is for an info.json, and this is a workflow", f"leave {given[0]} out")


def run_workflow(file: Path, repo: Path, argument: str | None, *, as_json: bool) -> int:
    """Run a workflow file to its end; return the exit code."""
    from fixer.git import find_repository  # noqa: PLC0415
    from fixer.input.known_commands import KnownCommands  # noqa: PLC0415
    from fixer.input.workflow_file import read_workflow  # noqa: PLC0415
    from fixer.journal import open_journal  # noqa: PLC0415
    from fixer.workflow import refuse_unready, remarks, services_for, start  # noqa: PLC0415

    folder = project_folder(repo)
    loaded = loaded_settings(folder)
    services = services_for(loaded.settings)
    known = KnownCommands(folder, services.tools)
    workflow = read_workflow(file, known)
    repository = find_repository(repo)
    for warning in remarks(workflow):
        say(f"warning: {warning}")
    # Before the state folder is made: what cannot run leaves nothing behind.
    refuse_unready(workflow, known, services, argument)
    _refuse_unready(repository, loaded.settings.output_dir)
    with open_journal(repository / ".fixer") as journal:
        finished = start(workflow, file, repository, loaded.settings, journal, argument)
    return present(finished, as_json=as_json)


def go_on(journal: "Journal", run_id: str) -> "repair.Finished | workflow.Finished":
    """Resume a run of any kind, and work on it to its end."""
    if journal.run(run_id).kind == "workflow":
        from fixer.workflow import resume as resume_workflow  # noqa: PLC0415

        return resume_workflow(journal, run_id)
    from fixer.repair import resume  # noqa: PLC0415
    from fixer.terminal import Progress  # noqa: PLC0415

    with Progress() as progress:
        return resume(journal, run_id, progress.talk)


def present(finished: "repair.Finished | workflow.Finished", *, as_json: bool) -> int:
    """Print the result of a run; return its exit code."""
    from fixer.reporters import terminal, workflow  # noqa: PLC0415 - rich is needed only now
    from fixer.schema.workflow_report import WorkflowReport  # noqa: PLC0415
    from fixer.terminal import stdout_console  # noqa: PLC0415

    report = finished.report
    if as_json:
        print_json(report.model_dump(mode="json", by_alias=True))
    elif isinstance(report, WorkflowReport):
        workflow.print_report(report, stdout_console(), finished.path)
    else:
        terminal.print_report(report, stdout_console(), finished.path)
    say(f"fixer: {report.outcome.value.replace('_', ' ')}; report: {finished.path}")
    return int(finished.exit_code)
