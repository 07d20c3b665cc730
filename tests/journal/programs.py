"""Programs that the tests run as real processes, kill, and run again: `python -m tests.journal.programs NAME ...`."""

import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

from fixer.journal import BusyError, TransitionError, open_journal

ROOT = Path(__file__).parents[2]


def start(name: str, *arguments: object, env: dict[str, str] | None = None) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]), **(env or {})}
    return subprocess.Popen(
        [sys.executable, "-m", "tests.journal.programs", name, *map(str, arguments)],
        env=environment,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def output(process: subprocess.Popen[str]) -> str:
    """Wait for a program that has to succeed, and return what it printed."""
    stdout, stderr = process.communicate(timeout=120)
    assert process.returncode == 0, stderr
    return stdout


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class KillingClock:
    """Gives the real time, and kills the process at its Nth question (0: never): each is asked inside a transaction."""

    def __init__(self, last: int) -> None:
        self.left = last

    def __call__(self) -> float:
        self.left -= 1
        if self.left == 0:
            die()
        return time.time()


def many_steps(folder: str, key: str, steps: str, pause: str, kill_at: str) -> None:
    """One run of many steps, resumed where an earlier process stopped. `kill_at`: WHERE:WHICH, or nothing."""
    where, _, which = kill_at.partition(":")
    clock = KillingClock(int(which) if where == "clock" else 0)
    log = os.open(Path(folder) / f"{key}.log", os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def note(word: str, name: str) -> None:
        os.write(log, f"{word} {name}\n".encode())
        if (where, which) == (word, name):
            die()

    def body(name: str) -> str:
        note("begin", name)
        time.sleep(float(pause))
        note("end", name)
        return name

    with open_journal(Path(folder) / ".fixer", clock) as journal:
        run = journal.submit("test", {"steps": int(steps)}, key)
        with journal.own(run.id) as owned:
            for number in range(int(steps)):
                name = f"step.{number}"
                assert owned.step(name, str, partial(body, name)) == name
                note("recorded", name)
            owned.finish({"steps": int(steps)})
            note("recorded", "finish")


def claim_all(folder: str) -> None:
    """Take every run that is to be had, and finish it; print the ids."""
    with open_journal(Path(folder)) as journal:
        print("ready", flush=True)  # noqa: T201
        sys.stdin.readline()
        for run in journal.runs(limit=1000):
            try:
                with journal.own(run.id) as owned:
                    owned.step("work", int, os.getpid)
                    owned.finish(os.getpid())
            except (BusyError, TransitionError):
                continue
            print(run.id, flush=True)  # noqa: T201


def hold(folder: str, run_id: str) -> None:
    """Own a run and wait inside a step until told to go on by a line on stdin, or stopped by a signal."""
    with open_journal(Path(folder)) as journal, journal.own(run_id) as owned:

        def wait() -> str:
            print("owned", flush=True)  # noqa: T201
            return sys.stdin.readline()

        owned.step("wait", str, wait)
        owned.finish(None)


if __name__ == "__main__":
    {f.__name__: f for f in (many_steps, claim_all, hold)}[sys.argv[1]](*sys.argv[2:])
