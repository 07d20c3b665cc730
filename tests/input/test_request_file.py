"""Every wrong `info.json` is refused through the command line with the right place; every right one is read."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixer.cli.app import run
from fixer.errors import ConfigError, ExitCode
from fixer.input.problems import InputError
from fixer.input.request_file import KEYS, Kind, kind_of, parse_request, read_request, resolve_log_path
from fixer.schema.request import Request

GOOD = '"deterministic": true, "prompt": "p"'
LOG = '"raw-logs": "FAILED a\\nb"'

# The mark § stands where the error must point to.
SYNTAX = {
    "empty": ("§", "empty"),
    "only white space": ("§ \n\n", "empty"),
    "trailing comma in object": ('{\n  "prompt": "p"§,\n}', "comma"),
    "trailing comma in array": ('{"a": [1, 2§,]}', "comma"),
    "two commas": ('{"prompt": "p", §, "a": 1}', "comma"),
    "leading comma": ('{§, "a": 1}', "comma"),
    "missing comma": ('{"deterministic": true\n §"prompt": "p"}', "comma is missing"),
    "single quotes around a key": ("{§'prompt': \"p\"}", "double quotes"),
    "single quotes around a value": ("{\"prompt\": §'p'}", "double quotes"),
    "typographic quotes": ('{"prompt": §“p”}', "double quotes"),
    "unquoted key": ('{§prompt: "p"}', "double quotes"),
    "unquoted value": ('{"prompt": §broken}', "double quotes"),
    "line comment": ('{\n  §// why\n  "prompt": "p"}', "no comments"),
    "block comment": ('{"prompt": §/* why */ "p"}', "no comments"),
    "hash comment": ('{\n"prompt": "p" §# why\n}', "no comments"),
    "comment after the end": ('{"prompt": "p"}\n§// done', "no comments"),
    "Python's True": ('{"deterministic": §True}', "write instead: true"),
    "Python's False": ('{"deterministic": §False}', "write instead: false"),
    "Python's None": ('{"url": §None}', "write instead: null"),
    "yes": ('{"deterministic": §yes}', "write instead: true"),
    "NaN": ('{"deterministic": §NaN}', "not a number"),
    "Infinity": ('{"deterministic": §-Infinity}', "not a number"),
    "leading zero": ('{"deterministic": §01}', "not a number"),
    "leading plus": ('{"deterministic": §+1}', "not a number"),
    "hexadecimal": ('{"deterministic": §0x1}', "not a number"),
    "unclosed string at the end": ('{"prompt": §"p', "not closed"),
    "unclosed string on a line": ('{"prompt": §"p,\n "url": "x"}', "not closed on its line"),
    "raw line break in a string": ('{"raw-logs": §"one\ntwo"}', "\\n"),
    "tab in a string": ('{"prompt": "a§\tb"}', "\\t"),
    "NUL byte in a string": ('{"prompt": "a§\x00b"}', "NUL"),
    "control character in a string": ('{"prompt": "a§\x1b[1mb"}', "U+001B"),
    "Windows path": ('{"raw-logs": "C:§\\logs"}', "no escape"),
    "short unicode escape": ('{"prompt": "§\\u12"}', "hexadecimal"),
    "lone surrogate": ('{"prompt": "§\\ud800"}', "surrogate"),
    "missing colon": ('{"prompt" §"p"}', "colon is missing"),
    "equals sign": ('{"prompt" §= "p"}', "colon is missing"),
    "missing value": ('{"prompt": §}', "value is missing"),
    "unclosed object": ('{"prompt": "p"§', "closed"),
    "unclosed object of two lines": ('{"prompt": "p",\n§', "closed"),
    "unclosed array": ('{"prompt": ["p"§', "closed"),
    "wrong bracket": ('{"prompt": "p"§]', "comma is missing"),
    "ends after colon": ('{"prompt":§', "ends"),
    "text after the end": ('{"prompt": "p"} §x', "after the end"),
    "two objects": ('{"prompt": "p"}\n§{}', "after the end"),
    "nested too deep": ('{"prompt": ' + "[" * 64 + "§[" + "]" * 65 + "}", "nested deeper"),
}
CONTENT = {
    "array": ("§[1]", "an info.json is an object, this is an array"),
    "string": ('§"text"', "this is a string"),
    "null": ("§null", "this is null"),
    "unknown key": (f'{{{GOOD}, {LOG},\n §"promt": "x"}}', "'promt' is not a key"),
    "raw_logs": (f'{{{GOOD},\n §"raw_logs": "a", {LOG}}}', "not a key"),
    "existing_test_path": (f'{{{GOOD}, {LOG}, §"existing_test_path": "a"}}', 'write instead: "existing-test-path"'),
    "duplicate key": (f'{{{GOOD}, {LOG},\n\n  §"prompt": "again"}}', "second time"),
    "deterministic missing": (f'§{{"prompt": "p", {LOG}}}', "'deterministic' is missing"),
    "prompt missing": (f'\n §{{"deterministic": true, {LOG}}}', "'prompt' is missing"),
    "no log": (f"§{{{GOOD}}}", "nothing says where"),
    "deterministic as string": (f'{{"deterministic":\n §"true", "prompt": "p", {LOG}}}', "without the quotes"),
    "deterministic as number": (f'{{"deterministic": §1, "prompt": "p", {LOG}}}', "write instead: true"),
    "deterministic as null": (f'{{"deterministic": §null, "prompt": "p", {LOG}}}', "this is null"),
    "deterministic as object": (f'{{"deterministic": §{{}}, "prompt": "p", {LOG}}}', "this is an object"),
    "prompt empty": (f'{{"deterministic": true, "prompt": §" ", {LOG}}}', "'prompt' is empty"),
    "prompt as number": (f'{{"deterministic": true, "prompt": §12, {LOG}}}', 'write instead: "12"'),
    "prompt as list": (f'{{"deterministic": true, "prompt": §["p"], {LOG}}}', "this is an array"),
    "prompt with NUL": (f'{{"deterministic": true, "prompt": §"a\\u0000b", {LOG}}}', "NUL"),
    "url as null": (f'{{{GOOD}, "url": §null}}', "leave the key out"),
    "url empty": (f'{{{GOOD}, "url": §""}}', "'url' is empty"),
    "url and raw-logs": (
        f'{{{GOOD}, {LOG},\n §"url": "https://github.com/o/r/actions/runs/1"}}',
        "stand together",
    ),
    "url without scheme": (f'{{{GOOD}, "url": §"github.com/o/r/actions/runs/1"}}', '"https://github.com/o/r'),
    "url with http": (f'{{{GOOD}, "url": §"http://github.com/o/r/actions/runs/1"}}', "https://"),
    "url of a pull request": (f'{{{GOOD}, "url": §"https://github.com/o/r/pull/1"}}', "not the address"),
    "url with a user": (f'{{{GOOD}, "url": §"https://u:p@github.com/o/r/actions/runs/1"}}', "not the address"),
    "url with a line break": (f'{{{GOOD}, "url": §"https://github.com/o/r/actions/runs/1\\n"}}', "not the address"),
    "raw-logs empty": (f'{{{GOOD}, "raw-logs": §""}}', "'raw-logs' is empty"),
    "raw-logs missing file": (f'{{{GOOD}, "raw-logs": §"logs/none.log"}}', "does not exist"),
    "raw-logs missing folder": (f'{{{GOOD}, "raw-logs": §"./nowhere/"}}', "does not exist"),
    "test absolute": (f'{{{GOOD}, "existing-test-path": §"/etc/passwd"}}', "is absolute"),
    "test on a drive": (f'{{{GOOD}, "existing-test-path": §"C:\\\\t.py"}}', "is absolute"),
    "test outside": (f'{{{GOOD}, "existing-test-path": §"../x/test_a.py"}}', "'..'"),
    "test missing": (f'{{{GOOD}, "existing-test-path": §"test_cat.py"}}', "write instead: test_cart.py"),
    "test without file": (f'{{{GOOD}, "existing-test-path": §"::test_x"}}', "names no file"),
    "test through a link": (f'{{{GOOD}, "existing-test-path": §"out/test_o.py"}}', "through a link"),
}
BYTES = {
    "UTF-8 with BOM": (b"\xef\xbb\xbf{}", 1, 1, "byte order mark"),
    "UTF-16": ("{}".encode("utf-16"), 1, 1, "UTF-16"),
    "UTF-16 without BOM": ("{}".encode("utf-16-le"), 1, 1, "UTF-16"),
    "UTF-32": ("{}".encode("utf-32"), 1, 1, "UTF-32"),
    "Latin-1": ('{\n "prompt": "é"}'.encode("latin-1"), 2, 13, "0xe9"),
    "too large": (b"{" + b" " * 1024 * 1024 + b"}", 1, 1, "larger than 1024 KiB"),
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "project"
    (folder / ".git").mkdir(parents=True)
    (folder / "test_cart.py").write_text("def test_total(): ...\n", encoding="utf-8")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "test_o.py").write_text("def test_o(): ...\n", encoding="utf-8")
    (folder / "out").symlink_to(tmp_path / "outside")
    monkeypatch.chdir(folder)
    return folder


def refused(data: bytes, project: Path, capsys: pytest.CaptureFixture[str]) -> str:
    (project / "info.json").write_bytes(data)
    before = sorted(project.rglob("*"))
    assert run(["run", "info.json"]) == ExitCode.USAGE
    printed = capsys.readouterr()
    assert not printed.out
    assert sorted(project.rglob("*")) == before, "nothing is made, no .fixer folder either"
    assert "Traceback" not in printed.err
    assert printed.err.startswith("error: info.json:")
    assert "\nhint: " in printed.err
    return printed.err


@pytest.mark.parametrize("name", [*SYNTAX, *CONTENT])
def test_names_line_and_column(name: str, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    marked, phrase = (SYNTAX | CONTENT)[name]
    before, _, after = marked.partition("§")
    said = refused((before + after).encode(), project, capsys)
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    if phrase != "empty":
        shown = said.splitlines()
        caret = next(at for at, text in enumerate(shown) if text.strip(" |") == "^")
        assert shown[caret - 1].lstrip().startswith(f"{line} |")
    else:
        line, column = 1, 1
    assert f"info.json:{line}:{column}: " in said
    assert phrase in said
    assert "write instead: " in said


@pytest.mark.parametrize("name", BYTES)
def test_refuses_other_encodings(name: str, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data, line, column, phrase = BYTES[name]
    said = refused(data, project, capsys)
    assert f"info.json:{line}:{column}: " in said
    assert phrase in said


def test_there_are_enough_seeded_files() -> None:
    assert len(SYNTAX) + len(CONTENT) + len(BYTES) >= 60


def test_every_problem_at_once(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = '{\n "deterministic": "true",\n "promt": "x",\n "url": "nowhere",\n "raw-logs": "x.log"\n}'
    said = refused(text.encode(), project, capsys)
    assert re.findall(r"info\.json:\d+:\d+(?=: )", said) == [
        "info.json:1:1",  # no prompt
        "info.json:2:19",
        "info.json:3:2",
        "info.json:4:9",
        "info.json:5:2",  # url and raw-logs
        "info.json:5:14",
    ]


def test_the_caret_stands_below_the_place_in_a_long_line(project: Path) -> None:
    text = '{"prompt": "' + "x" * 3000 + '", "deterministic": maybe}'
    with pytest.raises(InputError) as error:
        parse_request(text.encode(), "info.json", project, project)
    *_, shown, caret = error.value.problems[0].excerpt.splitlines()
    assert shown[caret.index("^") :].startswith("maybe")
    assert len(shown) < 130


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/o/r/actions/runs/123",
        "https://github.com/o/r/actions/runs/123/",
        "https://github.com/o/r/actions/runs/123/job/456",
        "https://github.com/o/r/actions/runs/123/attempts/2",
        "https://github.com/o/r.py/actions/runs/123/job/456?pr=7#step:4:11",
        "https://git.example.org:8443/team/a-b_c/actions/runs/1",
    ],
)
def test_reads_run_and_job_urls(url: str, project: Path) -> None:
    text = json.dumps({"deterministic": False, "prompt": "p", "url": url})
    assert parse_request(text.encode(), "info.json", project, project) == Request(
        deterministic=False, prompt="p", url=url
    )


def test_reads_every_key(project: Path) -> None:
    path = project / "info.json"
    path.write_text(f'{{{GOOD}, {LOG}, "existing-test-path": "test_cart.py::test_total"}}', encoding="utf-8")
    assert read_request(path) == Request.model_validate(
        {
            "deterministic": True,
            "prompt": "p",
            "raw-logs": "FAILED a\nb",
            "existing-test-path": "test_cart.py::test_total",
        }
    )


def test_the_example_at_the_top_is_right(project: Path) -> None:
    data = (Path(__file__).parents[2] / "info.json.example").read_bytes()
    request = parse_request(data, "info.json.example", project, project)
    assert request.raw_logs is not None
    assert "KeyError" in request.raw_logs


@pytest.mark.parametrize(
    ("value", "is_path"),
    [
        ("build.log", True),
        ("logs", True),
        ("my logs/ci run.log", True),
        ("missing/folder", True),
        ("one\ntwo", False),
        ("ValueError: no such price", False),
        ("E   assert 1 == 2 in tests/test_a.py", False),
        ("x" * 5000, False),
    ],
)
def test_tells_a_path_from_a_log(value: str, is_path: bool, tmp_path: Path) -> None:  # noqa: FBT001
    (tmp_path / "logs").mkdir()
    assert (resolve_log_path(value, tmp_path) is not None) == is_path


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ('{"deterministic": true}', Kind.REQUEST),
        ("  \n{broken", Kind.REQUEST),
        ("", Kind.REQUEST),
        ("[1]", Kind.REQUEST),
        ("no idea what this is", Kind.REQUEST),
        ("commands:\n  - name: lint\n", Kind.WORKFLOW),
        ("# a comment\n---\ncommands: []\n", Kind.WORKFLOW),
        ("- name: lint\n", Kind.WORKFLOW),
        ('{"commands": [{"name": "lint"}]}', Kind.WORKFLOW),
        ("{commands: [{name: lint}]}", Kind.WORKFLOW),
    ],
)
def test_tells_a_workflow_by_its_content(content: str, kind: Kind, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text(content, encoding="utf-8")
    assert kind_of(path) is kind


def test_a_workflow_is_refused_plainly(tmp_path: Path) -> None:
    path = tmp_path / "flow.yml"
    path.write_text("commands:\n  - name: lint\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="is a workflow, and an"):
        read_request(path)


@pytest.mark.parametrize(
    ("name", "phrase"), [("none.json", "does not exist"), (".", "is a folder"), ("a\0b", "does not exist")]
)
def test_a_file_that_cannot_be_read(name: str, phrase: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=phrase):
        read_request(tmp_path / name)


NOISE = st.one_of(
    st.binary(max_size=200),
    st.text(st.sampled_from('{}[]",:\\/# \n\ttruefalsn0123é§'), max_size=80).map(str.encode),
    st.dictionaries(
        st.sampled_from([*KEYS, "raw_logs", "x"]),
        st.one_of(st.booleans(), st.none(), st.text(max_size=30), st.integers(), st.lists(st.text(), max_size=2)),
    ).map(lambda value: json.dumps(value).encode()),
)


@settings(max_examples=100, deadline=None)
@given(NOISE)
def test_any_bytes_are_a_request_or_a_config_error(data: bytes) -> None:
    folder = Path("/nonexistent/folder")
    try:
        request = parse_request(data, "info.json", folder, folder)
    except InputError as error:
        lines = data.decode("utf-8", "replace").split("\n")
        for problem in error.problems:
            assert problem.position is not None
            assert 1 <= problem.position.line <= len(lines)
            assert 1 <= problem.position.column <= len(lines[problem.position.line - 1]) + 1
            str(problem).encode()
    else:
        assert Request.model_validate_json(request.model_dump_json(by_alias=True)) == request
