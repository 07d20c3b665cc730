"""The report as JSON: what `fixer report --json` prints and what is stored beside the Markdown."""

from fixer.schema.report import Report


def render(report: Report) -> str:
    """Return every field of the report; `Report.model_validate_json` reads it back unchanged."""
    return report.model_dump_json(indent=2, by_alias=True) + "\n"
