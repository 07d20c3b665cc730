"""Projects of the corpus, checked out once a test process, and their suites' outcomes before any patch."""

from collections.abc import Callable, Iterator

import pytest

from fixer.schema.reproduction import SuiteOutcome
from tests.verification.projects import Project, environment, open_project
from tests.warm_python import WarmPython


@pytest.fixture(scope="session")
def warm_pytest() -> Iterator[WarmPython]:
    with WarmPython("pytest", environment()) as warm:
        yield warm


@pytest.fixture(scope="session")
def projects(tmp_path_factory: pytest.TempPathFactory, warm_pytest: WarmPython) -> Callable[[str], Project]:
    made: dict[str, Project] = {}

    def project(name: str) -> Project:
        if name not in made:
            made[name] = open_project(name, tmp_path_factory.mktemp(name), warm_pytest)
        return made[name]

    return project


@pytest.fixture(scope="session")
def baselines(projects: Callable[[str], Project]) -> Callable[[str], SuiteOutcome]:
    read: dict[str, SuiteOutcome] = {}

    def baseline(name: str) -> SuiteOutcome:
        if name not in read:
            project = projects(name)
            project.tree.reset()
            read[name] = project.outcome(project.run(project.reproduction.suite))
            project.tree.reset()
        return read[name]

    return baseline
