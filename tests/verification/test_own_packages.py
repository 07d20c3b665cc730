from pathlib import Path

import pytest

from fixer.git import Git
from fixer.schema.command import Invocation
from fixer.schema.patch import new_patch
from fixer.schema.reproduction import Reproduction
from fixer.verification.change import read_change
from fixer.verification.tampering import tampering
from tests.repositories import git, make_repository, write

MANIFEST = '[package]\nname = "{}"\nversion = "0.1.0"\n\n[dependencies]\n'
FILES = {"app/Cargo.toml": MANIFEST.format("app"), "prices/Cargo.toml": MANIFEST.format("prices")}
NEW = {"new/Cargo.toml": MANIFEST.format("new")}


def findings(root: Path, entry: str, more: dict[str, str]) -> list[str]:
    """Declare `entry` in the package `app`, and return what the rules say."""
    make_repository(root, FILES)
    write(root, {"app/Cargo.toml": FILES["app/Cargo.toml"] + entry, **more})
    git(root, "add", "--all", "--intent-to-add")
    diff = git(root, "diff") + "\n"
    git(root, "reset", "--quiet", "--hard")
    command = Invocation(argv=("cargo", "check"))
    reproduction = Reproduction(
        id="r", failure_id="f", name="n", commit="HEAD", runner="cargo", narrowed=command, suite=command,
        deterministic=True, failure_rate=1, runs=1,
    )  # fmt: skip
    patch = new_patch(reproduction_id="r", strategy="s", summary="s", explanation="e", diff=diff)
    return [str(finding) for finding in tampering(read_change(patch, reproduction, Git(root)))]


def test_a_package_that_the_repository_holds_may_be_depended_upon(tmp_path: Path) -> None:
    assert findings(tmp_path / "project", 'prices = { path = "../prices" }\n', {}) == []


@pytest.mark.parametrize(
    ("entry", "more"),
    [
        ('prices = { path = "../../outside" }\n', {}),
        ('prices = { path = "/prices" }\n', {}),
        ('new = { path = "../new" }\n', NEW),
        ('prices = { path = "../prices", git = "https://example.org/prices" }\n', {}),
        ('prices = { git = "https://example.org/prices" }\n', {}),
    ],
)
def test_a_package_from_anywhere_else_is_refused(tmp_path: Path, entry: str, more: dict[str, str]) -> None:
    assert any("elsewhere" in finding for finding in findings(tmp_path / "project", entry, more))
