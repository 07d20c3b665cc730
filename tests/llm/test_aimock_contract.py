"""The models against a server that nobody here wrote: aimock from npm, which speaks both wire formats."""

import json
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from fixer.errors import ModelError
from fixer.llm.base import Finish, Message, Text, ToolAnswer
from fixer.schema.settings import ModelSettings
from tests.llm.asking import READ, Seat, sit
from tests.npm import npm_program

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]
KINDS = ("gemini", "openai_compatible")
AIMOCK = "@copilotkit/aimock@1.43.0"
COUNTS = {
    "prompt_tokens": 70,
    "completion_tokens": 8,
    "total_tokens": 78,
    "promptTokenCount": 70,
    "candidatesTokenCount": 8,
    "totalTokenCount": 78,
}
DONE = {"content": "It is done.", "usage": COUNTS}
CALL = {"name": "read_file", "arguments": {"path": "calc.py"}}


def fixture(
    message: str, response: dict[str, Any], fault: dict[str, Any] | None = None, **match: Any
) -> dict[str, Any]:
    return {"match": {"userMessage": message, **match}, "response": response, **(fault or {})}


LIMIT = {"error": {"message": "Rate limit reached", "type": "rate_limit_error"}, "status": 429, "retryAfter": 3}
FIXTURES = [
    fixture("read the file", {"toolCalls": [CALL]}, hasToolResult=False),
    fixture("read the file", DONE, hasToolResult=True),
    fixture("too long", {"content": "It", "finishReason": "length"}),
    fixture("say it", DONE),
    *(
        one
        for kind in KINDS
        for one in (
            fixture(f"{kind}: slow down", LIMIT, sequenceIndex=0),
            fixture(f"{kind}: slow down", DONE, sequenceIndex=1),
            fixture(
                f"{kind}: break off", {"content": "This is cut. " * 20}, {"truncateAfterChunks": 2}, sequenceIndex=0
            ),
            fixture(f"{kind}: break off", DONE, sequenceIndex=1),
        )
    ),
]


@pytest.fixture(scope="module")
def aimock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start aimock; return its address."""
    program = npm_program(AIMOCK, "llmock")
    folder = tmp_path_factory.mktemp("aimock")
    (folder / "fixtures.json").write_text(json.dumps({"fixtures": FIXTURES}), encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(program), "--port", str(port), "--fixtures", str(folder / "fixtures.json"), "--strict"]
    with (folder / "log.txt").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        try:
            _wait_for(f"http://127.0.0.1:{port}", process, folder / "log.txt")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=20)


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            httpx2.get(url, timeout=5.0)
        except httpx2.TransportError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"aimock did not start: {log.read_text()[-2000:]}")


@pytest.fixture(params=KINDS)
def settings(aimock: str, request: pytest.FixtureRequest) -> ModelSettings:
    """Both kinds; aimock knows Gemini's older path only."""
    if request.param == "gemini":
        return ModelSettings(kind="gemini", base_url=aimock, api_version="v1beta")
    return ModelSettings(kind="openai_compatible", base_url=f"{aimock}/v1", name="gpt-4o")


def question(text: str) -> tuple[Message, ...]:
    return (Message(role="user", parts=(Text(text=text),)),)


def test_words_stream_and_are_counted(settings: ModelSettings) -> None:
    turn, seat = sit(settings, lambda seat: seat.ask(question("say it")))
    assert (turn.text, turn.finish, seat.words()) == ("It is done.", Finish.DONE, "It is done.")
    assert (turn.usage.input, turn.usage.output, turn.usage.estimated) == (70, 8, False)


def test_a_tool_is_called_and_answered(settings: ModelSettings) -> None:
    async def with_tool(seat: Seat) -> tuple[dict[str, Any], str]:
        first = await seat.ask(question("read the file"), [READ])
        call = first.calls[0]
        answer = Message(role="user", parts=(ToolAnswer(id=call.id, name=call.name, text="return a - b"),))
        second = await seat.ask((*question("read the file"), first.message, answer), [READ])
        return dict(call.arguments), second.text

    assert sit(settings, with_tool)[0] == ({"path": "calc.py"}, "It is done.")


def test_an_answer_that_is_too_long_says_so(settings: ModelSettings) -> None:
    turn, _ = sit(settings, lambda seat: seat.ask(question("too long")))
    assert turn.finish is Finish.LENGTH


def test_what_it_does_not_know_is_an_error_in_words(settings: ModelSettings) -> None:
    with pytest.raises(ModelError, match=r"answered 503: .* \(after 5 tries\)"):
        sit(settings, lambda seat: seat.ask(question("nobody expects this")))


@pytest.mark.parametrize("fault", ["slow down", "break off"])
def test_faults_are_asked_again(fault: str, settings: ModelSettings) -> None:
    turn, seat = sit(settings, lambda seat: seat.ask(question(f"{settings.kind}: {fault}")))
    assert (turn.text, seat.words(), len(seat.waits)) == ("It is done.", "It is done.", 1)
    assert fault != "slow down" or seat.waits == [3.0]
