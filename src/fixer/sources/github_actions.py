"""The address of a GitHub Actions run or job in, an `Execution` and its masked, cleaned log out; kept by attempt."""

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from fixer.budget import Budget
from fixer.errors import ConfigError, SourceError
from fixer.github_access import find_access
from fixer.redact import Masker
from fixer.schema.base import content_id
from fixer.schema.execution import Execution, Step
from fixer.sources import raw_log
from fixer.sources.github import kept
from fixer.sources.github.answers import BAD, FAILED, Annotation, Job, Run
from fixer.sources.github.archive import Archive
from fixer.sources.github.client import GitHub
from fixer.sources.github.limits import Clock, Limits
from fixer.sources.github.log_files import LogFiles
from fixer.sources.github.patience import Patience
from fixer.sources.github.refusals import BY_HAND, GitHubError
from fixer.sources.github.reports import ReportFiles
from fixer.sources.github.run_url import RunUrl, parse


def fetch(  # noqa: PLR0913, PLR0917 - one argument a kind of input
    url: str,
    keep: Path,
    masker: Masker,
    env: Mapping[str, str],
    budget: Budget,
    talk: Callable[[str], None],
    *,
    clock: Clock | None = None,
    limits: Limits | None = None,
) -> Execution:
    """Fetch what failed in a run: its steps, commit, annotations, reports, and the log of each failed job.

    Args:
        url: https://HOST/OWNER/REPO/actions/runs/ID, with /attempts/N and /job/ID where wanted. Without an attempt
            it is the last one in which a job failed.
        keep: folder of all fetched runs; an attempt that has ended is fetched once.
        masker: learns the token, and masks what is kept.
        env: where the token and the address of the API are looked for.
        budget: how long calls may take and be waited for.
        talk: is told of waits, and of what could not be had.
        clock: how to wait; default: the real one.
        limits: sizes and times; default: those of `Limits`.

    Raises:
        ConfigError: the address, GITHUB_API_URL or the token is wrong.
        SourceError: GitHub cannot be reached, refuses, or has no log of a failed job.
        BudgetError: the time is over, or GitHub asks for a longer wait than is left.
    """
    address = parse(url)
    limits = limits or Limits()
    kept.place(keep)
    if known := _known(keep, address):
        return known
    access = find_access(address.host, env)
    if access.token:
        masker.learn(access.token)
    clock = clock or Clock()
    waits = (Patience(budget, talk, clock, limits), clock, limits)
    with GitHub(access, (address.owner, address.repo), waits) as github:
        fetching = _Fetching(github, address, masker.mask, talk, limits)
        run, jobs = fetching.find()
        folder = _folder(keep, address, run.run_attempt, finished=run.finished)
        if run.finished and (known := kept.load(folder)):
            return known
        talk(f"fetching {address.name}, attempt {run.run_attempt}: {len(jobs)} failed job(s)")
        with kept.draft(folder) as draft:
            return kept.save(draft, folder, fetching.execution(run, jobs, draft))


def _known(keep: Path, address: RunUrl) -> Execution | None:
    """Return what is kept of a job, which belongs to one attempt for ever, or of the attempt that is named."""
    if address.attempt is not None:
        return kept.load(_folder(keep, address, address.attempt))
    if address.job is None:
        return None
    folders = _folder(keep, address, 0).parent.glob(f"{address.run}-*-job-{address.job}")
    return next((known for folder in folders if (known := kept.load(folder))), None)


def _folder(keep: Path, address: RunUrl, attempt: int, *, finished: bool = True) -> Path:
    job = f"-job-{address.job}" if address.job is not None else ""
    # What is not finished has a name that is never looked for.
    name = f"{address.run}-{attempt}{job}{'' if finished else '-unfinished'}"
    return keep / address.host / address.owner.lower() / address.repo.lower() / name


@dataclass(frozen=True)
class _Fetching:
    """The calls that one fetch consists of."""

    github: GitHub
    address: RunUrl
    mask: Callable[[str], str]
    talk: Callable[[str], None]
    limits: Limits

    def find(self) -> tuple[Run, list[Job]]:
        """Return the attempt to read, and its jobs that failed.

        Raises:
            SourceError: no job failed.
        """
        if self.address.job is not None:
            return self._find_job(self.address.job)
        if self.address.attempt is not None:
            run = self._attempt(self.address.attempt)
            return run, self._failed_or_refused(run, self._jobs(run))
        last = self.github.answer("actions.get_workflow_run", self.address.name, Run, run_id=self.address.run)
        run, jobs = last, self._jobs(last)
        for attempt in range(last.run_attempt - 1, max(0, last.run_attempt - 1 - self.limits.attempts_back), -1):
            if _failed(jobs):
                break
            run = self._attempt(attempt)
            jobs = self._jobs(run)
        if not _failed(jobs):
            return last, self._failed_or_refused(last, jobs)
        if run.run_attempt != last.run_attempt:
            self.talk(f"attempt {last.run_attempt} of {self.address.name} shows no failure; reading {run.run_attempt}")
        return run, _failed(jobs)

    def _find_job(self, job_id: int) -> tuple[Run, list[Job]]:
        job = self.github.answer("actions.get_job_for_workflow_run", self.address.name, Job, job_id=job_id)
        run = self._attempt(job.run_attempt or self.address.attempt or 1)
        if job.conclusion == "success":
            raise SourceError(f"the job '{job.name}' succeeded: {self.address.url}", "give the address of a failed job")
        if job.status != "completed":
            raise SourceError(
                f"the job '{job.name}' is not finished ({job.status})", "wait for its end, then try again"
            )
        return run, [job]

    def _attempt(self, number: int) -> Run:
        what = f"attempt {number} of {self.address.name}"
        return self.github.answer(
            "actions.get_workflow_run_attempt",
            what,
            Run,
            run_id=self.address.run,
            attempt_number=number,
        )

    def _jobs(self, run: Run) -> list[Job]:
        return self.github.pages(
            "actions.list_jobs_for_workflow_run_attempt",
            f"the jobs of {self.address.name}",
            Job,
            "jobs",
            run_id=self.address.run,
            attempt_number=run.run_attempt,
        )

    def _failed_or_refused(self, run: Run, jobs: list[Job]) -> list[Job]:
        failed = _failed(jobs)
        if failed:
            return failed
        if not run.finished:
            raise SourceError(
                f"{self.address.name} is not finished ({run.status}), and no job of it has failed so far",
                "wait for its end, then try again",
            )
        if run.conclusion in BAD:
            raise SourceError(
                f"{self.address.name} ended as '{run.conclusion}' without a failed job",
                "look at it in the browser: it may have been cancelled, or its workflow file is wrong",
            )
        raise SourceError(
            f"no job failed in {self.address.name}, attempt {run.run_attempt} ({run.conclusion})",
            "give the address of a run that failed, or of the attempt that did: "
            + self.address.at_attempt(max(1, run.run_attempt - 1)),
        )

    def execution(self, run: Run, failed: list[Job], draft: Path) -> Execution:
        """Fetch everything of the failed jobs into `draft`, and read it."""
        jobs = failed[: self.limits.failed_jobs]
        if len(jobs) < len(failed):
            self.talk(f"reading the logs of {len(jobs)} of {len(failed)} failed jobs")
        raw = draft / "raw"
        raw.mkdir()
        files = LogFiles(raw, self.limits)
        annotations = {job.id: self._annotations(job) for job in jobs}
        self._logs(run, jobs, files, annotations)
        try:
            read = raw_log.read(str(raw.absolute()), draft, draft, self.mask)
        except ConfigError as error:
            raise SourceError(
                f"the log of {self.address.name} cannot be read: {_unplaced(error, raw)}", BY_HAND
            ) from error
        shutil.rmtree(raw)
        reports = ReportFiles(draft / "reports", self.mask, self.talk, self.limits).fetch(
            self.github, self.address, run
        )
        remarks = tuple(self.mask(remark.line) for job in jobs for remark in annotations[job.id])
        self._write_record(draft / "run.json", run, jobs)
        return Execution(
            id=content_id("github_actions", self.address.host, *map(str, self._identity(run)), str(read.lines)),
            source="github_actions",
            origin=self.address.url,
            steps=tuple(self._named(step) for step in files.correct(read.steps, jobs)),
            log_path=read.log_path,
            lines=read.lines,
            commit=run.head_sha.lower(),
            annotations=remarks,
            reports=tuple(map(str, reports)),
        )

    def _named(self, step: Step) -> Step:
        return step.model_copy(update={"name": self.mask(step.name)})

    def _identity(self, run: Run) -> tuple[object, ...]:
        return self.address.owner, self.address.repo, self.address.run, run.run_attempt, self.address.job

    def _logs(self, run: Run, jobs: list[Job], files: LogFiles, annotations: dict[int, list[Annotation]]) -> None:
        """Write the logs of the jobs: from the archive of the attempt, which has a file a step, else one by one."""
        missing = jobs
        if run.finished and self.address.job is None:
            try:
                missing = self._from_archive(run, jobs, files)
            except GitHubError as error:
                if error.status != 404:
                    raise
        for job in missing:
            try:
                self._job_log(job, files)
            except GitHubError as error:
                # A job that never started has no log, but GitHub says why.
                if error.status != 404 or not annotations[job.id]:
                    raise
                files.add_annotations(job, annotations[job.id])

    def _from_archive(self, run: Run, jobs: list[Job], files: LogFiles) -> list[Job]:
        what = f"the logs of {self.address.name}"

        def unpack(file: IO[bytes]) -> list[Job]:
            shutil.rmtree(files.folder)
            files.folder.mkdir()
            files.steps.clear()
            return files.add_archive(Archive(file, f"the archive with {what}", self.limits), jobs)

        return self.github.download(
            "actions.download_workflow_run_attempt_logs",
            what,
            unpack,
            run_id=self.address.run,
            attempt_number=run.run_attempt,
        )

    def _job_log(self, job: Job, files: LogFiles) -> None:
        def write(file: IO[bytes]) -> None:
            files.add_job(job, iter(lambda: file.read(1 << 16), b""))

        what = f"the log of the job '{job.name[:80]}'"
        self.github.download("actions.download_job_logs_for_workflow_run", what, write, job_id=job.id)

    def _annotations(self, job: Job) -> list[Annotation]:
        """Return what GitHub remarked on a job; an extra, which a token may not be allowed to see."""
        # The id of a job's check run stands at the end of its address.
        check = (job.check_run_url or "").rstrip("/").rpartition("/")[2]
        if not check.isdigit():
            return []
        what = f"the annotations of the job '{job.name[:80]}'"
        try:
            return self.github.pages("checks.list_annotations", what, Annotation, "", check_run_id=int(check))
        except SourceError as error:
            self.talk(f"left aside: {error.message}")
            return []

    def _write_record(self, path: Path, run: Run, jobs: list[Job]) -> None:
        """Keep what GitHub said of the run and its failed jobs, for people who look."""
        said = {"url": self.address.url, "run": run.model_dump(), "jobs": [job.model_dump() for job in jobs]}
        path.write_text(self.mask(json.dumps(said, indent=1, ensure_ascii=False)) + "\n", encoding="utf-8")


def _failed(jobs: list[Job]) -> list[Job]:
    return [job for job in jobs if job.conclusion in FAILED]


def _unplaced(error: ConfigError, raw: Path) -> str:
    """Return the error without the path of a folder that is gone by now."""
    return error.message.replace(f"{raw.absolute()}/", "").replace(str(raw.absolute()), "its files")
