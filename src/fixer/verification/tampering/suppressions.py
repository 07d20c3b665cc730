"""Comments and attributes that tell a linter, a type checker or a coverage tool to look away."""

import re
from collections import Counter
from collections.abc import Iterator

from fixer.verification.change import Change
from fixer.verification.tampering.base import Finding

RULE = "suppressions"
_MARKS = re.compile(
    r"#\s*noqa\b|#\s*ruff:\s*noqa|#\s*flake8[:=]\s*noqa|#\s*type:\s*ignore|#\s*pyright:|#\s*mypy:|#\s*pytype:"
    r"|#\s*pylint:\s*disable|#\s*pragma:\s*no\s*(cover|branch)|#\s*fmt:\s*(off|skip)|#\s*yapf:\s*disable|#\s*nosec\b"
    r"|#\s*isort:\s*(skip|off)|#\s*doctest:\s*\+SKIP|#\s*pyre-(ignore|fixme)|#\s*nopycln|#\s*ruff:\s*isort"
    r"|\beslint-disable|@ts-(ignore|nocheck|expect-error)|\bistanbul ignore|\bc8 ignore|\bv8 ignore|\bprettier-ignore"
    r"|\bbiome-ignore|\bjshint\s+ignore|\bstylelint-disable|\bdeno-lint-ignore|\bNOSONAR\b|\bnoinspection\b"
    r"|#!?\[\s*(cfg_attr\(.*)?(allow|expect)\s*\(|#!?\[\s*rustfmt::skip|//\s*nolint|//\s*#nosec|//\s*lint:ignore"
    r"|@SuppressWarnings|@SuppressLint|@Suppress\b|\brubocop:(disable|todo)|\bshellcheck\s+disable|#pragma\s+warning"
    r"|\bNOLINT|clang-format\s+off|coverage:ignore|codecov:ignore|:nocov:|@codeCoverageIgnore|phpcs:(ignore|disable)"
    r"|\byamllint\s+disable|markdownlint-disable|hadolint\s+ignore|@?typing\.no_type_check|@no_type_check\b",
    re.IGNORECASE,
)


def findings(change: Change) -> Iterator[Finding]:
    """Yield marks that the new texts have more of than the old ones, over all files."""
    known = Counter(_form(match.group()) for file in change.files for match in _MARKS.finditer(file.before or ""))
    total = Counter(_form(match.group()) for file in change.files for match in _MARKS.finditer(file.after or ""))
    for file in change.files:
        for number, line in file.added:
            for match in _MARKS.finditer(line):
                if total[_form(match.group())] > known[_form(match.group())]:
                    mark = match.group().strip()
                    yield Finding(RULE, file.path, number, f"a new `{mark}` hides the report instead of mending it")


def _form(mark: str) -> str:
    return re.sub(r"\s+", "", mark).lower()
