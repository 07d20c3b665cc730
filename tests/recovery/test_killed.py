import os
import signal
import subprocess
from pathlib import Path

from fixer.schema.recovery import Recovery
from tests.conftest import SOURCE
from tests.recovery.conftest import PYTHON, MakeProject
from tests.repositories import git

PROGRAM = Path(__file__).with_name("program.py")
FILES = {
    "check.py": "import sys\nsys.exit('wrong' in open('data.txt').read())\n",
    "data.txt": "wrong\n",
    "mend.py": "open('data.txt', 'w').write('right\\n')\n",
}


def test_killed_at_each_moment_and_resumed_there_is_one_commit_and_nothing_is_left_behind(
    make_project: MakeProject, tmp_path: Path
) -> None:
    project = make_project(FILES, (PYTHON, "check.py"))
    said = tmp_path / "context.json"
    said.write_text(project.fails().model_dump_json(), encoding="utf-8")

    ended = []
    for moment in ("again", "passed", "never", "never"):
        done = subprocess.run(
            [PYTHON, str(PROGRAM), str(project.root), str(said), moment],
            env={**os.environ, "PYTHONPATH": str(SOURCE)},
            capture_output=True,
            text=True,
            check=False,
        )
        ended.append(done)

    assert [done.returncode for done in ended] == [-signal.SIGKILL, -signal.SIGKILL, 0, 0], ended[-1].stderr
    first, second = (Recovery.model_validate_json(done.stdout) for done in ended[2:])
    assert first.recovered
    assert first == second
    assert git(project.root, "rev-list", "--count", "HEAD") == "2"
    assert git(project.root, "status", "--porcelain") == ""
    assert git(project.root, "worktree", "list").count("\n") == 0
    assert not list((tmp_path / "trees").glob("*"))
