"""A run that fixed nothing in, what its user can type to fix it out: out of the library of error patterns."""

from pathlib import Path

from fixer.diagnosis.explain import known
from fixer.diagnosis.own_patterns import library
from fixer.diagnosis.patterns import Library, shipped
from fixer.errors import ConfigError
from fixer.repair.draft import Draft
from fixer.schema.report import Outcome

NOT_FIXED = frozenset({Outcome.PARTIAL, Outcome.FAILED, Outcome.OUT_OF_TIME})
LOOKED_AT = 20
MOST = 3
"""Failures that steps are given for."""


def by_hand(draft: Draft) -> tuple[str, ...]:
    """Return a step for each of the run's first failures that the library knows; none where something was fixed."""
    if draft.delivery is not None or draft.outcome not in NOT_FIXED:
        return ()
    own = draft.rounds[0].failure
    failures = ([own] if own else []) + [failure for failure in draft.failures if failure != own]
    patterns = _patterns(draft)
    found = (known(failure, patterns) for failure in failures[:LOOKED_AT])
    told = dict.fromkeys(f"By hand: {match.told()}" for match in found if match)
    return tuple(told)[:MOST]


def _patterns(draft: Draft) -> Library:
    """Return the project's library; where its own files became unreadable meanwhile, the report must not be lost."""
    try:
        return library(Path(draft.given.repository), draft.given.settings.patterns_dir)
    except ConfigError:
        return shipped()
