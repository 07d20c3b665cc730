"""Go is not needed: samples in the forms that its tools document, and what is said where it is missing."""

import shutil
from pathlib import Path

import pytest

from fixer.analysis.base import Project
from fixer.analysis.go import find, read_benchmarks, read_cover, read_vet
from fixer.schema.root_cause import RootCause
from fixer.schema.settings import Settings
from tests.analysis.conftest import Analyze, numbers
from tests.repositories import make_repository, write

PROFILE = """mode: set
shop/cart/cart.go:5.32,7.2 3 1
shop/cart/cart.go:9.20,11.2 1 0
shop/main.go:3.13,5.2 2 0
shop/cart/cart.go:9.20,11.2 1 1
shop/cart/cart.go:5.32,7.2 3 0
"""
FUNCTIONS = """shop/cart/cart.go:5:\tTotal\t\t100.0%
shop/main.go:3:\t\tmain\t\t0.0%
total:\t\t\t(statements)\t66.7%
"""
VET = """# shop/cart
{
\t"shop/cart": {
\t\t"printf": [
\t\t\t{
\t\t\t\t"posn": "/shop/cart/cart.go:6:2",
\t\t\t\t"message": "fmt.Printf format %d has arg s of wrong type string"
\t\t\t}
\t\t]
\t}
}
# shop/cart [shop/cart.test]
{
\t"shop/cart": {
\t\t"printf": [
\t\t\t{
\t\t\t\t"posn": "/shop/cart/cart.go:6:2",
\t\t\t\t"message": "fmt.Printf format %d has arg s of wrong type string"
\t\t\t}
\t\t],
\t\t"unreachable": {
\t\t\t"error": "the analyzer failed"
\t\t}
\t}
}
{}
"""
BENCH = """goos: linux
goarch: amd64
pkg: shop/cart
cpu: Intel(R) Xeon(R)
BenchmarkTotal-8   \t 1000000\t      1250 ns/op\t      24 B/op\t       1 allocs/op
BenchmarkTotal/empty-8         \t1000000000\t         0.2500 ns/op
PASS
ok  \tshop/cart\t1.5s
pkg: shop/tax
BenchmarkTotal \t     100\t    1.5e+06 ns/op
"""


def test_a_coverage_profile_counts_each_block_once() -> None:
    assert numbers(read_cover(PROFILE, FUNCTIONS)) == {"statements": 66.7, "files below 80 %": 1}
    assert numbers(read_cover(PROFILE, "")) == {"statements": 66.67, "files below 80 %": 1}


def test_a_finding_of_vet_counts_once_for_a_package_and_its_tests() -> None:
    assert numbers(read_vet(VET)) == {"errors": 1}
    assert numbers(read_vet("")) == {"errors": 0}


def test_benchmarks_are_named_with_their_packages() -> None:
    found = list(read_benchmarks(BENCH))
    assert [name for name, *_ in found] == ["shop/cart.BenchmarkTotal", "shop/cart.BenchmarkTotal/empty",
                                            "shop/tax.BenchmarkTotal"]  # fmt: skip
    assert [seconds for _, _, seconds, _ in found] == pytest.approx([1250e-9, 0.25e-9, 1.5e-3])


@pytest.mark.skipif(shutil.which("go") is not None, reason="go is installed")
def test_without_go_every_tool_says_so(tmp_path: Path, analyze: Analyze) -> None:
    test = "package shop\n\nfunc BenchmarkTotal(b *testing.B) {}\n"
    project = make_repository(tmp_path / "project", {"api/go.mod": "module shop\n", "api/a_test.go": test})
    ended = analyze(project)
    assert [(label, one.root_cause) for label, one in ended.items()] == [
        (f"{tool} (go, api)", RootCause.MISSING_TOOL) for tool in ("coverage", "lint", "bench")
    ]
    assert {one.install for one in ended.values()} == {"install Go: https://go.dev/dl"}


def test_each_module_counts_and_only_what_applies(tmp_path: Path) -> None:
    write(tmp_path, {"go.mod": "module a\n", "tools/go.mod": "module b\n", "vendor/c/go.mod": "module c\n"})
    tools = find(Project(tmp_path, Settings()))
    assert [tool.series.label for tool in tools if tool.applies] == ["lint (go)", "lint (go, tools)"]
