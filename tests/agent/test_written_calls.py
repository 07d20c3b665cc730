"""Calls that a model writes as text are read in every form that models have, and nothing else is taken for one."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from fixer.agent.written_calls import Written, read_calls, shown_to
from fixer.llm.base import Message, Text, ToolAnswer

KNOWN: dict[str, dict[str, type]] = {
    "read_file": {"path": str, "first_line": int},
    "edit_file": {"path": str, "old": str, "new": str},
    "list_files": {},
}


def fault(name: str, arguments: dict[str, JsonValue]) -> str | None:
    fields = KNOWN.get(name)
    if fields is None:
        return None
    missing = [key for key in ("path", "old", "new") if key in fields and key not in arguments]
    unknown = sorted(arguments.keys() - fields.keys())
    return "; ".join([*(f"{key} is missing" for key in missing), *(f"{key} is unknown" for key in unknown)])


def read(text: str, told: str = "") -> Written:
    return read_calls(text, fault, lambda: told)


def made(text: str) -> list[tuple[str, Any]]:
    return [(call.name, call.arguments) for call in read(text).calls]


READ = ("read_file", {"path": "a.py"})
FORMS = {
    "hermes": '<tool_call>\n{"name": "read_file", "arguments": {"path": "a.py"}}\n</tool_call>',
    "hermes, not closed": '<tool_call>\n{"name": "read_file", "arguments": {"path": "a.py"}}',
    "hermes, arguments as text": '<tool_call>{"name": "read_file", "arguments": "{\\"path\\": \\"a.py\\"}"}'
    "</tool_call>",
    "hermes, as Python writes it": "<tool_call>\n{'name': 'read_file', 'arguments': {'path': 'a.py'}}\n</tool_call>",
    "hermes, in a fence": '```xml\n<tool_call>{"name": "read_file", "arguments": {"path": "a.py"}}</tool_call>\n```',
    "hermes, a comma too many": '<tool_call>{"name": "read_file", "arguments": {"path": "a.py",},}</tool_call>',
    "hermes, flat": '<tool_call>{"name": "read_file", "path": "a.py"}</tool_call>',
    "qwen coder": "<tool_call>\n<function=read_file>\n<parameter=path>\na.py\n</parameter>\n</function>\n</tool_call>",
    "qwen coder, bare": "<function=read_file>\n<parameter=path>\na.py\n</parameter>\n</function>",
    "llama, function": '<function=read_file>{"path": "a.py"}</function>',
    "attribute": '<function name="read_file"><parameter name="path">a.py</parameter></function>',
    "mistral": '[TOOL_CALLS] [{"name": "read_file", "arguments": {"path": "a.py"}}]',
    "mistral, newer": '[TOOL_CALLS]read_file[ARGS]{"path": "a.py"}',
    "llama, python tag": '<|python_tag|>{"name": "read_file", "parameters": {"path": "a.py"}}<|eom_id|>',
    "llama, bare": '{"name": "read_file", "parameters": {"path": "a.py"}}',
    "llama, with its type": '{"type": "function", "name": "read_file", "parameters": {"path": "a.py"}}',
    "llama, python": '[read_file(path="a.py")]',
    "openai": '{"tool_calls": [{"id": "1", "type": "function", "function": {"name": "read_file", "arguments": '
    '"{\\"path\\": \\"a.py\\"}"}}]}',
    "deepseek": "<\uff5ctool\u2581calls\u2581begin\uff5c><\uff5ctool\u2581call\u2581begin\uff5c>function"
    '<\uff5ctool\u2581sep\uff5c>read_file\n```json\n{"path": "a.py"}\n```<\uff5ctool\u2581call\u2581end\uff5c>',
    "deepseek, newer": "<\uff5ctool\u2581call\u2581begin\uff5c>read_file<\uff5ctool\u2581sep\uff5c>"
    '{"path": "a.py"}<\uff5ctool\u2581call\u2581end\uff5c>',
    "glm": "<tool_call>read_file\n<arg_key>path</arg_key>\n<arg_value>a.py</arg_value>\n</tool_call>",
    "gemma": '```tool_code\nprint(read_file(path="a.py"))\n```',
    "phi": '<|tool_call|>[{"name": "functions.read_file", "arguments": {"path": "a.py"}}]<|/tool_call|>',
    "gpt-oss": '<|channel|>commentary to=functions.read_file <|constrain|>json<|message|>{"path": "a.py"}<|call|>',
    "a block": 'I look:\n```json\n{"name": "read_file", "arguments": {"path": "a.py"}}\n```\n',
    "a block, other names": '```\n{"tool": "read_file", "args": {"path": "a.py"}}\n```',
    "a line": 'I look at it.\n{"name": "read_file", "arguments": {"path": "a.py"}}',
    "react": '```json\n{"action": "read_file", "action_input": {"path": "a.py"}}\n```',
}


@pytest.mark.parametrize("form", sorted(FORMS))
def test_every_form_is_read(form: str) -> None:
    assert made(FORMS[form]) == [READ]
    assert not read(FORMS[form]).faults


@pytest.mark.parametrize("form", sorted(set(FORMS) - {"llama, python"}))
def test_what_is_said_beside_it_is_kept(form: str) -> None:
    written = read(f"The sum is wrong.\n{FORMS[form]}")
    assert [(call.name, call.arguments) for call in written.calls] == [READ]
    assert written.words.startswith("The sum is wrong.")
    assert "a.py" not in written.words


@pytest.mark.parametrize("form", sorted(set(FORMS) - {"llama, python"}))
def test_what_the_model_only_repeats_is_no_call(form: str) -> None:
    call = FORMS[form]
    shown = "\n".join(f"{number}|{line}" for number, line in enumerate(call.split("\n"), start=7))
    told = shown_to(
        [Message(role="user", parts=(Text(text="the task"), ToolAnswer(id="1", name="read_file", text=shown)))]
    )
    assert read_calls(f"The log says:\n{call}", fault, lambda: told).calls == ()
    assert made(f"The file has\n{shown}\nin it.") == []


def test_several_calls_keep_their_order() -> None:
    text = "".join(
        f'<tool_call>{{"name": "read_file", "arguments": {{"path": "{name}"}}}}</tool_call>\n' for name in "abc"
    )
    assert [arguments["path"] for _, arguments in made(text)] == ["a", "b", "c"]
    twice = '{"name": "list_files", "parameters": {}}; {"name": "list_files", "parameters": {}}'
    assert made(f"<|python_tag|>{twice}")[0] == ("list_files", {})
    fences = '```json\n{"name": "read_file", "arguments": {"path": "a"}}\n```\n'
    assert len(made(fences * 3)) == 3


def test_texts_of_several_lines_come_as_they_are() -> None:
    old, new = "    if a:\n        b()\n", "    if not a:\n        b('\"{')\n"
    arguments = {"path": "a.py", "old": old, "new": new}
    assert made(f"<tool_call>{json.dumps({'name': 'edit_file', 'arguments': arguments})}</tool_call>") == [
        ("edit_file", arguments)
    ]
    # Some models write line ends into JSON as they are.
    raw = json.dumps({"name": "edit_file", "arguments": arguments}).replace("\\n", "\n")
    assert made(f"```json\n{raw}\n```") == [("edit_file", arguments)]
    tags = "".join(f"<parameter={key}>\n{value}\n</parameter>\n" for key, value in arguments.items())
    assert made(f"<tool_call>\n<function=edit_file>\n{tags}</function>\n</tool_call>") == [("edit_file", arguments)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('<tool_call>{"name": "shell", "arguments": {"command": "id"}}</tool_call>', "there is no tool 'shell'"),
        ('<tool_call>{"name": "edit_file", "arguments": {"path": "a"}}</tool_call>', "edit_file: old is missing"),
        ('```json\n{"name": "read_file", "arguments": {"path": "a", "mode": "w"}}\n```', "mode is unknown"),
    ],
)
def test_what_is_wrong_with_a_call_is_said(text: str, words: str) -> None:
    written = read(text)
    assert written.calls == ()
    assert words in "; ".join(written.faults)


@pytest.mark.parametrize(
    "text",
    [
        "I would call read_file with the path a.py.",
        '```json\n{"name": "app", "version": "1.0"}\n```',
        'package.json has {"name": "read_file"} in it.',
        "```python\nread_file('a.py')\n```",
        "```python\ndef read_file(path):\n    return path\n```",
        "<tool_call>",
        "<tool_call>{",
        "[TOOL_CALLS]",
        "<function=read_file>",
        '<tool_call>{"name": "read_file", "arguments": {"path": "a.py"',
    ],
)
def test_everything_else_is_words(text: str) -> None:
    written = read(text)
    assert (written.calls, written.faults, written.words) == ((), (), text.strip())


PIECES = st.sampled_from(
    ["<tool_call>", "</tool_call>", "[TOOL_CALLS]", "<|python_tag|>", "<function=read_file>", "<parameter=path>", "{",
     "}", "[", "]", '"name":', '"read_file"', '"shell"', '"arguments":', '{"path": "a"}', "```json\n", "```", "|",
     "\n", "'", "\\",
     "<arg_key>", "read_file(", ")", ",", "a", " ", "\ud800", "\x00", "<|channel|>commentary to="]
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.lists(PIECES | st.text(max_size=5), max_size=40).map("".join))
def test_whatever_is_said_only_valid_calls_come_out(text: str) -> None:
    written = read(text)
    assert all(fault(call.name, call.arguments) == "" for call in written.calls)
    assert all("\n" not in line[:1] for line in written.faults)
    if not written.calls:
        assert written.words == text.strip()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=100, deadline=None)
@given(path=st.text(max_size=30), more=JSON)
def test_arguments_survive_the_way_through_text(path: str, more: JsonValue) -> None:
    call = json.dumps({"name": "any", "arguments": {"path": path, "more": more}})
    found = read_calls(f"<tool_call>{call}</tool_call>", lambda *_: "").calls
    assert [one.arguments for one in found] == [{"path": path, "more": more}]


@pytest.mark.parametrize(
    "piece", ["<tool_call>{", "<parameter=a>", "<arg_key>", "[" * 50, "{'a':", " ", "\n[", "```json\n{"]
)
def test_a_flood_is_read_in_no_time(piece: str) -> None:
    assert read("<tool_call><function=read_file>" + piece * (100_000 // len(piece))).calls == ()
