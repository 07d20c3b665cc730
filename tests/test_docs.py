"""The pages of docs/ run as they stand."""

from pathlib import Path

import pytest

from tests.docs_runner import run_page

DOCS = Path(__file__).parents[1] / "docs"


@pytest.mark.parametrize("name", ["workflows.md"])
def test_a_page_runs_as_it_stands(name: str, tmp_path: Path) -> None:
    assert run_page(DOCS / name, tmp_path) > 0
