"""Names of analysis tools of a workflow in; their figures, and what was done for those that failed, out (spec D5)."""

from collections.abc import Sequence

from fixer.errors import ConfigError
from fixer.schema.analysis import ToolRun
from fixer.schema.recovery import Recovery
from fixer.schema.settings import Settings
from fixer.schema.workflow import AnalysisRequest
from fixer.workflow.services import Ground, Measured


class ToolAnalyst:
    """Runs the tools of `fixer analyze` in the project; one that failed goes to recovery where that is asked for."""

    def __init__(self, ground: Ground) -> None:
        """Bind to a run; nothing is loaded yet."""
        self._ground = ground

    def measure(self, tools: tuple[str, ...], request: AnalysisRequest, label: str) -> Measured:
        """Run `tools`; empty: all that apply. Each is a journal step of its own, named with `label`."""
        from fixer import analysis  # noqa: PLC0415 - only workflows that measure pay for it

        ground = self._ground
        settings = settings_for(ground.settings, request)
        given = (ground.repository, settings, ground.run, ground.talk, ground.mask)
        try:
            runs = analysis.run(tools, *given, request.max_cache_age, step=label)
        except ConfigError as error:
            # An earlier step may have made or removed what it measures, so only now is it known.
            advice = Recovery(recovered=False, reason="nothing failed that could be mended", manual_steps=(error.hint,))
            return Measured(passed=False, summary=error.message, recoveries=(advice,))
        healed = {}
        if not all(one.passed for one in runs):
            from fixer.healing import heal  # noqa: PLC0415 - only where something failed

            healed = heal(runs, *given, step=label)
            runs = tuple(healed[one.series][0] if one.series in healed else one for one in runs)
        failed = next((one for one in runs if not one.passed), None)
        decided = failed or (runs[-1] if runs else None)
        return Measured(
            passed=failed is None,
            summary=_in_words(runs),
            command=analysis.as_result(decided) if decided and decided.result else None,
            recoveries=tuple(recovery for _, recovery in healed.values()),
        )


def settings_for(settings: Settings, request: AnalysisRequest | None) -> Settings:
    """Return the settings with what one step asks of recovery: whether, with which command, how often."""
    if request is None:
        return settings
    changes: dict[str, object] = {"enabled": settings.recovery.enabled and request.auto_recover}
    if request.recovery_command:
        changes["command"] = request.recovery_command
    if request.max_recovery_attempts is not None:
        changes["max_attempts"] = request.max_recovery_attempts
    return settings.model_copy(update={"recovery": settings.recovery.model_copy(update=changes)})


def _in_words(runs: Sequence[ToolRun]) -> str:
    from fixer.reporters.metrics import in_one_line  # noqa: PLC0415 - only where something was measured

    installed_by = [one.install for one in runs if one.install and not one.passed]
    return in_one_line(runs) + "".join(f"; install it: {command}" for command in installed_by)
