"""`fixer doctor`: looks at everything that a run needs and says how to mend what is missing."""

from pathlib import Path
from typing import Annotated

import typer

from fixer.cli.base import print_json, print_result, project_folder, say
from fixer.errors import ExitCode

COMMAND = "doctor"
PANEL = "Set up"
ORDER = 20


def command(
    file: Annotated[Path | None, typer.Argument(help="An info.json to check as well.")] = None,
    *,
    repo: Annotated[Path | None, typer.Option("--repo", help="The project's folder; default: found from here.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> int:
    """Check git, the repository, the test runner, the sandbox, the disk and fixer's own state. Nothing is run.

    Leaves with 0 when a run can start, with 3 when something that it needs is missing.

    Example: `fixer doctor info.json`
    """
    import os  # noqa: PLC0415 - with those below: what --help need not pay
    from dataclasses import asdict  # noqa: PLC0415

    from fixer.input.config import load_settings  # noqa: PLC0415
    from fixer.input.request_file import read_request  # noqa: PLC0415
    from fixer.preflight import check, is_ready, render  # noqa: PLC0415

    folder = project_folder(repo)
    loaded = load_settings(folder, os.environ, {})
    request = read_request(file, folder) if file else None
    findings = check(folder, loaded.settings, request, file.absolute().parent if file else None)
    ready = is_ready(findings)
    if as_json:
        print_json({"ready": ready, "findings": [asdict(finding) for finding in findings]})
    else:
        print_result(render(findings))
    for warning in loaded.warnings:
        say(f"warning: {warning}")
    say("everything that a run needs is there" if ready else "a run cannot start: see the problems above")
    return ExitCode.OK if ready else ExitCode.DEPENDENCY
