"""Writes the folder of one reproduction: a failure and the command that shows it in, file texts out (spec B10)."""

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fixer.rates import interval
from fixer.schema.base import content_id
from fixer.schema.command import CommandResult, Invocation
from fixer.schema.execution import Execution
from fixer.schema.failure import Failure

MAX_NAME = 60
"""Characters of a reproduction's name; it is part of branch and folder names."""
DIGITS = 6
LINES_AROUND = 60
"""Lines of the log that are kept before and after the failure."""
MAX_LINE = 2000
"""Characters of one kept line."""
MAX_OUTPUT = 200_000
"""Characters of the run's output that are kept."""

PROGRAM = '''\
"""Run {title} again: exit code 0 when the failure is gone, 1 when it shows, 2 when it ended otherwise.

Start it with the project's interpreter: python {folder}/tests/reproduce.py
"""

import os
import subprocess
import sys
from pathlib import Path

START = {start}
ARGUMENTS = {arguments}
FOLDER = {cwd}
VARIABLES = {env}
CODE = {code}  # where the project's code is imported from
SHOWS = {shows}  # exit code of the command when the failure shows
SEVERAL = {runs}  # runs; the first that fails ends it


def main() -> int:
    root = next((p for p in Path(__file__).resolve().parents if (p / ".git").exists()), Path.cwd())
    path = os.pathsep.join([*(str(root / name) for name in CODE), os.environ.get("PYTHONPATH", "")])
    env = {{**os.environ, **VARIABLES, "PYTHONPATH": path.strip(os.pathsep)}}
    for _ in range(SEVERAL):
        code = subprocess.call([*START, *ARGUMENTS], cwd=root / FOLDER, env=env)
        if code != 0:
            print("the failure shows" if code == SHOWS else f"it ended otherwise: exit code {{code}}")
            return 1 if code == SHOWS else 2
    print("the failure is gone")
    return 0


if __name__ == "__main__":
    sys.exit(main())
'''


@dataclass(frozen=True)
class Evidence:
    """What the files are made of."""

    name: str
    failure: Failure
    execution: Execution
    command: Invocation
    origin: str
    """Where the command was found."""
    result: CommandResult
    """A run that showed the failure."""
    deterministic: bool
    failures: int
    runs: int
    code: Sequence[str]
    """Folders, relative to the repository, that the project's code is imported from."""


def name_for(failure: Failure) -> str:
    """Return a name that is safe as part of a branch and as a folder, at most 60 characters, made of content."""
    test = re.sub(r"\[.*", "", failure.test or "")
    test = Path(test).stem if test.endswith(".py") else re.split(r"::|\.", test)[-1]
    file = Path(failure.file or "").stem
    place = test or file or failure.tool
    what = (failure.exception or failure.code or failure.kind.value).rpartition(".")[2]
    words = place if what.lower() in place.lower() else f"{place}-{what}"
    slug = re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-") or failure.kind.value
    digits = content_id(failure.tool, failure.test or "", failure.file or "", failure.fingerprint)[:DIGITS]
    return f"{slug[: MAX_NAME - DIGITS - 1].rstrip('-')}-{digits}"


def files_for(evidence: Evidence) -> dict[str, str]:
    """Return each file of the reproduction's folder with its text."""
    return {
        "README.md": _readme(evidence),
        "logs/ci.log": _part_of_log(evidence),
        "logs/reproduction.log": _bounded(evidence.result.output),
        "tests/reproduce.py": _program(evidence),
    }


def _folder(evidence: Evidence) -> str:
    above = "reproduce-deterministic-failures" if evidence.deterministic else "reproduce-ND-failures"
    return f"{above}/{evidence.name}"


def _program(evidence: Evidence) -> str:
    command = evidence.command
    python = Path(command.argv[0]).name.startswith("python")
    runs = 1 if evidence.deterministic else max(2, evidence.runs)
    env = {name: value for name, value in command.env.items() if name != "PYTHONPATH"}
    return PROGRAM.format(
        title=ascii(evidence.name)[1:-1],
        folder=_folder(evidence),
        start="[sys.executable]" if python else "[]",
        arguments=ascii(list(command.argv[1:] if python else command.argv)),
        cwd=ascii(command.cwd),
        env=ascii(env),
        code=ascii(list(evidence.code)),
        runs=runs,
        shows=-(evidence.result.signal or 0) or evidence.result.exit_code,
    )


def _readme(evidence: Evidence) -> str:
    failure, command = evidence.failure, evidence.command
    low, high = interval(evidence.failures, evidence.runs)
    rate = f"{evidence.failures} of {evidence.runs} runs failed in this way"
    rate += "." if evidence.deterministic else f": between {low:.1%} and {high:.1%} of all runs, at 95 %."
    where = f"line {failure.log_line} of the log" if failure.log_line else "the log"
    facts = [
        f"tool: {failure.tool}",
        *([f"test: {failure.test}"] if failure.test else []),
        *([f"file: {failure.file}" + (f":{failure.line}" if failure.line else "")] if failure.file else []),
        f"message: {failure.message}",
        f"fingerprint: {failure.fingerprint}",
        f"origin: {evidence.execution.origin}",
        f"command from: {evidence.origin}",
    ]
    prefix = "".join(f"{name}={shlex.quote(value)} " for name, value in sorted(command.env.items()))
    by_hand = f"cd {shlex.quote(command.cwd)} && " if command.cwd != "." else ""
    return "\n".join(
        [
            f"# {evidence.name}",
            "",
            f"What failed, as {where} says it (`logs/ci.log`):",
            "",
            fenced("\n".join(facts)),
            "",
            f"Run it again, from the top folder of the repository, with the project's interpreter. {rate}",
            "",
            fenced(f"python {_folder(evidence)}/tests/reproduce.py"),
            "",
            "Exit code 0: the failure is gone. 1: it shows. 2: the command ended otherwise. It runs this command:",
            "",
            fenced(f"{by_hand}{prefix}python {shlex.join(command.argv[1:])}"),
            "",
            "What it printed when it failed here is in `logs/reproduction.log`.",
            "",
        ]
    )


def fenced(text: str) -> str:
    """Put text into a Markdown fence that is longer than any run of backticks in it, so that it cannot end it."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}"


def _part_of_log(evidence: Evidence) -> str:
    """Return the lines around the failure, read once and bounded; the message where the log is gone."""
    path, line = evidence.execution.log_path, evidence.failure.log_line
    if path is None or not Path(path).is_file():
        return evidence.failure.message + "\n"
    first = max(1, (line or evidence.execution.lines or LINES_AROUND) - LINES_AROUND)
    last = first + 2 * LINES_AROUND
    kept = []
    with Path(path).open(encoding="utf-8", errors="replace") as log:
        for number, text in enumerate(log, 1):
            if number > last:
                break
            if number >= first:
                kept.append(text.rstrip("\n")[:MAX_LINE])
    return f"(lines {first} to {first + len(kept) - 1})\n" + "\n".join(kept) + "\n"


def _bounded(text: str) -> str:
    if len(text) <= MAX_OUTPUT:
        return text
    half = MAX_OUTPUT // 2
    return f"{text[:half]}\n({len(text) - MAX_OUTPUT} characters left out)\n{text[-half:]}"
