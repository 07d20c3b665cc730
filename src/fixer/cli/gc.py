"""`fixer gc`: a repository in; what no run needs any more is listed, and taken away with `--yes`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fixer.cli.base import option_for_repo, print_json, print_table, project_folder, say

if TYPE_CHECKING:
    from fixer.garbage import Garbage

COMMAND = "gc"
PANEL = "Operate"
ORDER = 50
DAYS = 30.0
_DAY = 86_400


def command(
    *,
    older_than: Annotated[
        float, typer.Option("--older-than", min=0, help="Days since a run ended, before it is forgotten.")
    ] = DAYS,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Take it away; without, it is only listed.")] = False,
    repo: Annotated[Path | None, typer.Option("--repo", help="The project's folder; default: found from here.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List what is left of runs that ended long ago, or that were killed; with --yes, take it away.

    That is their record and their files in .fixer, and worktrees, processes and locks that they left. Runs that may go
    on, reports, branches, explanations, fixes, credits and measurements stay. `fixer stats` and the cost of models in
    `fixer usage` count only runs that are kept.

    Example: `fixer gc --older-than 90`
    """
    from fixer.garbage import find, remove  # noqa: PLC0415 - `--help` must not pay for pydantic
    from fixer.journal import existing_journal  # noqa: PLC0415

    root = project_folder(repo)
    with existing_journal(root / ".fixer") as journal:
        found: list[Garbage] = []
        if journal is not None:
            before = journal.now() - older_than * _DAY
            found = find(journal, before)
            if yes:
                remove(journal, root, found, before)
    if as_json:
        listed = [one.model_dump(mode="json") for one in found]
        print_json({"removed": yes, "bytes": sum(one.bytes for one in found), "garbage": listed})
        return
    if found:
        print_table(
            ("WHAT", "NAME", "SIZE", "WHY"), [(one.kind.value, one.name, _size(one.bytes), one.why) for one in found]
        )
    _sum_up(found, root, older_than, yes=yes)


def _sum_up(found: "list[Garbage]", root: Path, older_than: float, *, yes: bool) -> None:
    if not found:
        say(f"nothing to take away in {root}: no run ended more than {older_than:g} days ago, and none left anything")
        return
    size = _size(sum(one.bytes for one in found))
    if yes:
        say(f"taken away: {len(found)}, {size}")
        return
    days = "" if older_than == DAYS else f" --older-than {older_than:g}"
    say(
        f"{len(found)} could go, {size}; nothing was changed. Take it away: fixer gc{days}{option_for_repo(root)} --yes"
    )


def _size(size: int) -> str:
    """Return bytes as people read them."""
    amount, units = float(size), ["B", "kB", "MB", "GB"]
    while amount >= 1000 and len(units) > 1:
        amount /= 1000
        units.pop(0)
    return f"{amount:.0f} {units[0]}" if units[0] == "B" else f"{amount:.1f} {units[0]}"
