"""The table of `fixer analyze`: numbers beside those of the last time, better or worse, and how to mend a failure."""

import io

import pytest
from rich.console import Console

from fixer.reporters.metrics import Analysed, Comparison, amount, as_json, in_one_line, print_analysis, print_history
from fixer.schema.analysis import Better, Measurement, Metric, Series, ToolRun
from fixer.schema.recovery import Recovery, RecoveryAttempt
from fixer.schema.root_cause import RootCause

COVERAGE = Series(tool="coverage", ecosystem="python")
LINT = Series(tool="lint", ecosystem="rust", folder="backend")


def lines(value: float, **changes: object) -> Metric:
    return Metric.model_validate({"name": "lines", "value": value, "unit": "%", "better": "higher", **changes})


def measured(series: Series, *metrics: Metric, at: float = 0.0) -> Measurement:
    return Measurement(series=series, metrics=metrics, program="tool", commit="0123456789abcdef", dirty=True, at=at)


def printed(*analysed: Analysed) -> str:
    console = Console(file=io.StringIO(), width=200, color_system=None)
    print_analysis(analysed, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize(
    ("better", "before", "now", "noise", "verdict"),
    [
        ("higher", 80, 81, 0, "better"),
        ("higher", 81, 80, 0, "worse"),
        ("lower", 81, 80, 0, "better"),
        ("lower", 0, 1, 0, "worse"),
        ("", 1, 2, 0, "changed"),
        ("lower", 1.0, 1.04, 0.05, "same"),
        ("lower", 1.0, 1.2, 0.05, "worse"),
        ("lower", 0, 0, 0.05, "same"),
        ("higher", None, 5, 0, "new"),
    ],
)
def test_what_a_change_means(better: Better, before: float | None, now: float, noise: float, verdict: str) -> None:
    assert Comparison(Metric(name="a", value=now, better=better, noise=noise), before).verdict == verdict


def test_numbers_stand_beside_those_of_the_last_time() -> None:
    speed = Metric(name="mean", value=0.002, unit="s", better="lower", subject="test_a[bold]", noise=0.05)
    coverage = ToolRun(series=COVERAGE, program="coverage.py", metrics=(lines(85.5), speed))
    earlier = [measured(COVERAGE, lines(80)), measured(COVERAGE, speed.model_copy(update={"value": 0.001}), lines(10))]
    assert printed(Analysed(coverage, earlier)).splitlines() == [
        "TOOL               METRIC              NOW     BEFORE  CHANGE",
        "coverage (python)  lines               85.5 %  80 %    +5.5 % better",
        "coverage (python)  test_a[bold]: mean  2 ms    1 ms    +1 ms, +100.0% worse",
    ]


def test_a_failure_is_told_with_the_way_to_mend_it() -> None:
    missing = ToolRun(
        series=LINT,
        program="clippy",
        root_cause=RootCause.MISSING_TOOL,
        reason="clippy is \x1b[31mnot\x1b[0m installed",
        install="rustup component add clippy",
    )
    assert printed(Analysed(missing)).splitlines() == [
        "lint (rust, backend) failed: clippy is not installed (missing_tool)",
        "    mend it: rustup component add clippy",
    ]
    told = Recovery(recovered=False, reason="no playbook fits", manual_steps=("cargo add rand", "cargo clippy"))
    assert printed(Analysed(missing, (), told)).splitlines()[1:] == [
        "    not recovered: no playbook fits",
        "    mend it: cargo add rand",
        "    mend it: cargo clippy",
    ]


@pytest.mark.parametrize(
    ("cause", "ecosystem", "step"),
    [
        (RootCause.TIMEOUT, "python", "fixer analyze coverage --timeout 3600"),
        (RootCause.TIMEOUT, "settings", "raise analysis.coverage.timeout_seconds in the settings"),
        (RootCause.OUT_OF_MEMORY, "python", "FIXER_SANDBOX_MEMORY_MB=16384 fixer analyze coverage"),
    ],
)
def test_a_limit_that_was_reached_can_be_raised(cause: RootCause, ecosystem: str, step: str) -> None:
    series = Series(tool="coverage", ecosystem=ecosystem)
    said = printed(Analysed(ToolRun(series=series, program="p", root_cause=cause, reason="it was killed")))
    assert said.splitlines()[-1] == f"    mend it: {step}"


def test_what_was_recovered_and_what_was_stored_is_said() -> None:
    attempt = RecoveryAttempt(number=1, by="declare", summary="declared rand")
    recovery = Recovery(recovered=True, attempts=(attempt,), commit="fedcba9876543210")
    run = ToolRun(series=LINT, program="clippy", metrics=(), reason="there is no benchmark", cached_at=0.0)
    said = printed(Analysed(run, (), recovery)).splitlines()
    assert said[0].startswith("lint (rust, backend): as it was measured at 19")
    assert said[1:] == [
        "lint (rust, backend) was recovered (commit fedcba9876): declared rand",
        "lint (rust, backend): there is no benchmark",
    ]


def test_one_line_for_the_step_of_a_workflow() -> None:
    runs = [
        ToolRun(series=COVERAGE, program="c", metrics=(lines(85.5), Metric(name="files", value=2, unit="files"))),
        ToolRun(series=LINT, program="clippy", root_cause=RootCause.MISSING_TOOL, reason="clippy is not\ninstalled"),
    ]
    assert in_one_line(runs) == (
        "coverage (python): lines 85.5 %, files 2; lint (rust, backend): clippy is not installed"
    )


def test_history_and_json() -> None:
    console = Console(file=io.StringIO(), width=200, color_system=None)
    print_history([measured(COVERAGE, lines(80)), measured(COVERAGE, lines(79.5))], console)
    assert isinstance(console.file, io.StringIO)
    rows = [line.split("  ") for line in console.file.getvalue().splitlines()]
    assert [row[-1].strip() for row in rows] == ["COMMIT", *["0123456789 with changes"] * 2]
    (tool,) = as_json(
        [Analysed(ToolRun(series=COVERAGE, program="c", metrics=(lines(1),)), [measured(COVERAGE, lines(2))])]
    )
    assert (tool["tool"], tool["ecosystem"], tool["passed"]) == ("coverage", "python", True)
    assert isinstance(tool["metrics"], list)
    assert (tool["metrics"][0]["before"], tool["metrics"][0]["verdict"]) == (2, "worse")


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.0, "s", "0 ns"),
        (1.5e-6, "s", "1.5 µs"),
        (75, "s", "75 s"),
        (-0.25, "s", "-250 ms"),
        (12345.0, "findings", "12,345"),
        (12.3456789, "%", "12.3457 %"),
        (3, "", "3"),
        (1e300, "kB", "1e+300 kB"),
    ],
)
def test_amounts(value: float, unit: str, text: str) -> None:
    assert amount(value, unit) == text
