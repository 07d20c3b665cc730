"""The report as JSON: what `fixer report --json` prints and what is stored beside the Markdown."""

from fixer.schema.report import Report
from fixer.schema.workflow_report import WorkflowReport


def render(report: Report | WorkflowReport) -> str:
    """Return every field of the report; its type reads it back unchanged."""
    return report.model_dump_json(indent=2, by_alias=True) + "\n"
