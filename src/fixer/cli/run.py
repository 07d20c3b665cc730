"""`fixer run FILE`: a red build in, a verified fix or the evidence of why there is none out."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fixer.cli.base import print_json, project_folder, say

if TYPE_CHECKING:
    from fixer.repair import Finished

COMMAND = "run"
PANEL = "Repair"
ORDER = 10


def command(  # noqa: PLR0913 - one argument an option
    *,
    file: Annotated[Path, typer.Argument(help="The input: an info.json.", show_default=False)],
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
    json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> int:
    """Find what failed, show it here, fix it, and prove the fix.

    The fix is on the branch fix/NAME, the proof in the report under outputs/. Your files, index and branch stay
    as they are.

    Example: `fixer run info.json`
    """
    import os  # noqa: PLC0415 - --help must not pay for the run

    from fixer.git import find_repository, forget_hook_environment  # noqa: PLC0415
    from fixer.input.config import load_settings  # noqa: PLC0415
    from fixer.input.request_file import read_request  # noqa: PLC0415

    if validate:
        from fixer.cli import doctor  # noqa: PLC0415

        return doctor.command(file, repo=repo, as_json=json)
    forget_hook_environment()
    request = read_request(file, project_folder(repo))
    repository = find_repository(repo)
    loaded = load_settings(repository, os.environ, {})
    for warning in loaded.warnings:
        say(f"warning: {warning}")
    from fixer.journal import open_journal  # noqa: PLC0415
    from fixer.repair import Options, start  # noqa: PLC0415
    from fixer.terminal import Progress  # noqa: PLC0415

    options = Options(commit=commit, green=green, commit_here=commit_here)
    with open_journal(repository / ".fixer") as journal, Progress() as progress:
        finished = start(request, file, repository, loaded.settings, options, journal, progress.talk)
    return present(finished, as_json=json)


def present(finished: "Finished", *, as_json: bool) -> int:
    """Print the result of a run; return its exit code."""
    from fixer.reporters.terminal import print_report  # noqa: PLC0415 - rich is needed only now
    from fixer.terminal import stdout_console  # noqa: PLC0415

    if as_json:
        print_json(finished.report.model_dump(mode="json", by_alias=True))
    else:
        print_report(finished.report, stdout_console(), finished.path)
    say(f"fixer: {finished.report.outcome.value.replace('_', ' ')}; report: {finished.path}")
    return int(finished.exit_code)
