"""A real repository and workflows that run in it, with real commands."""

from collections.abc import Callable
from pathlib import Path

import pytest

from fixer.input.known_commands import KnownCommands
from fixer.input.workflow_file import parse_workflow
from fixer.journal import open_journal
from fixer.schema.settings import Settings
from fixer.schema.workflow_report import WorkflowReport
from fixer.workflow import Finished, start
from fixer.workflow.services import Services, services_for
from tests.repositories import make_repository

Flow = Callable[..., Finished]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return make_repository(tmp_path / "project", {"a.txt": "a\n", ".gitignore": "/w.yml\n"})


@pytest.fixture
def flow(project: Path) -> Flow:
    """Run the steps below `commands:` in `project`, to their end; without recovery, unless a test brings one."""

    def run(
        steps: str, *, argument: str | None = None, services: Services | None = None, settings: Settings | None = None
    ) -> Finished:
        path = project / "w.yml"
        path.write_text(f"commands:\n{steps}", encoding="utf-8")
        workflow = parse_workflow(path.read_bytes(), "w.yml", KnownCommands(project))
        with open_journal(project / ".fixer") as journal:
            used = settings or Settings()
            given = services or Services(agent=services_for(used).agent)
            return start(workflow, path, project, used, journal, argument, given)

    return run


def ran(report: WorkflowReport) -> list[str]:
    """The names of the steps in the order in which they ran; those that failed with a mark."""
    return [step.name if step.passed else f"{step.name}!" for step in report.steps]
