from tests.recovery.conftest import PYTHON, MakeProject
from tests.repositories import git

CHECK = {"check.py": "import sys\nsys.exit('wrong' in open('data.txt').read())\n", "data.txt": "wrong\n"}
ARGV = (PYTHON, "check.py")
MEND = "import sys\nopen('data.txt', 'w').write('right\\n')\n"


def test_a_recovery_command_mends_in_a_worktree_and_the_change_becomes_a_commit_of_its_own(
    make_project: MakeProject,
) -> None:
    project = make_project({**CHECK, "mend.py": MEND}, ARGV)
    before = git(project.root, "rev-parse", "HEAD")

    recovery = project.recover(command=f"{PYTHON} mend.py")

    assert recovery.recovered, recovery
    assert git(project.root, "rev-parse", "HEAD~1") == before
    assert git(project.root, "rev-parse", "HEAD") == recovery.commit
    assert git(project.root, "status", "--porcelain") == ""
    assert "+right" in recovery.attempts[0].diff
    assert project.passes()
    assert all(folder != project.root for folder in project.folders)
    assert git(project.root, "worktree", "list").count("\n") == 0
