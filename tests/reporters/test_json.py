"""The report as JSON can be read back unchanged."""

import json

import pytest

from fixer.reporters.json import render
from fixer.schema.report import Outcome, Report
from tests.reporters.examples import of_outcome


@pytest.mark.parametrize("outcome", Outcome)
def test_reads_back_unchanged(outcome: Outcome) -> None:
    report = of_outcome(outcome)
    assert Report.model_validate_json(render(report)) == report


def test_keys_are_those_of_the_schema() -> None:
    keys = set(json.loads(render(of_outcome(Outcome.FIXED))))
    assert keys == set(Report.model_fields)
