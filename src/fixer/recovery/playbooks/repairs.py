"""The repair strategies, with the failed command as the check: what makes it pass, or fail otherwise, is offered."""

from collections.abc import Iterator

from fixer.recovery.playbooks.base import Remedy
from fixer.recovery.scene import Scene
from fixer.recovery.tools.python import installing
from fixer.reproduction import compare
from fixer.schema.failure import Failure
from fixer.schema.patch import Patch
from fixer.schema.reproduction import Shown
from fixer.strategies import cascade
from fixer.strategies.base import Case, NotMine, Strategy

ORDER = 30
PATCHES = 6
"""Patches that one strategy may offer: each costs a run."""


def remedies(scene: Scene) -> Iterator[Remedy]:
    """Yield the patches with which the failed command, in fixer's own sandbox, passes; then those that change it.

    Where the command cannot be run there as it was (it does not fail in the same way), patches are yielded unproven:
    the retry decides.
    """
    provable = scene.shows_it(scene.as_it_was())
    further: list[Remedy] = []
    why: list[str] = []
    for name, strategy in cascade():
        for patch in _patches(scene, name, strategy, why):
            if scene.stop():
                return
            remedy = _remedy(patch, scene)
            if not provable or patch.requirements:
                yield remedy
                continue
            if scene.refused(patch.diff):
                yield remedy
                continue
            shown, passed = _tried(scene, patch)
            if passed:
                yield remedy
            elif shown is Shown.OTHER:
                further.append(remedy)
    yield from further
    if why and not further:
        raise NotMine("; ".join(why))


def _patches(scene: Scene, name: str, strategy: Strategy, why: list[str]) -> Iterator[Patch]:
    """Ask one strategy about each failure that could be read, at most a few: the first may be another's consequence."""
    for failure in (scene.context.failures or (scene.failure,))[:3]:
        scene.tree.reset()
        try:
            found = list(_offered(strategy, _case(scene, failure)))
        except NotMine as answer:
            why.append(f"{name}: {answer}")
            continue
        finally:
            scene.tree.reset()
        if found:
            yield from found
            return


def _offered(strategy: Strategy, case: Case) -> Iterator[Patch]:
    for number, patch in enumerate(strategy.propose(case), start=1):
        yield patch
        if number >= PATCHES or case.stop():
            return


def _case(scene: Scene, failure: Failure) -> Case:
    return Case(
        failure=failure,
        failures=scene.context.failures or (failure,),
        reproduction=scene.reproduction,
        diagnosis=None,
        tree=scene.tree,
        python=scene.python,
        run=scene.run,
        shows=lambda: compare(failure, scene.run(scene.invocation), scene.failures_in),
        stop=scene.stop,
        max_patches=PATCHES,
    )


def _tried(scene: Scene, patch: Patch) -> tuple[Shown, bool]:
    scene.tree.reset()
    scene.tree.apply(patch.diff)
    result = scene.run(scene.invocation)
    scene.tree.reset()
    return compare(scene.failure, result, scene.failures_in), result.passed


def _remedy(patch: Patch, scene: Scene) -> Remedy:
    remedy = Remedy(patch.summary, diff=patch.diff)
    return installing(remedy, patch.requirements, scene) if patch.requirements else remedy
