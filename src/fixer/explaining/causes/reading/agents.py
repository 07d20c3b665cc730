"""Tells whether an agent's action on a service failed, which has none of the causes that builds have."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from fixer import lazy_re as re
from fixer.alternatives import says
from fixer.explaining.causes.base import Scene
from fixer.explaining.causes.reading.build import is_build, is_surely_build
from fixer.explaining.causes.reading.essential import without_frames
from fixer.schema.root_cause import RootCause

OF_BUILDS = frozenset(
    {
        RootCause.INFRASTRUCTURE,
        RootCause.ENVIRONMENT,
        RootCause.FLAKY,
        RootCause.TEST_FAILURE,
        RootCause.LINT,
        RootCause.COMPILE_ERROR,
        RootCause.MISSING_TOOL,
        RootCause.OUT_OF_MEMORY,
        RootCause.MISSING_DEPENDENCY,
    }
)
"""Causes of what runs code or commands."""
_OF_CODE = frozenset({RootCause.COMPILE_ERROR, RootCause.LINT, RootCause.TEST_FAILURE, RootCause.FLAKY})
"""Those that only code has: a formula that does not compile, or a service that fails now and then, has others."""
STRONG = 0.95
"""How sure a rule of such a cause must be where an agent's action failed: its own words, and not only likely ones."""
_RUNS_CODE = (
    r"(?:^|[._:/ -])(?:code|python|javascript|typescript|node|bash|shell|sh|script|function|lambda|exec(?:ute)?|eval"
    r"|notebook|container|docker|terminal|command|cmd|sandbox|interpreter|worker|job|cron|dbt|spark|airflow|ssh)"
    r"(?:$|[._:/ -])"
)
"""How a step is called that runs code or a command."""
_ACTION = re.compile(r"[a-z][\w-]{1,30}(?:\.[a-z][\w-]{1,40}){1,4}|[A-Z][\w .&-]{1,30}: [A-Z].*")
"""A service and what is asked of it: `sheets.append`, `HubSpot: Create contact`."""


def runs_code(scene: Scene) -> bool:
    """Whether the step that failed runs code or a command."""
    return says(scene.failed.action, _RUNS_CODE)


def unlikely(scene: Scene, rules: Mapping[RootCause, float]) -> Iterator[RootCause]:
    """Yield the causes of builds that an agent's action does not have.

    Args:
        scene: the failure of an action.
        rules: how sure the rules are of each cause.
    """
    never = frozenset() if is_build(scene) else _OF_CODE
    yield from (own for own in OF_BUILDS if own in never or rules.get(own, 0.0) < STRONG)


def is_action(scene: Scene) -> bool:
    """Whether what failed is an agent's action on a service: not surely a build, and no step that runs code."""
    if is_surely_build(scene) or runs_code(scene):
        return False
    if not is_build(scene):
        return True
    known = {agent.name.casefold() for agent in scene.workspace.agents}
    return scene.record.agent.casefold() in known or _ACTION.fullmatch(scene.failed.action) is not None


def without_code(scene: Scene) -> Scene:
    """Return the scene of an agent's action without stack frames: files and functions of the engine say nothing of it.

    One without frames is returned as it is.
    """
    error, own = without_frames(scene.failed.error), without_frames(scene.record.error)
    if not error.strip() or (error, own) == (scene.failed.error, scene.record.error):
        return scene
    failed = scene.failed.model_copy(update={"error": error})
    return replace(scene, failed=failed, record=scene.record.model_copy(update={"error": own}))
