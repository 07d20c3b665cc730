"""Paths of build machines become paths of the repository."""

import pytest

from fixer.ci_log.paths import checkout_of, in_repository


@pytest.mark.parametrize(
    ("path", "inside"),
    [
        ("/home/runner/work/shop/shop/src/a.py", "src/a.py"),
        ("D:\\a\\shop\\shop\\src\\a.py", "src/a.py"),
        ("/builds/group/project/src/a.py", "src/a.py"),
        ("/__w/shop/shop/a.py", "a.py"),
        ("/github/workspace/a.py", "a.py"),
        ("/home/travis/build/o/r/a.py", "a.py"),
        ("/home/circleci/project/a.py", "a.py"),
        ("/var/lib/jenkins/workspace/job/a.py", "a.py"),
        ("/app/src/a.py", "src/a.py"),
        ("./src/a.py", "src/a.py"),
        ("src/a.py", "src/a.py"),
        ("/usr/lib/python3/dist-packages/a.py", "/usr/lib/python3/dist-packages/a.py"),
        ("/home/runner/work/_temp/x/a.py", "/home/runner/work/_temp/x/a.py"),
    ],
)
def test_in_repository(path: str, inside: str) -> None:
    assert in_repository(path) == inside


def test_a_root_that_the_log_names() -> None:
    assert in_repository("/srv/me/shop/a.py", ("/srv/me/shop",)) == "a.py"
    assert in_repository("/srv/me/shopping/a.py", ("/srv/me/shop",)) == "/srv/me/shopping/a.py"


def test_a_tests_own_name_tells_the_checkout() -> None:
    assert checkout_of("tests/test_a.py::test_x", ["/srv/shop/a.py", "/srv/shop/tests/test_a.py"]) == "/srv/shop"
    assert checkout_of("tests.test_a.Case.test_x", ["/srv/shop/tests/test_a.py"]) == "/srv/shop"
    assert checkout_of("tests.test_a.Case.test_x", ["/srv/shop/other.py"]) is None
