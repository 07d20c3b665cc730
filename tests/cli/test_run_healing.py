"""`fixer run workflow.yml` on real toolchains: failures of each kind, mended, and told so that a person mends them."""

import json
import os
import subprocess
import sys
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from fixer.errors import ExitCode
from tests.conftest import SOURCE, Fixer, git
from tests.repositories import make_repository, write

PYTHON = sys.executable
OFF = {"FIXER_RECOVERY_ENABLED": "false"}


@dataclass(frozen=True)
class Case:
    """A project whose workflow fails at its last step."""

    files: dict[str, str]
    steps: str
    env: dict[str, str] = field(default_factory=dict)
    by_hand: dict[str, str] = field(default_factory=dict)
    """Variables of the step itself."""
    commits: bool = True
    """Whether what mends it is a change of files."""


CRATE = {
    "Cargo.toml": '[workspace]\nmembers = ["app", "price-list"]\nresolver = "2"\n',
    "app/Cargo.toml": '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n',
    "app/src/lib.rs": "pub fn first() -> u32 { price_list::all()[0] }\n",
    "price-list/Cargo.toml": '[package]\nname = "price-list"\nversion = "0.1.0"\nedition = "2021"\n',
    "price-list/src/lib.rs": "pub fn all() -> [u32; 2] { [1, 2] }\n",
}
EMPTY = {
    "Cargo.toml": '[package]\nname = "prices"\nversion = "0.1.0"\nedition = "2021"\n',
    "src/lib.rs": "",
}
CART = {
    "cart.py": "def total(prices):\n    return sum(prices)\n\n\n"
    "def mean(prices):\n    return totl(prices) / len(prices)\n",
    "test_cart.py": "import unittest\nimport cart\n\n\nclass CartTest(unittest.TestCase):\n"
    "    def test_mean(self):\n        self.assertEqual(cart.mean([1, 3]), 2)\n",
}
SHOP = {
    "cart.py": CART["cart.py"],
    "shop.py": "import sys\nimport cart\n\nprint(cart.mean([float(word) for word in sys.argv[1:]]))\n",
    "tests/test_shop.py": "import subprocess\nimport sys\nimport unittest\n\n\nclass ShopTest(unittest.TestCase):\n"
    "    def test_mean(self):\n"
    "        done = subprocess.run([sys.executable, 'shop.py', '1', '3'], capture_output=True, text=True)\n"
    "        self.assertEqual(done.stdout, '2.0\\n', done.stderr)\n",
}
SCRIPTS = {
    "package.json": '{"name": "prices", "version": "1.0.0", "scripts": {"test": "node test.js"}}\n',
    "test.js": "require('assert').strictEqual(1 + 1, 2)\n",
}
ELSEWHERE = "FOLDER-OUTSIDE"
"""Stands for a folder outside of the project that holds a module of the standard library's name."""
CASES = {
    "an undeclared crate": Case(CRATE, "  - name: check\n    command: cargo check --offline\n"),
    "RUSTFLAGS": Case(
        EMPTY,
        "  - name: check\n    command: cargo check --offline\n",
        {"RUSTFLAGS": "-C opt-levle=3"},
        commits=False,
    ),
    "PYTHONPATH": Case(
        {"notes.txt": "the machine has an old json\n"},
        f"  - name: tool\n    command: {PYTHON} -c 'import json.tool'\n    env: {{PYTHONPATH: {ELSEWHERE}}}\n",
        by_hand={"PYTHONPATH": ELSEWHERE},
        commits=False,
    ),
    "NODE_OPTIONS": Case(
        SCRIPTS, "  - name: test\n    command: npm test\n", {"NODE_OPTIONS": "--require ./gone.js"}, commits=False
    ),
    "a failing unit test": Case(CART, f"  - name: test\n    command: {PYTHON} -m unittest\n"),
    "a failing integration test": Case(SHOP, f"  - name: test\n    command: {PYTHON} -m unittest discover -s tests\n"),
}


def typed(steps: list[str], folder: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Type lines in a shell, as a person would."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    script = "set -e\n" + "\n".join(steps)
    return subprocess.run(
        ["bash", "-c", script], cwd=folder, env={**kept, **env}, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("name", CASES)
def test_a_failing_step_is_told_right_and_mended(fixer: Fixer, tmp_path: Path, name: str) -> None:
    case = CASES[name]
    outside = tmp_path / "outside"
    write(outside, {"json.py": "raise ImportError('the old one')\n"})
    steps = case.steps.replace(ELSEWHERE, str(outside))
    flow = f"commands:\n  - name: first\n    command: git --version\n{steps}"
    project = make_repository(tmp_path / "project", {**case.files, "workflow.yml": flow})
    head = git(project, "rev-parse", "HEAD")
    machine = {"HOME": str(Path.home()), "FIXER_WORKTREE_DIR": str(tmp_path / "trees")}
    env = {**machine, **case.env}

    told = fixer("run", "workflow.yml", "--json", cwd=project, env={**env, **OFF})
    assert told.code == ExitCode.NOT_FIXED, told.stdout + told.stderr
    report = json.loads(told.stdout)
    *manual, again = report["next_steps"]
    assert again == f"then run it again: fixer run {project / 'workflow.yml'}"
    assert git(project, "rev-parse", "HEAD") == head
    given = {name: value.replace(ELSEWHERE, str(outside)) for name, value in case.by_hand.items()}
    by_hand = typed(manual, project, {**case.env, **given})
    assert by_hand.returncode == 0, f"{manual}\n{by_hand.stdout}{by_hand.stderr}"
    git(project, "checkout", "--quiet", "--", ".")

    done = fixer("run", "workflow.yml", "--json", cwd=project, env=env)
    assert done.code == ExitCode.OK, done.stdout + done.stderr
    (one,) = json.loads(done.stdout)["recoveries"]
    assert one["recovery"]["recovered"]
    commits = git(project, "log", "--format=%H", f"{head}..HEAD").split()
    assert commits == ([one["recovery"]["commit"]] if case.commits else [])
    assert git(project, "diff", "HEAD", "--stat") == ""
    assert git(project, "worktree", "list").count("\n") == 0
    assert not list((tmp_path / "trees").glob("*"))


def test_killed_while_it_recovers_and_resumed(fixer: Fixer, tmp_path: Path) -> None:
    flow = (
        "commands:\n  - name: first\n    command: sh -c 'echo once >> first'\n"
        f"  - name: test\n    command: {PYTHON} -B -m unittest\n  - name: last\n    command: touch last\n"
    )
    slow = CART["test_cart.py"].replace(
        "        self.assert", "        import time; time.sleep(0.5)\n        self.assert"
    )
    files = {**CART, "test_cart.py": slow, "workflow.yml": flow, ".gitignore": ".fixer\nfirst\nlast\noutputs\n"}
    project = make_repository(tmp_path / "project", files)
    trees = tmp_path / "trees"
    env = {"FIXER_WORKTREE_DIR": str(trees)}
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    command = [PYTHON, "-m", "fixer", "run", "workflow.yml"]
    with subprocess.Popen(
        command, cwd=project, env={**kept, **env, "PYTHONPATH": str(SOURCE)}, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True,
    ) as killed:  # fmt: skip
        assert killed.stderr is not None
        assert any("recovery 1: " in line for line in killed.stderr)
        killed.kill()
    assert list(trees.glob("*"))

    done = fixer("resume", cwd=project, env=env)

    assert done.code == ExitCode.OK, done.stdout + done.stderr
    assert (project / "first").read_text(encoding="utf-8") == "once\n"
    assert (project / "last").exists()
    assert git(project, "log", "--format=%s").split("\n")[1:] == ["first"]
    assert git(project, "branch", "--all").split() == ["*", "main"]
    assert git(project, "worktree", "list").count("\n") == 0
    assert not list(trees.glob("*"))
    assert git(project, "status", "--porcelain") == ""


def test_a_repository_without_a_commit_says_so(fixer: Fixer, tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    (tmp_path / "wörk flow.yml").write_text("commands:\n  - name: größe\n    command: 'false'\n", encoding="utf-8")
    done = fixer("run", "wörk flow.yml", cwd=tmp_path)
    assert done.code == ExitCode.NOT_FIXED
    assert "has no commit yet, from which a change could be told apart. make the first one: git add" in done.stdout
    assert f"then run it again: fixer run '{tmp_path}/wörk flow.yml'" in done.stdout


def test_a_step_may_switch_its_recovery_off_or_choose_its_own(fixer: Fixer, tmp_path: Path) -> None:
    step = f"  - name: test\n    command: {PYTHON} -B -m unittest\n"
    flow = f"commands:\n{step}    analysis: {{auto_recover: false}}\n"
    project = make_repository(tmp_path / "project", {**CART, "workflow.yml": flow, ".gitignore": "outputs\n"})
    off = fixer("run", "workflow.yml", cwd=project)
    assert off.code == ExitCode.NOT_FIXED
    assert "recovery is off" in off.stdout
    own = f"commands:\n{step}    default: fail-workflow\n"
    assert "recovery" not in fixer("run", _written(project, own), cwd=project).stdout
    useless = f"commands:\n{step}    analysis: {{recovery_command: ls no-such-folder, max_recovery_attempts: 1}}\n"
    told = fixer("run", _written(project, useless), cwd=project).stdout
    assert "1 attempt did not mend it; the last: ls ended with exit code 2: ls: cannot access" in told
    mend = "sh -c 'sed -i s/totl/total/ cart.py'"
    own = f'commands:\n{step}    analysis: {{recovery_command: "{mend}", max_recovery_attempts: 1}}\n'
    done = fixer("run", _written(project, own), cwd=project, env={"FIXER_PROJECT_PYTHON": PYTHON})
    assert "test: recovered, commit " in done.stdout, done.stdout + done.stderr


def _written(project: Path, flow: str) -> str:
    (project / "other.yml").write_text(flow, encoding="utf-8")
    return "other.yml"


def wheel(folder: Path, name: str) -> None:
    """Build a wheel that brings a program."""
    info = f"{name}-1.0.dist-info"
    contents = {
        f"{name}.py": "def main():\n    print(7)\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": f"[console_scripts]\n{name} = {name}:main\n",
    }
    record = "".join(f"{path},,\n" for path in (*contents, f"{info}/RECORD"))
    folder.mkdir()
    with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as archive:
        for path, text in {**contents, f"{info}/RECORD": record}.items():
            archive.writestr(path, text)


def test_a_missing_tool_is_installed_where_allowed_else_told(fixer: Fixer, tmp_path: Path) -> None:
    wheel(tmp_path / "wheels", "pricecount")
    install = ".venv/bin/python -m pip install --no-index --find-links ../wheels pricecount"
    project = make_repository(
        tmp_path / "project",
        {
            ".gitignore": ".venv\n",
            "requirements-dev.txt": "pricecount\n",
            "fixer.toml": "[analysis.prices]\npattern = '\\d+'\n"
            f'command = ".venv/bin/pricecount"\ninstall = "{install}"\n',
            "workflow.yml": "commands:\n  - name: prices\n",
        },
    )
    make = [PYTHON, "-m", "venv", "--without-pip", "--system-site-packages", "--clear", ".venv"]
    subprocess.run(make, cwd=project, check=True)
    pip = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(tmp_path / "wheels")}
    env = {"HOME": str(Path.home()), **pip}

    told = fixer("run", "workflow.yml", "--json", cwd=project, env=env)
    assert told.code == ExitCode.NOT_FIXED, told.stderr
    manual = json.loads(told.stdout)["next_steps"][:-1]
    assert manual[0] == install
    assert typed(manual, project, {}).returncode == 0
    assert fixer("run", "workflow.yml", cwd=project, env=env).code == ExitCode.OK

    subprocess.run(make, cwd=project, check=True)
    allowed = {**env, "FIXER_RECOVERY_INSTALL_TOOLS": "true"}
    done = fixer("run", "workflow.yml", cwd=project, env=allowed)
    assert done.code == ExitCode.OK, done.stdout + done.stderr
    assert "prices (settings): value 7" in done.stdout
    assert (project / ".venv/bin/pricecount").exists()
