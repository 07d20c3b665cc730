"""Tests in other languages than Python: line by line, nothing may go and nothing may be skipped."""

import re
from collections import Counter
from collections.abc import Iterator

from fixer.verification.change import Change, TouchedFile
from fixer.verification.places import is_python, is_test_code
from fixer.verification.tampering.base import Finding

RULE = "other-tests"
_SKIPS = re.compile(
    r"\b(it|test|describe|suite|context|specify)\s*\.\s*(skip|todo|only|fails|failing|skipIf|runIf)\b|\bx(it|test|describe)\s*\("
    r"|\bf(it|describe)\s*\(|\bthis\.skip\(|@(Ignore|Disabled|Ignored)\b|#\[\s*(ignore|should_panic)|\bt\.Skip(f|Now)?\("
    r"|\bb\.Skip|\bcfg_attr\([^)]*ignore|\bpending\b|\bassumeTrue\(|\bskip\s+[\"'$]|\bskip_if\b|\bmarkTestSkipped"
    r"|\[(Ignore|Fact\(Skip)|@tag\s+:skip|\bit\.each\(\[\]\)|\bjest\.(mock|spyOn|retryTimes)|\bvi\.(mock|spyOn)|\bretry\s*[:(]"
)
_OPENS = re.compile(
    r"^\s*((it|test|describe|context|specify|suite)(\.\w+)*\s*\(|#\[(test|tokio::test|rstest|case)|func\s+(Test|Benchmark|Fuzz)"
    r"|@(Test|ParameterizedTest)|(public\s+)?function\s+test|def\s+test_|@test\s|\[(Fact|Theory|Test)|test_\w+\s*\(\))"
)
_IMPORT = re.compile(r"^\s*(import\b|use\s|const\s.*=\s*require\(|var\s.*=\s*require\(|let\s.*=\s*require\(|require\b"
                     r"|#include|from\s|mod\s|extern\s+crate|package\s)")  # fmt: skip


def findings(change: Change) -> Iterator[Finding]:
    """Yield lines of tests that are gone or changed, and marks that skip or replace."""
    for file in change.files:
        if is_python(file.path) or file.after is None:
            continue
        if (
            not is_test_code(file.path)
            and not file.path.endswith(".rs")
            and file.path not in change.reproduction.test_files
        ):
            continue
        before, after = _tests_of(file, file.before or ""), _tests_of(file, file.after)
        yield from _skipped(file, before)
        if file.before is not None:
            yield from _gone(file, before, after)


def _tests_of(file: TouchedFile, text: str) -> list[str]:
    """Return the lines that hold tests: all, or for Rust's source those from its test module on."""
    lines = text.splitlines()
    if not file.path.endswith(".rs") or is_test_code(file.path):
        return lines
    start = next((at for at, line in enumerate(lines) if re.match(r"\s*#\[cfg\(test\)\]", line)), len(lines))
    return lines[start:]


def _skipped(file: TouchedFile, before: list[str]) -> Iterator[Finding]:
    if not is_test_code(file.path) and not before:
        return
    known = Counter(match.group() for line in before for match in _SKIPS.finditer(line))
    for number, line in file.added:
        for match in _SKIPS.finditer(line):
            if known[match.group()] > 0:
                known[match.group()] -= 1
            else:
                yield Finding(
                    RULE, file.path, number, f"a new `{match.group().strip()}` keeps a test from running as it was"
                )


def _gone(file: TouchedFile, before: list[str], after: list[str]) -> Iterator[Finding]:
    """Yield what is left of the old text when format, imports and new tests are taken away on both sides."""
    old, new = _form(before), _form(after)
    if old == new:
        return
    if not new.startswith(old.rstrip("})")):
        kept = Counter(_forms(after))
        for number, line in enumerate(before, start=1):
            form = _form([line])
            if form and kept[form] == 0 and not _IMPORT.match(line):
                yield Finding(RULE, file.path, number, f"the line `{line.strip()[:100]}` of a test is changed or gone")
                return
            kept[form] -= 1
        yield from _unasked(file)


def _unasked(file: TouchedFile) -> Iterator[Finding]:
    """Where nothing is gone, a block of new lines must be a new test, not something put into an old one."""
    previous = -1
    for number, line in file.added:
        if not line.strip() or _IMPORT.match(line) or re.match(r"^\s*(//|#(?!\[)|\*|/\*|[})\];]+$)", line):
            previous = number if number == previous + 1 else previous
            continue
        above = (file.after or "").splitlines()[number - 2] if number > 1 else ""
        opened = _OPENS.match(line) or (_OPENS.match(above) and above.strip().startswith(("#", "@", "[")))
        if number != previous + 1 and not opened:
            yield Finding(RULE, file.path, number, f"the line `{line.strip()[:100]}` is put into an old test")
            return
        previous = number


def _forms(lines: list[str]) -> list[str]:
    return [form for form in (_form([line]) for line in lines) if form]


def _form(lines: list[str]) -> str:
    """Return the text without what formatters change: white space, semicolons, trailing commas, kinds of quotes."""
    text = "\n".join(re.sub(r"\s//.*$|^\s*//.*$", "", line) for line in lines if not _IMPORT.match(line))
    text = re.sub(r"[\s;]+", "", text.replace("'", '"').replace("`", '"'))
    return re.sub(r",(?=[)\]}])", "", text)
