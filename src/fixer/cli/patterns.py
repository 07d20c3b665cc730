"""`fixer patterns`: failures that keep coming in a table; pause an agent, take it up again, dismiss a pattern."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fixer.cli.base import (
    named_workspace,
    option_for_repo,
    print_json,
    print_table,
    project_folder,
    say,
    warn_of_settings,
)
from fixer.errors import ConfigError
from fixer.terminal import clean_line

if TYPE_CHECKING:
    from fixer.explaining.patterns import Pattern
    from fixer.journal.executions import Executions

COMMAND = "patterns"
PANEL = "Look"
ORDER = 40


class Action(StrEnum):
    """What to do with patterns."""

    LIST = "list"
    PAUSE = "pause"
    RESUME = "resume"
    CHECK = "check"
    DISMISS = "dismiss"


_TAKES = {
    Action.PAUSE: "an agent",
    Action.RESUME: "an agent",
    Action.CHECK: "an agent",
    Action.DISMISS: "the id of a pattern",
}


def command(  # noqa: PLR0913 - one argument an option
    *,
    action: Annotated[
        Action, typer.Argument(help="list, pause AGENT, resume AGENT, check AGENT, or dismiss PATTERN.")
    ] = Action.LIST,
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="An agent, or the start of a pattern's id.")] = "",
    reason: Annotated[str, typer.Option("--reason", help="Why it is paused: shown to whoever starts it.")] = "",
    agent: Annotated[str, typer.Option("--agent", help="List the patterns of this agent alone.")] = "",
    workspace: Annotated[
        str, typer.Option("--workspace-id", callback=named_workspace, help="The workspace that was explained.")
    ] = "default",
    repo: Annotated[Path | None, typer.Option("--repo", help="The project's folder; default: found from here.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the failures that keep coming: 5 or more of an agent's last 10 failed executions alike.

    A paused agent is refused with the reason until it is taken up again: a workflow or an info.json by fixer itself;
    whatever else starts agents asks `fixer patterns check AGENT`, which ends with 5 then. A dismissed pattern stays
    dismissed.

    Example: `fixer patterns pause Outreach --reason "the template is being written"`
    """
    from fixer.journal import existing_journal  # noqa: PLC0415 - `--help` must not pay for pydantic
    from fixer.journal.executions import Executions  # noqa: PLC0415

    if action in _TAKES and not name:
        from fixer.schema.workspace import option_for  # noqa: PLC0415

        hint = f"`fixer patterns{option_for(workspace)}` lists the patterns and their agents"
        raise ConfigError(f"`fixer patterns {action}` takes {_TAKES[action]}", hint)
    root = project_folder(repo)
    warn_of_settings(root)
    with existing_journal(root / ".fixer") as journal:
        if journal is None:
            _without_records(action, name, workspace, as_json=as_json)
            return
        executions = Executions(journal.database, journal.now, workspace)
        if action is Action.LIST:
            from fixer.explaining.patterns import patterns  # noqa: PLC0415

            _show(patterns(executions, agent), executions, as_json=as_json)
            if not as_json and (option := option_for_repo(root)):
                say(f"commands about {root} take{option} from here")
        elif action is Action.DISMISS:
            _dismiss(name, executions)
        elif action is Action.CHECK:
            executions.pauses.refuse(name)
            say(clean_line(f"{name} may run"))
        else:
            _switch(action, name, reason, executions, option_for_repo(root))


def _without_records(action: Action, name: str, workspace: str, *, as_json: bool) -> None:
    if action is Action.LIST:
        _show([], None, as_json=as_json)
    elif action is Action.CHECK:
        say(clean_line(f"{name} may run"))
    elif action is Action.DISMISS:
        raise _no_pattern(name, workspace)
    else:
        raise _no_agent(name, workspace, [])


def _show(found: "list[Pattern]", executions: "Executions | None", *, as_json: bool) -> None:
    paused = executions.pauses.all() if executions else []
    if as_json:
        listed = [one.model_dump(mode="json", by_alias=True) for one in found]
        print_json({"patterns": listed, "paused": [one.model_dump(mode="json") for one in paused]})
        return
    shown = [one for one in found if not one.dismissed]
    if shown:
        _table(shown)
    else:
        say("no failure keeps coming: no agent has 5 alike among its last 10 failed executions")
    if executions is None:
        return
    from fixer.journal.pauses import to_type  # noqa: PLC0415 - `--help` must not pay for pydantic
    from fixer.schema.workspace import option_for  # noqa: PLC0415

    for pause in paused:
        again = to_type("resume", pause.agent, executions.workspace)
        say(f"{clean_line(f'paused: {pause.agent}: {pause.reason}')}; take it up again: {again}")
    if hidden := len(found) - len(shown):
        say(f"dismissed: {hidden}; `fixer patterns --json{option_for(executions.workspace)}` has them all")


def _table(shown: "list[Pattern]") -> None:
    rows = [
        (
            one.id,
            one.agent,
            f"{one.detected.failure_count} of 10",
            one.detected.last_occurred,
            one.root_cause.value,
            one.detected.error_message,
        )
        for one in shown
    ]
    print_table(("PATTERN", "AGENT", "ALIKE", "LAST", "CAUSE", "ERROR"), rows)
    for one in shown:
        say(one.detected.recommendation)


def _dismiss(name: str, executions: "Executions") -> None:
    from fixer.explaining.patterns import patterns  # noqa: PLC0415

    found = [one for one in patterns(executions) if one.id.startswith(name)]
    if len(found) != 1:
        raise _no_pattern(name, executions.workspace, several=bool(found))
    executions.dismiss(found[0].agent, found[0].fingerprint)
    say(clean_line(f"dismissed: '{found[0].detected.error_message}' of {found[0].agent} is not shown any more"))


def _no_pattern(name: str, workspace: str, *, several: bool = False) -> ConfigError:
    from fixer.schema.workspace import option_for  # noqa: PLC0415 - `--help` must not pay for pydantic

    what = "more than one pattern begins" if several else "no pattern begins"
    return ConfigError(
        f"{what} with '{name}' in workspace '{workspace}'", f"`fixer patterns{option_for(workspace)}` lists them"
    )


def _no_agent(agent: str, workspace: str, known: list[str]) -> ConfigError:
    from fixer.input.problems import nearest  # noqa: PLC0415 - only for a slip

    near = nearest(agent, known)
    hint = f"did you mean '{near}'?" if near else "agents are known from the executions that were explained"
    return ConfigError(f"there is no agent '{agent}' in workspace '{workspace}'", hint)


def _switch(action: Action, agent: str, reason: str, executions: "Executions", option: str) -> None:
    from fixer.journal.pauses import to_type  # noqa: PLC0415 - `--help` must not pay for pydantic

    if agent not in executions.agents():
        raise _no_agent(agent, executions.workspace, executions.agents())
    if action is Action.PAUSE:
        executions.pauses.pause(agent, reason or "paused by hand")
        again = to_type("resume", agent, executions.workspace)
        say(f"{clean_line(agent)} is paused; take it up again: {again}{option and f' (from here with{option})'}")
    elif executions.pauses.take_up(agent):
        say(f"{clean_line(agent)} may run again")
    else:
        say(f"{clean_line(agent)} was not paused")
