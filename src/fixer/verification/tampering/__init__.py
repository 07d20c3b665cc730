"""The static rules: a patch's files before and after come in, every sign of cheating goes out, in plain words."""

from fixer.registry import modules
from fixer.verification.change import Change
from fixer.verification.places import is_test_data, steers_runs
from fixer.verification.tampering.base import Finding

_MEMBERS = ("RULE", "findings")


def tampering(change: Change) -> list[Finding]:
    """Ask every rule of the room about the patch; an empty list means that none objects."""
    found: list[Finding] = []
    for module in modules("verification.tampering", _MEMBERS):
        found += module.findings(change)
    return list(dict.fromkeys(found))


def why_disturbed(paths: set[str]) -> str:
    """Return why a run that changed `paths` must not count; empty where none of them states or steers a result."""
    for path in sorted(paths):
        if steers_runs(path) or is_test_data(path):
            return f"the run with the patch itself wrote {path}, which the run on the base leaves alone"
    return ""


__all__ = ["Finding", "tampering", "why_disturbed"]
