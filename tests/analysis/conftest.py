import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fixer import analysis
from fixer.journal import Journal, OwnedRun, open_journal
from fixer.schema.analysis import Metric, ToolRun
from fixer.schema.settings import ProjectSettings, Settings

SETTINGS = Settings(project=ProjectSettings(python=sys.executable))
Analyze = Callable[..., dict[str, ToolRun]]


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with open_journal(tmp_path / "state") as opened:
        yield opened


@pytest.fixture
def owned(journal: Journal) -> Iterator[OwnedRun]:
    with journal.own(journal.submit("analysis", None, "key").id) as run:
        yield run


@pytest.fixture
def analyze(owned: OwnedRun) -> Analyze:
    """Run the tools of a project, by their labels; every call is further steps of one run."""
    calls = iter(range(100))

    def call(
        folder: Path,
        *names: str,
        settings: Settings = SETTINGS,
        age: float | None = None,
        talk: list[str] | None = None,
    ) -> dict[str, ToolRun]:
        said = talk if talk is not None else []
        ended = analysis.run(names, folder, settings, owned, said.append, str, age, step=f"analyze.{next(calls)}")
        return {one.series.label: one for one in ended}

    return call


def numbers(metrics: tuple[Metric, ...]) -> dict[str, float]:
    return {f"{metric.subject} {metric.name}".strip(): metric.value for metric in metrics}


def files_of(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if ".git" not in path.parts}
