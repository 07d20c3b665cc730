"""The parts of GitHub's answers that are used; what else an answer holds is left aside.

Fields and their values: docs.github.com, "REST API endpoints for workflow runs", "workflow jobs", "artifacts" and
"check runs".
"""

from pydantic import BaseModel, ConfigDict, Field

BAD = frozenset({"failure", "timed_out", "startup_failure", "cancelled", "action_required", "stale"})
"""Conclusions of what did not end well."""
FAILED = frozenset({"failure", "timed_out", "startup_failure"})


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Run(_Answer):
    """One attempt of a workflow run."""

    id: int
    head_sha: str = Field(pattern=r"^[0-9a-fA-F]{7,64}$")
    status: str | None = None
    conclusion: str | None = None
    run_attempt: int = 1
    run_started_at: str | None = None
    name: str | None = None

    @property
    def finished(self) -> bool:
        """Whether nothing of it will change any more."""
        return self.status == "completed"


class JobStep(_Answer):
    """One step of a job."""

    number: int
    name: str
    status: str | None = None
    conclusion: str | None = None


class Job(_Answer):
    """One job of an attempt."""

    id: int
    name: str
    run_attempt: int | None = None
    status: str | None = None
    conclusion: str | None = None
    steps: tuple[JobStep, ...] = ()
    check_run_url: str | None = None


class Annotation(_Answer):
    """A remark on a place of the code, or on a job as a whole."""

    path: str | None = None
    start_line: int | None = None
    annotation_level: str | None = None
    message: str | None = None

    @property
    def line(self) -> str:
        """One line of text."""
        place = f"{self.path}:{self.start_line}: " if self.path and self.path != ".github" else ""
        return f"{self.annotation_level or 'notice'}: {place}{' '.join((self.message or '').split())[:2000]}"


class Artifact(_Answer):
    """A file that a run uploaded."""

    id: int
    name: str
    size_in_bytes: int = 0
    expired: bool = False
    created_at: str | None = None
