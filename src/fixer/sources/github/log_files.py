"""Jobs and their logs as GitHub gives them in; log files under safe names, and what each of them holds, out."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from fixer.errors import SourceError
from fixer.schema.execution import Step, StepStatus
from fixer.sources.github.answers import FAILED, Annotation, Job, JobStep
from fixer.sources.github.archive import Archive
from fixer.sources.github.limits import Limits

LONGEST_NAME = 80
"""Of a file; GitHub itself cuts the names of jobs at 90."""
CUT_FROM = 60
"""A folder's name this long may be the beginning of a job's name."""
_MEMBER = re.compile(r"(?P<job>[^/]+)/(?P<number>-?\d{1,4})_(?P<step>[^/]+)\.txt|-?\d{1,4}_(?P<whole>[^/]+)\.txt")


@dataclass
class LogFiles:
    """Log files that are being collected in `folder`."""

    folder: Path
    limits: Limits
    steps: dict[str, list[JobStep]] = field(default_factory=dict)
    """The steps of the API under the names that `fixer.sources.raw_log` gives to their files, in order."""
    _names: dict[int, str] = field(default_factory=dict)

    def add_archive(self, archive: Archive, jobs: list[Job]) -> list[Job]:
        """Write the logs of `jobs` that the archive has; return the jobs that it has none of.

        GitHub's archive has a folder a job with a numbered file a step, each whole job beside them, or only the
        latter. Their names are made of the jobs' names without the letters that are no part of a file's name.

        Raises:
            SourceError: the archive is damaged or beyond the limits.
        """
        missing = []
        parts = [(info, found) for info in archive.members() if (found := _MEMBER.fullmatch(info.filename))]
        for job in jobs:
            files = [(info, found) for info, found in parts if found["job"] and _same(found["job"], job.name)]
            whole = [info for info, found in parts if found["whole"] and _same(found["whole"], job.name)]
            for info, found in files:
                self._add_step(job, int(found["number"]), found["step"], archive.read(info))
            if not files and len(whole) == 1:
                self.add_job(job, archive.read(whole[0]))
            elif not files:
                missing.append(job)
        return missing

    def add_job(self, job: Job, content: Iterable[bytes]) -> None:
        """Write the log of a whole job.

        Raises:
            SourceError: it is larger than the limits allow.
        """
        name = self._name(job)
        self._write(self.folder / f"{len(self._names)}_{name}.txt", content)

    def add_annotations(self, job: Job, annotations: list[Annotation]) -> None:
        """Write what GitHub says of a job that left no log, such as that its machine was lost."""
        lines = "".join(f"##[error]{remark.line}\n" for remark in annotations)
        self.add_job(job, [lines.encode("utf-8", "replace")])

    def _add_step(self, job: Job, number: int, title: str, content: Iterable[bytes]) -> None:
        step = next((step for step in job.steps if step.number == number), None)
        name, title = self._name(job), _safe(step.name if step else title)
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        self._write(folder / f"{max(number, 0)}_{title}.txt", content)
        if step is not None:
            self.steps.setdefault(f"{name} / {title}", []).append(step)

    def _name(self, job: Job) -> str:
        """Return a name for the job's files that no other job has."""
        if job.id not in self._names:
            name, taken = _safe(job.name), set(self._names.values())
            self._names[job.id] = f"{name} {job.id}" if name in taken else name
        return self._names[job.id]

    def _write(self, path: Path, content: Iterable[bytes]) -> None:
        left = self.limits.unpacked
        with path.open("xb") as file:
            for chunk in content:
                left -= len(chunk)
                if left < 0:
                    raise SourceError(f"the log {path.stem} is too large", "give the log of one step under raw-logs")
                file.write(chunk)

    def correct(self, steps: tuple[Step, ...], jobs: list[Job]) -> tuple[Step, ...]:
        """Let GitHub's own conclusions decide how the steps ended: a log alone does not show what was allowed to fail.

        Args:
            steps: as they were read from the log.
            jobs: whose logs were read.
        """
        waiting = {name: list(known) for name, known in self.steps.items()}
        named = _unique_steps(jobs)
        corrected: list[Step] = []
        current: JobStep | None = None
        start = 0
        for step in steps:
            if waiting.get(step.name):
                _mark_failed(corrected, start, current)
                current, start = waiting[step.name].pop(0), len(corrected)
            known = current or named.get(step.name)
            if known is not None and known.conclusion == "success":
                step = step.model_copy(update={"status": StepStatus.PASSED})  # noqa: PLW2901 - the corrected one
            elif current is None and known is not None and known.conclusion in FAILED:
                step = step.model_copy(update={"status": StepStatus.FAILED})  # noqa: PLW2901 - the corrected one
            corrected.append(step)
        _mark_failed(corrected, start, current)
        return tuple(corrected)


def _mark_failed(steps: list[Step], start: int, known: JobStep | None) -> None:
    """Where a step failed and its log shows no failed part, its last part is the one."""
    if known is None or known.conclusion not in FAILED or start >= len(steps):
        return
    if all(step.status is not StepStatus.FAILED for step in steps[start:]):
        steps[-1] = steps[-1].model_copy(update={"status": StepStatus.FAILED})


def _unique_steps(jobs: list[Job]) -> dict[str, JobStep]:
    """Return the steps by name, without those whose name stands twice."""
    steps = [step for job in jobs for step in job.steps]
    names = [step.name for step in steps]
    return {step.name: step for step in steps if names.count(step.name) == 1}


def _same(folder: str, job: str) -> bool:
    """Whether an archive's name stands for the job."""
    found, wanted = _letters(folder), _letters(job)
    return found == wanted or (len(folder) >= CUT_FROM and bool(found) and wanted.startswith(found))


def _letters(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _safe(name: str) -> str:
    """Return a name that can be a file's; it starts with no dot and holds no separator or control character."""
    kept = "".join(letter if letter.isprintable() and letter not in '/\\:*?"<>|' else "_" for letter in name)
    return kept.encode("utf-8", "replace")[:LONGEST_NAME].decode("utf-8", "ignore").strip(" .") or "unnamed"
