"""Makes the logs beside it by running the Python tools on small red projects: `python tests/parsers/logs/make.py`.

The checkout is shown as a GitHub runner's; nothing else of the output is changed.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
CHECKOUT = "/home/runner/work/shop/shop"

CART = """PRICES = {"apple": 3}


def total(items):
    return sum(price(item) for item in items)


def price(item):
    return PRICES[item]


def ship(weight):
    try:
        return 10 / weight
    except ZeroDivisionError as error:
        raise ValueError(f"weight of {weight} kg") from error
"""
TEST_CART = """import unittest

import pytest

from shop.cart import price, ship, total


def test_total():
    assert total(["apple"]) == 4


@pytest.mark.parametrize("name", ["a pear", "a - b", "x[1]"])
def test_price(name):
    assert price(name) == 1


class TestShip:
    def test_zero(self):
        ship(0)

    class TestDeep:
        def test_message(self):
            assert ship(5) == 3, "shipping of 5 kg"


@pytest.fixture
def broken():
    raise RuntimeError("no database")


def test_setup(broken):
    pass


@pytest.fixture
def late():
    yield 1
    raise OSError("cannot close")


def test_teardown(late):
    assert late == 1


def test_missing_fixture(nothing_here):
    pass


class Case(unittest.TestCase):
    def test_lists(self):
        self.assertEqual([1, 2, 3], [1, 2, 4])

    def test_subs(self):
        for i in range(3):
            with self.subTest(i=i):
                self.assertEqual(i % 2, 0)


def test_log():
    import logging
    try:
        price("zzz")
    except KeyError:
        logging.exception("looked for zzz")
    assert "".join(["a", "b"]) == "ba"


def test_fail():
    pytest.fail("on purpose")


def test_group():
    raise ExceptionGroup("several", [ValueError("one"), TypeError("two")])
"""
TEST_SHOP = '''import unittest

from shop.cart import price


class ShopTest(unittest.TestCase):
    def test_price(self):
        """The price of an apple."""
        self.assertEqual(price("apple"), 4)

    def test_missing(self):
        price("pear")

    def test_subs(self):
        for name in ("apple", "pear"):
            with self.subTest("of fruit", name=name):
                self.assertEqual(len(name), 5)

    def test_chain(self):
        try:
            price("plum")
        except KeyError as error:
            raise ValueError("no such fruit") from error

    def test_long(self):
        self.assertEqual({"a": 1, "b": [1, 2]}, {"a": 1, "b": [1, 3]}, "the two baskets differ")

    @unittest.expectedFailure
    def test_surprise(self):
        pass


class Broken(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        raise RuntimeError("no database")

    def test_one(self):
        pass
'''
LINT = """import os
import sys, re

def f(x):
  return x+1

def g() -> int:
    l = "a"
    return l

print(undefined_name)
"""
TYPES = """import nothing_of_this_name
x: int = "a"
def f(a: int) -> str:
    return a
f("a").foo
"""
RAISES = """import sys


def inner(depth):
    if depth:
        return inner(depth - 1)
    return {}["price"]


def chained():
    try:
        inner(3)
    except KeyError as error:
        raise ValueError("no price") from error


def grouped():
    raise ExceptionGroup("two at once", [ValueError("one"), TypeError("two")])


def deep():
    return deep()


if __name__ == "__main__":
    globals()[sys.argv[1]]()
"""
PYTEST = {"pyproject.toml": '[project]\nname = "shop"\n', "shop/__init__.py": "", "shop/cart.py": CART}
SUITE = {**PYTEST, "tests/test_cart.py": TEST_CART}
UNITTEST = {"shop/__init__.py": "", "shop/cart.py": CART, "tests/__init__.py": "", "tests/test_shop.py": TEST_SHOP}
BROKEN = "def broken(:\n    pass\n"

PY = ("python", "-m")
TEST = (*PY, "pytest", "-p", "no:cacheprovider")
RUFF = (*PY, "ruff")
MYPY = (*PY, "mypy", "--config-file=", "--no-incremental")

RUNS: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {
    "pytest/default": (SUITE, TEST),
    "pytest/quiet": (SUITE, (*TEST, "-q")),
    "pytest/short": (SUITE, (*TEST, "--tb=short")),
    "pytest/line": (SUITE, (*TEST, "--tb=line")),
    "pytest/native": (SUITE, (*TEST, "--tb=native")),
    "pytest/no_traceback": (SUITE, (*TEST, "--tb=no")),
    "pytest/no_summary": (SUITE, (*TEST, "-rN")),
    "pytest/workers": (SUITE, (*TEST, "-v", "-n", "2")),
    "pytest/collection": (
        {**PYTEST, "tests/test_a.py": "import nothing_of_this_name\n", "tests/test_b.py": BROKEN},
        TEST,
    ),
    "pytest/conftest": ({**SUITE, "conftest.py": "import nothing_of_this_name\n"}, TEST),
    "pytest/internal": ({**SUITE, "conftest.py": "def pytest_collection_modifyitems():\n    {}['a']\n"}, TEST),
    "pytest/no_such_file": (SUITE, (*TEST, "tests/test_basket.py")),
    "unittest/default": ({**UNITTEST, "tests/test_bad.py": "from shop.cart import cost\n"}, (*PY, "unittest")),
    "unittest/verbose": (UNITTEST, (*PY, "unittest", "-v")),
    "unittest/passes": (
        {"test_a.py": "import unittest\n\n\nclass A(unittest.TestCase):\n    def test_a(self): pass\n"},
        (*PY, "unittest"),
    ),
    "traceback/chained": ({"tool.py": RAISES}, ("python", "tool.py", "chained")),
    "traceback/grouped": ({"tool.py": RAISES}, ("python", "tool.py", "grouped")),
    "traceback/recursion": ({"tool.py": RAISES}, ("python", "tool.py", "deep")),
    "traceback/syntax": ({"tool.py": BROKEN}, ("python", "tool.py")),
    "traceback/compileall": ({"tool.py": BROKEN}, (*PY, "compileall", "-f", ".")),
    "ruff/full": ({"a.py": LINT, "b.py": BROKEN}, (*RUFF, "check", "--isolated", "--no-cache")),
    "ruff/concise": (
        {"a.py": LINT, "b.py": BROKEN},
        (*RUFF, "check", "--isolated", "--no-cache", "--output-format=concise"),
    ),
    "ruff/grouped": (
        {"a.py": LINT, "b.py": BROKEN},
        (*RUFF, "check", "--isolated", "--no-cache", "--output-format=grouped"),
    ),
    "ruff/github": (
        {"a.py": LINT, "b.py": BROKEN},
        (*RUFF, "check", "--isolated", "--no-cache", "--output-format=github"),
    ),
    "ruff/format": ({"a.py": LINT, "b.py": BROKEN}, (*RUFF, "format", "--isolated", "--no-cache", "--check")),
    "mypy/default": ({"c.py": TYPES}, (*MYPY, "c.py")),
    "mypy/columns": ({"c.py": TYPES}, (*MYPY, "--show-error-end", "c.py")),
    "mypy/pretty": ({"c.py": TYPES}, (*MYPY, "--pretty", "c.py")),
    "mypy/syntax": ({"b.py": BROKEN}, (*MYPY, "b.py")),
}


def run(files: dict[str, str], argv: tuple[str, ...]) -> str:
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        env = {"CI": "true", "PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1", "HOME": folder}
        done = subprocess.run(
            [sys.executable, *argv[1:]],
            cwd=folder,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        text = done.stdout.decode()
        text = text.replace(folder, CHECKOUT).replace(sys.prefix, "/opt/venv").replace(sys.base_prefix, "/usr/local")
    return f"{text}##[error]Process completed with exit code {done.returncode}.\n" if done.returncode else text


def main() -> None:
    for name, (files, argv) in RUNS.items():
        log = HERE / f"{name}.log"
        log.parent.mkdir(exist_ok=True)
        log.write_text(f"##[group]Run {' '.join(argv)}\n##[endgroup]\n{run(files, argv)}")


if __name__ == "__main__":
    main()
