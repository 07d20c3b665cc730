"""Analysis tools that failed go in; each is given to recovery, and what it mended is measured anew (spec D7)."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from fixer import analysis
from fixer.journal import OwnedRun
from fixer.recovery import FailedWork, Ground, describe, recover
from fixer.schema.analysis import Series, ToolRun
from fixer.schema.recovery import Recovery
from fixer.schema.settings import Settings


def heal(  # noqa: PLR0913, PLR0917 - one argument a part of the run
    runs: Sequence[ToolRun],
    folder: Path,
    settings: Settings,
    run: OwnedRun,
    talk: Callable[[str], None],
    mask: Callable[[str], str],
    *,
    step: str = "analyze",
    timeout_seconds: float = analysis.TOOL_SECONDS,
) -> dict[Series, tuple[ToolRun, Recovery]]:
    """Return, for each tool that failed, how it ended in the end and what recovery came to.

    `settings.recovery` says whether, how often and how long; a tool that was mended is run once more in the project,
    so that its numbers are those of the project as it is then. The arguments are those of `fixer.analysis.run`.

    Raises:
        ConfigError: the project has no such tool any more.
        FixerError: see `fixer.recovery.recover`.
    """
    ground = Ground(folder, settings, run, talk, mask)
    healed = {}
    for failed in (one for one in runs if not one.passed):
        label = failed.series.label
        context = describe(
            label, "analysis", analysis.as_result(failed), folder / failed.series.folder, os.environ,
            repository=folder, mask=mask, root_cause=failed.root_cause,
        ).model_copy(update={"install": failed.install})  # fmt: skip
        again = analysis.again(failed, folder, settings, run, mask, timeout_seconds)
        recovery: Recovery = recover(FailedWork(context, again, key=f"{step}: {label}"), ground)
        ended = failed
        if recovery.recovered:
            changes = recovery.attempts[-1].environment if recovery.attempts else {}
            ended = analysis.anew(
                failed, folder, settings, run, talk, mask,
                changes=changes, step=f"{step} again", timeout_seconds=timeout_seconds,
            )  # fmt: skip
        healed[failed.series] = (ended, recovery)
    return healed
