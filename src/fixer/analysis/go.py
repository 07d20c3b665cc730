"""Go modules: `go test -coverprofile`, `go vet` and `go test -bench`.

Sources: coverage profiles (https://pkg.go.dev/golang.org/x/tools/cover), `go tool cover -func`, `go vet -json`
(https://pkg.go.dev/golang.org/x/tools/go/analysis/unitchecker), the benchmark format
(https://go.dev/design/14313-benchmark-format, nanoseconds an operation).
"""

import json
import re
from collections.abc import Iterator

from fixer.analysis.base import (
    BENCH,
    COVERAGE,
    LINT,
    Measured,
    Project,
    Session,
    Tool,
    bench_metrics,
    coverage_metrics,
    failed,
    lint_metrics,
    missing,
    percent,
)
from fixer.analysis.running.folders import files_below, folders_with, text_of
from fixer.schema.analysis import Metric, Series
from fixer.schema.command import CommandResult
from fixer.schema.root_cause import RootCause

ECOSYSTEM = "go"
GO = "install Go: https://go.dev/dl"
_BLOCK = re.compile(r"^(?P<file>.+):\d+\.\d+,\d+\.\d+ (?P<statements>\d+) (?P<count>\d+)$", re.MULTILINE)
_TOTAL = re.compile(r"^total:\s+\(statements\)\s+([\d.]+)%", re.MULTILINE)
_RESULT = re.compile(r"^(Benchmark\S*?)(?:-\d+)?\s+\d+\s+([\d.e+-]+) ns/op", re.MULTILINE)
_PACKAGE = re.compile(r"^pkg: (\S+)", re.MULTILINE)
_NOT_BUILT = re.compile(r"\[(?:build|setup) failed\]|^# \S+.*\n\S+\.go:\d+|^vet: ", re.MULTILINE)
_NO_MODULE = re.compile(r"no required module provides package|missing go\.sum entry|cannot find (?:package|module)")
_NANO = 1e-9


def find(project: Project) -> list[Tool]:
    """Return the tools for every module in the repository; `./...` does not reach into a nested one."""
    tools = []
    for folder in folders_with(project.root, ("go.mod",)):
        tests = [text_of(path) for path in files_below(project.root / folder, ("*_test.go",))]
        for name, program, measure, applies in (
            (COVERAGE, "go test -cover", _coverage, bool(tests)),
            (LINT, "go vet", _lint, True),
            (BENCH, "go test -bench", _bench, any("func Benchmark" in text for text in tests)),
        ):
            tools.append(Tool(Series(tool=name, ecosystem=ECOSYSTEM, folder=folder), program, measure, applies))
    return tools


def _no_go(session: Session) -> Measured:
    return missing("Go is not installed", session.run("go", "version"), GO)


def _failed(result: CommandResult) -> Measured:
    text = result.output
    if _NO_MODULE.search(text):
        return failed(result, RootCause.MISSING_DEPENDENCY)
    if _NOT_BUILT.search(text):
        return failed(result, RootCause.COMPILE_ERROR)
    found = re.search(r"^--- FAIL: .*", text, re.MULTILINE)
    if found:
        return failed(result, RootCause.TEST_FAILURE, f"the tests do not pass: {found[0]}")
    return failed(result)


def _version(session: Session) -> str:
    return session.run("go", "version").stdout.strip().removeprefix("go version ")


def _coverage(session: Session) -> Measured:
    if session.which("go") is None:
        return _no_go(session)
    profile = session.scratch / "cover.out"
    ran = session.run("go", "test", f"-coverprofile={profile}", "./...")
    if not ran.passed or not profile.exists():
        return _failed(ran)
    said = session.run("go", "tool", "cover", f"-func={profile}")
    if not said.passed:
        return failed(said)
    text = profile.read_text(encoding="utf-8", errors="replace")
    return Measured(metrics=read_cover(text, said.stdout), result=ran, version=_version(session))


def read_cover(profile: str, functions: str) -> tuple[Metric, ...]:
    """Return the metrics in a coverage profile and the output of `go tool cover -func`; Go counts statements."""
    counted: dict[str, dict[str, tuple[int, bool]]] = {}
    for found in _BLOCK.finditer(profile):
        blocks = counted.setdefault(found["file"], {})
        place = found[0].rsplit(" ", 2)[0]
        # A block appears once for every package whose tests ran it.
        seen = blocks.get(place, (0, False))[1]
        blocks[place] = (int(found["statements"]), seen or int(found["count"]) > 0)
    files = {
        name: percent(sum(n for n, hit in blocks.values() if hit), sum(n for n, _ in blocks.values()))
        for name, blocks in counted.items()
    }
    total = _TOTAL.search(functions)
    every = [block for blocks in counted.values() for block in blocks.values()]
    share = float(total[1]) if total else percent(sum(n for n, hit in every if hit), sum(n for n, _ in every))
    return tuple(
        metric.model_copy(update={"name": "statements"}) if metric.name == "lines" else metric
        for metric in coverage_metrics(share, files)
    )


def _lint(session: Session) -> Measured:
    if session.which("go") is None:
        return _no_go(session)
    ran = session.run("go", "vet", "-json", "./...")
    if not ran.passed:
        return _failed(ran)
    # Up to Go 1.23 on stderr, since then on stdout.
    return Measured(metrics=read_vet(ran.output), result=ran, version=_version(session))


def read_vet(text: str) -> tuple[Metric, ...]:
    """Return the metrics in the output of `go vet -json`: JSON objects, with comment lines between them."""
    text = "\n".join(line for line in text.splitlines() if not line.startswith("#")).strip()
    decoder = json.JSONDecoder()
    places = set()
    while text:
        packages, end = decoder.raw_decode(text)
        text = text[end:].strip()
        for analyzers in packages.values():
            for name, findings in analyzers.items():
                # An analyzer that failed has an object with its error in place of the list.
                for finding in findings if isinstance(findings, list) else []:
                    # A package and its test variant say the same.
                    places.add((name, finding["posn"], finding["message"]))
    return lint_metrics(len(places))


def _bench(session: Session) -> Measured:
    if session.which("go") is None:
        return _no_go(session)
    ran = session.run("go", "test", "-run", "^$", "-bench", ".", "./...")
    if not ran.passed:
        return _failed(ran)
    metrics = bench_metrics(read_benchmarks(ran.stdout))
    reason = "" if metrics else "there is no benchmark: no test file has a function Benchmark…"
    return Measured(metrics=metrics, result=ran, version=_version(session), reason=reason)


def read_benchmarks(text: str) -> Iterator[tuple[str, str, float, float]]:
    """Yield the mean of each benchmark, named with its package; Go says nothing of its noise."""
    packages = [(found.start(), found[1]) for found in _PACKAGE.finditer(text)]
    for found in _RESULT.finditer(text):
        package = next((name for start, name in reversed(packages) if start < found.start()), "")
        yield f"{package}.{found[1]}".lstrip("."), "mean", float(found[2]) * _NANO, 0.0
