"""Opening a model costs nothing where there is none."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from fixer.errors import ExitCode
from fixer.llm import open_model
from fixer.schema.settings import ModelSettings
from tests.conftest import Fixer
from tests.llm.asking import ENV

SOURCE = Path(__file__).parents[2] / "src"
SDKS = ("google.genai", "genai_prices", "httpx2", "tenacity", "openai")


HELP = "from fixer.__main__ import main; sys.argv = ['fixer', '--help']; main()"
NO_KEY = (
    "from fixer.llm import open_model; from fixer.schema.settings import ModelSettings;"
    "assert open_model(ModelSettings(), {}) is None"
)


@pytest.mark.parametrize("work", [HELP, NO_KEY], ids=["--help", "no key"])
def test_without_a_model_no_sdk_is_loaded(work: str) -> None:
    program = (
        "import sys\n"
        f"try:\n    exec({work!r})\nexcept SystemExit: pass\n"
        f"print([name for name in {SDKS!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], env={"PYTHONPATH": str(SOURCE)}, capture_output=True, text=True, check=True
    )
    assert done.stderr.strip() == "[]"


def test_the_escalation_is_a_second_model_of_the_same_kind() -> None:
    assert open_model(ModelSettings(), ENV, escalation=True) is None
    model = open_model(ModelSettings(escalation="gemini-4-argon"), ENV, escalation=True)
    assert model is not None
    assert model.name == "gemini-4-argon"
    asyncio.run(model.close())


def test_doctor_says_which_model_there_is_and_never_the_key(fixer: Fixer, repository: Path) -> None:
    key = "AIza-a-key-that-nobody-may-see"
    without = fixer("doctor", cwd=repository)
    assert "none: rules and search do the work" in without.stdout
    assert "export GEMINI_API_KEY=KEY" in without.stdout
    with_key = fixer("doctor", cwd=repository, env={"GEMINI_API_KEY": key})
    assert "gemini, gemini-3.8-flash at generativelanguage.googleapis.com (key: GEMINI_API_KEY)" in with_key.stdout
    assert key not in with_key.stdout + with_key.stderr
    (repository / "fixer.toml").write_text('[model]\nkind = "openai_compatible"\n', encoding="utf-8")
    wrong = fixer("doctor", cwd=repository)
    assert "model.base_url is not set" in wrong.stdout
    assert wrong.code == ExitCode.DEPENDENCY
    replay = fixer("doctor", cwd=repository, env={"FIXER_MODEL_KIND": "replay", "FIXER_MODEL_RECORDING": "a.jsonl"})
    assert "a.jsonl is not there" in replay.stdout


def test_both_keys_in_the_environment_are_not_remarked_upon() -> None:
    program = (
        "import asyncio, os; from fixer.llm import open_model; from fixer.schema.settings import ModelSettings;"
        "asyncio.run(open_model(ModelSettings(), os.environ).close())"
    )
    env = {"PYTHONPATH": str(SOURCE), "GEMINI_API_KEY": "a", "GOOGLE_API_KEY": "b"}
    done = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")
