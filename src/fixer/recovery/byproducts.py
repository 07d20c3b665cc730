"""A repository in; a file with what builds leave in it out, so that git does not take that for part of a change.

Many small projects have no .gitignore: what the failed command itself writes must not end in the recovery's commit.
"""

from pathlib import Path

from fixer.git import Git
from fixer.own_files import make_ignored, replace

PATTERNS = (
    "__pycache__/", "*.py[co]", ".pytest_cache/", ".mypy_cache/", ".ruff_cache/", ".hypothesis/", ".tox/", ".nox/",
    ".coverage", ".coverage.*", "*.egg-info/", ".venv/", "venv/", "node_modules/", ".nyc_output/",
    # Cargo's, and no other folder of that name.
    "target/debug/", "target/release/", "target/tmp/", "target/doc/", "target/.rustc_info.json", "target/CACHEDIR.TAG",
    "*.o", "*.class", ".gradle/",
)  # fmt: skip
"""As in a .gitignore; files that git tracks are seen all the same."""


def flags(repository: Path) -> tuple[str, ...]:
    """Return what goes before the git command, so that it sees none of them; the user's own list counts as well."""
    git = Git(repository)
    named = git.run("config", "--path", "core.excludesFile", check=False).stdout.strip()
    default = Path.home() / ".config" / "git" / "ignore"
    own = Path(named) if named else default
    kept = own.read_bytes() if own.is_file() else b""
    make_ignored(repository / ".fixer")
    file = repository / ".fixer" / "byproducts"
    replace(file, kept.rstrip(b"\n") + b"\n" + "\n".join(PATTERNS).encode() + b"\n")
    return ("-c", f"core.excludesFile={file}")
