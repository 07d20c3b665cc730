"""The artifacts of a run in; the JUnit XML reports among them, masked, as files out."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from fixer.errors import SourceError
from fixer.sources.github.answers import Artifact, Run
from fixer.sources.github.archive import Archive
from fixer.sources.github.client import GitHub
from fixer.sources.github.limits import Limits
from fixer.sources.github.run_url import RunUrl

_LIKELY = re.compile(r"junit|surefire|xunit|test|report|result|pytest", re.IGNORECASE)
"""Names of artifacts that may hold reports."""
HEAD = 4096
"""Bytes in which a JUnit file says what it is: https://github.com/testmoapp/junitxml."""
_ROOT = re.compile(rb"<testsuites?[\s/>]")


@dataclass(frozen=True, slots=True)
class ReportFiles:
    """Where reports go, and what they may cost."""

    folder: Path
    mask: Callable[[str], str]
    talk: Callable[[str], None]
    limits: Limits

    def fetch(self, github: GitHub, address: RunUrl, run: Run) -> list[Path]:
        """Write the run's JUnit XML reports; they are an extra, so one that cannot be had is only told of.

        Raises:
            BudgetError: the time is over.
        """
        what = f"the artifacts of {address.name}"
        try:
            found = github.pages("actions.list_workflow_run_artifacts", what, Artifact, "artifacts", run_id=address.run)
        except SourceError as error:
            self.talk(f"left aside: {error.message}")
            return []
        wanted = [artifact for artifact in found if _is_wanted(artifact, run, self.limits)]
        return [path for artifact in wanted[: self.limits.artifacts] for path in self._artifact(github, artifact)]

    def _artifact(self, github: GitHub, artifact: Artifact) -> list[Path]:
        what = f"the artifact {artifact.name[:80]}"

        def unpack(file: IO[bytes]) -> list[Path]:
            return self._unpack(Archive(file, what, self.limits), artifact.id)

        try:
            return github.download(
                "actions.download_artifact", what, unpack, artifact_id=artifact.id, archive_format="zip"
            )
        except SourceError as error:
            self.talk(f"left aside: {error.message}")
            return []

    def _unpack(self, archive: Archive, artifact_id: int) -> list[Path]:
        written: list[Path] = []
        names = [info for info in archive.members() if info.filename.lower().endswith(".xml")]
        for info in names[: self.limits.reports]:
            content = bytearray()
            for chunk in archive.read(info):
                content += chunk
                if len(content) > self.limits.report:
                    break
            if len(content) > self.limits.report or not _ROOT.search(bytes(content[:HEAD])):
                continue
            self.folder.mkdir(exist_ok=True)
            path = self.folder / f"{artifact_id}-{len(written) + 1}.xml"
            path.write_text(self.mask(content.decode("utf-8", "replace")), encoding="utf-8")
            written.append(path)
        return written


def _is_wanted(artifact: Artifact, run: Run, limits: Limits) -> bool:
    # An artifact belongs to a run, not to an attempt; those of earlier attempts are older than this one's start.
    # Both times are in UTC and of one form, so that they compare as text.
    old = artifact.created_at and run.run_started_at and artifact.created_at < run.run_started_at
    small = 0 < artifact.size_in_bytes <= limits.artifact
    return small and not artifact.expired and not old and _LIKELY.search(artifact.name) is not None
