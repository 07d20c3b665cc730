"""Takes the path of a workflow file and returns its steps, or every problem with its line and column (spec A2, D1)."""

import bisect
import itertools
import re
import shlex
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from fixer.errors import ConfigError
from fixer.input.known_commands import KnownCommands
from fixer.input.nodes import Node
from fixer.input.problems import InputError, Position, Problem, decode, problem_at
from fixer.input.shapes import Found
from fixer.input.workflow_keys import ANALYSIS, CASE, DEFAULT, FILE, STEP
from fixer.input.workflow_meaning import problems_between
from fixer.input.yaml_text import YamlSyntaxError, read
from fixer.schema.workflow import AnalysisRequest, Condition, Workflow, WorkflowStep

MAX_BYTES = 1024 * 1024
MAX_PROBLEMS = 100
"""More than a person reads at once; it also keeps a hostile file from costing minutes."""
HINT = "`fixer schema workflow` prints what may stand there; `fixer init --workflow` writes a first one"


def read_workflow(path: Path, known: KnownCommands) -> Workflow:
    """Read and check a workflow file; nothing is run and nothing is written.

    Args:
        path: the file.
        known: the names that steps without a command may have.

    Raises:
        InputError: with every problem in the file.
        ConfigError: the file cannot be read.
    """
    try:
        if not path.is_file():
            what = "is a folder" if path.is_dir() else "does not exist" if not path.exists() else "is no regular file"
            raise ConfigError(f"{path} {what}", "name a workflow file; `fixer init --workflow` writes a first one")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path} could not be read: {error}", "check its name and its rights: ls -l") from error
    if len(data) > MAX_BYTES:
        raise ConfigError(f"{path}:1:1: the file is larger than {MAX_BYTES // 1024} KiB", "a workflow of fewer steps")
    return parse_workflow(data, str(path), known)


def parse_workflow(data: bytes, file: str, known: KnownCommands) -> Workflow:
    """Check a workflow file's content; `file` is its name in messages.

    Raises:
        InputError: with every problem.
    """
    text = decode(data, file, HINT)
    try:
        node = read(text)
    except YamlSyntaxError as error:
        raise InputError([problem_at(text, file, error.offset, error.message, error.instead)], HINT) from error
    maker = _Maker(text)
    commands = next((member.value for member in node.members or () if member.key == "commands"), None)
    steps = tuple(maker.step(item) for item in (commands.items if commands else None) or () if item.members is not None)
    between = problems_between(steps, maker.nodes, known)
    _refuse(itertools.chain(FILE.problems("a workflow", node), maker.found, between), text, file)
    return Workflow(path=file, steps=steps)


def _refuse(found: Iterator[Found], text: str, file: str) -> None:
    problems = [problem_at(text, file, *one) for one in itertools.islice(found, MAX_PROBLEMS)]
    if next(found, None) is not None:
        problems.append(
            Problem(file, None, f"more than {MAX_PROBLEMS} problems; the rest is not shown", "a right file")
        )
    if problems:
        raise InputError(problems, HINT)


class _Maker:
    """Makes steps of the keys whose shape is right, also where others are wrong: so every problem is found at once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [0, *(found.end() for found in re.finditer(r"\n", text))]
        self.found: list[Found] = []
        self.nodes: dict[tuple[int, int], dict[str, Node]] = {}
        """The keys of each step by its line and column, which no other step has."""

    def step(self, node: Node) -> WorkflowStep:
        keys = STEP.right(node)
        place = self.position(node.offset)
        conditions, default = self.conditions(keys)
        step = WorkflowStep(
            name=keys["name"].text if "name" in keys else "",
            command=self.words(keys["command"]) if "command" in keys else (),
            args=tuple(item.text for item in keys["args"].items or ()) if "args" in keys else (),
            env={member.key: member.value.text for member in keys["env"].members or ()} if "env" in keys else {},
            commit_required=_flag(keys, "commit_required"),
            capture_output=_flag(keys, "capture_output"),
            on_failure=self.step(keys["on_failure"]) if "on_failure" in keys else None,
            on_success=self.step(keys["on_success"]) if "on_success" in keys else None,
            conditions=conditions,
            default=default,
            analysis=_analysis(keys["analysis"]) if "analysis" in keys else None,
            timeout_seconds=_number(keys, "timeout_seconds"),
            working_dir=self.folder(keys["working_dir"]) if "working_dir" in keys else "",
            line=place.line,
            column=place.column,
        )
        self.nodes[step.line, step.column] = {**keys, "": node}
        return step

    def position(self, offset: int) -> Position:
        """Return the place of an offset; looked up, so that many steps cost no more than one look at the file."""
        line = bisect.bisect_right(self.starts, offset)
        return Position(line, offset - self.starts[line - 1] + 1)

    def words(self, node: Node) -> tuple[str, ...]:
        try:
            words = tuple(shlex.split(node.text))
        except ValueError as error:
            what = "a quote is not closed" if "quotation" in str(error) else "a backslash at the end escapes nothing"
            self.found.append((node.offset, f"'command' cannot be split: {what}", "every \" and ' in pairs"))
            return ("?",)
        if not words or not words[0]:
            self.found.append((node.offset, "'command' names no program", "a program and its arguments: pytest -q"))
        return words

    def folder(self, node: Node) -> str:
        path = PurePosixPath(node.text)
        if path.is_absolute() or node.text.startswith("~") or re.match(r"[A-Za-z]:[\\/]", node.text):
            self.found.append((node.offset, "'working_dir' is absolute", "a folder relative to the project"))
        elif ".." in path.parts:
            self.found.append(
                (node.offset, "'working_dir' leads out of the project with '..'", "a folder inside of it")
            )
        return node.text

    def conditions(self, keys: dict[str, Node]) -> tuple[tuple[Condition, ...], str]:
        cases: dict[int, Condition] = {}
        default = keys["default"].text if "default" in keys else ""
        for item in keys["conditions"].items or () if "conditions" in keys else ():
            case, otherwise = CASE.right(item), DEFAULT.right(item)
            if "default" in otherwise:
                if default:
                    self.found.append((item.offset, "a second default of one step", "one default"))
                default = otherwise["default"].text
            if "exit_code" in case and "next" in case:
                code = int(float(case["exit_code"].value or 0))
                if code in cases:
                    self.found.append((item.offset, f"a second condition for exit code {code}", "one of them"))
                cases[code] = Condition(exit_code=code, next=case["next"].text)
        return tuple(cases.values()), default


def _flag(keys: dict[str, Node], name: str) -> bool:
    return name in keys and keys[name].value is True


def _number(keys: dict[str, Node], name: str) -> float | None:
    value = keys[name].value if name in keys else None
    return None if value is None else float(value)


def _analysis(node: Node) -> AnalysisRequest:
    keys = ANALYSIS.right(node)
    attempts = _number(keys, "max_recovery_attempts")
    return AnalysisRequest(
        max_cache_age=_number(keys, "max_cache_age"),
        auto_recover="auto_recover" not in keys or _flag(keys, "auto_recover"),
        recovery_command=keys["recovery_command"].text if "recovery_command" in keys else "",
        max_recovery_attempts=None if attempts is None else int(attempts),
    )
