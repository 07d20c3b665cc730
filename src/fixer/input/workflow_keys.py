"""Every key of a workflow file (spec D1): what may stand there, and what it means; and the JSON Schema made of them."""

from fixer.input.shapes import Either, Flag, Key, Keys, ListOf, Literal, Number, Schema, Table, Text

LONGEST_WAIT = 1_209_600
"""Seconds, two weeks: the most that `timeout_seconds` takes, and the limit of a step that has none."""
_NAME = Text(
    '"run-tests"',
    r"[^\s{}$\u0000-\u001f\u007f](?:[^{}$\u0000-\u001f\u007f]*[^\s{}$\u0000-\u001f\u007f])?",
    "is one line without { } $ and without spaces around it",
    100,
)
_NEXT = Text("continue-workflow, fail-workflow, or the name of a step")
_ENV = Table(Literal(), "[A-Za-z_][A-Za-z0-9_]*", "NAME: value, the name of letters, digits and _")
_FOLDER = Text("a folder relative to the project: packages/api")
_STEP_EXAMPLE = "name: run-tests"

CASE = Keys(
    "a condition",
    {
        "exit_code": Key(Number(0, 255, whole=True), "The exit code that this condition is for.", required=True),
        "next": Key(_NEXT, "A step's name, continue-workflow or fail-workflow.", required=True),
    },
    "- exit_code: 1, and below it next: NAME",
)
DEFAULT = Keys(
    "a default",
    {"default": Key(_NEXT, "Where to go where no condition fits.", required=True)},
    "- default: continue-workflow",
)
ANALYSIS = Keys(
    "analysis",
    {
        "max_cache_age": Key(Number(0, 31_536_000), "Seconds that an earlier result stays good for."),
        "auto_recover": Key(Flag(), "Whether a failing tool is recovered and run again; default: true."),
        "recovery_command": Key(
            Text("fix-analysis-errors"), "What mends a failing tool; default: that of the settings."
        ),
        "max_recovery_attempts": Key(
            Number(0, 10, whole=True), "How often it is tried; default: that of the settings."
        ),
    },
    "max_cache_age: 300",
)
_STEP_KEYS: dict[str, Key] = {
    "name": Key(_NAME, "The step's name; alone it is a command known by that name.", required=True),
    "command": Key(
        Text("pytest -q", literal=True), "A program and arguments, split as a POSIX shell does, run without a shell."
    ),
    "args": Key(
        ListOf(Literal(), "[one, two]"),
        "Arguments after those of the command; $ARG, $CAPTURED_OUTPUT and ${NAME.output} are replaced.",
    ),
    "env": Key(_ENV, "Variables added to the environment."),
    "commit_required": Key(Flag(), "Whether the step must leave a commit."),
    "capture_output": Key(Flag(), "Whether its standard output is kept for $CAPTURED_OUTPUT and ${NAME.output}."),
    "conditions": Key(ListOf(Either(CASE, DEFAULT), "- exit_code: 1"), "Where to go after the step, by exit code."),
    "default": Key(_NEXT, "Where to go where no condition fits; the same as a default in conditions."),
    "analysis": Key(ANALYSIS, "Run the analysis tools after the step."),
    "timeout_seconds": Key(Number(0, LONGEST_WAIT, above=True), "Seconds after which the step is killed."),
    "working_dir": Key(_FOLDER, "Where it runs, relative to the project."),
}
STEP = Keys("a step", _STEP_KEYS, _STEP_EXAMPLE, reference="step")
_STEP_KEYS["on_failure"] = Key(STEP, "A step that runs when this one failed; when it passed, this one runs once more.")
_STEP_KEYS["on_success"] = Key(STEP, "A step that runs when this one passed.")
FILE = Keys(
    "a workflow",
    {"commands": Key(ListOf(STEP, "- name: run-tests", least=1), "The steps, in order.", required=True)},
    "commands:",
)


def workflow_schema() -> Schema:
    """Return the JSON Schema of a workflow file."""
    whole = FILE.full_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "fixer workflow",
        **whole,
        "$defs": {"step": STEP.full_schema()},
    }
