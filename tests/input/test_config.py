"""Settings are read from file, environment and options in that order, and every wrong one is named with its place."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixer.errors import ConfigError
from fixer.input.config import known_keys, load_settings, variable_of
from fixer.input.problems import InputError, Problem
from fixer.schema.settings import Settings

# The mark § stands where the error must point to.
WRONG = {
    "unknown key": ("§max_patchs = 3", "write instead: max_patches"),
    "unknown table": ("a = 1\n[§limits]\nx = 1", "'limits' is not a setting"),
    "unknown key in a table": ("[sandbox]\n§netwrk = true", "write instead: network"),
    "key of another table": ("§memory_mb = 9", "sandbox.memory_mb (in its own table)"),
    "string for a number": ('[budget]\n  §total = "12"', "a number above 0 (default: 1380)"),
    "negative": ("[budget]\n§fix = -1", "greater than 0"),
    "infinite": ("[budget]\n§fix = inf", "finite"),
    "not a number": ("[budget]\n§fix = nan", "finite"),
    "below the least": ("[sandbox]\n§memory_mb = 1", "at least 64"),
    "above the most": ("recovery.§max_attempts = 11", "at least 0 and at most 10"),
    "fraction": ("§max_patches = 1.5", "a whole number"),
    "string for a boolean": ('[sandbox]\n§network = "true"', "true or false"),
    "number in a list of strings": ('[sandbox]\n§env = ["A", 3]', "a list of strings"),
    "string for a list": ('[sandbox]\n§env = "A"', "a list of strings"),
    "value for a table": ("§budget = 5", "[budget]"),
    "table for a value": ("[§output_dir]\na = 1", "'output_dir' should be"),
    "date": ("§output_dir = 2026-01-01", "is a date"),
    "NUL": ('§output_dir = "a\\u0000b"', "NUL"),
    "outside": ('§output_dir = "../elsewhere"', "leads out"),
    "absolute": ('§output_dir = "/tmp"', "leads out"),
    "not TOML": ("a = 1\nb = §\n", "TOML: key = value"),
}


@pytest.mark.parametrize("name", WRONG)
@pytest.mark.parametrize("file", ["fixer.toml", "pyproject.toml"])
def test_names_line_and_column(name: str, file: str, tmp_path: Path) -> None:
    marked, phrase = WRONG[name]
    if file == "pyproject.toml":
        # The same table one level further down, after something of another tool.
        marked = (
            marked.replace("[§", "[tool.fixer.§").replace("\n[s", "\n[tool.fixer.s").replace("\n[b", "\n[tool.fixer.b")
        )
        marked = f"[tool.fixer.{marked[1:]}" if marked[0] == "[" and "tool" not in marked[:6] else marked
        marked = f"[project]\nname = 'x'\n[tool.fixer]\n{marked}"
    before, _, after = marked.partition("§")
    (tmp_path / file).write_text(before + after, encoding="utf-8")
    with pytest.raises(InputError) as error:
        load_settings(tmp_path, {}, {})
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    said = error.value.message
    assert f"{file}:{line}:{column}: " in said
    assert phrase in said.replace("tool.fixer.", "")


def test_every_problem_at_once(tmp_path: Path) -> None:
    (tmp_path / "fixer.toml").write_text('x = 1\n[budget]\ntotal = "a"\nfix = 0\n', encoding="utf-8")
    with pytest.raises(InputError) as error:
        load_settings(tmp_path, {"FIXER_SANDBOX_NETWORK": "maybe", "FIXER_BUGET_TOTAL": "3"}, {"max_patches": 0})
    assert [str(problem).split(": ")[0] for problem in error.value.problems] == [
        "FIXER_BUGET_TOTAL",
        "FIXER_SANDBOX_NETWORK",
        "fixer.toml:1:1",
        "fixer.toml:3:1",
        "fixer.toml:4:1",
        "option for max_patches",
    ]


def test_later_layers_win_and_origins_say_so(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        "[tool.fixer]\nmax_patches = 3\nbudget.total = 60\nbudget.fix = 30\n", encoding="utf-8"
    )
    env = {"FIXER_BUDGET_TOTAL": "90", "FIXER_BUDGET_FIX": "", "FIXER_SANDBOX_ENV": "A, B"}
    loaded = load_settings(tmp_path, env, {"max_patches": 5, "project.main": None})
    assert loaded.settings == Settings.model_validate(
        {"max_patches": 5, "budget": {"total": 90.0, "fix": 30.0}, "sandbox": {"env": ("A", "B")}}
    )
    changed = {key: origin for key, origin in loaded.origins.items() if origin != "default"}
    assert changed == {
        "max_patches": "option",
        "budget.total": "FIXER_BUDGET_TOTAL",
        "budget.fix": "pyproject.toml:4",
        "sandbox.env": "FIXER_SANDBOX_ENV",
    }
    assert set(loaded.origins) == set(known_keys())


def test_the_environment_gives_choices_and_numbers_that_may_be_unset(tmp_path: Path) -> None:
    env = {"FIXER_MODEL_KIND": "openai_compatible", "FIXER_MODEL_INPUT_PRICE": "1.5", "FIXER_MODEL_NAME": "7"}
    model = load_settings(tmp_path, env, {}).settings.model
    assert (model.kind, model.input_price, model.output_price, model.name) == ("openai_compatible", 1.5, None, "7")
    with pytest.raises(InputError, match="FIXER_MODEL_KIND"):
        load_settings(tmp_path, {"FIXER_MODEL_KIND": "openai"}, {})


def test_two_files_are_one_too_many(tmp_path: Path) -> None:
    (tmp_path / "fixer.toml").write_text("max_patches = 3\n", encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text("[tool.fixer]\nmax_patches = 4\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="both"):
        load_settings(tmp_path, {}, {})


@pytest.mark.parametrize(
    "text", ["not = = toml", "[tool.ruff]\nline-length = 100\n", "\xff", '[tool]\nfixer-upper = "x"\n']
)
def test_a_pyproject_of_others_is_left_alone(text: str, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_bytes(text.encode("latin-1"))
    assert load_settings(tmp_path, {}, {}).settings == Settings()


def test_a_variable_that_is_no_setting(tmp_path: Path) -> None:
    assert load_settings(tmp_path, {"FIXER_CHAOS_KILLS": "3"}, {}).warnings == (
        "FIXER_CHAOS_KILLS is set, but is no setting of fixer",
    )


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(known_keys())), st.text(st.characters(exclude_characters="\0"), max_size=12))
def test_any_value_of_a_variable_is_taken_or_refused(key: str, value: str) -> None:
    try:
        loaded = load_settings(Path("/nonexistent"), {variable_of(key): value}, {})
    except InputError as error:
        blamed = [problem.file for problem in error.problems]
    else:
        blamed = [variable_of(key)]
        assert loaded.origins[key] == (variable_of(key) if value else "default")
    assert blamed == [variable_of(key)]


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=120))
def test_any_file_is_taken_or_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    folder = tmp_path_factory.mktemp("any")
    (folder / "fixer.toml").write_bytes(data)
    problems: tuple[Problem, ...] = ()
    try:
        load_settings(folder, {}, {})
    except InputError as error:
        problems = error.problems
    assert all(problem.position for problem in problems)
