from pathlib import Path

import pytest

from fixer.strategies.manifests.known_crates import known
from fixer.worktree import Worktree
from tests.repositories import make_repository

PACKAGE = '[package]\nname = "app"\nversion = "0.1.0"\n'


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CARGO_HOME", str(tmp_path / "cargo"))
    return tmp_path / "cargo"


def tree(tmp_path: Path, files: dict[str, str]) -> Worktree:
    root = make_repository(tmp_path / "project", {"Cargo.toml": PACKAGE, **files})
    return Worktree(root, root)


def test_a_lock_file_gives_the_version_that_is_there(tmp_path: Path) -> None:
    lock = '[[package]]\nname = "either"\nversion = "1.15.0"\nsource = "registry+somewhere"\n'

    found = known("either", "Cargo.toml", tree(tmp_path, {"Cargo.lock": lock}))

    assert found is not None
    assert (found.name, found.requirement) == ("either", "1.15.0")


def test_another_section_gives_its_own_requirement_features_included(tmp_path: Path) -> None:
    manifest = PACKAGE + '[dev-dependencies]\nmy_json = { version = "2", features = ["raw"] }\n'

    found = known("my_json", "Cargo.toml", tree(tmp_path, {"Cargo.toml": manifest}))

    assert found is not None
    assert found.requirement == {"version": "2", "features": ["raw"]}


def test_a_vendored_crate_is_known(tmp_path: Path) -> None:
    vendored = '[package]\nname = "half-life"\nversion = "0.3.1"\n'

    found = known("half_life", "Cargo.toml", tree(tmp_path, {"vendor/half-life/Cargo.toml": vendored}))

    assert found is not None
    assert (found.name, found.requirement) == ("half-life", "0.3.1")


def test_cargos_own_cache_gives_the_newest_version_and_asks_for_a_look(tmp_path: Path, home: Path) -> None:
    cache = home / "registry" / "cache" / "index"
    cache.mkdir(parents=True)
    for name in ("half-life-0.9.0.crate", "half-life-0.10.2.crate", "half-life-more-9.0.0.crate"):
        (cache / name).touch()

    found = known("half_life", "Cargo.toml", tree(tmp_path, {}))

    assert found is not None
    assert (found.name, found.requirement) == ("half-life", "0.10.2")
    assert found.review


def test_a_well_known_crate_keeps_its_own_spelling(tmp_path: Path) -> None:
    found = known("serde_json", "Cargo.toml", tree(tmp_path, {}))

    assert found is not None
    assert found.name == "serde_json"


def test_a_name_that_is_nowhere_is_not_known(tmp_path: Path) -> None:
    assert known("reqwests", "Cargo.toml", tree(tmp_path, {})) is None
