"""`fixer doctor`: looks at everything that a run needs and says how to mend what is missing."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fixer.cli.base import loaded_settings, print_json, print_result, project_folder, say
from fixer.errors import ExitCode

if TYPE_CHECKING:
    from fixer.input.known_commands import KnownCommands
    from fixer.preflight import Finding
    from fixer.schema.settings import Settings
    from fixer.schema.workflow import Workflow

COMMAND = "doctor"
PANEL = "Set up"
ORDER = 20


def command(
    file: Annotated[Path | None, typer.Argument(help="An info.json or a workflow to check as well.")] = None,
    *,
    repo: Annotated[Path | None, typer.Option("--repo", help="The project's folder; default: found from here.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> int:
    """Check git, the repository, the test runner, the sandbox, the disk and fixer's own state. Nothing is run.

    Of a workflow, the programs, folders and prompt files of its steps are looked for as well.

    Leaves with 0 when a run can start, with 3 when something that it needs is missing.

    Example: `fixer doctor info.json`
    """
    from dataclasses import asdict  # noqa: PLC0415

    from fixer.input.request_file import Kind, kind_of, read_request  # noqa: PLC0415
    from fixer.preflight import check, is_ready, render  # noqa: PLC0415

    folder = project_folder(repo)
    loaded = loaded_settings(folder)
    if file is not None and kind_of(file) is Kind.WORKFLOW:
        findings = check(folder, loaded.settings, None) + _workflow(file, folder, loaded.settings)
    else:
        request = read_request(file, folder) if file else None
        findings = check(folder, loaded.settings, request, file.absolute().parent if file else None)
    ready = is_ready(findings)
    if as_json:
        print_json({"ready": ready, "findings": [asdict(finding) for finding in findings]})
    else:
        print_result(render(findings))
    say("everything that a run needs is there" if ready else "a run cannot start: see the problems above")
    return ExitCode.OK if ready else ExitCode.DEPENDENCY


def _workflow(file: Path, folder: Path, settings: "Settings") -> "list[Finding]":
    """Read a workflow and look for what its steps need; what is wrong with the file itself is an error of its own."""
    from fixer.input.known_commands import KnownCommands  # noqa: PLC0415
    from fixer.input.workflow_file import read_workflow  # noqa: PLC0415
    from fixer.preflight.workflow import check_workflow  # noqa: PLC0415
    from fixer.workflow import refuse_unready, remarks, services_for  # noqa: PLC0415

    services = services_for(settings)
    known = KnownCommands(folder, services.tools)
    workflow = read_workflow(file, known)
    # Nothing is run, so $ARG needs no value.
    refuse_unready(workflow, known, services, argument="")
    return check_workflow(workflow, known, remarks(workflow)) + _nothing_to_measure(workflow, known, settings)


def _nothing_to_measure(workflow: "Workflow", known: "KnownCommands", settings: "Settings") -> "list[Finding]":
    """Look for tools that would find nothing in the project as it is; an earlier step may make it yet."""
    from fixer.analysis import choose  # noqa: PLC0415
    from fixer.errors import ConfigError  # noqa: PLC0415
    from fixer.preflight.finding import Finding, Level  # noqa: PLC0415
    from fixer.workflow.route import all_steps  # noqa: PLC0415

    found = []
    for step in all_steps(workflow):
        named = None if step.command else known.find(step.name)
        if (named is None or not named.tool) and step.analysis is None:
            continue
        try:
            choose((named.tool,) if named and named.tool else (), known.project, settings)
        except ConfigError as error:
            found.append(Finding(f"step {step.name}", Level.WARNING, error.message, error.hint))
    return found
