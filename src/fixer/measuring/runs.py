"""A case, settings and prompts go in; a whole run of fixer on it is made, and what it came to and cost comes out."""

import contextlib
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from fixer.agent import Ending
from fixer.errors import FixerError
from fixer.input.request_file import read_request
from fixer.journal import open_journal
from fixer.measuring.cases import Case, is_green, lay
from fixer.repair import Finished, Options, start
from fixer.repair.models import MakeModels, RunModels
from fixer.schema.base import Record
from fixer.schema.report import Attempt, Outcome
from fixer.schema.settings import Settings
from fixer.schema.verification import Verdict

ONLY_MODEL = ("agent",)
"""The strategies of a run that measures a model."""
NOT_ASKED = frozenset({Ending.FAILED.value, Ending.NO_TOOLS.value})
"""Endings of conversations in which the model did not come to say anything."""


class Measured(Record):
    """What one case came to."""

    case: str
    fixed: bool
    """By fixer's gate."""
    green: bool
    """By an independent run of the case's tests in a clone of the fix."""
    strategy: str = ""
    """Whose patch it was."""
    calls: int = 0
    """Answers of the model."""
    input: int = 0
    """Tokens of those, the cached ones included."""
    cached: int = 0
    output: int = 0
    usd: float = 0.0
    """Of all calls, failed ones included."""
    seconds: float = 0.0
    asked: bool = True
    """False: the model could not be asked, so that this says nothing about it."""
    note: str = ""
    """Why there is no fix."""


def measure(
    case: Case,
    settings: Settings,
    prompts: Mapping[str, str] | None = None,
    make_models: MakeModels = RunModels,
    talk: Callable[[str], None] = lambda _: None,
) -> Measured:
    """Run fixer on the case in a temporary folder, which is gone afterwards.

    Args:
        case: it is made anew.
        settings: of the run; relative paths in them are of no use here.
        prompts: name -> text of the prompts to use instead of the shipped ones.
        make_models: makes the models of the run.
        talk: is told of progress.

    Raises:
        ConfigError: the case, or the settings of the model, are wrong.
    """
    with tempfile.TemporaryDirectory(prefix="fixer-case-") as name:
        place = Path(name).resolve()
        project = lay(case, place / case.name)
        for prompt, text in (prompts or {}).items():
            path = project / "prompts" / f"{prompt}.md"
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        began = time.monotonic()
        request = read_request(project / "info.json", project)
        own = settings.model_copy(update={"worktree_dir": str(place / "trees")})
        with open_journal(project / ".fixer") as journal:
            finished = start(request, project / "info.json", project, own, Options(), journal, talk, make_models)
            events = [(event.kind, event.data) for event in journal.events(finished.report.run_id)]
        seconds = time.monotonic() - began
        return _measured(case, finished, events, seconds, project, place / "clone")


def _measured(  # noqa: PLR0913, PLR0917 - what a run leaves
    case: Case, finished: Finished, events: list[tuple[str, Any]], seconds: float, project: Path, clone: Path
) -> Measured:
    report = finished.report
    usages = [data["usage"] for kind, data in events if kind == "model.turn"]
    endings = [data["ending"] for kind, data in events if kind == "agent.ended"]
    fixed = report.outcome is Outcome.FIXED
    return Measured(
        case=case.name,
        fixed=fixed,
        green=fixed and report.delivery is not None and _green(case, project, report.delivery.branch, clone),
        strategy=report.attempts[-1].patch.strategy if fixed and report.attempts else "",
        calls=len(usages),
        input=sum(usage["input"] for usage in usages),
        cached=sum(usage["cached"] for usage in usages),
        output=sum(usage["output"] for usage in usages),
        usd=report.cost,
        seconds=round(seconds, 2),
        asked=fixed or not endings or any(ending not in NOT_ASKED for ending in endings),
        note="" if fixed else _why_not(finished),
    )


def _green(case: Case, project: Path, branch: str, clone: Path) -> bool:
    with contextlib.suppress(FixerError):
        return is_green(case, project, branch, clone)
    return False


def _why_not(finished: Finished) -> str:
    report = finished.report
    refused: list[Attempt] = [one for one in report.attempts if one.verification.verdict is not Verdict.VERIFIED]
    if refused:
        return f"refused: {refused[-1].verification.reason}"
    return "; ".join(report.not_tried[name] for name in ONLY_MODEL if name in report.not_tried) or report.summary
