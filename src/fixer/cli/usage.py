"""`fixer usage`: the ledger of a workspace and the cost of the runs in, a table of where credits and money went out."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fixer.cli.base import named_workspace, print_json, print_table, project_folder, say, warn_of_settings

if TYPE_CHECKING:
    from fixer.journal import Journal

COMMAND = "usage"
PANEL = "Look"
ORDER = 60
_RUNS = 1000
"""The newest runs that are counted."""


def command(
    *,
    workspace: Annotated[
        str, typer.Option("--workspace-id", callback=named_workspace, help="Whose credits.")
    ] = "default",
    repo: Annotated[Path | None, typer.Option("--repo", help="The project's folder; default: found from here.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show the credits of a workspace (granted, spent, left) and what the models of all runs cost.

    Example: `fixer usage --json`
    """
    from datetime import UTC, datetime  # noqa: PLC0415 - `--help` must not pay for what a command needs

    from fixer.journal import existing_journal  # noqa: PLC0415
    from fixer.journal.ledger import Ledger  # noqa: PLC0415

    root = project_folder(repo)
    warn_of_settings(root)
    with existing_journal(root / ".fixer") as journal:
        ledger = Ledger(journal.database, journal.now, workspace) if journal else None
        entries = ledger.entries() if ledger else []
        left = ledger.left() if ledger else None
        tokens, cost, used = _models(journal) if journal else (0, 0.0, 0.0)
    granted = sum(entry.credits for entry in entries if entry.credits > 0)
    spent = -sum(entry.credits for entry in entries if entry.credits < 0)
    if as_json:
        listed = [entry.model_dump(mode="json") for entry in entries]
        credits_ = {"granted": granted, "spent": spent, "left": left, "entries": listed}
        models = {"tokens": tokens, "cost_usd": round(cost, 6), "model_credits": round(used, 6)}
        print_json({"workspace": workspace, "credits": credits_, **models})
        return
    if entries:
        rows = [
            (datetime.fromtimestamp(one.at, UTC).strftime("%Y-%m-%d %H:%M"), f"{one.credits:+g}", one.what)
            for one in entries
        ]
        print_table(("WHEN (UTC)", "CREDITS", "WHAT"), rows)
    counted = "not counted: the workspace was granted none" if left is None else f"{left:g} left"
    say(f"credits of '{workspace}': {granted:g} granted, {spent:g} spent; {counted}")
    say(f"models, all runs: {tokens} tokens, ${cost:.4f}" + (f", {used:g} credits" if used else ""))


def _models(journal: "Journal") -> tuple[int, float, float]:
    """Return tokens, US dollars and credits of the model calls of every run that is kept."""
    tokens, cost, used = 0, 0.0, 0.0
    for run in journal.runs(_RUNS):
        if isinstance(run.result, dict):
            counted = [run.result.get(name) for name in ("tokens", "cost", "credits")]
            made, paid, taken = (one if isinstance(one, int | float) else 0 for one in counted)
            tokens, cost, used = tokens + int(made), cost + paid, used + taken
    return tokens, cost, used
