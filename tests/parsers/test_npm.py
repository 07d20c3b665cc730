"""npm's own output, made by running it (see logs/make_others.py)."""

import pytest

from fixer.parsers import failures_in, lines_of
from tests.parsers.reading import expected, names, said


@pytest.mark.parametrize("name", names("npm"))
def test_says_what_the_log_says(name: str) -> None:
    assert said("npm", name) == expected("npm", name)


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        ("npm ERR! code EACCES", "environment"),
        ("npm error code ENOENT", "environment"),
        (" ERR_PNPM_FETCH_404  GET https://registry.example.org/x: Not Found - 404", "missing_dependency"),
        (" ERR_PNPM_OUTDATED_LOCKFILE  Cannot install with frozen-lockfile", "missing_dependency"),
        (" ERR_PNPM_FETCH_401  GET https://registry.example.org/x: Unauthorized - 401", "auth_error"),
        (" ERR_PNPM_META_FETCH_FAIL  GET https://registry.example.org/x: request failed", "network_error"),
        (" ERR_PNPM_NO_SCRIPT  Missing script: build", "environment"),
    ],
)
def test_each_code_has_its_cause(line: str, cause: str) -> None:
    (failure,) = [f for f in failures_in(lines_of([line])) if f.tool == "npm"]
    assert failure.root_cause == cause


def test_that_a_script_failed_is_what_the_script_says() -> None:
    found = failures_in(lines_of([" ERR_PNPM_RECURSIVE_RUN_FIRST_FAIL  shop@1.0.0 lint: `eslint .`"]))
    assert [f for f in found if f.tool == "npm"] == []
