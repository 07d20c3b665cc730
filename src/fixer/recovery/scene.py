"""Where a recovery is tried: a place of fixer's own, and what is known there about the command that failed."""

from pathlib import Path

from fixer.budget import Budget
from fixer.fingerprint import fingerprint
from fixer.journal import RUN_VARIABLE
from fixer.parsers import failures_in, lines_of
from fixer.recovery.place import LinkedTree, Place
from fixer.recovery.work import INSIDE, Ground
from fixer.reproduction import compare
from fixer.schema.base import content_id
from fixer.schema.command import CommandResult, Invocation
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.patch import new_patch
from fixer.schema.recovery import ErrorContext
from fixer.schema.reproduction import Reproduction, Shown
from fixer.verification.change import DoesNotApplyError, read_change
from fixer.verification.tampering import tampering

OURS = frozenset({"HOME", "PATH", "TMPDIR", "TERM", "PWD", "OLDPWD", "SHLVL", "_", INSIDE, RUN_VARIABLE})
"""Variables that the sandbox sets itself; the failed command's own values would lead elsewhere."""


class Scene(Place):
    """What playbooks work with."""

    def __init__(self, ground: Ground, context: ErrorContext, base: str, budget: Budget) -> None:
        """Prepare; nothing is made yet."""
        super().__init__(ground, base, budget, "recovery")
        self.context = context
        self.carried = ""
        """What earlier attempts changed and the next one builds on, against `base`."""
        self._seen: CommandResult | None = None

    def _prepare(self, tree: LinkedTree) -> None:
        """Bring what was carried over into the worktree."""
        if self.carried:
            tree.apply(self.carried)
            tree.commit_all("what earlier attempts changed")

    def carry(self, diff: str, context: ErrorContext) -> None:
        """Build the next attempt on `diff` (against `base`), which left the failure of `context`."""
        self.carried = diff
        self.context = context
        self._seen = None
        if self._tree is not None:
            self._tree.reset(self.base)
            self._prepare(self._tree)

    @property
    def failure(self) -> Failure:
        """The failure that is worked on: the first that could be read, else the end of the output."""
        return failure_of(self.context)

    @property
    def invocation(self) -> Invocation:
        """The failed command, as it can be run in the worktree."""
        environment = {name: value for name, value in self.context.environment.items() if name not in OURS}
        return Invocation(argv=self.context.result.argv, cwd=self.cwd, env=environment)

    @property
    def cwd(self) -> str:
        """The folder of the failed command, relative to the top of the project."""
        folder, top = Path(self.context.folder).resolve(), self.ground.repository.resolve()
        return folder.relative_to(top).as_posix() if folder.is_relative_to(top) else "."

    def as_it_was(self) -> CommandResult:
        """Run the failed command on the unchanged worktree, in fixer's own sandbox, once; leaves the tree clean."""
        if self._seen is None:
            self.tree.reset()
            self._seen = self.run(self.invocation)
            self.tree.reset()
        return self._seen

    def shows_it(self, result: CommandResult) -> bool:
        """Whether a run in fixer's own sandbox failed as the failed command did."""
        if not self.context.failures:
            return not result.passed and result.exit_code == self.context.result.exit_code
        return compare(self.failure, result, self.failures_in) is Shown.SAME

    def failures_in(self, text: str) -> list[Failure]:
        """Read the failures out of a command's output."""
        return failures_in(lines_of(text.splitlines()))

    def refused(self, diff: str) -> str:
        """Return why a diff against the tree's commit must not be taken: what it weakens, or its form; empty: it may.

        The rules are those of the gate that every patch passes.
        """
        failure = self.failure
        patch = new_patch(reproduction_id=failure.id, strategy="recovery", summary="", explanation="", diff=diff)
        try:
            found = tampering(read_change(patch, self.reproduction, self.tree.git))
        except DoesNotApplyError as error:
            return str(error)
        return "; ".join(str(finding) for finding in found[:5])

    @property
    def reproduction(self) -> Reproduction:
        """The failed command as the room of strategies and the gate's rules take it."""
        failure = self.failure
        return Reproduction(
            id=content_id(failure.id, self.base),
            failure_id=failure.id,
            name="recovery",
            commit=self.base,
            runner=failure.tool,
            narrowed=self.invocation,
            suite=self.invocation,
            test=failure.test,
            deterministic=True,
            failure_rate=1.0,
            runs=1,
        )


def failure_of(context: ErrorContext) -> Failure:
    """Return the first failure that could be read, else one made of the last line that was printed."""
    if context.failures:
        return context.failures[0]
    lines = [text.strip() for text in (context.result.output or context.result.reason).splitlines() if text.strip()]
    message = (lines[-1] if lines else f"{context.subject} failed and printed nothing")[:600]
    stable = fingerprint(message)
    return Failure(
        id=content_id(context.subject, stable),
        tool=context.subject,
        kind=FailureKind.OTHER,
        message=message,
        exit_code=context.result.exit_code,
        fingerprint=stable,
        root_cause=context.root_cause,
    )
