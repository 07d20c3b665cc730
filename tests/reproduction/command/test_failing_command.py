import shlex
from collections.abc import Sequence
from pathlib import Path

import pytest

from fixer.reproduction.command.failing_command import find_command, plain_commands
from fixer.reproduction.pytest import RUNNER
from fixer.schema.execution import Execution, Step, StepStatus


def accepts(argv: Sequence[str]) -> bool:
    return RUNNER().accepts(argv)


def an_execution(*commands: str) -> Execution:
    steps = [Step(number=i, name=f"s{i}", command=c, status=StepStatus.FAILED) for i, c in enumerate(commands, 1)]
    return Execution(id="e", source="raw_log", origin="text", steps=tuple(steps))


@pytest.mark.parametrize(
    ("script", "argv", "cwd", "env"),
    [
        ("pytest -q tests", "pytest -q tests", ".", {}),
        ("Run pytest -q", "pytest -q", ".", {}),
        ("python -m pip install -e .\npytest -k 'a and b'", "pytest -k 'a and b'", ".", {}),
        ("cd svc && python -m pytest", "python -m pytest", "svc", {}),
        ("cd a; cd b\nFOO=1 BAR='x y' pytest", "pytest", "a/b", {"FOO": "1", "BAR": "x y"}),
        ("export CI=1; pytest", "pytest", ".", {"CI": "1"}),
        ("PATH=/evil LD_PRELOAD=x.so pytest", "pytest", ".", {}),
        ("PYTHONPATH=$PWD/src pytest", "pytest", ".", {"PYTHONPATH": "./src"}),
        ("pytest 2>&1 | tee out.txt", "pytest", ".", {}),
        ("pytest > out.txt || true", "pytest", ".", {}),
        ("pytest \\\n  tests/unit \\\n  -x # all", "pytest tests/unit -x", ".", {}),
        ("poetry run pytest", "pytest", ".", {}),
        ("uv run --with pytest --frozen pytest tests", "pytest tests", ".", {}),
        ("xvfb-run -a coverage run --branch -m pytest tests", "python -m pytest tests", ".", {}),
        ("python -m coverage run -m pytest", "python -m pytest", ".", {}),
        ("timeout 10m env A=1 time pytest", "pytest", ".", {"A": "1"}),
        ("python -W error -X dev -bb -m pytest", "python -m pytest", ".", {"PYTHONWARNINGS": "error",
                                                                            "PYTHONDEVMODE": "1"}),
        ("(cd x && pytest)", "pytest", "x", {}),
        ("pytest; rm -rf x", "pytest", ".", {}),
    ],
)  # fmt: skip
def test_the_plain_command_is_taken_out(tmp_path: Path, script: str, argv: str, cwd: str, env: dict[str, str]) -> None:
    found = find_command(an_execution(script), 1, tmp_path, accepts)
    assert found is not None
    assert list(found.argv) == shlex.split(argv)
    assert (found.cwd, dict(found.env)) == (cwd, env)
    assert found.origin == "step 1 of the log"


@pytest.mark.parametrize(
    "script",
    [
        "pytest $(touch pwned)",
        "pytest `touch pwned`",
        'pytest "$(touch pwned)"',
        'pytest -k "`touch pwned`"',
        "pytest $HOME",
        "pytest ${{ github.event.issue.title }}",
        "pytest <(touch pwned)",
        "pytest < /etc/passwd",
        "pytest tests/*",
        "pytest 'unclosed",
        "cd /etc && pytest",
        "cd ../.. && pytest",
        "bash -c 'pytest; touch pwned'",
        "eval pytest",
        "if ! pytest; then",
        "rm -rf x",
        "",
    ],
)
def test_what_a_shell_would_expand_is_refused(tmp_path: Path, script: str) -> None:
    found = find_command(an_execution(script), 1, tmp_path, accepts)
    assert found is None or (found.argv == ("pytest",) and "(" in script)
    assert list(tmp_path.iterdir()) == []


def test_the_failed_step_comes_before_the_workflow_files(tmp_path: Path) -> None:
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    (folder / "ci.yml").write_text(
        "env: {TOP: '1', SECRET: '${{ secrets.X }}'}\njobs:\n  lint:\n    steps:\n      - run: pytest --other\n"
        "  test:\n    steps:\n      - uses: actions/checkout@v4\n      - name: Unit tests\n        run: |\n"
        "          pip install -e .\n          pytest tests/unit\n        working-directory: svc\n        env: {A: b}\n"
    )
    named = Execution(
        id="e", source="s", origin="o", steps=(Step(number=4, name="Unit tests", status=StepStatus.FAILED),)
    )
    found = find_command(named, None, tmp_path, accepts)
    assert found is not None
    assert (found.argv, found.cwd, found.origin) == (("pytest", "tests/unit"), "svc", ".github/workflows/ci.yml")
    assert dict(found.env) == {"TOP": "1", "A": "b"}
    first = find_command(an_execution("pytest -q"), 1, tmp_path, accepts)
    assert first is not None
    assert first.origin == "step 1 of the log"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (".gitlab-ci.yml", "test:\n  script:\n    - pip install .\n    - pytest tests\n"),
        (".travis.yml", "script: pytest tests\n"),
        (".travis.yml", "script:\n  - pytest tests\n"),
    ],
)
def test_other_services_files_are_read(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    found = find_command(an_execution(), None, tmp_path, accepts)
    assert found is not None
    assert (found.argv, found.origin) == (("pytest", "tests"), name)


@pytest.mark.parametrize("text", ["a: [", "[" * 5000, "x: !!python/object/apply:os.system [touch pwned]", "- 1", ""])
def test_broken_ci_files_are_no_error(tmp_path: Path, text: str) -> None:
    (tmp_path / ".travis.yml").write_text(text)
    assert find_command(an_execution(), None, tmp_path, accepts) is None
    assert [path.name for path in tmp_path.iterdir()] == [".travis.yml"]


def test_tox_and_make_are_read_as_data(tmp_path: Path) -> None:
    (tmp_path / "tox.ini").write_text(
        "[testenv]\ncommands =\n    pip list\n    pytest {posargs:tests}\n[testenv:lint]\ncommands = ruff check\n"
    )
    (tmp_path / "Makefile").write_text(
        "PY ?= python3\nall: test\n.PHONY: test\ntest: deps\n\t@$(PY) -m pytest tests\ndeps:\n\ttouch pwned\n"
        "bad:\n\tpytest $(shell touch pwned)\n"
    )
    for script, argv in (
        ("tox", ("pytest", "tests")),
        ("tox -e py311 -- -x tests/unit", ("pytest", "-x", "tests/unit")),
        ("python -m tox -e py312", ("pytest", "tests")),
        ("make test", ("python3", "-m", "pytest", "tests")),
        ("make all", ("python3", "-m", "pytest", "tests")),
    ):
        found = find_command(an_execution(script), 1, tmp_path, accepts)
        assert found is not None, script
        assert found.argv == argv
    assert find_command(an_execution("make bad"), 1, tmp_path, accepts) is None
    assert find_command(an_execution("tox -e lint"), 1, tmp_path, accepts) is None
    assert not (tmp_path / "pwned").exists()


def test_a_makefile_that_refers_to_itself_ends(tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_text("a: a b\n\tmake a\nb: a\n\tmake b\n")
    assert {command.argv for command in plain_commands("make a", tmp_path)} == {("make", "a"), ("make", "b")}


@pytest.mark.parametrize(
    ("log", "line", "argv"),
    [
        ("$ pytest -q tests\nFAILED tests/test_a.py::t\n", 2, "pytest -q tests"),
        ("+ python -m pytest\nFAILED tests/test_a.py::t\n", 2, "python -m pytest"),
        ("python -m pytest -x\nFAILED tests/test_a.py::t\n", 2, "python -m pytest -x"),
        ("pytest tests\nF\n", 2, "pytest tests"),
        ("$ pytest old\n$ pytest -v tests\nF\n$ pytest later\n", 3, "pytest -v tests"),
        ("$ make check\nF\n", 2, "pytest -q"),
    ],
)
def test_a_log_without_steps_echoes_the_command(tmp_path: Path, log: str, line: int, argv: str) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "Makefile").write_text("check:\n\tpytest -q\n")
    (tmp_path / "log.txt").write_text(log)
    execution = an_execution().model_copy(update={"log_path": str(tmp_path / "log.txt")})
    found = find_command(execution, None, tmp_path, accepts, line)
    assert found is not None
    assert shlex.join(found.argv) == argv
    assert "of the log" in found.origin


@pytest.mark.parametrize("log", ["pytest is great\nF\n", "$ pytest; touch pwned `id`\n", "collected by pytest\n", ""])
def test_prose_is_no_command(tmp_path: Path, log: str) -> None:
    (tmp_path / "log.txt").write_text(log)
    execution = an_execution().model_copy(update={"log_path": str(tmp_path / "log.txt")})
    found = find_command(execution, None, tmp_path, accepts, None)
    assert found is None or shlex.join(found.argv) == "pytest"
