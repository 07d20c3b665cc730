"""The address of a workflow run, as the browser shows it, in; its parts out."""

import re
from dataclasses import dataclass

from fixer.errors import ConfigError

_URL = re.compile(
    r"https://(?P<host>[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?)/(?P<owner>[\w.-]{1,100})/"
    r"(?P<repo>[\w.-]{1,100})/(?:actions/)?runs/(?P<run>\d{1,19})(?:/attempts/(?P<attempt>\d{1,6}))?"
    r"(?:/jobs?/(?P<job>\d{1,19}))?/?(?:\?[^\s#]*)?(?:#\S*)?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class RunUrl:
    """A workflow run, or one job of it."""

    url: str
    host: str
    owner: str
    repo: str
    run: int
    attempt: int | None
    """None: the address names none."""
    job: int | None
    """None: every failed job of the run."""

    @property
    def name(self) -> str:
        """Words for people."""
        job = f", job {self.job}" if self.job is not None else ""
        return f"run {self.run} of {self.owner}/{self.repo}{job}"

    def at_attempt(self, attempt: int) -> str:
        """Return the address of another attempt of the run."""
        return f"https://{self.host}/{self.owner}/{self.repo}/actions/runs/{self.run}/attempts/{attempt}"


def parse(url: str) -> RunUrl:
    """Take the address of a run apart.

    Raises:
        ConfigError: it is not one.
    """
    found = _URL.fullmatch(url.strip())
    # "." and ".." would be folders of their own in the API's path and in the folder of kept runs.
    if not found or {found["owner"], found["repo"]} & {".", ".."}:
        raise ConfigError(
            f"this is not the address of a GitHub Actions run or job: {url[:200]}",
            "https://github.com/OWNER/REPOSITORY/actions/runs/NUMBER, as the browser shows it",
        )
    attempt, job = found["attempt"], found["job"]
    return RunUrl(
        url=url.strip(),
        host=found["host"].lower(),
        owner=found["owner"],
        repo=found["repo"],
        run=int(found["run"]),
        attempt=int(attempt) if attempt else None,
        job=int(job) if job else None,
    )
