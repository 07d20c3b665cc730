"""Every wrong workflow is refused with the right line and column; every right one is read."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixer.errors import ConfigError
from fixer.input.known_commands import KnownCommands
from fixer.input.problems import InputError
from fixer.input.workflow_file import MAX_PROBLEMS, parse_workflow, read_workflow
from fixer.input.workflow_keys import FILE, workflow_schema
from fixer.input.yaml_text import read
from fixer.schema.workflow import Condition, WorkflowStep
from tests.input.json_schema import accepts

TOP = "commands:\n"
ONE = f"{TOP}  - name: a\n    command: x\n"
NOWHERE = KnownCommands(Path("/nonexistent/project"), ("docs",))

# The mark § stands where the error must point to.
SYNTAX = {
    "empty": ("§", "the file is empty"),
    "only comments": ("§# nothing\n# here\n", "nothing but comments"),
    "tab": (f"{TOP}§\t- name: a\n", "a tab stands"),
    "tab behind spaces": (f"{TOP}  - name: a\n  §\tcommand: x\n", "a tab stands"),
    "unclosed double quote": (f'{TOP}  - name: §"a\n', "not closed"),
    "unclosed single quote": (f"{TOP}  - name: §'a\n    command: x\n", "not closed"),
    "unclosed bracket": (f"{TOP}  - name: a\n    args: [1, 2\n    command§: x\n", "bracket"),
    "unclosed brace": (f"{TOP}  - name: a\n    env: {{A: 1\n§", "braces"),
    "second colon": (f"{TOP}  - name: a\n    command: echo a§: b\n", "a second ': '"),
    "key too far in": (f"{TOP}  - name: a\n      command§: x\n", "indented too far"),
    "key too far out": (f"{TOP}  - name: a\n   §command: x\n", "line up"),
    "item out of line": (f"{TOP}  - name: a\n §- name: b\n", "line up"),
    "no colon": (f"{TOP}  - name: a\n    §command\n    timeout_seconds: 1\n", "without a colon"),
    "at sign": (f"{TOP}  - name: §@a\n", "cannot begin a value"),
    "backtick": (f"{TOP}  - name: a\n    command: §`x`\n", "cannot begin a value"),
    "percent": (f"{TOP}  - name: a\n    command: §%x\n", "cannot begin a value"),
    "escape": (f'{TOP}  - name: "\\§q"\n', "no escape"),
    "text after a quote": (f"{TOP}  - name: 'a' §b\n", "line up"),
    "list on the line of its key": ("commands: §- name: a\n", "on the line of its key"),
    "closing bracket alone": (f"{TOP}  - name: a\n    args: §]\n", "value should stand"),
    "control character": (f"{TOP}  - name: a§\x07b\n", "U+0007"),
    "NUL byte": (f"{TOP}  - name: a§\x00b\n", "U+0000"),
    "anchor": (f"{TOP}  - §&step\n    name: a\n", "an anchor"),
    "alias": (f"{TOP}  - name: a\n    command: §*other\n", "an alias"),
    "alias bomb": ("a: §&a [x, x]\nb: [*a, *a]\ncommands: []\n", "an anchor"),
    "tag": (f"{TOP}  - name: §!!str a\n", "a tag"),
    "tag that runs code": ("§!!python/object/apply:os.system ['id']\n", "a tag"),
    "second document": (f"{ONE}§---\n{ONE}", "second document"),
    "list as a key": (f"{TOP}  - name: a\n    ? §[b]\n    : c\n", "a list stands where a key"),
    "too deep": ("commands: " + "[" * 99 + "§[" + "]" * 100 + "\n", "nested deeper"),
    "nothing but opening brackets": ("[" * 100 + "§" + "[" * 50_000, "nested deeper"),
}
SHAPE = {
    "a list": ("§- name: a\n", "a workflow is a mapping"),
    "a text": ("§commands\n", "a workflow is a mapping"),
    "no commands": ("§steps: []\n", "'commands' of a workflow is missing"),
    "unknown key at the top": (f"{ONE}§version: 1\n", "'version' is not a key of a workflow"),
    "misspelt commands": ("§command:\n  - name: a\n    command: x\n", "did you mean 'commands'"),
    "commands twice": (f"{ONE}§commands: []\n", "second time"),
    "commands as text": ("commands: §all\n", "takes a list"),
    "commands empty": ("commands:§\n", "'commands' is empty"),
    "no step": ("commands: §[]\n", "has no entry"),
    "step as text": (f"{TOP}  - §mmm-lint\n", "a step is a mapping"),
    "step empty": (f"{TOP}  -§\n  - name: lint\n", "a step is a mapping"),
    "no name": (f"{TOP}  - §command: x\n", "'name' of a step is missing"),
    "name as number": (f"{TOP}  - name: §12\n    command: x\n", 'write instead: "12"'),
    "name empty": (f"{TOP}  - name: §''\n    command: x\n", "'name' is empty"),
    "name with a line break": (f'{TOP}  - name: §"a\\nb"\n    command: x\n', "is one line"),
    "name with a brace": (f"{TOP}  - name: §'${{a}}'\n    command: x\n", "without { }"),
    "name too long": (f"{TOP}  - name: §{'a' * 101}\n    command: x\n", "longer than 100"),
    "misspelt key": (f"{TOP}  - name: a\n    §comand: x\n", "did you mean 'command'"),
    "key in another spelling": (f"{ONE}    §timeout-seconds: 3\n", "did you mean 'timeout_seconds'"),
    "unknown key": (f"{ONE}    §shell: bash\n", "'shell' is not a key of a step"),
    "key twice": (f"{ONE}    §command: y\n", "second time"),
    "command as list": (f"{TOP}  - name: a\n    command: §[x, y]\n", "takes a text, this is a list"),
    "command empty": (f"{TOP}  - name: a\n    command:§\n", "'command' is empty"),
    "command with NUL": (f'{TOP}  - name: a\n    command: §"x\\0y"\n', "NUL"),
    "args as text": (f"{ONE}    args: §one two\n", "takes a list"),
    "args with a list": (f"{ONE}    args: [one, §[two]]\n", "this is a list"),
    "args with nothing": (f"{ONE}    args:\n      -§\n", "'args' is empty"),
    "args with NUL": (f'{ONE}    args: [§"a\\0b"]\n', "NUL"),
    "env as list": (f"{ONE}    env: §[A=1]\n", "takes a mapping"),
    "env with a bad name": (f"{ONE}    env:\n      §1A: x\n", "cannot be a name under 'env'"),
    "env with an equals sign": (f"{ONE}    env: {{§A=B: x}}\n", "cannot be a name under 'env'"),
    "env with a mapping": (f"{ONE}    env:\n      A: §{{b: c}}\n", "this is a mapping"),
    "env with nothing": (f"{ONE}    env:\n      A:§\n", "'A' is empty"),
    "env name twice": (f"{ONE}    env:\n      A: 1\n      §A: 2\n", "second time"),
    "flag as yes": (f"{ONE}    commit_required: §yes\n", "write instead: true"),
    "flag as text": (f'{ONE}    capture_output: §"false"\n', "false, without quotes"),
    "flag as stream": (f"{ONE}    capture_output: §stdout\n", "takes true or false"),
    "timeout negative": (f"{ONE}    timeout_seconds: §-1\n", "above 0"),
    "timeout zero": (f"{ONE}    timeout_seconds: §0\n", "above 0"),
    "timeout as text": (f"{ONE}    timeout_seconds: §5m\n", "takes a number"),
    "timeout not a number": (f"{ONE}    timeout_seconds: §.nan\n", "above 0"),
    "timeout of a month": (f"{ONE}    timeout_seconds: §2592000\n", "to 1209600"),
    "working_dir as list": (f"{ONE}    working_dir: §[a]\n", "takes a text"),
    "conditions as mapping": (f"{ONE}    conditions: §{{exit_code: 1}}\n", "takes a list"),
    "condition without next": (f"{ONE}    conditions:\n      - §exit_code: 1\n", "'next' of a condition is missing"),
    "condition without exit code": (f"{ONE}    conditions:\n      - §next: a\n", "'exit_code' of a condition"),
    "exit code too large": (f"{ONE}    conditions: [{{exit_code: §256, next: fail-workflow}}]\n", "from 0 to 255"),
    "exit code as text": (f"{ONE}    conditions: [{{exit_code: §any, next: fail-workflow}}]\n", "whole number"),
    "exit code broken": (f"{ONE}    conditions: [{{exit_code: §1.5, next: fail-workflow}}]\n", "whole number"),
    "unknown key of a condition": (
        f"{ONE}    conditions: [{{exit_code: 1, next: fail-workflow, §then: b}}]\n",
        "not a key of a condition",
    ),
    "on_failure as text": (f"{ONE}    on_failure: §fix\n", "a step is a mapping"),
    "on_success without name": (f"{ONE}    on_success:\n      §command: x\n", "'name' of a step is missing"),
    "deep unknown key": (
        f"{ONE}    on_failure:\n      name: b\n      command: x\n      on_success:\n        name: c\n        §cmd: x\n",
        "'cmd' is not a key",
    ),
    "analysis as flag": (f"{ONE}    analysis: §true\n", "analysis is a mapping"),
    "analysis with an unknown key": (f"{ONE}    analysis: {{§cache: 3}}\n", "not a key of analysis"),
    "analysis with a negative age": (f"{ONE}    analysis: {{max_cache_age: §-1}}\n", "from 0"),
    "analysis with eleven attempts": (f"{ONE}    analysis: {{max_recovery_attempts: §11}}\n", "from 0 to 10"),
}
MEANING = {
    "two steps of one name": (
        f"{ONE}  - name: §a\n    command: y\n",
        "a second step is called 'a'; the first is in line 2",
    ),
    "nested step of the same name": (f"{ONE}    on_failure:\n      name: §a\n      command: y\n", "a second step"),
    "name of a word of next": (f"{TOP}  - name: §fail-workflow\n    command: x\n", "a word of `next`"),
    "unknown next": (f"{ONE}    conditions:\n      - exit_code: 1\n        next: §nowhere\n", "no step is called"),
    "misspelt continue": (
        f"{ONE}    conditions: [{{exit_code: 1, next: §continue_workflow}}]\n",
        "did you mean 'continue-workflow'",
    ),
    "unknown default": (f"{ONE}    conditions:\n      - default: §later\n", "no step is called 'later'"),
    "next to a nested step": (
        f"{ONE}    on_failure:\n      name: b\n      command: y\n  - name: c\n    command: z\n    default: §b\n",
        "is nested in another step",
    ),
    "default to itself": (f"{ONE}    default: §a\n", "can never come to an end"),
    "two that lead to each other": (
        f"{ONE}  - {{name: b, command: x, default: §c}}\n  - {{name: c, command: x, conditions: [{{default: b}}]}}\n",
        "'b' can never come to an end",
    ),
    "two defaults": (
        f"{ONE}    conditions: [{{default: fail-workflow}}, §{{default: continue-workflow}}]\n",
        "second default",
    ),
    "one exit code twice": (
        f"{ONE}    conditions: [{{exit_code: 1, next: fail-workflow}}, §{{exit_code: 1, next: continue-workflow}}]\n",
        "second condition for exit code 1",
    ),
    "unknown command name": (f"{TOP}  - name: §mmm-refactor\n", "neither an analysis tool nor a prompt file"),
    "misspelt tool": (f"{TOP}  - name: §mmm-covrage\n", "did you mean 'coverage'"),
    "name that leads out": (f"{TOP}  - name: §../../secret\n", "neither an analysis tool nor a prompt file"),
    "unbalanced quote": (f"{TOP}  - name: a\n    command: §pytest -k 'a or b\n", "a quote is not closed"),
    "backslash at the end": (f"{TOP}  - name: a\n    command: §x \\\n", "backslash"),
    "no program": (f"{TOP}  - name: a\n    command: §\"''\"\n", "names no program"),
    "absolute working_dir": (f"{ONE}    working_dir: §/etc\n", "is absolute"),
    "working_dir at home": (f"{ONE}    working_dir: §~/x\n", "is absolute"),
    "working_dir on a drive": (f"{ONE}    working_dir: §C:\\x\n", "is absolute"),
    "working_dir outside": (f"{ONE}    working_dir: §a/../../b\n", "leads out of the project"),
    "output of an unknown step": (f'{ONE}    args: [y, §"${{b.output}}"]\n', "no step is called 'b'"),
    "output that is not kept": (
        f'{ONE}  - name: b\n    command: y\n    args: [§"${{a.output}}"]\n',
        "the output of 'a' is not kept",
    ),
    "captured output of nobody": (f"{ONE}    args: [§$CAPTURED_OUTPUT]\n", "no step keeps its output"),
    "placeholder in the command": (f"{TOP}  - name: a\n    command: §echo ${{b.output}}\n", "no step is called 'b'"),
}
BYTES = {
    "UTF-8 with BOM": (b"\xef\xbb\xbfcommands: []", 1, 1, "byte order mark"),
    "UTF-16": ("commands: []".encode("utf-16"), 1, 1, "UTF-16"),
    "Latin-1": ("commands:\n  - name: é".encode("latin-1"), 2, 11, "0xe9"),
}


def refused(text: str | bytes) -> InputError:
    with pytest.raises(InputError) as error:
        parse_workflow(text.encode() if isinstance(text, str) else text, "w.yml", NOWHERE)
    return error.value


@pytest.mark.parametrize("name", [*SYNTAX, *SHAPE, *MEANING])
def test_names_line_and_column(name: str) -> None:
    marked, phrase = (SYNTAX | SHAPE | MEANING)[name]
    before, _, after = marked.partition("§")
    error = refused(before + after)
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    said: dict[tuple[int, int], str] = {}
    for problem in error.problems:
        assert problem.position is not None
        place = (problem.position.line, problem.position.column)
        said[place] = said.get(place, "") + str(problem)
    assert (line, column) in said, error.message
    assert phrase in said[line, column]
    assert "write instead: " in said[line, column]
    if name != "empty":
        *_, shown, caret = error.problems[0].excerpt.splitlines()
        assert shown.lstrip().startswith(f"{next(iter(said))[0]} |")
        assert caret.strip(" |") == "^"


@pytest.mark.parametrize("name", BYTES)
def test_refuses_other_encodings(name: str) -> None:
    data, line, column, phrase = BYTES[name]
    assert f"w.yml:{line}:{column}: " in refused(data).message
    assert phrase in refused(data).message


def test_there_are_enough_seeded_files() -> None:
    assert len(SYNTAX) + len(SHAPE) + len(MEANING) + len(BYTES) >= 60


def test_every_problem_at_once() -> None:
    text = """\
commands:
  - name: test
    command: pytest "x
    args: x
    timeout_seconds: -3
    working_dir: /etc
    conditions:
      - exit_code: 300
      - exit_code: 1
        next: nowhere
  - command: x
  - name: mmm-lintt
    on_failure: {nam: b}
"""
    assert re.findall(r"(?m)^w\.yml:(\d+:\d+): ", refused(text).message) == [
        "3:14", "4:11", "5:22", "6:18", "8:9", "8:20", "10:15", "11:5", "12:11", "13:17", "13:18",
    ]  # fmt: skip


def test_many_problems_are_cut_and_a_large_file_stays_quick() -> None:
    text = TOP + "".join(f"  - name: s{n}\n    comand: x{n}\n" for n in range(4000))
    error = refused(text)
    assert len(error.problems) == MAX_PROBLEMS + 1
    assert "the rest is not shown" in error.message


def test_reads_every_key() -> None:
    text = """\
commands:
  - name: a
    command: pytest -k "x or y"
    args: [-n, 4, 1.10, true, "$ARG"]
    env: {CI: 1, VERSION: 1.10, DEBUG: false, EMPTY: ""}
    commit_required: true
    capture_output: true
    timeout_seconds: 2.5
    working_dir: packages/api
    conditions:
      - exit_code: 5
        next: b
      - default: fail-workflow
    analysis: {max_cache_age: 60, auto_recover: false, recovery_command: make mend, max_recovery_attempts: 1}
    on_success: {name: c, command: echo}
    on_failure:
      name: d
      command: echo
      on_failure: {name: lint}
  - name: b
    command: "true"
"""
    a, b = parse_workflow(text.encode(), "w.yml", NOWHERE).steps
    assert (b.line, b.column) == (20, 5)
    assert a.command == ("pytest", "-k", "x or y")
    assert a.args == ("-n", "4", "1.10", "true", "$ARG")
    assert a.env == {"CI": "1", "VERSION": "1.10", "DEBUG": "false", "EMPTY": ""}
    assert (a.commit_required, a.capture_output, a.timeout_seconds, a.working_dir) == (True, True, 2.5, "packages/api")
    assert (a.conditions, a.default) == ((Condition(exit_code=5, next="b"),), "fail-workflow")
    assert a.analysis is not None
    assert a.analysis.model_dump() == {
        "max_cache_age": 60.0, "auto_recover": False, "recovery_command": "make mend", "max_recovery_attempts": 1,
    }  # fmt: skip
    assert a.on_success is not None
    assert a.on_failure is not None
    assert a.on_failure.on_failure == WorkflowStep(name="lint", line=19, column=19)


def test_reads_json() -> None:
    steps = parse_workflow(b'{"commands": [{"name": "lint", "args": ["a\\u00e9"]}]}', "w.json", NOWHERE).steps
    assert [(step.name, step.args) for step in steps] == [("lint", ("aé",))]


EXISTING = """\
commands:
  - name: mmm-coverage
  - name: mmm-implement-spec
    args: ["$ARG"]
    commit_required: true
  - name: mmm-lint
  - name: cargo-test
    command: cargo test
    capture_output: true
    on_failure:
      name: mmm-debug-test-failures
      args: ["$CAPTURED_OUTPUT"]
      on_failure:
        name: mmm-fix-test-failures
  - name: mmm-lint
  - name: mmm-benchmark
  - name: mmm-report-test-status
"""


def test_existing_workflows_are_read_as_they_are(tmp_path: Path) -> None:
    steps = parse_workflow(EXISTING.encode(), "w.yml", KnownCommands(tmp_path)).steps
    tools = {step.name: KnownCommands(tmp_path).find(step.name) for step in steps if not step.command}
    assert {name for name, known in tools.items() if known and known.tool} == {
        "mmm-coverage",
        "mmm-lint",
        "mmm-benchmark",
    }
    assert all(known and (known.tool or (known.prompt and known.prompt.is_file())) for known in tools.values())


def test_a_prompt_of_the_project_comes_first(tmp_path: Path) -> None:
    folder = tmp_path / "prompts" / "commands"
    folder.mkdir(parents=True)
    for name in ("mmm-lint", "fix-test-failures", "own"):
        (folder / f"{name}.md").write_text("Do it.", encoding="utf-8")
    found = {
        name: KnownCommands(tmp_path).find(name)
        for name in ("mmm-lint", "mmm-fix-test-failures", "own", "mmm-own", "none")
    }
    assert {name: known.prompt and known.prompt.name for name, known in found.items() if known} == {
        "mmm-lint": "mmm-lint.md",
        "mmm-fix-test-failures": "fix-test-failures.md",
        "own": "own.md",
        "mmm-own": "own.md",
    }
    assert found["none"] is None


def test_tools_of_the_settings_are_known(tmp_path: Path) -> None:
    commands = KnownCommands(tmp_path, ("docs", "lint"))
    assert [(known and known.tool) for known in map(commands.find, ("docs", "mmm-docs", "lint", "mmm-benchmark"))] == [
        "docs",
        "docs",
        "lint",
        "bench",
    ]
    assert "docs" in commands.names()


@pytest.mark.parametrize(
    ("name", "phrase"), [("none.yml", "does not exist"), (".", "is a folder"), ("a\0b", "does not exist")]
)
def test_a_file_that_cannot_be_read(name: str, phrase: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=phrase):
        read_workflow(tmp_path / name, KnownCommands(tmp_path))


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    (tmp_path / "w.yml").write_bytes(b"#" * (1024 * 1024 + 1))
    with pytest.raises(ConfigError, match="larger than 1024 KiB"):
        read_workflow(tmp_path / "w.yml", KnownCommands(tmp_path))


TEXT = st.one_of(
    st.sampled_from(["a", "", " ", "x y", "fail-workflow", "1A", "a\0b", "a\nb", "${x}"]), st.text(max_size=5)
)
SCALAR = st.one_of(
    TEXT, st.booleans(), st.none(), st.integers(-3, 300), st.floats(allow_nan=False, allow_infinity=False, width=32)
)
ANY = st.recursive(
    SCALAR, lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(TEXT, inner, max_size=2)), max_leaves=4
)


def table(**values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Most keys right, some wrong, some missing, and now and then one that nobody knows."""
    either = {key: st.one_of(value, value, value, ANY) for key, value in values.items()}
    return st.fixed_dictionaries({}, optional={**either, "unknown": ANY})


CONDITIONS = st.lists(st.one_of(table(exit_code=st.integers(0, 255), next=TEXT), table(default=TEXT)), max_size=2)
ANALYSIS = table(
    max_cache_age=st.integers(0, 9),
    auto_recover=st.booleans(),
    recovery_command=TEXT,
    max_recovery_attempts=st.integers(0, 11),
)
STEP = st.recursive(
    table(name=TEXT, command=TEXT),
    lambda inner: table(
        name=TEXT, command=TEXT, args=st.lists(SCALAR, max_size=2), env=st.dictionaries(TEXT, SCALAR, max_size=2),
        commit_required=st.booleans(), capture_output=st.booleans(), timeout_seconds=st.integers(0, 9),
        working_dir=TEXT, conditions=CONDITIONS, default=TEXT, analysis=ANALYSIS, on_failure=inner, on_success=inner,
    ),
    max_leaves=3,
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.one_of(table(commands=st.lists(STEP, max_size=2)), ANY))
def test_the_schema_and_the_reader_agree(value: Any) -> None:
    found = list(FILE.problems("a workflow", read(json.dumps(value))))
    assert accepts(workflow_schema(), value) == (not found), found


NOISE = st.one_of(
    st.binary(max_size=200),
    st.text(st.sampled_from("commands:nae -\n\t[]{}&*!|>'\"#%@,?0123é§"), max_size=120).map(str.encode),
    st.lists(STEP, max_size=3).map(lambda steps: json.dumps({"commands": steps}).encode()),
)


@settings(max_examples=100, deadline=None)
@given(NOISE)
def test_any_bytes_are_a_workflow_or_a_config_error(data: bytes) -> None:
    try:
        workflow = parse_workflow(data, "w.yml", NOWHERE)
    except InputError as error:
        lines = re.split(r"\n", data.decode("utf-8", "replace"))
        for problem in error.problems:
            if problem.position is not None:
                assert 1 <= problem.position.line <= len(lines)
                assert 1 <= problem.position.column <= len(lines[problem.position.line - 1]) + 1
            str(problem).encode()
    else:
        assert type(workflow).model_validate_json(workflow.model_dump_json()) == workflow
