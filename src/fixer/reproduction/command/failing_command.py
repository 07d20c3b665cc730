"""Finds the command that failed: steps of a log and CI files in, one plain argument list out; nothing is run here.

Shell text is data. Only a simple command is taken from it (words, assignments in front, `cd` before it): text that
a shell would expand is refused, and the caller decides by `accepts` which commands it would run again.
"""

import itertools
import os
import re
import shlex
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from fixer.project import read_ini
from fixer.reproduction.command.ci_files import ci_scripts, read_bounded
from fixer.schema.execution import Execution, Step, StepStatus

MAX_DEPTH = 3
"""How deep tox and make targets are followed."""
WORKSPACE = re.compile(r"\$\{\{\s*github\.workspace\s*\}\}|\$\{?(?:PWD|GITHUB_WORKSPACE|CI_PROJECT_DIR)\b\}?")
"""Ways to write the checkout's folder."""
PREFIX = re.compile(r"^(?:Run |\$ |\+ )")
"""What CI services print in front of a command."""
PROMPT = re.compile(r"^(?:\$ |\+{1,3} |> |% |\[command\]|##\[command\]|Run )")
"""What shells, `set -x` and CI services print in front of a command that they echo."""
LONGEST_ECHO = 500
MOST_LINES = 100_000
"""Lines of a log that are looked through for an echoed command where the failure has no place."""
ASSIGNMENT = re.compile(r"^([A-Za-z_]\w*)=(.*)$", re.DOTALL)
NOT_PASSED_ON = re.compile(r"^(?:PATH|HOME|IFS|BASH_ENV|ENV|PYTHONHOME|PYTHONSTARTUP|LD_.*|DYLD_.*|GIT_.*)$")
REDIRECTED = re.compile(r"^([>&|]*\s*[^\s;|&]*)")
"""What follows `>`: where the output goes."""
RUNNERS_OF_RUNNERS = {("poetry", "run"), ("uv", "run"), ("pipenv", "run"), ("pdm", "run"), ("hatch", "run"),
                      ("rye", "run")}  # fmt: skip
PREFIX_COMMANDS = {"time", "exec", "command", "nice", "env", "xvfb-run", "stdbuf", "unbuffer"}
VALUE_OPTIONS = {"--with", "--python", "--extra", "--group", "--only-group", "--env-file", "-p", "-n", "-s", "-e"}
"""Options of the wrappers above whose value is the next word."""


@dataclass(frozen=True)
class FailingCommand:
    """One plain command, and where it was found."""

    argv: tuple[str, ...]
    origin: str
    """In words, for the report: `step 3 of the log`, `.github/workflows/ci.yml`."""
    cwd: str = "."
    env: tuple[tuple[str, str], ...] = ()


Accepts = Callable[[Sequence[str]], bool]


def find_command(
    execution: Execution, step: int | None, root: Path, accepts: Accepts, log_line: int | None = None
) -> FailingCommand | None:
    """Return the first command that `accepts` takes: of the failed step, of other ones, of the log, of CI files.

    Args:
        execution: what the source read.
        step: number of the step that the failure was seen in, where that is known.
        root: the repository's folder at the failing commit.
        accepts: whether a runner knows an argument list as a plain use of its tool.
        log_line: 1-based line of the log that states the failure; a command above it is nearer than one below.
    """
    failed = [item for item in execution.steps if item.number == step]
    failed += [item for item in execution.steps if item.status is StepStatus.FAILED and item.number != step]
    for item in failed:
        start = FailingCommand((), f"step {item.number} of the log")
        for command in _plain(PREFIX.sub("", item.command or ""), start, root, 0):
            if accepts(command.argv):
                return command
    echoed = _from_log(execution, log_line, root, accepts)
    return echoed or next((found for found in _from_files(root, failed) if accepts(found.argv)), None)


def _from_log(execution: Execution, log_line: int | None, root: Path, accepts: Accepts) -> FailingCommand | None:
    """Return the last command that a log without steps echoes above the failure: `$ make test`, `+ pytest -q`."""
    if execution.log_path is None or any(step.command for step in execution.steps):
        return None
    found = None
    with Path(execution.log_path).open(encoding="utf-8", errors="replace") as log:
        for number, text in enumerate(itertools.islice(log, log_line or MOST_LINES), 1):
            line = text.strip()
            if not line or len(line) > LONGEST_ECHO:
                continue
            prompt = PROMPT.match(line)
            start = FailingCommand((), f"line {number} of the log")
            for command in _plain(line[prompt.end() :] if prompt else line, start, root, 0):
                if accepts(command.argv) and (prompt or _is_no_prose(command, root)):
                    found = command
    return found


def _is_no_prose(command: FailingCommand, root: Path) -> bool:
    """Whether a line that nothing marks as a command can only be one: an option, or nothing but places that exist."""
    words = command.argv[1:]
    return any(word.startswith("-") for word in words) or all((root / word).exists() for word in words)


def plain_commands(script: str, root: Path) -> list[FailingCommand]:
    """Return every simple command of a shell text, wrappers taken off; what a shell would expand is left out."""
    return list(_plain(script, FailingCommand((), "given"), root, 0))


def _plain(script: str, start: FailingCommand, root: Path, depth: int) -> Iterator[FailingCommand]:
    now = start
    for text in simple_commands(WORKSPACE.sub(".", script)):
        try:
            words = shlex.split(text, comments=True)
        except ValueError:
            continue
        if words[:1] == ["export"]:
            assigned, rest = _assignments(words[1:])
            now = replace(now, env=(*now.env, *assigned)) if not rest else now
            continue
        if words[:1] in (["cd"], ["pushd"]):
            folder = _inside(now.cwd, words[1:])
            if folder is None:
                return
            now = replace(now, cwd=folder)
            continue
        yield from _unwrapped(words, now, root, depth)


def simple_commands(script: str) -> Iterator[str]:
    """Split a shell text at its operators; a part that a shell would expand or feed from a file is left out.

    Redirections of output go: they do not change what fails. Quotes stay, for `shlex`.
    """
    for line in re.sub(r"\\\r?\n", " ", script).splitlines():
        part, safe, quote = "", True, ""
        index = 0
        while index < len(line):
            char = line[index]
            index += 1
            if quote:
                safe = safe and not (quote == '"' and char in "`$")
                quote = "" if char == quote else quote
            elif char in "'\"":
                quote = char
            elif char == "\\":
                part, char, index = part + char, line[index : index + 1], index + 1
            elif char == ">":
                part, char = re.sub(r"\b[0-9]$", "", part), " "
                index += len(re.split(REDIRECTED, line[index:], maxsplit=1)[1])
            elif char in ";|&()":
                if safe and part.strip():
                    yield part
                part, char, safe = "", "", True
            elif char == "#" and (not part or part[-1].isspace()):
                break
            elif char in "`$*?~{}<!":
                safe = False
            part += char
        if safe and not quote and part.strip():
            yield part


def _assignments(words: Sequence[str]) -> tuple[list[tuple[str, str]], list[str]]:
    """Take the assignments off the front; those that would change what programs are started are dropped."""
    assigned = []
    rest = list(words)
    while rest and (found := ASSIGNMENT.match(rest[0])):
        if not NOT_PASSED_ON.match(found[1]):
            assigned.append((found[1], found[2]))
        rest.pop(0)
    return assigned, rest


def _inside(cwd: str, words: Sequence[str]) -> str | None:
    """Return the folder that `cd` goes to, relative to the repository, or None where it leaves it."""
    if len(words) != 1 or words[0].startswith(("/", "-")):
        return None
    folder = os.path.normpath(PurePosixPath(cwd) / words[0])
    return None if folder.startswith("..") else folder


def _unwrapped(words: Sequence[str], start: FailingCommand, root: Path, depth: int) -> Iterator[FailingCommand]:
    """Yield the command behind wrappers, and what tox or make would run."""
    assigned, rest = _assignments(words)
    now = replace(start, env=(*start.env, *assigned))
    for _ in range(8):
        shorter = _without_wrapper(rest)
        if shorter is None:
            break
        assigned, rest = _assignments(shorter)
        now = replace(now, env=(*now.env, *assigned))
    if not rest or depth > MAX_DEPTH:
        return
    if rest[0] == "tox" or rest[1:3] == ["-m", "tox"]:
        yield from _from_tox(rest, now, root, depth)
    elif rest[0] == "make" and len(rest) > 1:
        yield from _from_make(rest[1], now, root, depth)
    # Behind what they would run, tox and make are commands as well, for whoever knows nothing better.
    argv, env = _without_interpreter_flags(rest)
    yield replace(now, argv=tuple(argv), env=(*now.env, *env))


def _without_wrapper(words: Sequence[str]) -> list[str] | None:
    """Take one wrapper off, or return None where there is none."""
    if tuple(words[:2]) in RUNNERS_OF_RUNNERS:
        return _behind_options(words[2:])
    if words[:1] and words[0] in PREFIX_COMMANDS:
        return _behind_options(words[1:])
    if words[:1] == ["timeout"]:
        return _behind_options(words[1:])[1:]
    coverage = list(words[3:]) if list(words[1:3]) == ["-m", "coverage"] else list(words[1:])
    if (words[:1] == ["coverage"] or list(words[1:3]) == ["-m", "coverage"]) and coverage[:1] == ["run"]:
        rest = coverage[1:]
        while rest and rest[0].startswith("-") and rest[0] != "-m":
            rest = rest[1:]
        return ["python", *rest]
    return None


def _behind_options(words: Sequence[str]) -> list[str]:
    rest = list(words)
    while rest and rest[0].startswith("-"):
        word = rest.pop(0)
        if word == "--":
            break
        if word in VALUE_OPTIONS and rest:
            rest.pop(0)
    return rest


def _without_interpreter_flags(words: Sequence[str]) -> tuple[list[str], list[tuple[str, str]]]:
    """Take Python's own flags off `python -W error -X dev -m tool`; the ones that matter become variables."""
    rest = list(words)
    env: list[tuple[str, str]] = []
    if not re.fullmatch(r"python[\d.]*", PurePosixPath(rest[0]).name):
        return rest, env
    tail = rest[1:]
    while tail and re.match(r"^-[WXuBbdEsOqvI]", tail[0]):
        flag = tail.pop(0)
        value = flag[2:] or (tail.pop(0) if flag in {"-W", "-X"} and tail else "")
        if flag.startswith("-W"):
            env.append(("PYTHONWARNINGS", value))
        elif flag.startswith("-X") and value == "dev":
            env.append(("PYTHONDEVMODE", "1"))
    return [rest[0], *tail], env


def _from_tox(words: Sequence[str], start: FailingCommand, root: Path, depth: int) -> Iterator[FailingCommand]:
    """Yield the commands of tox.ini's test environment, as data."""
    sections = read_ini(root / start.cwd / "tox.ini")
    named = re.search(r"(?:^| )-e[ =]?(\S+)", " ".join(words))
    environments = [f"testenv:{named[1]}"] if named else []
    given = list(words[words.index("--") + 1 :]) if "--" in words else []
    commands = next(
        (sections[n]["commands"] for n in [*environments, "testenv"] if "commands" in sections.get(n, {})), ""
    )
    for old, new in (("{toxinidir}", "."), ("{tox_root}", "."), ("{envpython}", "python")):
        commands = commands.replace(old, new)
    posargs = re.compile(r"\{posargs(?::([^{}]*))?\}")
    commands = posargs.sub(lambda found: shlex.join(given) or found[1] or "", commands)
    now = replace(start, origin=f"{start.origin}, by tox.ini")
    yield from _plain(commands, now, root, depth + 1)


def _from_make(target: str, start: FailingCommand, root: Path, depth: int) -> Iterator[FailingCommand]:
    """Yield the commands of a Makefile's target and of what it depends on, as data."""
    for name in ("GNUmakefile", "makefile", "Makefile"):
        text = read_bounded(root / start.cwd / name)
        if text:
            break
    else:
        return
    values = dict(re.findall(r"^([A-Za-z_]\w*)\s*[:?]?=\s*(.*?)\s*$", text, re.MULTILINE))
    rule = re.search(rf"^{re.escape(target)}\s*:(?!=)(.*)\n((?:\t.*\n?|[ ]*\n)*)", text, re.MULTILINE)
    if rule is None:
        return
    now = replace(start, origin=f"{start.origin}, by the Makefile's target '{target}'")
    for needed in rule[1].partition("#")[0].split():
        if depth < MAX_DEPTH:
            yield from _from_make(needed, start, root, depth + 1)
    for line in rule[2].splitlines():
        recipe = re.sub(r"\$[({](\w+)[)}]", lambda found: values.get(found[1], found[0]), line.strip().lstrip("@-+"))
        yield from _plain(recipe, now, root, depth + 1)


def _from_files(root: Path, failed: Sequence[Step]) -> Iterator[FailingCommand]:
    """Yield the commands of the CI files; those of steps named like the failed ones come first."""
    names = {item.name.removeprefix("Run ").strip() for item in failed}
    found = list(ci_scripts(root))
    for script in [*(s for s in found if s.name in names), *(s for s in found if s.name not in names)]:
        folder = _inside(".", [script.folder])
        env = tuple((name, value) for name, value in script.env if not NOT_PASSED_ON.match(name))
        if folder is not None:
            yield from _plain(script.text, FailingCommand((), script.origin, folder, env), root, 0)
