from pathlib import Path

import pytest

from fixer.budget import Budget
from fixer.recovery import snapshot
from fixer.recovery.attempt import remedies
from fixer.recovery.playbooks.base import Remedy
from fixer.recovery.scene import Scene
from fixer.schema.command import CommandResult, Ending, Rung
from fixer.schema.recovery import ErrorContext
from tests.recovery.conftest import PYTHON, MakeProject, Project


def context(project: Project, argv: tuple[str, ...], stderr: str, code: int | None = 1, **more: object) -> ErrorContext:
    result = CommandResult(
        argv=argv, cwd=".", ending=Ending.EXITED if code is not None else Ending.NOT_STARTED, exit_code=code, stdout="",
        stderr=stderr, seconds=0.1, rung=Rung.PROCESS_GROUP,
        reason="" if code is not None else f"{argv[0]}: No such file or directory",
    )  # fmt: skip
    told = {"subject": "check", "phase": "workflow", "at": "2026-01-01T00:00:00+00:00", "folder": str(project.root)}
    return ErrorContext.model_validate({**told, "result": result, **more})


def first(project: Project, said: ErrorContext, **recovery: object) -> tuple[str, Remedy] | None:
    base = snapshot.take(project.root)
    with Scene(project.ground(**recovery), said, base, Budget("recovery", 60)) as scene:
        return next(remedies(scene, []), None)


NODE = '{"name": "shop", "devDependencies": {"eslint": "9", "price-lint": "1"}}'


@pytest.mark.parametrize(
    ("argv", "stderr", "code", "typed"),
    [
        (("cargo", "llvm-cov"), "error: no such command: `llvm-cov`", 101, "cargo install cargo-llvm-cov"),
        (("cargo", "clippy"), "error: 'cargo-clippy' is not installed for the toolchain 'stable'.", 1,
         "rustup component add clippy"),
        (("sh", "-c", "eslint ."), "sh: 1: eslint: not found", 127, "npm install --no-package-lock"),
        (("bash", "run"), "run: line 3: price-lint: command not found", 127, "npm install --no-package-lock"),
        (("vitest", "run"), "", None, "npm install --save-dev vitest"),
        (("make", "lint"), "shellcheck run.sh\nmake: shellcheck: No such file or directory", 2,
         "sudo apt-get install shellcheck"),
        (("protoc", "a.proto"), "", None, "sudo apt-get install protobuf-compiler"),
        (("unheard-of", "run"), "", None, "# install 'unheard-of' and put it on PATH"),
    ],
)  # fmt: skip
def test_a_missing_tool_is_told_with_the_command_that_installs_it(
    make_project: MakeProject, argv: tuple[str, ...], stderr: str, code: int | None, typed: str
) -> None:
    project = make_project({"package.json": NODE}, argv)

    found = first(project, context(project, argv, stderr, code), install_tools=True)

    assert found is not None
    assert (found[0], found[1].typed) == ("missing_tools", (typed,))
    assert "npm" in typed or not found[1].allowed


@pytest.mark.parametrize(
    ("argv", "stderr", "code"),
    [
        (("python", "load.py"), "prices.csv: not found", 1),
        (("make",), "KeyError: prices: not found", 2),
        (("./gone.sh",), "", None),
        (("python", "a.py"), "error: file eslint: not found", 127),
    ],
)
def test_what_is_missing_but_no_tool_is_left_to_others(
    make_project: MakeProject, argv: tuple[str, ...], stderr: str, code: int | None
) -> None:
    project = make_project({"package.json": NODE}, argv)

    found = first(project, context(project, argv, stderr, code))

    assert found is None or found[0] != "missing_tools"


def test_a_python_tool_that_the_project_does_not_name_is_never_guessed(make_project: MakeProject) -> None:
    project = make_project({"a.py": ""}, ("x",))
    said = context(project, (PYTHON, "-m", "reqwests"), f"{PYTHON}: No module named reqwests")

    found = first(project, said)

    assert found is None or found[0] != "missing_tools"


def test_a_declared_package_is_installed_and_not_declared_again(make_project: MakeProject) -> None:
    project = make_project({"requirements.txt": "PyYAML\n", "a.py": "import yaml\n"}, ("x",))
    said = context(project, (PYTHON, "a.py"), "ModuleNotFoundError: No module named 'yaml'")

    found = first(project, said)

    assert found is not None
    assert found[0] == "missing_packages"
    assert found[1].typed[0].endswith("-m pip install PyYAML")
    assert not found[1].allowed


@pytest.mark.parametrize(
    ("name", "value"),
    [("RUSTFLAGS", "-D warnings"), ("PYTHONWARNINGS", "error"), ("CFLAGS", "-O2 -Werror=return-type"),
     ("NODE_OPTIONS", "--throw-deprecation")],
)  # fmt: skip
def test_a_variable_that_makes_checks_stricter_is_never_taken_away(
    make_project: MakeProject, name: str, value: str
) -> None:
    project = make_project({"a.txt": ""}, ("make",))
    said = context(project, ("false",), f"error: {name} {value}", environment={name: value})

    found = first(project, said)

    assert found is None or found[0] != "environment"


def test_a_path_to_the_projects_own_code_stays(make_project: MakeProject) -> None:
    project = make_project({"src/a.py": ""}, (PYTHON, "-c", "import a"))
    path = f"src:{project.root}"
    output = f'File "{project.root}/src/a.py", line 1\nValueError: PYTHONPATH'
    said = context(project, (PYTHON, "-c", "import a"), output, environment={"PYTHONPATH": path})

    found = first(project, said)

    assert found is None or found[0] != "environment"


def test_a_variable_of_another_ecosystem_is_left_alone(make_project: MakeProject) -> None:
    project = make_project({"a.txt": ""}, ("cargo", "build"))
    said = context(project, ("cargo", "build"), "error: PYTHONPATH is odd", environment={"PYTHONPATH": "/x"})

    found = first(project, said)

    assert found is None or found[0] != "environment"


def test_ignored_folders_of_packages_are_seen_in_the_worktree_and_never_in_a_diff(make_project: MakeProject) -> None:
    files = {".gitignore": "node_modules/\n", "a.js": "require('left-pad');\n"}
    project = make_project(files, ("node", "a.js"), uncommitted={"node_modules/left-pad/index.js": "1;\n"})
    said = context(project, ("node", "a.js"), "")

    with Scene(project.ground(), said, snapshot.take(project.root), Budget("recovery", 60)) as scene:
        assert scene.as_it_was().passed
        (scene.tree.path / "b.js").write_text("2;\n", encoding="utf-8")
        assert "node_modules" not in scene.tree.diff()
        assert scene.as_it_was().passed
    assert (project.root / "node_modules/left-pad/index.js").is_file()
    assert not list(Path(project.settings.worktree_dir).glob("*"))


def test_a_fault_of_the_network_is_answered_by_running_again_where_it_failed(make_project: MakeProject) -> None:
    check = (
        "import os\nif not os.path.exists('{seen}'):\n    open('{seen}', 'w')\n"
        "    raise ConnectionResetError('Connection reset by peer')\n"
    )
    project = make_project({"a.txt": ""}, (PYTHON, "../check.py"))
    (project.root.parent / "check.py").write_text(check.format(seen=project.root.parent / "seen"), encoding="utf-8")

    recovery = project.recover()

    assert recovery.recovered
    assert not recovery.commit
    assert recovery.attempts[0].by == "transient"
    assert project.folders == [project.root]


def test_what_nothing_mends_is_told_in_its_own_words(make_project: MakeProject) -> None:
    project = make_project({"a.txt": ""}, ("bash", "-c", "echo 'strange: nothing known'; exit 3"))

    recovery = project.recover()

    assert not recovery.recovered
    assert not project.folders
    assert "strange: nothing known" in recovery.manual_steps[0]


@pytest.mark.parametrize(
    ("files", "argv"),
    [
        (
            {"a.py": "import os\nimport sys\n\nprint(sys.argv)\n", "ruff.toml": ""},
            (PYTHON, "-m", "ruff", "check", "--no-cache", "."),
        ),
        (
            {
                "Cargo.toml": '[package]\nname = "a"\nversion = "0.1.0"\nedition = "2021"\n[lib]\npath = "a.rs"\n',
                "a.rs": "pub fn none(a: &[u32]) -> bool { a.len() == 0 }\n",
                ".gitignore": "target\nCargo.lock\n",
            },
            ("cargo", "clippy", "--offline", "--quiet", "--", "-D", "warnings"),
        ),
    ],
)
def test_findings_of_a_linter_are_fixed_by_its_own_suggestions(
    make_project: MakeProject, files: dict[str, str], argv: tuple[str, ...]
) -> None:
    project = make_project(files, argv, phase="analysis")

    recovery = project.recover()

    assert recovery.recovered, recovery.model_dump_json(indent=1)
    assert project.passes()


def test_no_attempt_is_begun_when_the_time_is_over(make_project: MakeProject) -> None:
    project = make_project({"a.py": "1/0\n"}, (PYTHON, "a.py"))

    recovery = project.recover(timeout_seconds=0.000001)

    assert not recovery.recovered
    assert not project.folders
    assert "time for recovery" in recovery.reason


def test_a_change_of_a_test_is_kept_for_a_person_to_judge_and_never_tried(make_project: MakeProject) -> None:
    test = "#include <assert.h>\nint main(void) { int width = 1; assert(widht == 1); return 0; }\n"
    project = make_project({"tests/test_width.c": test}, ("gcc", "-fsyntax-only", "tests/test_width.c"))

    for recovery in (project.recover(enabled=False), project.recover()):
        assert not recovery.recovered
        assert not project.folders
        (kept,) = [step for step in recovery.manual_steps if "git apply" in step]
        patch = kept.rpartition(" ")[2]
        assert "+int main(void) { int width = 1; assert(width == 1)" in (project.root / patch).read_text(
            encoding="utf-8"
        )
    assert "refused" in recovery.reason
