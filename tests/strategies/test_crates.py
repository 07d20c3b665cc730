import pytest

from fixer.strategies import crates
from fixer.strategies.base import NotMine
from tests.strategies.conftest import MakeCase

IGNORED = {".gitignore": "target\n"}
BUILD = ("cargo", "check", "--offline", "--quiet", "--workspace", "--all-targets")


def package(name: str, more: str = "") -> str:
    return f'[package]\nname = "{name}"\nversion = "0.1.0"\nedition = "2021"\n{more}'


TWO = {
    **IGNORED,
    "Cargo.toml": '[workspace]\nmembers = ["app", "price-list"]\nresolver = "2"\n',
    "app/Cargo.toml": package("app", "\n[dependencies]\n"),
    "price-list/Cargo.toml": package("price-list"),
    "price-list/src/lib.rs": "pub fn all() -> [u32; 2] { [1, 2] }\n",
}


def test_a_crate_of_the_project_is_declared_by_its_path_with_the_lock_file(make_case: MakeCase) -> None:
    lock = "version = 4\n" + "".join(
        f'\n[[package]]\nname = "{name}"\nversion = "0.1.0"\n' for name in ("app", "price-list")
    )
    case = make_case(
        {**TWO, "Cargo.lock": lock, "app/src/lib.rs": "pub fn n() -> u32 { price_list::all()[0] }\n"},
        BUILD,
        tool="cargo",
    )

    patch = case.mended_by(crates.propose(case.case))

    assert '+price-list = {path = "../price-list"}' in patch.diff
    assert "+++ b/Cargo.lock" in patch.diff


def test_what_the_workspace_declares_is_inherited_and_tests_get_a_dev_dependency(make_case: MakeCase) -> None:
    files = {
        **TWO,
        "Cargo.toml": TWO["Cargo.toml"] + '\n[workspace.dependencies]\nprice-list = { path = "price-list" }\n',
        "app/src/lib.rs": "",
        "app/tests/all.rs": "use price_list::all;\n#[test]\nfn two() { assert_eq!(all().len(), 2) }\n",
    }
    case = make_case(files, BUILD, tool="cargo", test_files=["app/tests/all.rs"])

    patch = case.mended_by(crates.propose(case.case))

    assert "[dev-dependencies]\n+price-list = {workspace = true}\n" in patch.diff


def test_a_name_that_nothing_knows_is_never_added(make_case: MakeCase) -> None:
    files = {**TWO, "app/src/lib.rs": "pub fn n() -> u32 { hepler_of_nobody::all()[0] }\n"}
    case = make_case(files, BUILD, tool="cargo")

    with pytest.raises(NotMine, match="cargo add hepler-of-nobody"):
        next(crates.propose(case.case))


def test_a_module_of_the_package_that_is_not_declared_is_no_crate(make_case: MakeCase) -> None:
    files = {
        **TWO,
        "app/src/lib.rs": "pub fn n() -> u32 { prices::ONE }\n",
        "app/src/prices.rs": "pub const ONE: u32 = 1;\n",
    }
    case = make_case(files, BUILD, tool="cargo")

    with pytest.raises(NotMine, match="mod prices;"):
        next(crates.propose(case.case))
