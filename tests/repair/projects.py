"""Small red projects with their history and their log; quick ones, since whole runs are made of them."""

import json
import subprocess
import sys
from pathlib import Path

from tests.repositories import commit, git, make_repository

CART = '''\
"""A cart."""


class Cart:
    def __init__(self):
        self.prices = []

    def add(self, price):
        self.prices.append(price)

    def subtotal(self):
        return sum(self.prices)

    def grand_total(self, tax):
        return self.subtotal() * (100 + tax) // 100
'''
RECEIPT = """\
from cart import Cart


def receipt(prices, tax):
    cart = Cart()
    for price in prices:
        cart.add(price)
    return f"total {cart.grand_total(tax)}"
"""
TESTS = """\
import unittest

from cart import Cart
from receipt import receipt


class CartTest(unittest.TestCase):
    def test_subtotal(self):
        cart = Cart()
        cart.add(2)
        self.assertEqual(cart.subtotal(), 2)

    def test_receipt(self):
        self.assertEqual(receipt([100, 50], 10), "total 165")


if __name__ == "__main__":
    unittest.main()
"""
GREEN = {
    "cart.py": CART,
    "receipt.py": RECEIPT,
    "test_cart.py": TESTS,
    ".gitignore": "__pycache__/\n*.log\n/info.json\n",
}
RENAMED = CART.replace("def grand_total", "def grand_totals")
WRONG = RECEIPT.replace('"total {', '"totals {')


def red_project(folder: Path, red: dict[str, str] | None = None) -> Path:
    """A green commit, a red one (a renamed method whose caller was missed), and one that has nothing to do with it."""
    make_repository(folder, GREEN)
    commit(folder, {"notes.txt": "one\n"}, "notes")
    commit(folder, red if red is not None else {"cart.py": RENAMED}, "rename the total")
    commit(folder, {"notes.txt": "two\n"}, "more notes")
    write_input(folder)
    return folder


def write_input(folder: Path, **more: object) -> Path:
    """Run the project's tests, keep what they print as the CI log, and write the info.json beside it."""
    done = subprocess.run(
        [sys.executable, "-B", "-m", "unittest", "-v"], cwd=folder, capture_output=True, text=True, check=False
    )
    log = ["##[group]Run python -m unittest -v", "##[endgroup]", *done.stderr.splitlines()]
    log.append(f"##[error]Process completed with exit code {done.returncode}.")
    (folder / "ci.log").write_text("\n".join(log) + "\n", encoding="utf-8")
    request = {"deterministic": True, "prompt": "the receipt is wrong", "raw-logs": "ci.log", **more}
    path = folder / "info.json"
    path.write_text(json.dumps({key: value for key, value in request.items() if value is not None}), encoding="utf-8")
    return path


def branches(folder: Path, pattern: str) -> list[str]:
    return git(folder, "branch", "--list", pattern, "--format=%(refname:short)").split()


def left_behind(folder: Path, home: Path, temporary: Path) -> list[str]:
    """Worktrees, temporary files and processes that a finished run must not leave."""
    left = [line for line in git(folder, "worktree", "list").splitlines()[1:] if line]
    left += [str(path) for path in (home / ".cache" / "fixer").rglob("*") if path.is_file()]
    left += [str(path) for path in temporary.glob("*")]
    left += [str(path) for path in (folder / ".fixer" / "locks").glob("*")]
    for process in Path("/proc").glob("[0-9]*"):
        try:
            where = (process / "cwd").readlink()
        except OSError:
            continue
        if home in where.parents or where == home:
            left.append(f"process {process.name} in {where}")
    return left


DATES = """\
import datetime


def year(text):
    return datetime.date.fromisoformat(text).year
"""
DATES_TESTS = """\
import unittest

from dates import year


class DatesTest(unittest.TestCase):
    def test_year(self):
        self.assertEqual(year("2020-01-02"), 2020)
"""
NO_IMPORT = DATES.replace("import datetime\n\n\n", "")
NEVER_GREEN = (
    "import unittest\n\n\nclass T(unittest.TestCase):\n    def test_never(self):\n        self.assertEqual(1, 2)\n"
)


def twice_red_project(folder: Path, more: dict[str, str] | None = None) -> Path:
    """A project whose log shows two failures that have nothing to do with each other: a rename, a missing import."""
    make_repository(folder, {**GREEN, "dates.py": DATES, "test_dates.py": DATES_TESTS, **(more or {})})
    commit(folder, {"cart.py": RENAMED}, "rename the total")
    commit(folder, {"dates.py": NO_IMPORT}, "tidy the imports")
    write_input(folder)
    return folder
