"""A prompt file as recovery command: the configured model follows it, and the retry decides."""

from collections.abc import Sequence

import pytest

from fixer.schema.settings import ModelSettings
from tests.agent import served
from tests.agent.served import KEY
from tests.fakes import Move
from tests.llm import gemini_scenes
from tests.recovery.conftest import PYTHON, MakeProject, Project

FILES = {
    "rates.py": "def rate(kilograms):\n    return 3 + 2 * kilogram\n",
    "check.py": "from rates import rate\n\nassert rate(2) == 7, rate(2)\n",
    "prompts/mend.md": "Mend what broke. Prices are in euros.\n",
}
SUBMIT: Move = {
    "tool": "submit",
    "arguments": {
        "outcome": "fixed",
        "summary": "Use the parameter's own name in rate",
        "explanation": "kilogram is not defined; the parameter is called kilograms.",
    },
}


def edit(new: str) -> Move:
    return {"tool": "edit_file", "arguments": {"path": "rates.py", "old": "2 * kilogram\n", "new": new}}


@pytest.fixture
def project(make_project: MakeProject, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setenv("GEMINI_API_KEY", KEY)
    return make_project(FILES, (PYTHON, "-B", "check.py"))


def asked(project: Project, turns: Sequence[Sequence[Move]], attempts: int = 2) -> tuple[bool, str, list[str]]:
    """Recover with a model that makes these moves; return whether, the diff of the last attempt, what it was sent."""
    with served.gemini(turns) as server:
        model = ModelSettings(kind="gemini", base_url=server.url)
        project.settings = project.settings.model_copy(update={"model": model})
        ended = project.recover(command="prompts/mend.md", max_attempts=attempts)
        sent = [str(request.body) for request in server.asked]
    return ended.recovered, ended.attempts[-1].diff if ended.attempts else "", sent


def test_the_model_mends_it_and_the_retry_decides(project: Project) -> None:
    recovered, diff, sent = asked(project, [[edit("2 * kilograms\n")], [SUBMIT]])
    assert recovered
    assert "+    return 3 + 2 * kilograms" in diff
    assert project.passes()
    assert "Prices are in euros." in sent[0]
    assert "is not defined" in sent[0], "the error specification went along"


def test_what_it_claims_counts_for_nothing(project: Project) -> None:
    recovered, _, _ = asked(project, [[edit("2 * 99\n")], [SUBMIT]], attempts=1)
    assert not recovered
    assert not project.passes()
    assert (project.root / "rates.py").read_text() == FILES["rates.py"]


@pytest.mark.parametrize("changed", [False, True])
def test_a_limit_says_until_when_and_what_was_changed_before_it_counts(project: Project, *, changed: bool) -> None:
    error = {"error": {"code": 429, "message": "slow down", "status": "RESOURCE_EXHAUSTED"}}
    with served.gemini([[edit("2 * kilograms\n")]] if changed else [[SUBMIT]]) as server:
        server.scenes.insert(int(changed), gemini_scenes.refuses(429, error, {"Retry-After": "1800"}))
        model = ModelSettings(kind="gemini", base_url=server.url)
        project.settings = project.settings.model_copy(update={"model": model})
        ended = project.recover(command="prompts/mend.md", max_attempts=1)
    assert ended.recovered is changed
    assert bool(ended.opens_again) is not changed
    assert changed or ("slow down" in ended.reason and ended.refused_by == "the model's limit")


def test_without_a_model_it_says_so(make_project: MakeProject, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GEMINI_API_KEY", "GOOGLE_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    project = make_project(FILES, (PYTHON, "-B", "check.py"))
    ended = project.recover(command="prompts/mend.md")
    assert not ended.recovered
    assert "no agent is configured" in ended.reason


def test_a_server_without_tools_is_followed_in_words(project: Project) -> None:
    answers = (served.written(edit("2 * kilograms\n")), served.written(SUBMIT))
    with served.without_tools(*answers, server="older llama.cpp") as server:
        model = ModelSettings(kind="openai_compatible", base_url=f"{server.url}/v1", name="local")
        project.settings = project.settings.model_copy(update={"model": model})
        ended = project.recover(command="prompts/mend.md", max_attempts=1)
    assert ended.recovered, ended.reason
    assert project.passes()
