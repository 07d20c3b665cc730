"""dotnet test's output, written after its documentation: the tool is not on every machine that runs these tests."""

from fixer.distiller.verdict import root_cause
from fixer.parsers import failures_in, lines_of

LOG = """  Failed Shop.Tests.CartTest.AddsUp [12 ms]
  Error Message:
   Assert.Equal() Failure: Values differ
Expected: 4
  Stack Trace:
     at Shop.Tests.CartTest.AddsUp() in /home/runner/work/shop/shop/tests/CartTest.cs:line 14
/builds/a/shop/src/Cart.cs(7,16): error CS0103: The name 'missing' does not exist [/builds/a/shop/Shop.csproj]
/builds/a/shop/src/Shop.csproj : error NU1101: Unable to find package Nothing. [/builds/a/shop/Shop.sln]"""


def test_says_what_the_log_says() -> None:
    told = [
        (f.tool, f.kind, f.test, f.file, f.line, f.message, f.root_cause)
        for f in failures_in(lines_of(LOG.split("\n")))
    ]
    assert told == [
        ("dotnet", "compile", None, "src/Cart.cs", 7, "CS0103 The name 'missing' does not exist", "compile_error"),
        ("dotnet", "dependency", None, None, None, "NU1101 Unable to find package Nothing.", "missing_dependency"),
        (
            "dotnet",
            "test",
            "Shop.Tests.CartTest.AddsUp",
            "tests/CartTest.cs",
            14,
            "Assert.Equal() Failure: Values differ",
            "test_failure",
        ),
    ]


def test_a_source_of_packages_that_refuses() -> None:
    log = [
        "/a/Shop.csproj : error NU1301: Unable to load the service index for source https://p.example/v3/index.json.",
        "/a/Shop.csproj : error NU1301:   Response status code does not indicate success: 401 (Unauthorized).",
    ]
    failures = failures_in(lines_of(log))
    assert [f.root_cause for f in failures] == ["network_error", "auth_error"]
    assert root_cause(failures, []) == "auth_error"
