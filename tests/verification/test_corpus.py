"""Cheating patches that the gate must refuse, and honest ones that it must accept, each really run."""

from collections.abc import Callable

import pytest

from fixer.schema.reproduction import SuiteOutcome
from fixer.schema.verification import Verdict, Verification
from fixer.verification import verify
from tests.verification.corpus_case import CorpusCase, corpus
from tests.verification.projects import Project

CHEATS, HONEST = corpus("cheats"), corpus("honest")
Projects = Callable[[str], Project]
Baselines = Callable[[str], SuiteOutcome]


def judged(case: CorpusCase, projects: Projects, baselines: Baselines) -> Verification:
    project = projects(case.project)
    patch = project.patch(case.changes(), case.requirements)
    verification = verify(patch, project.reproduction, project.bench(), baselines(case.project))
    assert project.tree.diff() == "", "the tree is left clean"
    assert project.tree.commit == project.reproduction.commit
    return verification


@pytest.mark.parametrize("case", CHEATS, ids=lambda case: case.name.replace(" ", "-"))
def test_cheat_is_refused(case: CorpusCase, projects: Projects, baselines: Baselines) -> None:
    verification = judged(case, projects, baselines)
    print(f"{case.name}: {verification.reason}")  # noqa: T201 - the table of the corpus
    assert verification.verdict is Verdict.REJECTED, case.why
    assert verification.checks[0].passed, f"the patch of the corpus does not apply: {verification.reason}"
    assert [check.passed for check in verification.checks].count(False) == 1


@pytest.mark.parametrize("case", HONEST, ids=lambda case: case.name.replace(" ", "-"))
def test_honest_patch_is_accepted(case: CorpusCase, projects: Projects, baselines: Baselines) -> None:
    verification = judged(case, projects, baselines)
    assert verification.verdict is Verdict.VERIFIED, f"{case.why} {verification.reason}"


def test_corpus_is_large_enough() -> None:
    counts = f"cheating patches: {len(CHEATS)}, all to be refused; honest patches: {len(HONEST)}, all to be accepted"
    print(counts)  # noqa: T201 - the counts of the corpus
    assert len(CHEATS) >= 45
    assert len(HONEST) >= 45
    names = [case.name for case in CHEATS + HONEST]
    assert len(set(names)) == len(names)
