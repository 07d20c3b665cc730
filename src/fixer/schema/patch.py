"""A change that may mend the failure, and where it came from."""

from fixer.schema.base import Record, content_id


class Patch(Record):
    """A unified diff with its origin. Nothing in it is believed before the gate ran it."""

    id: str
    reproduction_id: str
    strategy: str
    """Name of the module in `strategies` that made it."""
    summary: str
    """One line, imperative, fit for a commit subject: "Import datetime in report.py"."""
    explanation: str
    """Why this should mend it, for people."""
    diff: str
    """`git diff` form with a/ and b/, against the fix's base; applied with `git apply`."""
    requirements: tuple[str, ...] = ()
    """Packages (PEP 508) that the patch declares and that must be installed before it can be verified."""
    needs_review: str = ""
    """What a person should look at before merging; empty when the tests settle it."""
    prompt: str = ""
    """Name and version of the prompt that a model was asked with, as `fix@1`; empty: no model was asked."""


def new_patch(  # noqa: PLR0913 - one keyword a field
    *,
    reproduction_id: str,
    strategy: str,
    summary: str,
    explanation: str,
    diff: str,
    requirements: tuple[str, ...] = (),
    needs_review: str = "",
    prompt: str = "",
) -> Patch:
    """Build a patch whose id follows from its content, so that the same idea is verified once."""
    return Patch(
        id=content_id(reproduction_id, diff, *requirements),
        reproduction_id=reproduction_id,
        strategy=strategy,
        summary=summary,
        explanation=explanation,
        diff=diff,
        requirements=requirements,
        needs_review=needs_review,
        prompt=prompt,
    )
