"""A failed step of a workflow in; bounded attempts to mend what it failed on, and what came of them, out (spec D7)."""

from fixer.schema.recovery import Recovery
from fixer.workflow.analyst import settings_for
from fixer.workflow.services import Again, FailedStep, Ground


class StepRecoverer:
    """Gives failed steps to `fixer.recovery`."""

    def __init__(self, ground: Ground) -> None:
        """Bind to a run; nothing is loaded yet."""
        self._ground = ground

    def recover(self, failed: FailedStep, again: Again) -> Recovery:
        """Mend it within the limits of the settings and of the step itself; off, say what a person would type."""
        from fixer import recovery  # noqa: PLC0415 - only where something failed

        ground = self._ground
        context = recovery.describe(
            failed.name, failed.phase, failed.result, failed.folder, failed.environment,
            repository=ground.repository, mask=ground.mask, failures=failed.failures,
        )  # fmt: skip
        settings = settings_for(ground.settings, failed.request)
        place = recovery.Ground(ground.repository, settings, ground.run, ground.talk, ground.mask)
        return recovery.recover(recovery.FailedWork(context, again, key=failed.label), place)
