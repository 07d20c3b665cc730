"""From a base to a verified patch: every strategy in its order, every patch through the gate."""

import os
from collections.abc import Iterator
from dataclasses import replace
from itertools import count

from fixer.prompts import PROMPT_OUTCOME
from fixer.repair.diagnosing import Base
from fixer.repair.draft import Draft
from fixer.repair.guarding import objections, refuses
from fixer.repair.packages import install, only
from fixer.repair.same_way import together
from fixer.repair.workshop import Workshop
from fixer.repair.workspaces import Workspaces
from fixer.reproduction import compare, runners
from fixer.schema.base import Record
from fixer.schema.command import CommandResult, Invocation
from fixer.schema.patch import Patch
from fixer.schema.report import Attempt
from fixer.schema.reproduction import Shown, SuiteOutcome
from fixer.schema.verification import Verdict, Verification
from fixer.strategies import cascade, rounds_of
from fixer.strategies.base import Case, NotMine, Outside, Strategy
from fixer.verification import Bench, verify


class Proposal(Record):
    """What one strategy had to offer."""

    patches: tuple[Patch, ...] = ()
    nothing: str = ""
    """Why there is no patch, where there is none."""


class Baseline(Record):
    """What the suite says before any change."""

    suite: Invocation
    """The reproduction's own, or the runner's plain one where that cannot be run here."""
    outcome: SuiteOutcome
    together: frozenset[str]
    """Tests that are red in the same way as the reproduction's: one patch has to mend them all."""


class Fixing:
    """The search for a patch of one failure, on one base."""

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
        baseline = self.shop.step("baseline", Baseline, self._baseline)
        self.reproduction = self.reproduction.model_copy(update={"suite": baseline.suite})
        self.draft.now.reproduction = self.reproduction
        tried: set[str] = set()
        for name, number, patch in self._patches():
            if patch.id in tried:
                continue
            tried.add(patch.id)
            if self.shop.phase.stop():
                self.draft.now.not_tried[f"{name} {number}"] = f"the time ended before '{patch.summary}' was tried"
                continue
            attempt = self._try(name, number, patch, baseline)
            self.draft.now.attempts.append(attempt)
            if attempt.verification.verdict is Verdict.VERIFIED:
                return attempt
            self.shop.talk(f"{name}: refused: {attempt.verification.reason}")
        return None

    def _patches(self) -> Iterator[tuple[str, int, Patch]]:
        """Yield every patch with its strategy's name and its number there; a strategy is asked when its turn comes."""
        for name, strategy in cascade(self.shop.given.settings.strategies):
            numbers = count(1)
            for asked in range(rounds_of(strategy)):
                if self.shop.phase.stop():
                    self.draft.now.not_tried[name] = "the time for fixes ended"
                    break
                proposal = self._ask(name, strategy, asked)
                if proposal.nothing:
                    self.draft.now.not_tried[name] = proposal.nothing
                for patch in proposal.patches:
                    yield name, next(numbers), patch
                if not proposal.patches:
                    break

    def _ask(self, name: str, strategy: Strategy, asked: int) -> Proposal:
        step = f"propose.{name}" if not asked else f"propose.{name}.again{asked}"
        try:
            return self.shop.step(step, Proposal, lambda: self._propose(name, strategy))
        except NotMine as answer:
            # Not kept as its answer: a run that goes on later asks again.
            self.draft.meet(f"{name}: {answer}", answer.passing)
            return Proposal(nothing=str(answer))

    def _propose(self, name: str, strategy: Strategy) -> Proposal:
        self.shop.tree.reset(self.base.commit)
        patches: list[Patch] = []
        nothing = f"{name} found nothing to change"
        try:
            for patch in strategy.propose(self._case()):
                patches.append(self._to_review(patch))
                if len(patches) >= self.shop.given.settings.max_patches or self.shop.phase.stop():
                    break
        except NotMine as answer:
            if answer.passing is not None and not patches:
                raise
            nothing = str(answer)
        finally:
            self.shop.tree.reset(self.base.commit)
        return Proposal(patches=tuple(patches), nothing="" if patches else nothing)

    def _to_review(self, patch: Patch) -> Patch:
        """Say so where the test that the patch is measured by was written by a model."""
        written = self.reproduction.written
        if written is None:
            return patch
        told = (
            f"The test {written.path} was written by a language model ({written.by}), from the log: judge whether it "
            "asks for the right thing."
        )
        return patch.model_copy(update={"needs_review": f"{told} {patch.needs_review}".strip()})

    def _case(self) -> Case:
        return Case(
            failure=self.failure,
            failures=self.draft.now.red or (self.failure,),
            reproduction=self.reproduction,
            diagnosis=self.draft.now.diagnosis,
            tree=self.shop.tree,
            python=self.shop.python_for(None),
            run=self.shop.run,
            shows=lambda: self._shown(self.shop.run(self.reproduction.narrowed)),
            stop=self.shop.phase.stop,
            max_patches=self.shop.given.settings.max_patches,
            attempts=tuple(self.draft.now.attempts),
            outside=self._outside(),
        )

    def _outside(self) -> Outside:
        shop = self.shop
        return Outside(
            settings=shop.given.settings,
            environment=os.environ,
            no_model=shop.models.none,
            open_model=shop.models.open,
            open_workspace=Workspaces(shop, self.base.commit).open,
            shown=self._shown,
            refuses=refuses(self.failure, self.reproduction),
            objections=lambda diff: objections(shop.tree, self.reproduction, diff),
            seconds_left=lambda: shop.phase.left,
            record=shop.record,
            talk=shop.talk,
            mask=shop.masker.mask,
            prompts=shop.repository,
            request=shop.given.request.prompt,
        )

    def _try(self, name: str, number: int, patch: Patch, baseline: Baseline) -> Attempt:
        self.shop.talk(f"{name}: {patch.summary}")
        verification = self.shop.step(f"verify.{name}.{number}", Verification, lambda: self._verified(patch, baseline))
        return Attempt(patch=patch, verification=verification)

    def _verified(self, patch: Patch, baseline: Baseline) -> Verification:
        found = verify(patch, self.reproduction, self._bench(), baseline.outcome, baseline.together)
        if patch.prompt:
            passed = found.verdict is Verdict.VERIFIED
            self.shop.record(PROMPT_OUTCOME, {"prompt": patch.prompt, "succeeded": passed})
        return found

    def _bench(self) -> Bench:
        self.shop.tree.reset(self.base.commit)
        needed = self.draft.requirements()

        return Bench(
            tree=self.shop.tree,
            run=self.shop.run,
            shown=self._shown,
            outcome=self._outcome,
            install=lambda requirements: install((*needed, *requirements), self.shop),
            uninstall=lambda: only(needed, self.shop),
            stop=self.shop.phase.stop,
        )

    def _baseline(self) -> Baseline:
        self.shop.tree.reset(self.base.commit)
        suite, result, outcome = self._suite()
        seen = (*self.draft.failures, *self.shop.failures_in(result.output))
        is_test = self.reproduction.test is not None
        return Baseline(
            suite=suite, outcome=outcome, together=together(self.failure, seen, outcome) if is_test else frozenset()
        )

    def _suite(self) -> tuple[Invocation, CommandResult, SuiteOutcome]:
        """Run the suite; where its account cannot be read, the plain one of the runner.

        A log may show the command otherwise than it was given, such as without its quotes.
        """
        given = self.reproduction.suite
        result = self.shop.run(given)
        outcome = self._outcome(result)
        if outcome.readable or self.reproduction.test is None:
            return given, result, outcome
        runner = runners()[self.reproduction.runner]
        plain = runner.suite(self.failure, replace(self.shop.project(given.cwd), env=given.env))
        if plain == given:
            return given, result, outcome
        self.shop.talk(f"the whole suite as the log has it cannot be read ({outcome.reason}): running the plain one")
        again = self.shop.run(plain)
        said = self._outcome(again)
        return (plain, again, said) if said.readable else (given, result, outcome)

    def _shown(self, result: CommandResult) -> Shown:
        return compare(self.failure, result, self.shop.failures_in)

    def _outcome(self, result: CommandResult) -> SuiteOutcome:
        runner = runners()[self.reproduction.runner]
        return runner.outcome(result, self.shop.project(self.reproduction.suite.cwd))
