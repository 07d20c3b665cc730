"""From a base to a verified patch: every strategy in its order, every patch through the gate."""

from collections.abc import Iterator

from fixer.repair.diagnosing import Base
from fixer.repair.draft import Draft
from fixer.repair.packages import install, uninstall, with_overlay
from fixer.repair.workshop import Workshop
from fixer.reproduction import compare, runners
from fixer.schema.base import Record
from fixer.schema.command import CommandResult, Invocation
from fixer.schema.patch import Patch
from fixer.schema.report import Attempt
from fixer.schema.reproduction import Shown, SuiteOutcome
from fixer.schema.verification import Verdict, Verification
from fixer.strategies import cascade
from fixer.strategies.base import Case, NotMine, Strategy
from fixer.verification import Bench, verify


class Proposal(Record):
    """What one strategy had to offer."""

    patches: tuple[Patch, ...] = ()
    nothing: str = ""
    """Why there is no patch, where there is none."""


class Fixing:
    """The search for a patch of one run, on one base."""

    def __init__(self, draft: Draft, shop: Workshop, base: Base) -> None:
        """Bind to the run; nothing is run yet."""
        self.draft = draft
        self.shop = shop
        self.base = base
        self.failure, self.reproduction = draft.shown()

    def search(self) -> Attempt | None:
        """Try the strategies until a patch is verified; every attempt stays in the draft."""
        self.shop.begin("fix", self.shop.given.settings.budget.fix)
        self.shop.talk("running everything once, before any change")
        baseline = self.shop.step("baseline", SuiteOutcome, self._baseline)
        tried: set[str] = set()
        for name, number, patch in self._patches():
            if patch.id in tried:
                continue
            tried.add(patch.id)
            if self.shop.phase.stop():
                self.draft.not_tried[f"{name} {number}"] = f"the time ended before '{patch.summary}' was tried"
                continue
            attempt = self._try(name, number, patch, baseline)
            self.draft.attempts.append(attempt)
            if attempt.verification.verdict is Verdict.VERIFIED:
                return attempt
            self.shop.talk(f"{name}: refused: {attempt.verification.reason}")
        return None

    def _patches(self) -> Iterator[tuple[str, int, Patch]]:
        """Yield every patch with its strategy's name and its number there; a strategy is asked when its turn comes."""
        for name, strategy in cascade():
            if self.shop.phase.stop():
                self.draft.not_tried[name] = "the time for fixes ended"
                continue
            proposal = self._ask(name, strategy)
            if proposal.nothing:
                self.draft.not_tried[name] = proposal.nothing
            for number, patch in enumerate(proposal.patches, start=1):
                yield name, number, patch

    def _ask(self, name: str, strategy: Strategy) -> Proposal:
        return self.shop.step(f"propose.{name}", Proposal, lambda: self._propose(name, strategy))

    def _propose(self, name: str, strategy: Strategy) -> Proposal:
        self.shop.tree.reset(self.base.commit)
        patches: list[Patch] = []
        nothing = f"{name} found nothing to change"
        try:
            for patch in strategy.propose(self._case()):
                patches.append(patch)
                if len(patches) >= self.shop.given.settings.max_patches or self.shop.phase.stop():
                    break
        except NotMine as answer:
            nothing = str(answer)
        finally:
            self.shop.tree.reset(self.base.commit)
        return Proposal(patches=tuple(patches), nothing="" if patches else nothing)

    def _case(self) -> Case:
        return Case(
            failure=self.failure,
            failures=self.draft.failures or (self.failure,),
            reproduction=self.reproduction,
            diagnosis=self.draft.diagnosis,
            tree=self.shop.tree,
            python=self.shop.python_for(None),
            run=self.shop.run,
            shows=lambda: self._shown(self.shop.run(self.reproduction.narrowed)),
            stop=self.shop.phase.stop,
            max_patches=self.shop.given.settings.max_patches,
        )

    def _try(self, name: str, number: int, patch: Patch, baseline: SuiteOutcome) -> Attempt:
        self.shop.talk(f"{name}: {patch.summary}")
        verification = self.shop.step(
            f"verify.{name}.{number}", Verification, lambda: verify(patch, self.reproduction, self._bench(), baseline)
        )
        return Attempt(patch=patch, verification=verification)

    def _bench(self) -> Bench:
        self.shop.tree.reset(self.base.commit)
        installed: list[bool] = []

        def run(invocation: Invocation) -> CommandResult:
            return self.shop.run(with_overlay(invocation, self.shop) if installed else invocation)

        def add(requirements: tuple[str, ...]) -> str:
            installed.append(True)
            return install(requirements, self.shop)

        def remove() -> None:
            installed.clear()
            uninstall(self.shop)

        return Bench(
            tree=self.shop.tree,
            run=run,
            shown=self._shown,
            outcome=self._outcome,
            install=add,
            uninstall=remove,
            stop=self.shop.phase.stop,
        )

    def _baseline(self) -> SuiteOutcome:
        self.shop.tree.reset(self.base.commit)
        return self._outcome(self.shop.run(self.reproduction.suite))

    def _shown(self, result: CommandResult) -> Shown:
        return compare(self.failure, result, self.shop.failures_in)

    def _outcome(self, result: CommandResult) -> SuiteOutcome:
        runner = runners()[self.reproduction.runner]
        return runner.outcome(result, self.shop.project(self.reproduction.suite.cwd))
