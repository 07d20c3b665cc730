"""Reports of runs that took on more than one failure."""

import pytest

from fixer.reporters.markdown import render
from fixer.schema.report import Report
from tests.reporters.examples import PARTLY
from tests.reporters.test_markdown import HOSTILE, headings, replaced


def test_further_failures_and_what_is_left() -> None:
    text = render(PARTLY)
    assert "some of it is fixed and verified, the rest is not" in text
    fix = text.split("\n## Phase 3: fix")[1].split("\n## ")[0]
    told = [content for tag, content in headings("---\n---\n" + fix) if tag == "h3"]
    assert told == [
        "Verified: Ask for the column price",
        "Rejected: Skip the test",
        "Strategies that made no patch",
        "Failure 2: tests/test\\_prices.py::test\\_export",
        "Verified: Close the file",
        "What is left",
        "Every suite, with all fixes",
    ]
    assert "`3333333333`" in fix
    assert "it does not show here" in fix
    assert "python -m pytest" in fix.split("### Every suite")[1]


@pytest.mark.parametrize("payload", HOSTILE)
def test_quoted_text_of_further_failures_forges_nothing(payload: str) -> None:
    hostile = Report.model_validate(replaced(PARTLY.model_dump(mode="json", by_alias=True), payload))
    assert [tag for tag, _ in headings(render(hostile))] == [tag for tag, _ in headings(render(PARTLY))]
