"""Projects that fixer cannot read: their own command shows the failure, and the history shows the way back."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import Fixer
from tests.repositories import commit, git, make_repository, users_state

pytestmark = pytest.mark.slow

JAVASCRIPT = {
    "package.json": '{"name": "cart", "version": "1.0.0", "scripts": {"test": "node --test"}}\n',
    "cart.js": "exports.total = (prices, tax) => Math.round(prices.reduce((a, b) => a + b, 0) * (100 + tax)) / 100;\n"
    "exports.count = (prices) => prices.length;\n",
    "cart.test.js": "const test = require('node:test');\nconst assert = require('node:assert');\n"
    "const { total, count } = require('./cart');\n"
    "test('adds the tax', () => assert.strictEqual(total([10, 5], 20), 18));\n"
    "test('counts', () => assert.strictEqual(count([1, 2]), 2));\n",
}
C = {
    "Makefile": "test: cart\n\t./cart\ncart: cart.c\n\t$(CC) -o cart cart.c\n",
    "cart.c": "#include <assert.h>\nint total(int a, int b) {\n    return a + b;\n}\n\n\n\n\n\nint main(void) {\n"
    "    assert(total(2, 3) == 5);\n    return 0;\n}\n",
    ".gitignore": "cart\n",
}


def red(folder: Path, files: dict[str, str], path: str, change: tuple[str, str], command: list[str]) -> str:
    """Make a history whose last but one commit breaks the project, with its log and info.json beside it."""
    make_repository(folder, files)
    commit(folder, {"notes.txt": "one\n"}, "notes")
    culprit = commit(folder, {path: files[path].replace(*change), "CHANGES": "faster\n"}, "make it faster")
    commit(folder, {"notes.txt": "two\n"}, "more notes")
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    log = f"##[group]Run {' '.join(command)}\n##[endgroup]\n{done.stdout}{done.stderr}"
    log += f"##[error]Process completed with exit code {done.returncode}.\n"
    git(folder, "clean", "-fdxq")
    (folder / "ci.log").write_text(log, encoding="utf-8")
    request = {"deterministic": True, "prompt": "the build is red", "raw-logs": "ci.log"}
    (folder / "info.json").write_text(json.dumps(request), encoding="utf-8")
    return culprit


@pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed")
def test_javascript(tmp_path: Path, fixer: Fixer) -> None:
    folder = tmp_path / "project"
    culprit = red(folder, JAVASCRIPT, "cart.js", ("(100 + tax)", "(100 - tax)"), ["npm", "test"])
    before = users_state(folder)
    ran = fixer("run", "info.json", "--json", cwd=folder)
    report = json.loads(ran.stdout)
    assert ran.code == 0, ran.stderr
    assert report["diagnosis"]["minimal_change"]["culprit"] == culprit
    assert report["attempts"][-1]["patch"]["needs_review"]
    branch = report["delivery"]["branch"]
    assert git(folder, "diff", "--name-only", "main", branch).split() == ["cart.js"]
    assert git(folder, "show", f"{branch}:cart.js") == JAVASCRIPT["cart.js"].strip()
    assert users_state(folder) == before


@pytest.mark.skipif(shutil.which("make") is None or shutil.which("cc") is None, reason="make or cc is not installed")
def test_c_that_does_not_compile(tmp_path: Path, fixer: Fixer) -> None:
    folder = tmp_path / "project"
    culprit = red(folder, C, "cart.c", ("return a + b;", "return a + bb;"), ["make", "test"])
    ran = fixer("run", "info.json", "--json", cwd=folder)
    report = json.loads(ran.stdout)
    assert ran.code == 0, ran.stdout[-3000:] + ran.stderr
    assert report["diagnosis"]["minimal_change"]["culprit"] == culprit
    assert git(folder, "show", f"{report['delivery']['branch']}:cart.c") == C["cart.c"].strip()
