"""One attempt: a scene comes in; one remedy is taken, the command runs again, and what came of it goes out."""

import re
import shlex
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePath

from fixer.recovery.describing import masked
from fixer.recovery.manual import JUDGE, applying, keep_patch, steps_for
from fixer.recovery.playbooks import BUILT_IN, playbooks
from fixer.recovery.playbooks.base import Remedy
from fixer.recovery.scene import Scene
from fixer.recovery.work import INSIDE, FailedWork
from fixer.schema.base import Record
from fixer.schema.command import CommandResult, Invocation, Rung
from fixer.schema.recovery import RecoveryAttempt
from fixer.strategies.base import NotMine

KEPT_OUTPUT = 20_000
"""Characters of each stream that the journal keeps of a command."""
PLACE = "{spec}"


class Tried(Record):
    """What one attempt came to."""

    attempt: RecoveryAttempt | None = None
    """None: there was nothing to try."""
    notes: tuple[str, ...] = ()
    """Why other remedies were not taken."""
    by_hand: tuple[str, ...] = ()
    """What only a person may do, as it is typed."""
    afterwards: tuple[str, ...] = ()
    """What is to be typed when the attempt worked."""


class Attempt:
    """The choice of a remedy, and the command after it."""

    def __init__(self, number: int, work: FailedWork, scene: Scene, specification: Path, before: list[Tried]) -> None:
        """Bind; nothing is run yet."""
        self.number = number
        self.work = work
        self.scene = scene
        self.specification = specification
        self.done = {(t.attempt.by, t.attempt.summary) for t in before if t.attempt is not None}
        self.notes: list[str] = []
        self.by_hand: list[str] = []

    def make(self) -> Tried:
        """Take the first remedy that may be taken and was not tried before, and run the command again."""
        command = self.scene.ground.settings.recovery.command
        tried = self._by_playbook() if command in BUILT_IN else self._by_command(command)
        return tried.model_copy(update={"notes": tuple(self.notes), "by_hand": tuple(self.by_hand)})

    def _by_playbook(self) -> Tried:
        for name, remedy in remedies(self.scene, self.notes):
            if (name, remedy.summary) in self.done:
                continue
            if not remedy.allowed:
                # The cause is known: what else could be tried would mend something that is not broken.
                self.notes = [f"{remedy.summary}: {remedy.why_not}"]
                self.by_hand += steps_for(remedy, None, self.scene.context, self.scene.ground.repository)
                return Tried()
            if remedy.diff and (why := self.scene.refused(remedy.diff)):
                self.notes.append(refusal(remedy, why, self.specification, self.scene.ground.repository))
                continue
            return self._take(name, remedy)
        return Tried()

    def _take(self, name: str, remedy: Remedy) -> Tried:
        self.scene.ground.talk(f"recovery {self.number}: {remedy.summary}")
        result = remedy.perform() if remedy.perform is not None else None
        if result is not None and not result.passed:
            said = (result.output.strip() or result.reason).splitlines()
            attempt = self._attempt(name, f"{remedy.summary}: it failed: {said[-1] if said else ''}", "", result, None)
            return Tried(attempt=attempt)
        diff, retry = self._retry(remedy.diff, remedy.environment)
        attempt = self._attempt(name, remedy.summary, diff, result, retry, remedy.environment)
        return Tried(attempt=attempt, afterwards=remedy.afterwards)

    def _by_command(self, command: str) -> Tried:
        scene = self.scene
        words, why = command_line(command, self.specification, scene.ground.repository)
        if why:
            self.notes.append(why)
            return Tried()
        scene.ground.talk(f"recovery {self.number}: {shlex.join(words)}")
        if scene.sandbox.rung is not Rung.BUBBLEWRAP:
            scene.ground.talk(f"the recovery command runs in a weaker sandbox: {scene.sandbox.describe()}")
        scene.tree.reset()
        if len(words) == 2 and words[0].endswith(".md"):
            result = self._by_agent(Path(words[0]))
            if result is None:
                return Tried()
        else:
            result = scene.run(Invocation(argv=words))
        diff = scene.tree.diff()
        if not result.passed:
            printed = [line.strip() for line in result.output.splitlines() if line.strip()]
            summary = ": ".join([f"{words[0]} {_ended(result)}", *printed[-1:]])
            return Tried(attempt=self._attempt(command, summary, diff, result, None))
        if diff and (why := scene.refused(diff)):
            return Tried(attempt=self._attempt(command, f"what it changed is refused: {why}", diff, result, None))
        said = f"Change {_changed(diff)} with {PurePath(words[0]).name}" if diff else f"{words[0]} changed no file"
        whole, retry = self._retry(diff, {})
        return Tried(attempt=self._attempt(command, said, whole, result, retry))

    def _by_agent(self, prompt: Path) -> CommandResult | None:
        ask = self.scene.ground.ask_agent
        if ask is not None:
            return ask(prompt, self.specification, self.scene.tree.path)
        from fixer.recovery.asking import ask_model  # noqa: PLC0415 - only where a prompt file is to be followed

        answer = ask_model(prompt, self.specification, self.scene)
        if answer is None:
            self.notes.append(
                f"the recovery command is the prompt file {prompt}, and no agent is configured to follow it"
            )
        return answer

    def _retry(self, diff: str, environment: Mapping[str, str | None]) -> tuple[str, CommandResult]:
        """Run the failed command again: with files changed in the worktree, else where it had failed.

        Returns:
            All that was changed so far, against the project as it is on disk, and the result.
        """
        scene = self.scene
        folder, whole = scene.ground.repository, ""
        if diff or scene.carried:
            scene.tree.reset()
            if diff:
                scene.tree.apply(diff)
            changed = scene.tree.commit_all("what the recovery changed")
            whole, folder = scene.tree.git.diff(scene.base, changed), scene.tree.path
        result = self.work.again(folder, {**environment, INSIDE: scene.ground.run.id})
        return whole, masked(result, scene.ground.mask)

    def _attempt(  # noqa: PLR0913, PLR0917 - one argument a field
        self,
        by: str,
        summary: str,
        diff: str,
        result: CommandResult | None,
        retry: CommandResult | None,
        environment: Mapping[str, str | None] | None = None,
    ) -> RecoveryAttempt:
        return RecoveryAttempt(
            number=self.number,
            by=by,
            summary=summary,
            diff=diff,
            environment=dict(environment or {}),
            result=shortened(result) if result else None,
            retry=shortened(retry) if retry else None,
        )


def remedies(scene: Scene, notes: list[str]) -> Iterator[tuple[str, Remedy]]:
    """Yield what every playbook offers, with the playbook's name; why one has nothing goes to `notes`."""
    for name, playbook in playbooks():
        if scene.stop():
            notes.append(f"{name}: the time for recovery ended")
            return
        try:
            for remedy in playbook.remedies(scene):
                yield name, remedy
        except NotMine as answer:
            notes.append(f"{name}: {answer}")


def refusal(remedy: Remedy, why: str, specification: Path, repository: Path) -> str:
    """Say why a remedy is not tried, and keep its change for a person to judge."""
    patch = keep_patch(remedy.diff, specification, "refused")
    return f"{remedy.summary}: refused: {why}; {JUDGE}: {applying(patch, repository)}"


def command_line(command: str, specification: Path, repository: Path) -> tuple[tuple[str, ...], str]:
    """Return the recovery command as an argument list with the specification's path in it, or why it cannot run."""
    try:
        words = shlex.split(command)
    except ValueError as error:
        return (), f"the recovery command {command!r} cannot be split into words: {error}"
    if not words:
        return (), "the recovery command is empty"
    prompt = repository / words[0]
    if len(words) == 1 and prompt.suffix == ".md" and prompt.is_file():
        return (str(prompt), str(specification)), ""
    if shutil.which(words[0]) is None and not (repository / words[0]).is_file():
        known = ", ".join(BUILT_IN)
        return (), f"the recovery command '{words[0]}' is neither built in ({known}), nor a program, nor a prompt file"
    if any(PLACE in word for word in words):
        return tuple(word.replace(PLACE, str(specification)) for word in words), ""
    return (*words, str(specification)), ""


def shortened(result: CommandResult) -> CommandResult:
    """Keep both ends of the streams; what is left out is counted in `omitted_bytes`."""
    streams = {"stdout": result.stdout, "stderr": result.stderr}
    omitted = result.omitted_bytes
    half = KEPT_OUTPUT // 2
    for name, text in streams.items():
        if len(text) > KEPT_OUTPUT:
            omitted += len(text[half:-half].encode("utf-8", "surrogateescape"))
            streams[name] = f"{text[:half]}\n…\n{text[-half:]}"
    return result.model_copy(update={**streams, "omitted_bytes": omitted})


def _changed(diff: str) -> str:
    names = re.findall(r"^diff --git a/(.+) b/", diff, re.MULTILINE)
    return names[0] if len(names) == 1 else f"{len(names)} files"


def _ended(result: CommandResult) -> str:
    if result.exit_code is not None:
        return f"ended with exit code {result.exit_code}"
    return f"ended as {result.ending.value}" + (f": {result.reason}" if result.reason else "")
