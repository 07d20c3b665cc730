"""`make bench-model` measures any server in one command, and says before it starts what it cannot do."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.agent import served
from tests.agent.scripted_runs import read_script
from tests.agent.served import KEY
from tests.fakes import call

ROOT = Path(__file__).parents[2]
GIVES_UP = [
    [call("submit", outcome="gave_up", summary="No honest fix", explanation="The test contradicts the documents.")]
]


def bench(*words: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "scripts" / "bench_model.py"), *words]
    clean = {name: value for name, value in os.environ.items() if not name.endswith("_API_KEY")}
    return subprocess.run(command, env={**clean, **(env or {})}, capture_output=True, text=True, check=False)


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    scripts = ROOT / "tests" / "agent" / "scripts"
    for name in ("cycle", "pages"):
        (tmp_path / f"{name}.toml").write_text((scripts / f"{name}.toml").read_text(encoding="utf-8"), "utf-8")
    return tmp_path


def test_fixes_tokens_money_and_seconds_of_each_case(cases: Path) -> None:
    turns = read_script("cycle").turns
    with served.gemini(turns, GIVES_UP) as server:
        done = bench("--base-url", server.url, "--cases", str(cases), "--json", env={"GEMINI_API_KEY": KEY})
    found = json.loads(done.stdout)
    fixed, unfixed = found["cases"]
    assert (fixed["case"], fixed["fixed"], fixed["green"], fixed["strategy"]) == ("cycle", True, True, "agent")
    assert (fixed["calls"], fixed["input"], fixed["cached"]) == (len(turns), 1000 * len(turns), 600 * len(turns))
    assert fixed["usd"] > 0
    assert (unfixed["fixed"], unfixed["green"], unfixed["calls"], unfixed["asked"]) == (False, False, 1, True)
    assert "No honest fix" in unfixed["note"]
    assert (found["total"]["fixed"], found["total"]["cases"], found["total"]["calls"]) == (1, 2, len(turns) + 1)


def test_a_local_server_of_the_other_kind_and_a_table(cases: Path) -> None:
    with served.openai_compatible(read_script("cycle").turns) as server:
        kind = ("--kind", "openai_compatible", "--model", "local-7b")
        done = bench("--base-url", server.url, *kind, "--cases", str(cases), "--limit", "1")
    titles, row, total = done.stdout.splitlines()
    assert titles.split()[:4] == ["CASE", "FIXED", "GREEN", "CALLS"]
    assert row.split()[:3] == ["cycle", "yes", "yes"]
    assert total.startswith("total  1 of 1  1 of 1")


def test_a_server_without_tools_is_measured_too(cases: Path) -> None:
    with served.without_tools(served.edit_blocks(read_script("cycle").turns), server="vllm") as server:
        kind = ("--kind", "openai_compatible", "--model", "small", "--context", "16000")
        done = bench("--base-url", f"{server.url}/v1", *kind, "--cases", str(cases), "--limit", "1", "--json")
    [case] = json.loads(done.stdout)["cases"]
    assert (case["fixed"], case["green"], case["calls"], case["asked"]) == (True, True, 1, True)


@pytest.mark.parametrize(
    ("words", "env", "said"),
    [
        (
            ("--kind", "openai_compatible", "--base-url", "https://models.example/v1", "--model", "x-9"),
            {"OPENAI_API_KEY": KEY},
            "the price of the model 'x-9' at https://models.example/v1 is not known",
        ),
        ((), {}, "there is no key for Gemini"),
        (("--kind", "openai_compatible"), {}, "model.base_url is not set"),
    ],
)
def test_what_is_missing_is_told_before_anything_runs(words: tuple[str, ...], env: dict[str, str], said: str) -> None:
    done = bench(*words, env=env)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "hint: " in done.stderr
