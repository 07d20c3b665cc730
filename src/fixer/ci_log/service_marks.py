"""Clean lines of a log in, what Jenkins, Buildkite, CircleCI, Azure and GitLab say of its steps out.

Formats: https://www.jenkins.io/doc/book/pipeline/, https://buildkite.com/docs/pipelines/managing-log-output,
https://circleci.com/docs/configuration-reference/#default-shell-options,
https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands, https://docs.gitlab.com/ci/jobs/job_logs/.
"""

from dataclasses import dataclass
from enum import Enum, auto

from fixer import lazy_re as re


class Sign(Enum):
    """What a line says."""

    BEGIN = auto()
    """A step begins; its name, and its command where it is known."""
    COMMAND = auto()
    """A command of the step that has begun."""
    END = auto()
    """What follows belongs to no step."""
    SKIPPED = auto()
    """The step was not run, because one before it failed."""
    AFTERWARDS = auto()
    """What follows runs however the steps before it ended."""
    FAILED = auto()
    """The last step that ran a command failed; its exit code, where it is known."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One such line."""

    sign: Sign
    name: str = ""
    command: str | None = None
    exit_code: int | None = None


_STAGE = re.compile(r"\[Pipeline\] \{ \((.{1,200})\)$")
_SHELL = re.compile(r"\[Pipeline\] (sh|bat|powershell|pwsh)\b")
_JENKINS = re.compile(
    r"Started by |Running as SYSTEM|Building (?:remotely |on |in workspace )|\[\S{1,200}\] \$ |\[Pipeline\] "
)
_JENKINS_FAILED = re.compile(
    r"ERROR: script returned exit code (\d{1,10})|Build step '.{1,200}' marked build as failure|Finished: FAILURE$"
)
_SKIPPED = re.compile(r'Stage ".{1,200}" skipped due to earlier failure')
_BUILDKITE = re.compile(r"~~~ (?:Running|Preparing|Setting up|:)|.{0,40}\bbuildkite-agent\b")
_GROUP = re.compile(r"(?:~~~|---|\+\+\+) (?!(?:FAIL|PASS|SKIP|BENCH): |[ab]/|/dev/null|\S+\t)(\S.{0,200})$")
_CIRCLE = re.compile(r"#!/(?:usr/)?bin/(?:env )?(?:ba)?sh(?: -\w+)* -eo pipefail$|#!/bin/sh -eo pipefail$")
_GITLAB = re.compile(
    r"Running with gitlab-runner |Executing \"\w{1,40}\" stage of the job|Preparing the \"\w{1,40}\" executor"
    r"|Getting source from Git repository$"
)
_GITLAB_FAILED = re.compile(
    r"ERROR: Job failed(?: \(system failure\))?: "
    r"(?:(?:exit code|exit status|command terminated with exit code) (\d+)|.)"
)
_AFTER_SCRIPT = ("Running after_script", "Running after script")
_OUTPUT = "========================== Starting Command Output"
_INTERPRETER = re.compile(r"\"?\S*(?:bash|sh|cmd|powershell|pwsh)(?:\.exe)?\"? .*(?:_temp|AppData|\.ps1)")
_FIRST = frozenset("[+~-#$SRBEFGPC=")
"""Characters that such a line begins with; any other needs no look."""


class ServiceMarks:
    """Is fed every line in order. Marks that would mean something else in another service's log count in their own."""

    def __init__(self) -> None:
        """Start before the first line."""
        self._service = ""
        self._stage = ""
        self._azure_script = False
        self._circle = False

    def feed(self, number: int, text: str) -> Mark | None:
        """Return what line `number` says, None where it is no mark."""
        if self._azure_script or self._circle:
            return self._script(text)
        if text[:1] not in _FIRST:
            return None
        if text.startswith("$ ") and number == 1:
            self._service = "gitlab"
        return self._jenkins(text) or self._buildkite(text) or self._gitlab(text) or self._azure(text)

    def _jenkins(self, text: str) -> Mark | None:
        if self._service in {"", "jenkins"} and _JENKINS.match(text):
            self._service = "jenkins"
            stage, shell = _STAGE.match(text), _SHELL.match(text)
            if stage:
                self._stage = f"{stage[1]} / "
                after = stage[1].startswith("Declarative: Post")
                return Mark(Sign.AFTERWARDS if after else Sign.BEGIN, stage[1])
            return Mark(Sign.BEGIN, self._stage + shell[1]) if shell else None
        failed = _JENKINS_FAILED.match(text)
        if failed:
            return Mark(Sign.FAILED, exit_code=int(failed[1]) if failed[1] else None)
        if self._service != "jenkins":
            return None
        if _SKIPPED.match(text):
            return Mark(Sign.SKIPPED)
        return Mark(Sign.COMMAND, command=text[2:]) if text.startswith("+ ") else None

    def _buildkite(self, text: str) -> Mark | None:
        if not self._service and _BUILDKITE.match(text):
            self._service = "buildkite"
        if self._service != "buildkite":
            return None
        group = _GROUP.match(text)
        if group:
            return Mark(Sign.BEGIN, group[1])
        return Mark(Sign.COMMAND, command=text[2:]) if text.startswith("$ ") else None

    def _gitlab(self, text: str) -> Mark | None:
        if not self._service and _GITLAB.match(text):
            self._service = "gitlab"
        failed = _GITLAB_FAILED.match(text)
        if failed:
            return Mark(Sign.FAILED, exit_code=int(failed[1]) if failed[1] else None)
        if self._service != "gitlab":
            return None
        if text.startswith(_AFTER_SCRIPT):
            return Mark(Sign.AFTERWARDS, "after_script")
        if text.startswith("Cleaning up project directory"):
            return Mark(Sign.END)
        return Mark(Sign.BEGIN, text[2:], text[2:]) if text.startswith("$ ") else None

    def _azure(self, text: str) -> Mark | None:
        if text.startswith("##[section]"):
            self._service = self._service or "azure"
        elif text == "Script contents:":
            self._azure_script = True
        elif _CIRCLE.match(text):
            self._circle = True
        elif self._service == "azure" and text.startswith("[command]") and not _INTERPRETER.match(text, 9):
            return Mark(Sign.COMMAND, command=text[9:])
        return None

    def _script(self, text: str) -> Mark | None:
        """Read the script that Azure shows whole, or the first command of the one that CircleCI shows."""
        if self._azure_script:
            self._azure_script = not text.startswith((_OUTPUT, "##["))
            return Mark(Sign.COMMAND, command=text) if self._azure_script and text.strip() else None
        self._circle = not text.strip() or text.startswith("#")
        return None if self._circle else Mark(Sign.BEGIN, text, text)
