"""Programs that the tests run as real processes, kill, and run again: `python -m tests.journal.programs NAME ...`."""

import contextlib
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from fixer.errors import JournalError
from fixer.journal import BusyError, TransitionError, open_journal

ROOT = Path(__file__).parents[2]


def start(name: str, *arguments: object, env: dict[str, str] | None = None) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]), **(env or {})}
    return subprocess.Popen(
        [sys.executable, "-m", "tests.journal.programs", name, *map(str, arguments)],
        env=environment,
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def output(process: subprocess.Popen[str]) -> str:
    """Wait for a program that has to succeed, and return what it printed."""
    stdout, stderr = process.communicate(timeout=120)
    assert process.returncode == 0, stderr
    return stdout


@contextlib.contextmanager
def holding(folder: Path, run_id: str) -> Iterator[subprocess.Popen[str]]:
    """A live process that owns the run and waits inside a step; whatever is left of it is killed at the end."""
    with start("hold", folder, run_id) as holder:
        try:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "owned\n"
            yield holder
        finally:
            holder.kill()


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


def submit_once(folder: str) -> None:
    with open_journal(Path(folder)) as journal:
        print(journal.submit("test", None, "key").id)  # noqa: T201


def open_often(folder: str, number: str) -> None:
    for turn in range(25):
        with open_journal(Path(folder)) as journal:
            journal.submit("test", None, f"{number}.{turn}")
            journal.runs()


def one_after_the_other(folder: str, count: str) -> None:
    with open_journal(Path(folder)) as journal:
        for number in range(int(count)):
            with journal.own(journal.submit("test", None, str(number)).id) as owned:
                owned.finish(None)


def hold(folder: str, run_id: str) -> None:
    """Own a run and wait inside a step until told to go on by a line on stdin, or stopped by a signal."""
    with open_journal(Path(folder)) as journal, journal.own(run_id) as owned:

        def wait() -> str:
            print("owned", flush=True)  # noqa: T201
            return sys.stdin.readline()

        owned.step("wait", str, wait)
        owned.finish(None)


def fill(folder: str) -> None:
    """Write events until the file may not grow any more; print the error, then how many were recorded."""
    recorded = 0
    with open_journal(Path(folder)) as journal, journal.own(journal.submit("test", None, "key").id) as owned:
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
        try:
            while True:
                owned.event("note", "x" * 1000)
                recorded += 1
        except JournalError as error:
            print(error.message, error.hint)  # noqa: T201
    print(recorded)  # noqa: T201


def use_after_fork(folder: str) -> None:
    """Use the parent's journal in a forked child; print what that says."""
    journal = open_journal(Path(folder))
    child = os.fork()
    if child == 0:
        try:
            journal.runs()
        except JournalError as error:
            print(error.message, error.hint, flush=True)  # noqa: T201
        os._exit(0)
    os.waitpid(child, 0)


if __name__ == "__main__":
    programs = (many_steps, claim_all, submit_once, open_often, one_after_the_other, hold, fill, use_after_fork)
    {program.__name__: program for program in programs}[sys.argv[1]](*sys.argv[2:])
