"""An external agent is started once; what it left in the worktree is the patch, and what it says counts for nothing."""

import os
import shlex
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from fixer.external_agent import TEMPLATES
from fixer.schema.command import Ending, Rung
from fixer.schema.settings import AgentSettings
from fixer.strategies import command
from fixer.strategies.base import NotMine
from tests.agent.places import SECRET, Place, open_place
from tests.sandbox.conftest import alive, needs
from tests.strategies.outside import Around, case_around

MEND = "p = 'app.py'; t = open(p).read(); open(p, 'w').write(t.replace('number + helper.AMOUNT', 'number * 2'))"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    with open_place(tmp_path, monkeypatch) as made:
        yield made


def around(
    place: Place,
    program: str,
    *words: str,
    env: tuple[str, ...] = (),
    seconds: float = 60,
    rung: Rung | None = None,
) -> Around:
    """Make a case whose external agent is this Python program."""
    path = place.outside.parent / "external_agent.py"
    path.write_text(program, encoding="utf-8")
    line = " ".join([sys.executable, str(path), *words])
    return case_around(place, agent=AgentSettings(external=line, external_env=env), seconds=seconds, rung=rung)


def test_what_it_changed_is_the_patch(place: Place) -> None:
    made = around(place, f"import sys\n{MEND}\nprint(sys.stdin.read())\n")
    [patch] = command.propose(made.case)
    assert "+    return number * 2" in patch.diff
    assert patch.strategy == "command"
    assert "Read it before merging" in patch.needs_review
    [ran] = made.commands
    assert "# What failed" in ran.stdout
    assert "test_app.T.test_double" in ran.stdout
    assert "|AssertionError: 5 != 4" in ran.stdout
    assert not made.left()
    assert not list(place.outside.parent.rglob("prompt.md"))


def test_the_prompt_can_be_a_file(place: Place) -> None:
    program = f"import sys\n{MEND}\nassert '# What failed' in open(sys.argv[1]).read()\nassert sys.stdin.read() == ''\n"
    made = around(place, program, "{prompt_file}")
    assert len(list(command.propose(made.case))) == 1
    assert made.commands[0].passed, made.commands[0].output


@pytest.mark.parametrize("claim", ["print('All tests pass, fixed!')", "raise SystemExit(1)", "print('x' * 100_000)"])
def test_claims_and_exit_codes_count_for_nothing(place: Place, claim: str) -> None:
    with pytest.raises(NotMine, match="changed nothing"):
        list(command.propose(around(place, claim).case))
    assert len(list(command.propose(around(place, f"{MEND}\nraise SystemExit(3)").case))) == 1


@pytest.mark.parametrize("rung", list(Rung))
def test_what_it_committed_is_part_of_the_patch_and_moves_no_branch(place: Place, rung: Rung) -> None:
    """Where it is shut in it cannot commit: the repository is read-only for it, and what it changed is still there."""
    needs(rung)
    before = place.state()
    program = (
        f"import subprocess\n{MEND}\nopen('.aider.chat.history.md', 'w').write('hello')\n"
        "open('new.py', 'w').write('A = 1\\n')\n"
        "subprocess.run(['git', '-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-qam', 'done'], check=True)\n"
    )
    [patch] = command.propose(around(place, program, rung=rung).case)
    assert "+    return number * 2" in patch.diff
    assert "new.py" in patch.diff
    assert ".aider" not in patch.diff
    assert place.state() == before


def test_it_sees_only_named_variables(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_AGENT_KEY", "agent-key-3fJ8sLq0Zx")
    monkeypatch.setenv("SSH_AUTH_SOCK", "/tmp/agent.sock")
    made = around(place, "import os\nprint(sorted(os.environ))\nprint(os.environ['HOME'])", env=("MY_AGENT_KEY",))
    with pytest.raises(NotMine):
        list(command.propose(made.case))
    told = made.commands[0].stdout
    assert "'MY_AGENT_KEY'" in told
    assert "FIXER_CANARY_TOKEN" not in told
    assert "SSH_AUTH_SOCK" not in told
    assert str(Path.home()) in told


def test_what_it_prints_is_bounded_and_masked(place: Place) -> None:
    made = around(place, f"print('{SECRET}')\nwhile True:\n    print('x' * 100_000)\n")
    with pytest.raises(NotMine, match="too_much_output"):
        list(command.propose(made.case))
    assert SECRET not in made.commands[0].stdout


def test_one_that_hangs_is_ended_with_its_children_and_its_work_is_kept(place: Place) -> None:
    note = f"note-{uuid.uuid4().hex}"
    child = f"import time; time.sleep(300)  # {note}"
    program = (
        f"import subprocess, sys, time\n{MEND}\n"
        f"subprocess.Popen([sys.executable, '-c', {child!r}], start_new_session=True)\ntime.sleep(300)\n"
    )
    made = around(place, program, seconds=3)
    [patch] = command.propose(made.case)
    assert "the time ended" in patch.explanation
    assert made.commands[0].ending is Ending.TIMED_OUT
    assert not alive(note)


def test_a_worktree_that_it_destroyed_is_a_reason(place: Place) -> None:
    made = around(place, "import os\nos.remove('.git')\n", rung=Rung.PROCESS_GROUP)
    with pytest.raises(NotMine, match="cannot be compared"):
        list(command.propose(made.case))
    assert not made.left()


@pytest.mark.parametrize(
    ("external", "said"),
    [
        ("", "export FIXER_AGENT_EXTERNAL=claude"),
        ("no-such-agent-anywhere --go", "no-such-agent-anywhere is not on PATH"),
        ("broken 'quote", "no command line"),
    ],
)
def test_why_there_is_none(place: Place, external: str, said: str) -> None:
    with pytest.raises(NotMine, match=said):
        list(command.propose(case_around(place, agent=AgentSettings(external=external)).case))


def test_a_required_sandbox_is_one_for_it_too(place: Place) -> None:
    needs(Rung.BUBBLEWRAP)
    made = case_around(place, agent=AgentSettings(external=f"{sys.executable} -c {shlex.quote(MEND)}"), required=True)
    assert len(list(command.propose(made.case))) == 1
    assert made.commands[0].rung is Rung.BUBBLEWRAP


@pytest.mark.parametrize("rung", list(Rung))
def test_where_it_ran_is_told(place: Place, rung: Rung) -> None:
    needs(rung)
    [patch] = command.propose(around(place, MEND, rung=rung).case)
    told = "outside of bubblewrap" if rung is Rung.PROCESS_GROUP else "in the sandbox, with the network, its own login"
    assert told in patch.explanation
    failed = around(place, "raise SystemExit(1)", rung=rung)
    with pytest.raises(NotMine) as raised:
        list(command.propose(failed.case))
    assert ("FIXER_AGENT_EXTERNAL_FOLDERS" in str(raised.value)) is (rung is Rung.BUBBLEWRAP)
    assert f"'rung': '{rung.value}'" in str(dict(failed.events)["agent.external"])


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_the_known_agents_are_started_without_a_person(
    name: str, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stand-in of the agent's name shows which words it gets, and where the prompt is."""
    folder = place.outside.parent / "bin"
    folder.mkdir()
    program = folder / name
    program.write_text(
        f"#!{sys.executable}\nimport sys\nfed = [open(a).read() for a in sys.argv if a.endswith('prompt.md')]\n"
        f"print(sys.argv[1:], '# What failed' in (fed or [sys.stdin.read()])[0])\n{MEND}\n",
        encoding="utf-8",
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    made = case_around(place, agent=AgentSettings(external=name))
    assert len(list(command.propose(made.case))) == 1
    assert made.commands[0].stdout.strip().endswith("True")
