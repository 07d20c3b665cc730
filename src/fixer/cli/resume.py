"""`fixer resume`: goes on with a run that was killed, interrupted or put off."""

from pathlib import Path
from typing import Annotated

import typer

from fixer.cli.base import say

COMMAND = "resume"
PANEL = "Operate"
ORDER = 20


def command(
    *,
    run: Annotated[
        str, typer.Argument(help="The run, or the beginning of its id; default: the newest that can go on.")
    ] = "",
    repo: Annotated[Path, typer.Option(help="The repository, or a folder inside of it.")] = Path(),
    json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> int:
    """Go on with a run from its last finished step. Nothing is lost, and nothing is done twice.

    Of a workflow, the step that was running when it was stopped runs again from its beginning.

    Example: `fixer resume`
    """
    from fixer.cli import analyze  # noqa: PLC0415 - --help must not pay for the run
    from fixer.cli.run import go_on, present  # noqa: PLC0415
    from fixer.errors import ConfigError  # noqa: PLC0415
    from fixer.git import find_repository, forget_hook_environment  # noqa: PLC0415
    from fixer.journal import RunState, open_journal  # noqa: PLC0415

    forget_hook_environment()
    repository = find_repository(repo)
    with open_journal(repository / ".fixer") as journal:
        if run:
            record = journal.run(run)
        else:
            waiting = [r for r in journal.runs() if r.state in {RunState.DEAD, RunState.WAITING, RunState.QUEUED}]
            if not waiting:
                raise ConfigError(
                    f"no run in {repository} can go on: none was killed, interrupted or put off",
                    "`fixer runs` lists every run; `fixer run info.json` starts one",
                )
            record = waiting[0]
        say(f"going on with run {record.id}")
        if record.kind == analyze.KIND:
            return analyze.go_on(journal, record, as_json=json)
        finished = go_on(journal, record.id)
    return present(finished, as_json=json)
