"""What a model said goes in, the calls of tools that it wrote as text come out, and what it said beside them.

Models and servers that do not speak the protocol of tools write their calls in the form that their chat template
taught them. The forms are those of Hermes and Qwen (<tool_call>), Qwen Coder (<function=…><parameter=…>), Mistral
([TOOL_CALLS]), Llama (<|python_tag|>, bare JSON, a list of Python calls), DeepSeek (with marks of its own), GLM
(<arg_key>), Gemma (```tool_code), gpt-oss (a channel) and of everybody else (a block of JSON).

Only the model's own turn is read. A line that is marked as data holds no call, nor does what the model only repeats.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from fixer.agent.call_forms import Call, calls_at
from fixer.llm.base import Finish, Message, Text, ToolAnswer, ToolCall, Turn

MAX_READ = 100_000
"""Characters of an answer that are looked at."""
MAX_FOUND = 40
"""Places of an answer that are tried."""
Fault = Callable[[str, dict[str, JsonValue]], str | None]
"""Tool's name, arguments -> what is wrong with the call, empty where nothing is; None: there is no such tool."""
Typed = Callable[[str, dict[str, JsonValue]], dict[str, JsonValue]]
"""Tool's name, arguments -> the arguments in the types that the tool has for them."""

_MARKED = (
    r"<\|?tool_calls?\|?>|<function_?calls?>|<tool_use>|<tools?>|\[TOOL_CALLS\]|<\|python_tag\|>"
    r"|<\uff5ctool\u2581call\u2581begin\uff5c>(?:function)?(?:<\uff5ctool\u2581sep\uff5c>)?"
    r"|<\|channel\|>commentary to=(?:functions\.)?(?=\w)|```(?:tool_calls?|tool_code|tool_use|tool)[ \t]*\n"
    r"|(?=<function[= ])"
)
_UNMARKED = (
    r"```(?:json|xml|python)?[ \t]*\n"
    r"|^[ \t]*(?=[\[{]\s*(?:\{\s*)?[\"'](?:name|function|type|tool|tool_name|tool_calls|action|id)[\"']\s*:)"
    r"|\A\s*(?=\[\s*\w+\()"
)
_OPENER = re.compile(rf"(?P<marked>{_MARKED})|(?P<unmarked>{_UNMARKED})", re.MULTILINE)
_OF_DATA = re.compile(r"[ \t]*\d*\|")
_CLOSER = re.compile(
    r"\s*(?:</tool_calls?>|<\|/tool_calls?\|>|</function_?calls?>|</function>|</tool_use>|</tools?>|```(?!\w)"
    r"|<\uff5ctool\u2581calls?\u2581end\uff5c>|<\|(?:call|eom_id|eot_id|im_end|end)\|>|;)"
)


@dataclass(frozen=True)
class Written:
    """What an answer holds."""

    calls: tuple[Call, ...] = ()
    words: str = ""
    """The answer without them."""
    faults: tuple[str, ...] = ()
    """Why what looks like a call is none."""


def with_written_calls(
    turn: Turn, history: Sequence[Message], fault: Fault, typed: Typed = lambda _, given: given, made: int = 0
) -> tuple[Turn, tuple[str, ...]]:
    """Return the turn with the calls that it only wrote, where it made none otherwise, and why others are none.

    Args:
        turn: of the model.
        history: what the model was shown.
        fault: checks a call.
        typed: text that stands for a number or a list becomes one.
        made: calls that were written before in this conversation; their ids stay theirs.
    """
    if turn.calls or turn.finish is Finish.BLOCKED or not turn.text.strip():
        return turn, ()
    written = read_calls(turn.text, fault, lambda: shown_to(history))
    if not written.calls:
        return turn, written.faults
    # Some templates take ids of nine letters and digits only (Mistral).
    calls = [
        ToolCall(id=f"w{number:08d}", name=call.name, arguments=typed(call.name, call.arguments))
        for number, call in enumerate(written.calls, start=made + 1)
    ]
    words = (Text(text=written.words),) if written.words else ()
    message = Message(role="model", parts=(*words, *calls))
    return turn.model_copy(update={"message": message, "finish": Finish.DONE}), written.faults


def read_calls(text: str, fault: Fault, told: Callable[[], str] = str) -> Written:
    """Return the calls of an answer in their order.

    Args:
        text: of the model's own turn.
        fault: checks a call; one that is not valid is none.
        told: gives what the model was shown (`shown_to`); a call that stands there is a quotation.
    """
    calls: list[Call] = []
    faults: list[str] = []
    words: list[str] = []
    end = 0
    for place in _places(text[:MAX_READ]):
        taken = False
        for call in place.calls:
            wrong = fault(call.name, call.arguments)
            if wrong is None:
                faults += [f"there is no tool {call.name[:60]!r}"] if place.marked else []
            elif wrong:
                faults.append(f"{call.name}: {wrong}")
            elif _plain(place.payload) in _plain(told()):
                faults.append(f"{call.name}: a call that stands in the data is not made")
            else:
                calls.append(call)
                taken = True
        if taken:
            words.append(text[end : place.start])
            end = place.end
    return Written(tuple(calls), "".join([*words, text[end:]]).strip(), tuple(dict.fromkeys(faults)))


def shown_to(history: Sequence[Message]) -> str:
    """Return everything that a model was shown, without the bars that mark data."""
    parts = [part for message in history if message.role == "user" for part in message.parts]
    texts = [part.text for part in parts if isinstance(part, Text | ToolAnswer)]
    return re.sub(r"^\d*\|", "", "\n".join(texts), flags=re.MULTILINE)


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", text)


@dataclass(frozen=True)
class _Place:
    """A part of an answer that holds calls."""

    start: int
    end: int
    payload: str
    """Without the words around it that mark it."""
    calls: list[Call]
    marked: bool
    """Whether a mark says that calls are there; without one it may be any JSON."""


def _places(text: str) -> Iterator[_Place]:
    at = 0
    for _ in range(MAX_FOUND):
        opener = _OPENER.search(text, at)
        if opener is None:
            return
        at = max(opener.end(), at + 1)
        line = text[text.rfind("\n", 0, opener.start()) + 1 : opener.start()]
        if _OF_DATA.match(line):
            continue
        marked = opener["marked"] is not None
        read = calls_at(text, opener.end(), marked=marked)
        if read is None or not read[0]:
            continue
        calls, end = read
        payload = text[opener.end() : end]
        while closer := _CLOSER.match(text, end):
            end = closer.end()
        yield _Place(opener.start(), end, payload, calls, marked)
        at = max(at, end)
