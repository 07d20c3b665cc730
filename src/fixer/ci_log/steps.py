"""Clean lines of a log in, its steps and the commit it was made of out; reads the marks of the CI services."""

from dataclasses import dataclass, field

from fixer import lazy_re as re
from fixer.ci_log.service_marks import Mark, ServiceMarks, Sign
from fixer.schema.execution import Step, StepStatus

MOST_STEPS = 2000
LONGEST_COMMAND = 4000

_FINISHED = re.compile(
    r"^(?:##\[error\])?(?:Error: )?(?:Process completed with exit code (\d{1,10})"
    r"|The process '.{0,300}' failed with exit code (\d+)"
    r"|(?:Bash|PowerShell|Cmd\.exe) exited with code '(\d+)'|Exited with code (?:exit status )?(\d+)"
    r"|ERROR: Job failed: (?:exit code|exit status|command terminated with exit code) (\d+)"
    r"|🚨 Error: The command exited with status (\d+)|ERROR: script returned exit code (\d+))"
)
_TRAVIS_EXIT = re.compile(r'^The command "(.{0,400}?)" (?:exited with|failed and exited with) (\d{1,10})')
_TRAVIS_FOLD = re.compile(r"travis_fold:(start|end):([\w.-]{1,80})")
_GITLAB = re.compile(r"section_(start|end):\d{1,12}:([\w.-]{1,80})(?:\[[^\]]{0,80}\])?")
_SHA = re.compile(r"\b[0-9a-f]{7,40}\b")
_COMMITS: tuple[tuple[re.Pattern[str], int], ...] = (
    (re.compile(r"\bGITHUB_SHA[:=] ?['\"]?([0-9a-f]{40})\b"), 4),
    (re.compile(r"\bgit(?:\.exe)?\"? checkout (?:-\S+ |--\S+ ){0,6}([0-9a-f]{40})\b"), 4),
    (re.compile(r"^Checking out (?:Revision )?([0-9a-f]{7,40})\b"), 3),
    (re.compile(r"^HEAD is now at ([0-9a-f]{7,40})\b"), 2),
    (
        re.compile(
            r"^(?:CI_COMMIT_SHA|TRAVIS_COMMIT|CIRCLE_SHA1|BUILDKITE_COMMIT|BUILD_SOURCEVERSION|GIT_COMMIT)=([0-9a-f]{7,40})\b"
        ),
        3,
    ),
    (re.compile(r"^'?([0-9a-f]{40})'?$"), 1),
)
_GROUP_ENDS = ("##[endgroup]", "::endgroup::")


@dataclass
class _Open:
    """A step whose end was not seen yet."""

    name: str
    first: int
    command: list[str] = field(default_factory=list)
    in_header: bool = False
    header: str = ""
    exit_code: int | None = None
    failed: bool = False
    errors: bool = False
    skipped: bool = False


class StepReader:
    """Is fed every clean line of a log in order; `steps` and `commit` are complete after `finish`."""

    def __init__(self) -> None:
        """Start before the first line."""
        self.steps: list[Step] = []
        self.commit: str | None = None
        self._commit_rank = 0
        self._open: _Open | None = None
        self._place: str | None = None
        self._named = False
        self._folds = False
        self._marks = ServiceMarks()
        self._last_command = 0
        self._afterwards = False
        self._erring = 0

    @property
    def current(self) -> int | None:
        """1-based number of the step that the last line belongs to."""
        return len(self.steps) + 1 if self._open else None

    @property
    def in_header(self) -> bool:
        """Whether the next lines repeat the step's script."""
        return self._open is not None and self._open.in_header

    def feed(self, number: int, text: str, place: str | None = None) -> None:
        """Take line `number`; `place` names its job and step where the log has columns for them."""
        if place != self._place:
            self._enter(number, place)
        if "##[" in text or "::" in text or text.startswith(("Post job cleanup", "Cleaning up orphan")):
            self._mark(number, text)
        elif self._open and self._open.in_header:
            self._header(text)
        if "travis_" in text or "section_" in text or text.startswith(("$ ", "The command ")):
            self._fold(number, text)
        mark = self._marks.feed(number, text)
        if mark:
            self._service(number, mark)
        elif self._open:
            self._exit(text)
        if self._commit_rank < 4 and ("checkout" in text or "HEAD" in text or _SHA.search(text)):
            self._look_for_commit(text)

    def begin(self, number: int, name: str, command: str | None = None) -> None:
        """Open a step at line `number`; the one before it ends there."""
        self._close(number - 1)
        self._open = _Open(name[:300], number, [command[:LONGEST_COMMAND]] if command else [])
        self._note_command()

    def finish(self, last: int) -> None:
        """The log ended with line `last`."""
        self._close(last, more=False)
        if self._erring and not any(step.status is StepStatus.FAILED for step in self.steps):
            at = self._erring - 1
            self.steps[at] = self.steps[at].model_copy(update={"status": StepStatus.FAILED})
        if not any(step.status is StepStatus.FAILED for step in self.steps):
            # one of them must have, and the log does not say which: "went on" proves nothing here
            self.steps = [
                step if step.exit_code == 0 else step.model_copy(update={"status": StepStatus.UNKNOWN})
                for step in self.steps
            ]

    def _enter(self, number: int, place: str | None) -> None:
        self._place = place
        self._named = place is not None and not place.endswith(" / UNKNOWN STEP")
        if place is not None:
            self.begin(number, place)

    def _mark(self, number: int, text: str) -> None:
        for mark in ("##[group]Run ", "::group::Run "):
            if text.startswith(mark):
                if not (self._named and self._open):
                    self.begin(number, f"Run {text[len(mark) :].strip()}")
                assert self._open is not None
                self._open.in_header, self._open.header = True, text[len(mark) :].strip()
                return
        if text.startswith("##[section]Starting: "):
            self.begin(number, text[len("##[section]Starting: ") :].strip())
        elif text.startswith(("Post job cleanup", "Cleaning up orphan")) and not self._named:
            self.begin(number, text.strip().rstrip("."))
        elif text.startswith(_GROUP_ENDS) and self._open and self._open.in_header:
            self._end_header()
        elif text.startswith(("##[error]", "::error")) and self._open:
            self._open.errors = True
            self._exit(text)

    def _header(self, text: str) -> None:
        """Read the part of GitHub's step group that repeats the script; `shell:`, `with:` and `env:` end it."""
        assert self._open is not None
        if re.match(r"(?:shell|with|env): ?", text):
            if text.startswith("with:"):
                self._open.command = []
            self._end_header()
        elif sum(map(len, self._open.command)) < LONGEST_COMMAND:
            self._open.command.append(text)

    def _end_header(self) -> None:
        assert self._open is not None
        self._open.in_header = False
        if not self._open.command and not re.match(r"[\w.-]+/[\w./-]+@\S+$|\./", self._open.header):
            self._open.command = [self._open.header]

    def _fold(self, number: int, text: str) -> None:
        fold = _TRAVIS_FOLD.search(text) or _GITLAB.search(text)
        self._folds = self._folds or fold is not None or text.startswith("travis_")
        if fold:
            if fold[1] == "start":
                rest = text[fold.end() :].strip()
                self.begin(number, fold[2], rest[2:] if rest.startswith("$ ") else None)
            elif self._open and self._open.name == fold[2]:
                self._close(number)
            return
        if text.startswith("$ ") and self._folds:
            if self._open and not self._open.command and self._open.first >= number - 2:
                self._open.command = [text[2:]]
                self._note_command()
            else:
                self.begin(number, text[2:], text[2:])
            return
        exited = _TRAVIS_EXIT.match(text)
        if exited and self._open:
            self._open.exit_code = int(exited[2])
            self._open.failed = int(exited[2]) != 0
            self._close(number)

    def _exit(self, text: str) -> None:
        found = _FINISHED.match(text)
        if found and self._open:
            self._open.exit_code = int(next(group for group in found.groups() if group is not None))
            self._open.failed = self._open.exit_code != 0

    def _service(self, number: int, mark: Mark) -> None:
        """Do what a mark of another service than GitHub and Travis says."""
        if mark.sign is Sign.BEGIN and not (mark.command and self._folds):
            self.begin(number, mark.name, mark.command)
        elif mark.sign is Sign.COMMAND and mark.command:
            self._add_command(number, mark.command)
        elif mark.sign is Sign.AFTERWARDS:
            self._afterwards = True
            self.begin(number, mark.name)
        elif mark.sign is Sign.END:
            self._close(number - 1)
        elif mark.sign is Sign.SKIPPED:
            self._afterwards = True
            if self._open:
                self._open.skipped = True
        elif mark.sign is Sign.FAILED:
            self._job_failed(number, mark.exit_code)

    def _add_command(self, number: int, command: str) -> None:
        if self._open is None:
            self.begin(number, command, command)
        elif sum(map(len, self._open.command)) < LONGEST_COMMAND and not self._open.in_header:
            self._open.command.append(command)
        self._note_command()

    def _note_command(self) -> None:
        """Remember the step as the last one that ran a command, which is the one that failed if the job did."""
        if self._open and self._open.command and not self._afterwards:
            self._last_command = len(self.steps) + 1

    def _job_failed(self, number: int, code: int | None) -> None:
        """The whole job failed: its last step that ran a command did, or else the open one."""
        at = self._last_command - 1
        if self._open and at in {-1, len(self.steps)}:
            self._open.failed = True
            self._open.exit_code = self._open.exit_code or code
            self._close(number)
        elif 0 <= at < len(self.steps):
            code = self.steps[at].exit_code or code
            self.steps[at] = self.steps[at].model_copy(update={"exit_code": code, "status": StepStatus.FAILED})

    def _close(self, last: int, *, more: bool = True) -> None:
        step, self._open = self._open, None
        if step is None or len(self.steps) >= MOST_STEPS:
            return
        status = StepStatus.UNKNOWN
        if step.errors and step.exit_code != 0:
            self._erring = len(self.steps) + 1
        if step.failed:
            status = StepStatus.FAILED
        elif step.skipped:
            status = StepStatus.SKIPPED
        elif step.exit_code == 0 or (more and not step.errors):
            # a service goes on to the next step only after this one ended well
            status = StepStatus.PASSED
        command = "\n".join(step.command).strip()
        self.steps.append(
            Step(
                number=len(self.steps) + 1,
                name=step.name,
                command=command or None,
                exit_code=step.exit_code,
                status=status,
                first_line=step.first,
                last_line=max(last, step.first),
            )
        )

    def _look_for_commit(self, text: str) -> None:
        for pattern, rank in _COMMITS:
            found = pattern.search(text) if rank > self._commit_rank else None
            if found:
                self.commit, self._commit_rank = found[1], rank
