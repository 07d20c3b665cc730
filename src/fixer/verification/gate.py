"""The gate that every patch passes, whatever made it: checks from the cheapest to the dearest, ended by the first no.

A check that was not reached is not in the answer. The tree is left as it was found.
"""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field

from fixer.schema.command import CommandResult, Invocation
from fixer.schema.patch import Patch
from fixer.schema.reproduction import Reproduction, Shown, SuiteOutcome
from fixer.schema.verification import Check, Verdict, Verification
from fixer.verification.change import Change, DoesNotApplyError, read_change
from fixer.verification.outcomes import chooses_tests, why_broken, why_not_passed, why_still_red
from fixer.verification.passes import required_passes
from fixer.verification.places import steers_runs
from fixer.verification.tampering import tampering, why_disturbed
from fixer.worktree import Worktree

KEPT_OUTPUT = 4_000
"""Characters of each stream that a check keeps of a run: its first and its last half."""
KEPT_RUNS = 6
"""Runs that one check keeps."""
_FINDINGS_SHOWN = 5


@dataclass(frozen=True)
class Bench:
    """What the gate is given to work with."""

    tree: Worktree
    """At the fix's base; reset before and after."""
    run: Callable[[Invocation], CommandResult]
    """Runs a command in `tree`, in the sandbox."""
    shown: Callable[[CommandResult], Shown]
    """Compares a run of `reproduction.narrowed` with the failure's fingerprint."""
    outcome: Callable[[CommandResult], SuiteOutcome]
    """Reads a run of `reproduction.suite` or `.narrowed`; called while the tree still is as the run left it."""
    install: Callable[[tuple[str, ...]], str]
    """Makes packages importable for `run`; returns '' when done, else the reason why not."""
    uninstall: Callable[[], None]
    stop: Callable[[], bool]
    """True once no new work may be started."""


class _OutOfTimeError(Exception):
    """Time ended before the next run."""


def verify(
    patch: Patch,
    reproduction: Reproduction,
    bench: Bench,
    baseline: SuiteOutcome | None = None,
    together: frozenset[str] = frozenset(),
) -> Verification:
    """Try a patch and say whether it is verified, with the runs that show it.

    Args:
        patch: the change; nothing in it is believed.
        reproduction: the failure, as commands.
        bench: the tree, and the means to run and read in it.
        baseline: what the suite says on the base; None: the gate runs it.
        together: tests, by the names of `bench.outcome`, that fail in the same way as the reproduction's: a patch
            that leaves one of them red hides a part of the failure. Those that the baseline does not show red are
            left out.

    Raises:
        GitError: git failed on the base itself, not on the patch.
    """
    base = bench.tree.commit
    bench.tree.reset(base)
    trial = _Trial(patch, reproduction, bench, base, baseline, together)
    checks: list[Check] = []
    try:
        for step in trial.steps():
            check = trial.take(step)
            if check.name == "tampering":  # seen in a run, it replaces what the static rules had said
                checks = [earlier for earlier in checks if earlier.name != "tampering"]
            checks.append(check)
            if not check.passed:
                break
    finally:
        with contextlib.ExitStack() as last:
            last.callback(bench.tree.reset, base)
            if trial.installed:
                last.callback(bench.uninstall)
    verified = len(checks) == len(trial.steps()) and all(check.passed for check in checks)
    verdict = Verdict.VERIFIED if verified else Verdict.REJECTED
    return Verification(patch_id=patch.id, verdict=verdict, checks=tuple(checks))


_Step = tuple[str, Callable[[], Check]]


@dataclass
class _Trial:
    """One patch on its way through the checks, and what the runs so far have left for the next ones."""

    patch: Patch
    reproduction: Reproduction
    bench: Bench
    base: str
    baseline: SuiteOutcome | None
    together: frozenset[str] = frozenset()
    suite: SuiteOutcome | None = None
    """What the suite says with the patch, once it ran."""
    change: Change | None = None
    first_pass: CommandResult | None = None
    installed: bool = False
    disturbed_before: set[str] = field(default_factory=set)
    """Files that the runs on the base changed or made."""
    disturbed: set[str] = field(default_factory=set)
    """Files that the last run with the patch changed or made."""

    def steps(self) -> tuple[_Step, ...]:
        """Return the checks in order, the cheapest first."""
        return (
            ("applies", self._applies),
            ("tampering", self._tampering),
            ("fails_before", self._fails_before),
            ("passes_after", self._passes_after),
            ("stable", self._stable),
            ("nothing_broken", self._nothing_broken),
            ("same_failure_gone", self._same_failure_gone),
        )

    def take(self, step: _Step) -> Check:
        """Run one check; time ending is a no, never a verdict on the patch."""
        name, check = step
        try:
            return check()
        except _OutOfTimeError:
            return _no(name, "not finished in time: the budget ended before this check was through")

    @property
    def _applied(self) -> Change:
        if self.change is None:
            raise RuntimeError("a check came before `applies`")
        return self.change

    def _applies(self) -> Check:
        try:
            self.change = read_change(self.patch, self.reproduction, self.bench.tree.git)
        except DoesNotApplyError as error:
            return _no("applies", str(error))
        count = len(self.change.files)
        return _yes("applies", f"applies to {self.base[:12]} alone and changes {count} file{'s'[: count != 1]}")

    def _tampering(self) -> Check:
        findings = tampering(self._applied)
        if not findings:
            return _yes(
                "tampering", "no test, test data, configuration or CI file is weakened, and no known trick used"
            )
        more = len(findings) - _FINDINGS_SHOWN
        told = "; ".join(str(finding) for finding in findings[:_FINDINGS_SHOWN])
        return _no("tampering", told + (f"; and {more} more" if more > 0 else ""))

    def _fails_before(self) -> Check:
        runs: list[CommandResult] = []
        limit = 1 if self.reproduction.deterministic else self._runs_to_see_it()
        while len(runs) < limit:
            result = self._run(self.base, self.reproduction.narrowed)
            runs.append(result)
            shown = self.bench.shown(result)
            self.disturbed_before |= self._disturbed()
            if shown is Shown.SAME:
                return _yes("fails_before", f"the failure shows on the base (run {len(runs)})", runs)
            if self.reproduction.deterministic:
                seen = "another failure shows" if shown is Shown.OTHER else "it does not fail"
                return _no(
                    "fails_before", f"on the base alone {seen} ({_ended(result)}): nothing to compare with", runs
                )
        return _no("fails_before", f"the failure did not show in {len(runs)} runs on the base", runs)

    def _runs_to_see_it(self) -> int:
        return required_passes(self.reproduction.failure_rate) if self.reproduction.failure_rate > 0 else 0

    def _passes_after(self) -> Check:
        if self.patch.requirements:
            self.installed = True
            if reason := self.bench.install(self.patch.requirements):
                wanted = ", ".join(self.patch.requirements)
                return _no("passes_after", f"{wanted} could not be installed to try the patch: {reason}")
        result, reason = self._pass_once()
        self.first_pass = result
        if touched := why_disturbed(self.disturbed - self.disturbed_before):
            return _no("tampering", touched, [result])
        if reason:
            return _no("passes_after", reason, [result])
        named = self.reproduction.test or "the narrowed command"
        return _yes("passes_after", f"{named} passes with the patch, by its runner's own account", [result])

    def _stable(self) -> Check:
        deterministic = self.reproduction.deterministic
        need = (
            required_passes(1.0)
            if deterministic
            else required_passes(self.reproduction.failure_rate, runs=self.reproduction.runs)
        )
        runs = [self.first_pass] if self.first_pass else []
        passes = len(runs)
        while passes < need:
            result, reason = self._pass_once()
            runs = [*runs[: KEPT_RUNS - 1], result]
            if reason:
                return _no("stable", f"passed {passes} times, then not: {reason}", runs)
            passes += 1
        said = "" if deterministic else f"; an unfixed failure would have shown at 95 % ({need} runs were asked for)"
        return _yes("stable", f"passed {passes} of {need} times in a clean tree{said}", runs)

    def _nothing_broken(self) -> Check:
        runs: list[CommandResult] = []
        if self.baseline is None:
            before = self._run(self.base, self.reproduction.suite)
            runs.append(before)
            self.baseline = self.bench.outcome(before)
            self.disturbed_before |= self._disturbed()
        after = self._run(self._applied.commit, self.reproduction.suite)
        runs.append(after)
        self.suite = outcome = self.bench.outcome(after)
        if touched := why_disturbed(self._disturbed() - self.disturbed_before):
            return _no("tampering", touched, [after])
        if reason := why_broken(self.baseline, outcome, tests=self.reproduction.test is not None):
            return _no("nothing_broken", f"{reason} (the suite {_ended(after)})", runs)
        kept = f"{len(self.baseline.passed)} passed before and still do, {len(outcome.passed)} pass with the patch"
        left = f"; {len(outcome.failed)} still fail, as before" if outcome.failed else ""
        return _yes("nothing_broken", kept + left, runs)

    def _same_failure_gone(self) -> Check:
        if self.baseline is None or self.suite is None:
            raise RuntimeError("a check came before `nothing_broken`")
        alike = frozenset(name for name in self.together if name in self.baseline.failed)
        chosen = chooses_tests(self.reproduction.suite.argv)
        if reason := why_still_red(self.suite, alike, tests=self.reproduction.test is not None, chosen=chosen):
            return _no("same_failure_gone", reason)
        others = alike - {self.reproduction.test or ""}
        said = f"{len(others)} more that failed in the same way pass as well" if others else "nothing else failed so"
        return _yes("same_failure_gone", said)

    def _pass_once(self) -> tuple[CommandResult, str]:
        """Run the narrowed command with the patch; return the run and why it does not count as a pass."""
        result = self._run(self._applied.commit, self.reproduction.narrowed)
        outcome = self.bench.outcome(result)
        self.disturbed = self._disturbed()
        if not result.passed:
            return result, f"the narrowed command {_ended(result)}"
        return result, why_not_passed(outcome, self.reproduction.test)

    def _run(self, commit: str, invocation: Invocation) -> CommandResult:
        """Run in a tree that holds exactly `commit`: nothing that an earlier run left can help."""
        if self.bench.stop():
            raise _OutOfTimeError
        self.bench.tree.reset(commit)
        return self.bench.run(invocation)

    def _disturbed(self) -> set[str]:
        """Return the files that the last run changed or removed, and those that it made and that could steer a run."""
        listed = self.bench.tree.git.run("status", "--porcelain", "-z", "--no-renames", "--untracked-files=all").stdout
        entries = [(entry[:2], entry[3:]) for entry in listed.split("\0") if entry]
        return {path for state, path in entries if state != "??" or steers_runs(path)}


def _ended(result: CommandResult) -> str:
    if result.exit_code is not None:
        return f"ended with exit code {result.exit_code}"
    return f"ended as {result.ending.value}" + (f": {result.reason}" if result.reason else "")


def _yes(name: str, reason: str, runs: list[CommandResult] | None = None) -> Check:
    return Check(name=name, passed=True, reason=reason, commands=tuple(_shortened(run) for run in runs or ()))


def _no(name: str, reason: str, runs: list[CommandResult] | None = None) -> Check:
    kept = (runs or [])[-KEPT_RUNS:]
    return Check(name=name, passed=False, reason=reason, commands=tuple(_shortened(run) for run in kept))


def _shortened(result: CommandResult) -> CommandResult:
    """Keep the ends of both streams; what is left out is counted in `omitted_bytes`."""
    streams = {"stdout": result.stdout, "stderr": result.stderr}
    omitted = result.omitted_bytes
    for name, text in streams.items():
        if len(text) > KEPT_OUTPUT:
            half = KEPT_OUTPUT // 2
            omitted += len(text[half:-half].encode("utf-8", "surrogateescape"))
            streams[name] = f"{text[:half]}\n…\n{text[-half:]}"
    return result.model_copy(update={**streams, "omitted_bytes": omitted})
