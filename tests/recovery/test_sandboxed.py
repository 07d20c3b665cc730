"""The way in which a workflow runs its steps: every command, the retry included, in fixer's own sandbox."""

from collections.abc import Mapping
from pathlib import Path

from fixer.project import with_python_path
from fixer.recovery import FailedWork, Ground, describe, recover
from fixer.sandbox import Sandbox
from fixer.schema.command import CommandResult, Invocation
from tests.recovery.conftest import PYTHON, MakeProject
from tests.repositories import git

FILES = {
    "pkg/src/cart.py": "def total(prices):\n    return smu(prices)\n",
    "pkg/tests/test_cart.py": "import unittest\nfrom cart import total\n\n\nclass Cart(unittest.TestCase):\n"
    "    def test_total(self):\n        self.assertEqual(total([1, 2]), 3)\n",
}


def test_a_test_below_the_top_is_mended_with_every_command_in_the_sandbox(make_project: MakeProject) -> None:
    argv = (PYTHON, "-m", "unittest", "discover", "-s", "tests")
    project = make_project(FILES, argv, phase="test")
    project.env = {"PYTHONPATH": "src"}

    def run(folder: Path, changes: Mapping[str, str | None]) -> CommandResult:
        env = {name: value for name, value in {**project.env, **changes}.items() if value is not None}
        with Sandbox(project.settings.sandbox, folder, readable=[project.root], mask=str) as sandbox:
            return sandbox.run(with_python_path(Invocation(argv=argv, cwd="pkg", env=env), folder))

    result = run(project.root, {})
    said = describe("unit tests", "test", result, project.root / "pkg", project.env, repository=project.root, mask=str)
    ground = Ground(project.root, project.settings, project.run, project.told.append, str)

    recovery = recover(FailedWork(said, run), ground)

    assert recovery.recovered, recovery.model_dump_json(indent=1)
    assert git(project.root, "show", "--format=", "--name-only", "HEAD") == "pkg/src/cart.py"
    assert run(project.root, {}).passed
