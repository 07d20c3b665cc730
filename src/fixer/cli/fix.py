"""`fixer fix`: lists the fixes that explanations offered, shows one as a diff, applies it after a yes, undoes it."""

import contextlib
import fcntl
import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fixer.cli.base import (
    named_workspace,
    option_for_repo,
    print_json,
    print_result,
    print_table,
    project_folder,
    say,
    warn_of_settings,
)
from fixer.errors import ConfigError, PolicyError
from fixer.terminal import clean_line

if TYPE_CHECKING:
    from fixer.journal.fixes import Fixes
    from fixer.schema.explanation import RecordedFix

COMMAND = "fix"
PANEL = "Repair"
ORDER = 40


class Action(StrEnum):
    """What to do with fixes."""

    LIST = "list"
    SHOW = "show"
    APPLY = "apply"
    UNDO = "undo"


def command(  # noqa: PLR0913 - one argument an option
    *,
    action: Annotated[Action, typer.Argument(help="list, show ID, apply ID, or undo ID.", show_default=False)],
    id_: Annotated[str, typer.Argument(metavar="[ID]", help="A fix, or the start of its id.", show_default=False)] = "",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Apply or undo without asking.")] = False,
    workspace: Annotated[
        str, typer.Option("--workspace-id", callback=named_workspace, help="The workspace that was explained.")
    ] = "default",
    repo: Annotated[Path | None, typer.Option("--repo", help="The project's folder; default: found from here.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List, show, apply or undo the fixes that `fixer explain` offered.

    Nothing is applied before its diff was shown and you said yes. What was applied can be undone at any time, byte
    for byte, as long as nobody changed the file since.

    Example: `fixer fix apply 3fa9`
    """
    from fixer.explaining.applying import settle  # noqa: PLC0415 - `--help` must not pay for pydantic
    from fixer.journal import existing_journal  # noqa: PLC0415
    from fixer.journal.fixes import Fixes  # noqa: PLC0415

    root = project_folder(repo)
    if action is not Action.LIST and not id_:
        raise ConfigError(f"`fixer fix {action}` takes the id of a fix", f"{_hint(workspace, root)} lists them")
    warn_of_settings(root)
    with existing_journal(root / ".fixer") as journal:
        if journal is None:
            _nothing(action, id_, workspace, as_json=as_json)
            return
        fixes = Fixes(journal.database, journal.now, workspace)
        with _alone(root):
            settle(fixes, say)
            if action is Action.LIST:
                _list(fixes.all(), as_json=as_json)
                return
            fix = fixes.one(id_)
            if action is Action.SHOW:
                _show(fix, root, as_json=as_json)
            elif action is Action.APPLY:
                _apply(fix, fixes, root, yes=yes)
            else:
                _undo(fix, fixes, root, yes=yes)
            if as_json and action is not Action.SHOW:
                print_json({"fix": _plain(fixes.one(fix.id))})


@contextlib.contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Let one process at a time look at and change fixes: a half applied one may be another's work."""
    with (root / ".fixer" / "fixes.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _nothing(action: Action, id_: str, workspace: str, *, as_json: bool) -> None:
    """Say what is said where other workspaces have fixes: whether there are any is nobody else's business."""
    from fixer.journal.fixes import no_such_fix  # noqa: PLC0415

    if action is not Action.LIST:
        raise no_such_fix(id_, workspace)
    _list([], as_json=as_json)


def _list(found: "list[RecordedFix]", *, as_json: bool) -> None:
    if as_json:
        print_json({"fixes": [_plain(fix) for fix in found]})
    elif not found:
        say("this workspace has no fixes yet; `fixer explain execution.json` offers some")
    else:
        rows = [
            (fix.id, fix.state.value, fix.agent, fix.fix.type.value, _outcome(fix), fix.fix.description)
            for fix in found
        ]
        print_table(("FIX", "STATE", "AGENT", "TYPE", "AFTERWARDS", "WHAT"), rows)


def _outcome(fix: "RecordedFix") -> str:
    return "" if fix.succeeded is None else "succeeded" if fix.succeeded else "failed again"


def _plain(fix: "RecordedFix") -> dict[str, object]:
    return fix.model_dump(mode="json", by_alias=True)


def _show(fix: "RecordedFix", root: Path, *, as_json: bool) -> None:
    from fixer.explaining.applying import preview  # noqa: PLC0415

    open_ = fix.fix.changes and fix.state.value in {"offered", "undone"}
    diff = preview(fix, root) if open_ else fix.fix.preview
    if as_json:
        print_json({"fix": _plain(fix), "diff": diff})
        return
    told = (f"{fix.id}  {fix.state.value}  {fix.fix.type.value}", fix.fix.description, fix.fix.action)
    print_result("\n".join(clean_line(line) for line in told))
    _print_diff(diff)


def _print_diff(diff: str) -> None:
    if not diff:
        return
    diff = _visible(diff)
    if not sys.stdout.isatty():
        print_result(f"\n{diff}")
        return
    from fixer.terminal import stdout_console, untrusted  # noqa: PLC0415 - only where there is a terminal

    styles = {"+": "green", "-": "red", "@": "cyan"}
    console = stdout_console()
    console.print()
    for line in diff.splitlines():
        bold = line.startswith(("+++", "---"))
        console.print(untrusted(line, "bold" if bold else styles.get(line[:1], "")), soft_wrap=True)


def _visible(text: str) -> str:
    """Write what a screen does not show as its escape: a yes is said to what will stand in the file."""
    return "".join(letter if letter.isprintable() or letter in "\n\r\t" else f"\\u{ord(letter):04x}" for letter in text)


def _apply(fix: "RecordedFix", fixes: "Fixes", root: Path, *, yes: bool) -> None:
    from fixer.explaining.applying import UNDO_SECONDS, apply, preview, undo  # noqa: PLC0415
    from fixer.terminal import key_within  # noqa: PLC0415

    if fix.state.value == "applied":
        raise ConfigError(f"fix {fix.id} is applied already", f"take it back: {_undoing(fix, root)}")
    diff = preview(fix, root)
    say(clean_line(fix.fix.description))
    _print_diff(diff)
    if not yes and not _agreed("Apply it?"):
        say("nothing was changed")
        return
    apply(fix, fixes, root, diff)
    again = _undoing(fix, root)
    if yes or not sys.stdin.isatty():
        say(f"applied; take it back: {again}")
    elif key_within(UNDO_SECONDS, "applied; press any key to undo"):
        undo(fixes.one(fix.id), fixes, root)
        say("undone: every file is as it was")
    else:
        say(f"kept; take it back later: {again}")


def _undo(fix: "RecordedFix", fixes: "Fixes", root: Path, *, yes: bool) -> None:
    from fixer.explaining.applying import undo  # noqa: PLC0415

    if fix.state.value != "applied":
        raise ConfigError(f"fix {fix.id} is {fix.state.value}: there is nothing to undo", _hint(fix.workspace, root))
    if not yes and sys.stdin.isatty() and not _agreed(f"Undo '{fix.fix.description}'?"):
        say("nothing was changed")
        return
    undo(fix, fixes, root)
    say("undone: every file is as it was")


def _undoing(fix: "RecordedFix", root: Path) -> str:
    from fixer.schema.workspace import option_for  # noqa: PLC0415

    return f"fixer fix undo {fix.id}{option_for(fix.workspace)}{option_for_repo(root)}"


def _hint(workspace: str, root: Path) -> str:
    from fixer.schema.workspace import option_for  # noqa: PLC0415

    return f"`fixer fix list{option_for(workspace)}{option_for_repo(root)}`"


def _agreed(question: str) -> bool:
    """Ask for a yes.

    Raises:
        PolicyError: there is nobody to ask.
    """
    if not sys.stdin.isatty():
        raise PolicyError("applying a fix takes a yes, and there is no terminal to ask in", "say it: --yes")
    return typer.confirm(question, default=False, err=True)
