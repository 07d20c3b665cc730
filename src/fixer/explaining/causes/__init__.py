"""One file a root cause (or a family of them); the one that is surest explains the failure."""

from typing import cast

from fixer.explaining.causes.base import Cause, Finding, Scene
from fixer.registry import modules
from fixer.schema.base import content_id
from fixer.schema.explanation import FixType, SuggestedFix
from fixer.schema.root_cause import RootCause


def find(scene: Scene) -> Finding:
    """Return the surest finding of all causes; one of the cause `unknown` where none recognises the failure."""
    causes = [cast("Cause", module) for module in modules("explaining.causes", ("recognise",))]
    found = [finding for cause in causes for finding in cause.recognise(scene)]
    return max(found, key=lambda finding: finding.score, default=_unknown(scene))


def _unknown(scene: Scene) -> Finding:
    failed, record = scene.failed, scene.record
    where = f"step {failed.step_number} ({failed.action})" if failed.step_number else f"execution {record.id}"
    said = f": {scene.failed.error[:500]}" if scene.failed.error else ", and nothing says why"
    fix = SuggestedFix(
        id=content_id("fix", scene.record.workspace, scene.record.id, "manual", "look"),
        type=FixType.MANUAL,
        description=f"Look at what {where} did with its input: the error alone does not tell what to change",
        action=f"run {where} again by itself with the same input, and read what it logs",
        auto_fix_available=False,
    )
    return Finding(
        root_cause=RootCause.UNKNOWN,
        score=0.0,
        explanation=f"{where[:1].upper()}{where[1:]} failed{said}",
        fixes=(fix,),
    )
