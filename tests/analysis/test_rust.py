"""Clippy and `cargo bench`, really run; coverage tools, which are not here, by samples in the form they document."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from fixer.analysis.base import Project
from fixer.analysis.rust import find, read_clippy, read_criterion, read_libtest, read_llvm_cov, read_tarpaulin
from fixer.schema.root_cause import RootCause
from fixer.schema.settings import Settings
from tests.analysis.conftest import Analyze, files_of, numbers
from tests.repositories import make_repository, write

needs_cargo = pytest.mark.skipif(shutil.which("cargo") is None, reason="cargo is not installed")
LIB = """pub fn total(prices: &[u32]) -> u32 {
    let sum: u32 = prices.iter().sum();
    return sum;
}

#[cfg(test)]
mod tests {
    #[test]
    fn sums() {
        assert_eq!(super::total(&[1, 2]), 3);
    }
}
"""
FILES = {
    "backend/Cargo.toml": '[package]\nname = "shop"\nversion = "0.1.0"\nedition = "2021"\n\n'
    '[[bench]]\nname = "speed"\nharness = false\n',
    "backend/src/lib.rs": LIB,
    "backend/benches/speed.rs": """fn main() {
    println!("test cart::total ... bench:       1,250.50 ns/iter (+/- 125.05)");
    let home = std::env::var("CRITERION_HOME").unwrap();
    let folder = std::path::Path::new(&home).join("cart/empty/new");
    std::fs::create_dir_all(&folder).unwrap();
    let mean = r#"{"mean": {"point_estimate": 2000.0, "standard_error": 20.0}}"#;
    std::fs::write(folder.join("estimates.json"), mean).unwrap();
}
""",
}


@needs_cargo
def test_clippy_and_bench_measure_and_say_why_they_cannot(tmp_path: Path, analyze: Analyze) -> None:
    project = make_repository(tmp_path / "project", FILES)
    before = files_of(project)
    ended = analyze(project, "lint", "bench")
    lint, bench = ended["lint (rust, backend)"], ended["bench (rust, backend)"]
    # The finding is said twice, for the library and for its tests.
    assert numbers(lint.metrics) == {"errors": 0, "warnings": 1}
    assert numbers(bench.metrics) == pytest.approx({"cart::total median": 1250.5e-9, "cart/empty mean": 2000e-9})
    assert [metric.noise for metric in bench.metrics] == [0.1, 0.05]
    assert lint.version
    assert bench.version

    write(project, {"backend/src/lib.rs": "#![deny(clippy::needless_return)]\n" + LIB})
    assert numbers(analyze(project, "lint")["lint (rust, backend)"].metrics) == {"errors": 1, "warnings": 0}

    write(project, {"backend/src/lib.rs": LIB.replace("return sum", "return sun")})
    broken = analyze(project, "lint", "bench")
    assert [(one.root_cause, "cannot find value `sun`" in one.reason) for one in broken.values()] == [
        (RootCause.COMPILE_ERROR, True),
        (RootCause.COMPILE_ERROR, True),
    ]

    write(project, {"backend/src/lib.rs": "use rand::random;\n"})
    assert analyze(project, "lint")["lint (rust, backend)"].root_cause is RootCause.MISSING_DEPENDENCY
    assert {name for name in files_of(project) if not name.startswith(".fixer")} == before


@needs_cargo
def test_missing_tools_are_named(tmp_path: Path, analyze: Analyze, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cargo that has no further command: one of the same version, without the folder where cargo looks for them."""
    project = make_repository(tmp_path / "project", FILES)
    programs = tmp_path / "bin"
    programs.mkdir()
    sysroot = subprocess.run(["rustc", "--print", "sysroot"], capture_output=True, text=True, check=True).stdout.strip()
    for name in ("cargo", "rustc"):
        (programs / name).symlink_to(Path(sysroot) / "bin" / name)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    monkeypatch.setenv("CARGO_HOME", str(tmp_path))
    ended = analyze(project, "coverage", "lint")
    assert [(one.root_cause, one.install, one.reason) for one in ended.values()] == [
        (
            RootCause.MISSING_TOOL,
            "cargo install cargo-llvm-cov",
            "neither cargo-llvm-cov nor cargo-tarpaulin is installed",
        ),
        (RootCause.MISSING_TOOL, "rustup component add clippy", "clippy is not installed"),
    ]
    assert all(one.result and "no such command" in one.result.stderr for one in ended.values())


def message(level: str, code: str | None, line: int, text: str = "said") -> str:
    """As in https://doc.rust-lang.org/cargo/reference/external-tools.html."""
    span = {"file_name": "src/lib.rs", "line_start": line, "column_start": 5, "is_primary": True}
    inner = {"level": level, "code": {"code": code} if code else None, "message": text, "spans": [span] * bool(line)}
    return json.dumps(
        {"reason": "compiler-message", "target": {}, "message": {**inner, "rendered": f"{level}: {text}"}}
    )


def test_clippys_messages_count_once_each() -> None:
    finding = message("warning", "clippy::needless_return", 3)
    lines = [
        '{"reason":"compiler-artifact","fresh":true}', finding, finding, message("warning", "unused", 4),
        message("error", "clippy::eq_op", 9), message("warning", None, 0, "2 warnings emitted"),
        '{"reason":"build-finished","success":false}', "not json",
    ]  # fmt: skip
    metrics, broken = read_clippy("\n".join(lines))
    assert (numbers(metrics), broken) == ({"errors": 1, "warnings": 2}, "")


@pytest.mark.parametrize("code", ["E0425", None])
def test_an_error_of_the_compiler_is_no_finding(code: str | None) -> None:
    assert read_clippy(message("error", code, 2, "expected `;`"))[1] == "error: expected `;`"


def summary(covered: int, count: int) -> dict[str, object]:
    return {"count": count, "covered": covered, "notcovered": count - covered, "percent": 100 * covered / max(count, 1)}


def test_what_llvm_cov_exports_is_read() -> None:
    parts = {"branches": summary(0, 0), "functions": summary(3, 4), "lines": summary(9, 12), "regions": summary(5, 9)}
    file = {"filename": "/shop/src/lib.rs", "segments": [], "summary": parts}
    report = {
        "data": [{"files": [file], "functions": [], "totals": parts}],
        "type": "llvm.coverage.json.export",
        "version": "2.0.1",
        "cargo_llvm_cov": {"version": "0.6.16", "manifest_path": "/shop/Cargo.toml"},
    }
    metrics, version = read_llvm_cov(report)
    assert numbers(metrics) == {"lines": 75.0, "functions": 75.0, "files below 80 %": 1}
    assert version == "cargo-llvm-cov 0.6.16"


def test_what_tarpaulin_writes_is_read() -> None:
    traces = [{"line": 2, "address": [], "length": 1, "stats": {"Line": 1}}]
    files = [
        {"path": ["/", "shop", "src", "a.rs"], "content": "", "traces": traces, "covered": 9, "coverable": 10},
        {"path": ["/", "shop", "src", "b.rs"], "content": "", "traces": [], "covered": 0, "coverable": 10},
    ]
    assert numbers(read_tarpaulin({"files": files})[0]) == {"lines": 45.0, "files below 80 %": 1}


def test_libtest_and_criterion(tmp_path: Path) -> None:
    text = "running 2 tests\ntest a ... bench:         120 ns/iter (+/- 6)\n"
    text += "test b::c ... bench:   1,000.25 ns/iter (+/- 0.00)\n"
    found = list(read_libtest(text))
    assert [(name, what, noise) for name, what, _, noise in found] == [("a", "median", 0.05), ("b::c", "median", 0.0)]
    assert [seconds for _, _, seconds, _ in found] == pytest.approx([120e-9, 1000.25e-9])
    assert list(read_criterion(tmp_path)) == []


def test_a_workspace_is_one_place(tmp_path: Path) -> None:
    write(tmp_path, {"Cargo.toml": "[workspace]\n", "a/Cargo.toml": "", "b/Cargo.toml": "", "target/x/Cargo.toml": ""})
    tools = find(Project(tmp_path, Settings()))
    assert [(tool.series.label, tool.applies) for tool in tools] == [
        ("coverage (rust)", True),
        ("lint (rust)", True),
        ("bench (rust)", False),
    ]
