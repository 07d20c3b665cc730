"""A model writes the test where the log's own command is not to be had; fixer runs it, and is not fooled."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from fixer.llm.base import Listener, Message, Tool, Turn, TurnConfig
from fixer.repair import Finished
from fixer.repair.models import RunModels
from fixer.schema.report import Outcome, Report
from fixer.schema.settings import BudgetSettings, ModelSettings, Settings
from tests.agent import served
from tests.agent.scripted_runs import events, run
from tests.fakes import Move, ScriptedModel, ScriptedModels, call
from tests.llm import openai_scenes
from tests.llm.model_server import Asked, Wire
from tests.repositories import git, make_repository, users_state

ORDERS = '''\
def total(items):
    """Return the sum of the prices; an item without one is free."""
    return sum(item["price"] for item in items)
'''
TESTS = """\
import unittest

from orders import total


class T(unittest.TestCase):
    def test_total(self):
        self.assertEqual(total([{"price": 2}]), 2)
"""
LOG = """\
##[group]Run /opt/nightly/send --all
##[endgroup]
Traceback (most recent call last):
  File "/opt/nightly/send", line 40, in <module>
    main()
  File "/opt/nightly/send", line 31, in main
    print(total(read()))
  File "/home/runner/work/shop/shop/orders.py", line 3, in total
    return sum(item["price"] for item in items)
  File "/home/runner/work/shop/shop/orders.py", line 3, in <genexpr>
    return sum(item["price"] for item in items)
KeyError: 'price'
##[error]Process completed with exit code 1.
"""


def body(line: str) -> str:
    start = "import unittest\n\nfrom orders import total\n\n\nclass T(unittest.TestCase):\n    def test_it(self):\n"
    return f"{start}        {line}\n"


RIGHT = body('self.assertEqual(total([{"price": 2}, {}]), 2)')
SUBMIT = call("submit", outcome="fixed", summary="Show the missing price", explanation="An item without a price.")
GIVE_UP = call("submit", outcome="gave_up", summary="Not to be shown", explanation="The data of the job is not here.")


def shop(folder: Path, orders: str = ORDERS, *, deterministic: bool = True) -> Path:
    make_repository(
        folder, {"orders.py": orders, "test_orders.py": TESTS, ".gitignore": "*.log\n/info.json\n__pycache__/\n"}
    )
    (folder / "ci.log").write_text(LOG, encoding="utf-8")
    request = {"deterministic": deterministic, "prompt": "the nightly job fails", "raw-logs": "ci.log"}
    (folder / "info.json").write_text(json.dumps(request), encoding="utf-8")
    return folder


def write(text: str, path: str, before: str = "") -> list[Move]:
    return [call("edit_file", path=path, old=before, new=text), SUBMIT]


def told_place(system: str) -> str:
    """Return the file that a writer is told to write."""
    return system.partition("Write the test to ")[2].partition(" ")[0]


class Writer(ScriptedModel):
    """Submits the given texts one after the other, wherever it is told to write."""

    def __init__(self, *texts: str) -> None:
        super().__init__([[] for _ in texts])
        self.texts = texts

    async def turn(
        self, history: Sequence[Message], tools: Sequence[Tool], config: TurnConfig, listen: Listener
    ) -> Turn:
        path = told_place(config.system)
        number = len(self.asked)
        if number < len(self.texts):
            before = self.texts[number - 1] if number else ""
            self.turns[number] = write(self.texts[number], path, before)
        else:
            self.turns.append([GIVE_UP])
        return await super().turn(history, tools, config, listen)


def mend() -> ScriptedModel:
    edit = call("edit_file", path="orders.py", old='item["price"] for', new='item.get("price", 0) for')
    done = call("submit", outcome="fixed", summary="Take no price for free", explanation="As its docstring says.")
    return ScriptedModel([[edit, call("run_reproduction")], [done]])


def begin(tmp_path: Path, *models: ScriptedModel) -> tuple[Path, Finished]:
    folder = shop(tmp_path / "project")
    return folder, run(folder, ScriptedModels(*models))


def test_right_at_once_and_the_run_goes_on(tmp_path: Path) -> None:
    folder = shop(tmp_path / "project")
    before = users_state(folder)
    report = run(folder, ScriptedModels(Writer(RIGHT), mend())).report
    assert report.outcome is Outcome.FIXED, (report.summary, report.no_reproduction, report.not_tried)
    assert report.reproduction is not None
    assert report.reproduction.written is not None
    path = report.reproduction.written.path
    assert report.reproduction.written.by == "scripted, prompt reproduction_deterministic version 1"
    assert report.delivery is not None
    assert git(folder, "diff", "--name-only", "main", report.delivery.branch).split() == ["orders.py", path]
    assert git(folder, "show", f"{report.reproduction_branch}:{path}") == RIGHT.strip()
    assert "was written by a language model" in report.attempts[-1].patch.needs_review
    assert {"prompt": "reproduction_deterministic@1", "succeeded": True} in events(folder, "prompt.outcome")
    assert users_state(folder) == before


WRONG_INPUT = body('self.assertEqual(total([{"price": "x"}]), 2)')
CHEATS = {
    "assert False": (body("assert False"), "asserts something that does not come from the project"),
    "raises itself": (body("total([]); raise KeyError('price')"), "it raises by itself"),
    "its own KeyError": (body("self.assertEqual(total([]), {}['price'])"), "does not fail in <genexpr> of"),
    "patches": (body("import orders; setattr(orders, 'total', None)"), "it uses `setattr`"),
    "another failure": (WRONG_INPUT, "unsupported operand"),
    "too long": (RIGHT + "\n" * 60, "at most 50"),
    "no project": (
        "import unittest\n\nclass T(unittest.TestCase):\n    def test_it(self):\n        {}['price']\n",
        "imports nothing",
    ),
    "passes": (body('self.assertEqual(total([{"price": 2}]), 2)'), "passed"),
}


@pytest.mark.parametrize("name", CHEATS)
def test_a_wrong_test_is_sent_back_with_what_happened(tmp_path: Path, name: str) -> None:
    wrong, said = CHEATS[name]
    writer = Writer(wrong)
    folder, finished = begin(tmp_path, writer)
    assert finished.report.outcome is Outcome.PARTIAL
    assert finished.report.reproduction is None
    assert "a model wrote no test that shows it (gave_up)" in finished.report.no_reproduction
    assert said in writer.heard()
    assert events(folder, "prompt.outcome") == [{"prompt": "reproduction_deterministic@1", "succeeded": False}]
    assert git(folder, "branch", "--format=%(refname:short)").split() == ["main"]


def test_wrong_then_right(tmp_path: Path) -> None:
    _, finished = begin(tmp_path, Writer(body("assert False"), WRONG_INPUT, RIGHT), mend())
    assert finished.report.outcome is Outcome.FIXED, finished.report.no_reproduction


def test_never_right_ends_after_a_few_versions(tmp_path: Path) -> None:
    wrong = [body(f"assert total([]) == {number}") for number in range(1, 6)]
    writer = Writer(*wrong)
    _, finished = begin(tmp_path, writer)
    assert finished.report.reproduction is None
    assert "4 versions were run and none was right" in writer.heard()


def test_no_other_file_may_be_written(tmp_path: Path) -> None:
    moves = [[call("edit_file", path="orders.py", old="sum(", new="max(")], [GIVE_UP]]
    model = ScriptedModel(moves)
    begin(tmp_path, model)
    assert "only the new file" in model.heard()


def without_tools(folder: Path, text: str, server: str) -> Report:
    """Run with a model that submits the text, whose server takes no tools; return the report."""

    def answer(asked: Asked, wire: Wire) -> None:
        place = told_place(asked.body["messages"][0]["content"])
        openai_scenes.says(served.written(*write(text, place)))(asked, wire)

    with served.without_tools(answer, server=server) as model_server:
        model = ModelSettings(kind="openai_compatible", base_url=f"{model_server.url}/v1", name="local")
        settings = Settings(strategies=("linters",), budget=BudgetSettings(reproduction=8), model=model)
        report = run(folder, RunModels, settings).report
        assert ["tools" in asked.body for asked in model_server.asked[:2]] == [True, False]
    return report


def test_a_failure_that_comes_and_goes_is_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which key of a set comes first differs from process to process."""
    monkeypatch.delenv("PYTHONHASHSEED", raising=False)
    flaky = 'def total(items):\n\n    return sum(item[next(iter({"price", "cost"}))] for item in items)\n'
    folder = shop(tmp_path / "project", flaky, deterministic=False)
    report = without_tools(folder, body('self.assertEqual(total([{"cost": 2}]), 2)'), "vllm")
    assert report.reproduction is not None, report.no_reproduction
    assert not report.reproduction.deterministic
    assert 0 < report.reproduction.failure_rate < 1
    assert report.reproduction.runs > 4


def test_a_server_without_tools_writes_it_too(tmp_path: Path) -> None:
    report = without_tools(shop(tmp_path / "project"), RIGHT, "llama.cpp")
    assert report.reproduction is not None, report.no_reproduction
    assert report.reproduction.written is not None
    assert report.reproduction.written.text == RIGHT
