"""Rust projects: cargo-llvm-cov or cargo-tarpaulin, clippy, and `cargo bench` with libtest or criterion.

Sources: `cargo llvm-cov --json` (the export format of llvm-cov, https://llvm.org/docs/CommandGuide/llvm-cov.html),
tarpaulin's JSON (https://github.com/xd009642/tarpaulin), cargo's messages
(https://doc.rust-lang.org/cargo/reference/external-tools.html#json-messages), criterion's estimates
(https://bheisler.github.io/criterion.rs/book/user_guide/csv_output.html, nanoseconds).
"""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

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
from fixer.analysis.running.folders import files_below, folders_with, outermost, text_of
from fixer.project import listing, mapping, read_toml
from fixer.schema.analysis import Metric, Series
from fixer.schema.command import CommandResult
from fixer.schema.root_cause import RootCause

ECOSYSTEM = "rust"
CARGO = "install Rust with cargo: https://rustup.rs"
_NO_LLVM = re.compile(r"llvm-tools(?:-preview)?")
_FAILED_TESTS = re.compile(r"^test result: FAILED|^error: (?:\d+ targets? failed|test failed)", re.MULTILINE)
_BUILD_ERROR = re.compile(r"^error(?:\[E\d{4}\])?: ", re.MULTILINE)
_MISSING_CRATE = re.compile(
    r"^error\[E043[23]\].*(?:undeclared crate|unlinked crate|unresolved import|undeclared type)|"
    r"^error\[E0463\]|^error: no matching package|can't find crate for",
    re.MULTILINE,
)
_LIBTEST = re.compile(
    r"^test (?P<name>\S.*?)\s+\.\.\. bench:\s+(?P<ns>[\d,.]+) ns/iter \(\+/- (?P<spread>[\d,.]+)\)", re.MULTILINE
)
_CLIPPY = ("clippy", "--workspace", "--all-targets")
_NANO = 1e-9


def find(project: Project) -> list[Tool]:
    """Return the tools for every cargo package or workspace in the repository."""
    tools = []
    for folder in outermost(folders_with(project.root, ("Cargo.toml",))):
        place = project.root / folder
        for name, program, measure, applies in (
            (COVERAGE, "cargo-llvm-cov or tarpaulin", _coverage, True),
            (LINT, "clippy", _lint, True),
            (BENCH, "cargo bench", _bench, _has_benchmarks(place)),
        ):
            series = Series(tool=name, ecosystem=ECOSYSTEM, folder=folder)
            tools.append(Tool(series, program, measure, applies, byproducts=("Cargo.lock",)))
    return tools


def _has_benchmarks(folder: Path) -> bool:
    if "bench" in read_toml(folder / "Cargo.toml"):
        return True
    return any("benches" in path.parts or "#[bench]" in text_of(path) for path in files_below(folder, ("*.rs",)))


def _cargo(session: Session, *arguments: str) -> CommandResult:
    """Run cargo; what it builds goes into fixer's own cache: a user's build is neither slowed down nor changed."""
    return session.run("cargo", *arguments, env={"CARGO_TARGET_DIR": str(session.cache / "cargo")})


def _no_cargo(session: Session) -> Measured:
    return missing("cargo is not installed", session.run("cargo", "--version"), CARGO)


def _failed(result: CommandResult) -> Measured:
    if _MISSING_CRATE.search(result.output):
        return failed(result, RootCause.MISSING_DEPENDENCY, _first_error(result))
    if _FAILED_TESTS.search(result.output):
        return failed(result, RootCause.TEST_FAILURE, "the tests do not pass: " + _first_failed(result))
    if _BUILD_ERROR.search(result.output):
        return failed(result, RootCause.COMPILE_ERROR, _first_error(result))
    return failed(result)


def _first_error(result: CommandResult) -> str:
    found = _BUILD_ERROR.search(result.output)
    return result.output[found.start() :].splitlines()[0][:300] if found else ""


def _first_failed(result: CommandResult) -> str:
    line = next((line for line in result.output.splitlines() if line.startswith("test result: FAILED")), "")
    return line or "cargo test failed"


# -- coverage


def _coverage(session: Session) -> Measured:
    if session.which("cargo") is None:
        return _no_cargo(session)
    llvm = session.run("cargo", "llvm-cov", "--version")
    report = session.scratch / "coverage.json"
    if llvm.passed:
        ran = _cargo(session, "llvm-cov", "--workspace", "--json", "--output-path", str(report))
        if not ran.passed and not _BUILD_ERROR.search(ran.stdout) and _NO_LLVM.search(ran.stderr):
            install = "rustup component add llvm-tools-preview"
            return missing("the LLVM tools, which cargo-llvm-cov needs, are not installed", ran, install)
        return _covered(ran, report, read_llvm_cov)
    if session.run("cargo", "tarpaulin", "--version").passed:
        options = ["--workspace", "--skip-clean", "--out", "Json", "--output-dir", str(session.scratch)]
        report = session.scratch / "tarpaulin-report.json"
        return _covered(_cargo(session, "tarpaulin", *options), report, read_tarpaulin)
    return missing("neither cargo-llvm-cov nor cargo-tarpaulin is installed", llvm, "cargo install cargo-llvm-cov")


def _covered(
    ran: CommandResult, report: Path, read: Callable[[dict[str, Any]], tuple[tuple[Metric, ...], str]]
) -> Measured:
    if not ran.passed or not report.exists():
        return _failed(ran)
    metrics, version = read(json.loads(report.read_bytes()))
    return Measured(metrics=metrics, result=ran, version=version)


def read_llvm_cov(report: dict[str, Any]) -> tuple[tuple[Metric, ...], str]:
    """Return the metrics in a report of `cargo llvm-cov --json`, and its version."""
    data = report["data"][0]
    totals = data["totals"]
    files = {entry["filename"]: _llvm_share(entry["summary"]["lines"]) for entry in data["files"]}
    branches = mapping(totals.get("branches"))
    version = str(mapping(report.get("cargo_llvm_cov")).get("version", ""))
    metrics = coverage_metrics(
        _llvm_share(totals["lines"]),
        files,
        # Branches are counted on nightly toolchains only: elsewhere there are none.
        branches=_llvm_share(branches) if branches.get("count") else None,
        functions=_llvm_share(totals["functions"]),
    )
    return metrics, f"cargo-llvm-cov {version}".strip()


def _llvm_share(summary: dict[str, Any]) -> float:
    return percent(summary["covered"], summary["count"])


def read_tarpaulin(report: dict[str, Any]) -> tuple[tuple[Metric, ...], str]:
    """Return the metrics in `tarpaulin-report.json`."""
    files = {"/".join(map(str, entry["path"])): percent(entry["covered"], entry["coverable"])
             for entry in report["files"]}  # fmt: skip
    covered = sum(entry["covered"] for entry in report["files"])
    coverable = sum(entry["coverable"] for entry in report["files"])
    return coverage_metrics(percent(covered, coverable), files), "cargo-tarpaulin"


# -- lint


def _lint(session: Session) -> Measured:
    if session.which("cargo") is None:
        return _no_cargo(session)
    asked = session.run("cargo", "clippy", "--version")
    if not asked.passed:
        return missing("clippy is not installed", asked, "rustup component add clippy")
    ran = _cargo(session, *_CLIPPY, "--message-format", "json", "--quiet")
    metrics, broken = read_clippy(ran.stdout)
    if broken:
        cause = RootCause.MISSING_DEPENDENCY if _MISSING_CRATE.search(broken) else RootCause.COMPILE_ERROR
        # Once more in the form for people: it is what whoever mends it reads, and types again.
        return failed(_cargo(session, *_CLIPPY), cause, f"it does not compile: {broken.splitlines()[0]}")
    # Lints that are denied end clippy with 101; they are findings all the same.
    if not ran.passed and not any(metric.value for metric in metrics if metric.name == "errors"):
        return _failed(ran)
    return Measured(metrics=metrics, result=ran, version=asked.stdout.strip().removeprefix("clippy "))


def read_clippy(text: str) -> tuple[tuple[Metric, ...], str]:
    """Return the metrics in cargo's messages, and the first error that is the compiler's own, as it was rendered.

    One finding is said once for every target that the file belongs to; it counts once.
    """
    found: dict[tuple[object, ...], str] = {}
    broken = ""
    for message in _messages(text):
        code = str(mapping(message.get("code")).get("code") or "")
        spans = listing(message.get("spans"))
        level = str(message.get("level"))
        if level not in {"error", "warning"} or not spans:
            continue
        if level == "error" and (not code or re.fullmatch(r"E\d{4}", code)):
            broken = broken or str(message.get("rendered") or message.get("message"))
        place = tuple(
            (s.get("file_name"), s.get("line_start"), s.get("column_start")) for s in spans if s.get("is_primary")
        )
        found[code, message.get("message"), place] = level
    levels = list(found.values())
    return lint_metrics(levels.count("error"), levels.count("warning")), broken


def _messages(text: str) -> Iterator[dict[str, Any]]:
    for line in text.splitlines():
        if line.startswith("{"):
            entry = json.loads(line)
            if entry.get("reason") == "compiler-message":
                yield entry["message"]


# -- bench


def _bench(session: Session) -> Measured:
    if session.which("cargo") is None:
        return _no_cargo(session)
    home = session.scratch / "criterion"
    ran = session.run(
        "cargo", "bench", "--workspace",
        env={"CARGO_TARGET_DIR": str(session.cache / "cargo"), "CRITERION_HOME": str(home)},
    )  # fmt: skip
    if not ran.passed:
        return _failed(ran)
    metrics = bench_metrics([*read_libtest(ran.stdout), *read_criterion(home)])
    reason = "" if metrics else "there is no benchmark: `cargo bench` measured nothing"
    version = session.run("cargo", "--version").stdout.strip().removeprefix("cargo ")
    return Measured(metrics=metrics, result=ran, version=version, reason=reason)


def read_libtest(text: str) -> Iterator[tuple[str, str, float, float]]:
    """Yield the median of each benchmark that the output of `#[bench]` functions has; its spread is its noise."""
    for found in _LIBTEST.finditer(text):
        nanoseconds = float(found["ns"].replace(",", ""))
        spread = float(found["spread"].replace(",", ""))
        yield found["name"], "median", nanoseconds * _NANO, spread / nanoseconds if nanoseconds else 0.0


def read_criterion(home: Path) -> Iterator[tuple[str, str, float, float]]:
    """Yield the mean of each benchmark that criterion wrote below its home folder; its standard error is its noise."""
    for path in sorted(home.glob("**/new/estimates.json")):
        mean = json.loads(path.read_bytes())["mean"]
        value = float(mean["point_estimate"])
        noise = float(mean["standard_error"]) / value if value else 0.0
        yield str(path.parent.parent.relative_to(home)), "mean", value * _NANO, noise
