"""Haskell's output, written after its documentation: it is not on every machine that runs these tests."""

from fixer.parsers import failures_in, lines_of

COMPILE = """[1 of 2] Compiling Main             ( app/Main.hs, Main.o )

app/Main.hs:7:18: error: [GHC-83865]
    • Couldn't match type `Int' with `[Char]'
      Expected: String
app/Cart.hs:3:1: error:
    Could not find module `Data.Prices'
    Use -v to see a list of the files searched for.
app/Main.hs:9:1: warning: [-Wunused]
    Defined but not used: `x'"""
HSPEC = """Failures:

  test/CartSpec.hs:12:5:
  1) Cart, total, adds up prices
       expected: 3
        but got: 2

  To rerun use: --match "/Cart/total/adds up prices/"
"""


def said(log: str) -> list[tuple[str, str | None, str | None, int | None, str]]:
    failures = failures_in(lines_of(log.split("\n")))
    return [(f.message, f.test, f.file, f.line, f.root_cause) for f in failures if f.tool == "ghc"]


def test_the_message_stands_below_the_place() -> None:
    assert said(COMPILE) == [
        ("Couldn't match type `Int' with `[Char]'", None, "app/Main.hs", 7, "compile_error"),
        ("Could not find module `Data.Prices'", None, "app/Cart.hs", 3, "missing_dependency"),
    ]


def test_hspec_names_place_and_title() -> None:
    assert said(HSPEC) == [("expected: 3", "Cart, total, adds up prices", "test/CartSpec.hs", 12, "test_failure")]
