"""`make bench`: the figures that fixer is held to, each measured beside its peer or floor in the same run.

Trust the ratios: the absolute times are those of this machine at this moment.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from fixer.errors import FixerError
from fixer.journal import open_journal
from fixer.redact import Masker
from fixer.sandbox import Sandbox
from fixer.schema.command import CommandResult, Invocation, Rung
from fixer.schema.settings import SandboxSettings

ROUNDS = 9
STEPS = 200
PYTHON = sys.executable
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""Python keeps the compiled modules of what it has started once; an environment that forbids it would have each start
of each program measured with the compilation of its source, which no user pays for twice."""


def seconds(*command: str) -> float:
    started = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True, env=ENVIRONMENT)
    return time.perf_counter() - started


def side_by_side(*commands: tuple[str, ...], before: Callable[[int], object] = lambda _turn: None) -> list[float]:
    """Run the commands by turns, so that what else the machine does falls on all of them; return the medians.

    The first turn, which compiles modules and fills the disk's cache, does not count. `before` is called with the
    number of each turn.
    """
    times: list[list[float]] = [[] for _ in commands]
    for turn in range(ROUNDS + 1):
        before(turn)
        for taken, command in zip(times, commands, strict=True):
            taken.append(seconds(*command))
    return [statistics.median(taken[1:]) for taken in times]


def start_time() -> None:
    floor = (PYTHON, "-c", "pass")
    peer = (PYTHON, "-m", "pytest", "--help")
    nothing, pytest, shown, version = side_by_side(
        floor, peer, (PYTHON, "-m", "fixer", "--help"), (PYTHON, "-m", "fixer", "--version")
    )
    line("fixer --help", shown, "pytest --help", pytest, "at most 2")
    line("fixer --version", version, "python -c pass", nothing, "at most 10")


def step_overhead() -> None:
    """A journal step that runs `true` in the sandbox, beside `true` started from a plain loop."""

    def plain() -> None:
        for _ in range(STEPS):
            subprocess.run(["true"], check=True)

    def steps(sandbox: Sandbox, folder: Path) -> None:
        with open_journal(folder) as journal, journal.own(journal.submit("bench", {}, str(time.time())).id) as run:
            for number in range(STEPS):
                run.step(str(number), CommandResult, lambda: sandbox.run(Invocation(argv=("true",))))

    floor = timed(plain)
    for rung in Rung:
        with tempfile.TemporaryDirectory() as name:
            root = Path(name) / "root"
            root.mkdir()
            try:
                with Sandbox(SandboxSettings(), root, mask=str, rung=rung) as sandbox:
                    taken = timed(lambda box=sandbox: steps(box, Path(name) / ".fixer"))  # type: ignore[misc]
            except FixerError as error:
                print(f"{rung}: not measured here: {error.message}")
                continue
        per = (taken - floor) / STEPS * 1000
        line(f"{STEPS} steps, {rung}", taken, f"{STEPS} times true", floor, f"{per:.1f} ms more a step")


def workflow_overhead() -> None:
    """A workflow of `true`, from its file to its report, beside `make` with the same commands in its recipe."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run(["git", "init", "--quiet", name], check=True)
        recipe = "\n".join("\ttrue" for _ in range(STEPS))
        (folder / "Makefile").write_text(f".PHONY: all\nall:\n{recipe}\n", encoding="utf-8")
        for count in (1, STEPS):
            steps = "".join(f"  - name: step-{number}\n    command: true\n" for number in range(count))
            (folder / f"{count}.yml").write_text(f"commands:\n{steps}", encoding="utf-8")

        def plain() -> None:
            for _ in range(STEPS):
                subprocess.run(["true"], check=True)

        fixer = (PYTHON, "-m", "fixer", "run", "--repo", name)
        one, many, make = side_by_side((*fixer, f"{name}/1.yml"), (*fixer, f"{name}/{STEPS}.yml"), ("make", "-C", name))
        floor = timed(plain)
    per = ((many - one) / (STEPS - 1) - floor / STEPS) * 1000
    line(f"workflow of {STEPS} steps", many, f"make, {STEPS} times true", make, f"{per:.1f} ms more a step than true")


def masking() -> None:
    """Masking of lines without a secret, beside a plain loop over them."""
    lines = [f"tests/test_{n % 97}.py::test_{n} PASSED in 0.0{n % 9}s {n * 2654435761:x}" for n in range(100_000)]
    text = "\n".join(lines)
    masker = Masker({})

    def loop() -> None:
        for row in lines:
            row.find("token")

    floor, taken = timed(loop), timed(lambda: masker.mask(text))
    line("masking 100,000 lines", taken, "a loop with one find", floor, f"{len(lines) / taken:,.0f} lines a second")


def explaining() -> None:
    """An explanation without a model, of a new record and of one of a build, where 10,000 executions are recorded."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with open_journal(folder / ".fixer") as journal, journal.database.transaction() as connection:
            rows = [
                ("default", f"x{n}", f"agent {n % 50}", 1, "same", "same", "unknown", float(n)) for n in range(10_000)
            ]
            connection.executemany(
                "INSERT INTO executions(workspace, id, agent, failed, fingerprint, message, cause, at, record) "
                "VALUES(?, ?, ?, ?, ?, ?, ?, ?, '{}')",
                rows,
            )
        for kind, action, error in (
            ("agent", "send_email", "Template 'Outbound v3' not found"),
            ("build", "npm test", "AssertionError: expected 200 to equal 404"),
        ):
            step = {"action": action, "status": "failed", "error": error}
            record = {"agent": "agent 7", "status": "failed", "steps": [step]}
            path = folder / f"{kind}.json"

            def new_record(turn: int, path: Path = path, record: dict[str, object] = record) -> None:
                path.write_text(json.dumps({"id": f"{path.stem} {turn}", **record}))

            command = (PYTHON, "-m", "fixer", "explain", str(path), "--repo", name)
            floor, taken = side_by_side((PYTHON, "-c", "pass"), command, before=new_record)
            line(f"fixer explain, {kind}", taken, "python -c pass", floor, "under 300 ms, 10,000 recorded")


def model_call() -> None:
    """A call of a model through fixer, beside the bare SDK, on a server that answers at once."""
    from bench_models import time_per_call  # noqa: PLC0415 - loads the SDK, which would slow what is measured before

    taken, bare = time_per_call()
    line("a call of a model", taken, "the bare google-genai", bare, "at most 1.2")


def timed(work: Callable[[], object]) -> float:
    times = []
    for _ in range(3):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def line(name: str, taken: float, peer: str, reference: float, bar: str) -> None:
    ratio = taken / reference
    print(f"{name:<28}{taken * 1000:>9.0f} ms   {peer:<22}{reference * 1000:>9.0f} ms   ratio {ratio:>6.2f}   ({bar})")


def main() -> int:
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, medians\n")
    start_time()
    step_overhead()
    workflow_overhead()
    masking()
    explaining()
    model_call()
    return 0


if __name__ == "__main__":
    sys.exit(main())
