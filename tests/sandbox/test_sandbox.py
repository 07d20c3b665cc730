import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from fixer.sandbox import Sandbox, bubblewrap, choose_rung
from fixer.schema.command import CommandResult, Ending, Invocation, Rung
from fixer.schema.settings import SandboxSettings
from tests.sandbox.conftest import SMALL, alive, python, sh, wait_until

# A process in a session of its own whose parents are gone: no process group reaches it.
ESCAPED = (
    "(setsid sh -c '(sleep 600; : {note}) & sleep 600; : {note}' &) ; setsid sh -c 'sleep 600; : {note}' & sleep 0.2"
)


def test_a_command_gives_its_streams_and_exit_code(sandbox: Sandbox) -> None:
    result = sh(sandbox, "echo out; echo problem >&2; exit 3")
    assert (result.ending, result.exit_code, result.signal) == (Ending.EXITED, 3, None)
    assert (result.stdout, result.stderr, result.reason) == ("out\n", "problem\n", "")
    assert result.rung is sandbox.rung
    assert not result.passed
    assert sh(sandbox, "true").passed


def test_a_death_by_signal_is_named(sandbox: Sandbox) -> None:
    result = sh(sandbox, "kill -SEGV $$")
    assert (result.ending, result.exit_code, result.signal) == (Ending.SIGNALLED, None, signal.SIGSEGV)


@pytest.mark.parametrize(
    ("invocation", "words"),
    [
        (Invocation(argv=("no-such-program",)), "no-such-program"),
        (Invocation(argv=()), "empty"),
        (Invocation(argv=("echo", "a\0b")), "NUL"),
        (Invocation(argv=("pwd",), cwd=".."), "leads out"),
        (Invocation(argv=("pwd",), cwd="nowhere"), "does not exist"),
        (Invocation(argv=("./plain.txt",)), "plain.txt"),
    ],
)
def test_what_cannot_start_says_why(sandbox: Sandbox, root: Path, invocation: Invocation, words: str) -> None:
    (root / "plain.txt").write_text("not a program")
    result = sandbox.run(invocation)
    assert result.ending is Ending.NOT_STARTED
    assert result.exit_code is None
    assert words in result.reason
    assert "None" not in result.reason


def test_a_link_out_of_the_worktree_is_no_working_directory(sandbox: Sandbox, root: Path) -> None:
    (root / "out").symlink_to("/usr")
    assert "leads out" in sandbox.run(Invocation(argv=("pwd",), cwd="out")).reason


def test_it_runs_in_its_folder_with_its_variables_and_no_input(sandbox: Sandbox, root: Path) -> None:
    (root / "deep" / "er").mkdir(parents=True)
    result = sandbox.run(Invocation(argv=("sh", "-c", "pwd; echo $EXTRA; cat"), cwd="deep/er", env={"EXTRA": "é \n*"}))
    assert result.stdout == f"{root.resolve()}/deep/er\né *\n"


def test_a_hung_command_is_killed_with_all_it_started(sandbox: Sandbox, note: str) -> None:
    script = f"trap '' TERM INT HUP; {ESCAPED.format(note=note)}; sleep 600; : {note}"
    result = sh(sandbox, script, timeout=1)
    assert result.ending is Ending.TIMED_OUT
    assert "1 s" in result.reason
    assert alive(note) == []


def test_what_a_finished_command_left_behind_is_killed(sandbox: Sandbox, note: str) -> None:
    result = sh(sandbox, f"{ESCAPED.format(note=note)}; exit 0")
    assert result.passed
    assert alive(note) == []


def test_a_command_that_stops_itself_is_killed(sandbox: Sandbox, note: str) -> None:
    assert sh(sandbox, f"kill -STOP $$; : {note}", timeout=0.5).ending is Ending.TIMED_OUT
    assert alive(note) == []


def test_too_much_memory_ends_it(sandbox: Sandbox) -> None:
    result = python(sandbox, "import time; x = bytearray(400_000_000); time.sleep(30)")
    assert result.ending is Ending.OUT_OF_MEMORY
    assert "300 MB" in result.reason


def test_memory_of_all_processes_together_counts(sandbox: Sandbox) -> None:
    script = "import os, time; os.fork(); os.fork(); x = bytearray(120_000_000); time.sleep(30)"
    assert python(sandbox, script).ending is Ending.OUT_OF_MEMORY


def test_memory_that_forks_share_counts_once(sandbox: Sandbox) -> None:
    script = "import os, time; x = bytearray(120_000_000); os.fork(); os.fork(); time.sleep(1.5)"
    assert python(sandbox, script).passed


def test_endless_output_ends_it_and_both_ends_are_kept(sandbox: Sandbox) -> None:
    result = sh(sandbox, "echo first; yes without-end")
    assert result.ending is Ending.TOO_MUCH_OUTPUT
    assert "4 MB" in result.reason
    assert result.stdout.startswith("first\n")


def test_much_output_on_both_streams_arrives_whole(sandbox: Sandbox) -> None:
    script = "import sys\nfor i in range(3): sys.stderr.write('e' * 400_000); sys.stdout.write('o' * 400_000)"
    result = python(sandbox, script)
    assert (len(result.stdout), len(result.stderr), result.omitted_bytes) == (1_200_000, 1_200_000, 0)


def test_the_middle_of_long_output_is_counted(rung: Rung, root: Path) -> None:
    with Sandbox(SandboxSettings(output_mb=64), root, mask=str, rung=rung) as sandbox:
        result = python(sandbox, "print('start'); [print('m' * 1023) for _ in range(40_000)]; print('end')")
    assert result.passed
    assert result.stdout.startswith("start\nmm")
    assert result.stdout.endswith("mm\nend\n")
    marker = f"\n[{result.omitted_bytes} bytes of output left out here]\n"
    assert marker in result.stdout
    assert len(result.stdout) - len(marker) + result.omitted_bytes == 40_000 * 1024 + len("start\nend\n")


def test_bytes_that_are_no_text_are_replaced(sandbox: Sandbox) -> None:
    assert sh(sandbox, r"printf 'a\377b'").stdout == "a\ufffdb"


def test_a_huge_file_is_cut_short(sandbox: Sandbox, root: Path) -> None:
    result = sh(sandbox, "dd if=/dev/zero of=huge bs=1 count=1 seek=9G")
    assert not result.passed
    assert not (root / "huge").exists() or (root / "huge").stat().st_size < 2**33


def test_everything_that_a_result_holds_is_masked(rung: Rung, root: Path) -> None:
    def mask(text: str) -> str:
        return text.replace("hunter2", "***")

    with Sandbox(SMALL, root, mask=mask, rung=rung) as sandbox:
        ran = sh(sandbox, "echo hunter2; echo hunter2 >&2")
        missing = sandbox.run(Invocation(argv=("hunter2",)))
    for result in (ran, missing):
        assert "hunter2" not in result.model_dump_json()


def test_credentials_of_the_environment_do_not_reach_commands(
    rung: Rung, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GITHUB_TOKEN", "AWS_SECRET_ACCESS_KEY", "MY_DATABASE_URL", "SSH_AUTH_SOCK", "GIT_DIR", "ALLOWED"):
        monkeypatch.setenv(name, f"canary-{name}")
    with Sandbox(SMALL.model_copy(update={"env": ("ALLOWED",)}), root, mask=str, rung=rung) as sandbox:
        seen = sh(
            sandbox, "env; tr '\\0' '\\n' < /proc/self/environ; tr '\\0' '\\n' < /proc/$PPID/environ; true"
        ).stdout
    assert "canary-ALLOWED" in seen
    assert seen.count("canary-") == seen.count("canary-ALLOWED")


def test_home_and_temporary_folder_are_private_and_go_away(rung: Rung, root: Path) -> None:
    with Sandbox(SMALL, root, mask=str, rung=rung) as sandbox:
        result = sh(
            sandbox, 'touch "$HOME/f" "$TMPDIR/g"; mkdir "$HOME/d"; touch "$HOME/d/f"; chmod 0 "$HOME/d"; echo "$HOME"'
        )
        home = Path(result.stdout.strip())
        assert (home / "f").exists()
        assert home != Path.home()
    assert not home.parent.exists()


def test_several_threads_share_it(sandbox: Sandbox) -> None:
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda n: sh(sandbox, f"echo {n}; exit {n}"), range(40)))
    assert [(result.exit_code, result.stdout) for result in results] == [(n, f"{n}\n") for n in range(40)]


def test_callers_are_told_of_processes_and_results(rung: Rung, root: Path) -> None:
    events: list[tuple[int, str]] = []
    results: list[CommandResult] = []
    with Sandbox(
        SMALL,
        root,
        mask=str,
        rung=rung,
        on_result=results.append,
        on_process=lambda pid, event: events.append((pid, event)),
    ) as sandbox:
        result = sh(sandbox, "true")
        sandbox.run(Invocation(argv=()))
    assert [event for _, event in events] == ["started", "ended"]
    assert events[0][0] == events[1][0] > 1
    assert results[0] is result
    assert [told.ending for told in results] == [Ending.EXITED, Ending.NOT_STARTED]


def test_closing_cancels_what_runs(rung: Rung, root: Path, note: str) -> None:
    started = threading.Event()
    sandbox = Sandbox(SMALL, root, mask=str, rung=rung, on_process=lambda *_: started.set())
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(sh, sandbox, f"sleep 600; : {note}")
        assert started.wait(20)
        sandbox.close()
        assert running.result(20).ending is Ending.CANCELLED
    assert alive(note) == []
    sandbox.close()


def test_a_killed_supervisor_is_replaced(sandbox: Sandbox) -> None:
    assert sh(sandbox, "true").passed
    process = sandbox._supervisor._process
    assert process is not None
    process.kill()
    process.wait()
    assert sh(sandbox, "true").passed


def test_a_command_that_kills_its_monitor_is_killed_too(root: Path, note: str) -> None:
    with Sandbox(SMALL, root, mask=str, rung=Rung.PROCESS_GROUP) as sandbox:
        script = f"(setsid sh -c 'sleep 600; : {note}' &); sleep 0.2; kill -9 $PPID; sleep 600; : {note}"
        result = sh(sandbox, script)
        assert result.ending is Ending.CANCELLED
        assert "was killed" in result.reason
        assert wait_until(lambda: alive(note) == [])


CALLER = """
import sys
from pathlib import Path
from fixer.sandbox import Sandbox
from fixer.schema.command import Invocation, Rung
from fixer.schema.settings import SandboxSettings
with Sandbox(SandboxSettings(), Path(sys.argv[1]), mask=str, rung=Rung(sys.argv[2])) as sandbox:
    sandbox.run(Invocation(argv=("sh", "-c", sys.argv[3])))
"""


def caller(root: Path, rung: Rung, note: str, scratch: Path) -> "subprocess.Popen[bytes]":
    scratch.mkdir()
    script = f"{ESCAPED.format(note=note)}; touch ready; sleep 600; : {note}"
    command = [sys.executable, "-c", CALLER, str(root), rung, script]
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src"), "TMPDIR": str(scratch)}
    process = subprocess.Popen(command, env=env, stderr=subprocess.PIPE)
    assert wait_until((root / "ready").exists)
    assert len(alive(note)) > 3
    return process


def test_nothing_survives_a_killed_fixer(rung: Rung, root: Path, note: str, tmp_path: Path) -> None:
    process = caller(root, rung, note, tmp_path / "scratch")
    process.kill()
    process.communicate()
    assert wait_until(lambda: alive(note) == []), alive(note)
    assert wait_until(lambda: alive(str(root)) == [])


def test_ctrl_c_kills_the_command_and_goes_on(rung: Rung, root: Path, note: str, tmp_path: Path) -> None:
    process = caller(root, rung, note, tmp_path / "scratch")
    process.send_signal(signal.SIGINT)
    assert b"KeyboardInterrupt" in process.communicate()[1]
    assert alive(note) == []
    assert list((tmp_path / "scratch").iterdir()) == []


def test_the_report_can_name_the_rung_and_its_limits(sandbox: Sandbox) -> None:
    told = sandbox.describe()
    assert told.startswith(sandbox.rung)
    assert "does not stop" in told
    if sandbox.rung is Rung.PROCESS_GROUP:
        assert "network" in told.split("does not stop")[1]


def test_the_strongest_rung_that_works_is_taken() -> None:
    rung, reason = choose_rung(SandboxSettings())
    assert (rung is Rung.BUBBLEWRAP) == (bubblewrap.find()[0] is not None)
    assert "bwrap" in reason or "bubblewrap" in reason
