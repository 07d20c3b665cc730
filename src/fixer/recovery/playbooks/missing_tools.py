"""A tool that is not installed: installed into the project's environment where that is allowed, else what to type."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from fixer.recovery.playbooks.base import Remedy
from fixer.recovery.scene import Scene
from fixer.recovery.tools import node, python
from fixer.reporters.quoting import clean_line
from fixer.schema.command import Ending
from fixer.strategies.base import NotMine
from fixer.strategies.manifests import project
from fixer.strategies.manifests.base import canonical

ORDER = 10
PYTHON_TOOLS: Mapping[str, str] = {
    "pytest": "pytest", "py.test": "pytest", "ruff": "ruff", "mypy": "mypy", "black": "black", "isort": "isort",
    "flake8": "flake8", "pylint": "pylint", "coverage": "coverage", "tox": "tox", "nox": "nox", "pyright": "pyright",
    "hypothesis": "hypothesis", "bandit": "bandit", "pre-commit": "pre-commit", "build": "build", "twine": "twine",
    "sphinx-build": "sphinx", "pip-audit": "pip-audit", "behave": "behave", "robot": "robotframework", "pdm": "pdm",
    "poetry": "poetry", "uv": "uv", "hatch": "hatch", "pytest_benchmark": "pytest-benchmark",
    "pydocstyle": "pydocstyle",
}  # fmt: skip
"""Command or module -> package that brings it."""
NODE_TOOLS: Mapping[str, str] = {
    "eslint": "eslint", "prettier": "prettier", "jest": "jest", "vitest": "vitest", "mocha": "mocha", "c8": "c8",
    "nyc": "nyc", "tsc": "typescript", "ts-node": "ts-node", "tsx": "tsx", "webpack": "webpack", "vite": "vite",
    "rollup": "rollup", "esbuild": "esbuild", "playwright": "@playwright/test", "cypress": "cypress",
    "stylelint": "stylelint", "biome": "@biomejs/biome", "rimraf": "rimraf", "cross-env": "cross-env",
}  # fmt: skip
CARGO_TOOLS: Mapping[str, str] = {
    "clippy": "rustup component add clippy", "fmt": "rustup component add rustfmt",
    "llvm-cov": "cargo install cargo-llvm-cov", "tarpaulin": "cargo install cargo-tarpaulin",
    "nextest": "cargo install cargo-nextest", "audit": "cargo install cargo-audit", "deny": "cargo install cargo-deny",
    "criterion": "cargo install cargo-criterion", "udeps": "cargo install cargo-udeps",
    "hack": "cargo install cargo-hack",
    "outdated": "cargo install cargo-outdated", "watch": "cargo install cargo-watch",
    "expand": "cargo install cargo-expand",
    "machete": "cargo install cargo-machete", "make": "cargo install cargo-make", "insta": "cargo install cargo-insta",
    "mutants": "cargo install cargo-mutants",
}  # fmt: skip
SYSTEM_TOOLS: Mapping[str, str] = {
    "make": "make", "cmake": "cmake", "ninja": "ninja-build", "gcc": "gcc", "g++": "g++", "clang": "clang",
    "clang-format": "clang-format", "clang-tidy": "clang-tidy", "git": "git", "curl": "curl", "wget": "wget",
    "jq": "jq",
    "pkg-config": "pkg-config", "protoc": "protobuf-compiler", "java": "default-jdk", "javac": "default-jdk",
    "mvn": "maven", "gradle": "gradle", "go": "golang", "ruby": "ruby", "php": "php", "composer": "composer",
    "node": "nodejs", "npm": "npm", "npx": "npm", "cargo": "cargo", "rustc": "rustc", "python3": "python3",
    "shellcheck": "shellcheck", "zip": "zip", "unzip": "unzip", "xz": "xz-utils", "valgrind": "valgrind", "gdb": "gdb",
    "docker": "docker.io", "psql": "postgresql-client", "sqlite3": "sqlite3", "ffmpeg": "ffmpeg", "dot": "graphviz",
    "autoconf": "autoconf", "automake": "automake", "bison": "bison", "flex": "flex", "lcov": "lcov",
}  # fmt: skip
"""Command -> package of Debian and Ubuntu."""
_WORD = r"([A-Za-z0-9][\w.+-]{0,60})"
_SAID: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("module", re.compile(rf"^\S*python[\d.]*(?:\.exe)?: No module named {_WORD}$", re.MULTILINE)),
    ("cargo", re.compile(rf"no such (?:sub)?command: `{_WORD}`")),
    ("cargo", re.compile(rf"'cargo-{_WORD}(?:\.exe)?' is not installed for the toolchain")),
    # bash and zsh; dash and busybox; make. A plain `x: not found` may be anything.
    ("command", re.compile(rf"(?:^|: ){_WORD}: command not found\s*$|command not found: {_WORD}\s*$", re.MULTILINE)),
    ("command", re.compile(rf"^\S*: (?:line )?\d+: {_WORD}: not found\s*$", re.MULTILINE)),
    ("command", re.compile(rf"^make(?:\[\d+\])?: {_WORD}: (?:No such file|[Cc]ommand not found)", re.MULTILINE)),
    (
        "command",
        re.compile(rf"(?:exec|spawn|env): [\"'\u2018]?{_WORD}[\"'\u2019]?[:,]? (?:ENOENT|.*not found|No such file)"),
    ),
    ("npx", re.compile(rf"npx canceled due to missing packages.*\[\"{_WORD}@")),
    ("npx", re.compile(r"could not determine executable to run")),
)

_ABSENT = re.compile(r"not found|No such file|cannot find", re.IGNORECASE)


def remedies(scene: Scene) -> Iterator[Remedy]:
    """Yield the one way in which the missing tool is installed; the command that whoever ran it knows goes first.

    Raises:
        NotMine: no tool is missing, or nothing says which package brings it.
    """
    install = scene.context.install
    if not install:
        yield from _by_name(scene)
        return
    try:
        remedy = next(_by_name(scene))
    except NotMine:
        remedy = Remedy(
            f"Install what is missing: {clean_line(install)}", allowed=False, why_not="it is no package of the project"
        )
    yield replace(remedy, typed=(install,))


def _by_name(scene: Scene) -> Iterator[Remedy]:
    kind, name = _missing(scene)
    repository = scene.ground.repository
    if kind == "cargo":
        yield _by_hand(name, CARGO_TOOLS.get(name, ""), "cargo's tools are the user's, not the project's")
        return
    package = _declared_python(name, scene) or PYTHON_TOOLS.get(name)
    if kind == "module" or (package and not node.declares(repository / scene.cwd, name)):
        if package is None:
            raise NotMine(f"'{name}' is declared nowhere in the project, and fixer never installs a guessed name")
        yield python.tool(package, scene)
    elif node.declares(repository / scene.cwd, NODE_TOOLS.get(name, name)) or name in NODE_TOOLS:
        yield node.tool(NODE_TOOLS.get(name, name), scene)
    else:
        package = SYSTEM_TOOLS.get(name)
        command = f"sudo apt-get install {package}" if package else ""
        yield _by_hand(name, command, "it is a tool of the system")


def _missing(scene: Scene) -> tuple[str, str]:
    """Return what sort of tool is missing, and its name."""
    result = scene.context.result
    first = PurePosixPath(result.argv[0]).name if result.argv else ""
    if result.ending is Ending.NOT_STARTED and first and _ABSENT.search(result.reason) and _is_a_tool(result.argv[0]):
        return "command", first
    for kind, pattern in _SAID:
        if found := pattern.search(result.output):
            names = [name for name in found.groups() if name]
            words = names or [word for word in result.argv[1:] if not word.startswith("-")]
            if words:
                return kind, words[0]
    raise NotMine("no tool is missing")


def _is_a_tool(program: str) -> bool:
    """Whether a program is looked up on PATH or in an environment; a script of the project is not installed."""
    return "/" not in program or PurePosixPath(program).parent.name in {"bin", ".bin", "Scripts"}


def _declared_python(name: str, scene: Scene) -> str | None:
    """Return the package where the project declares one of the tool's name, or of the package that brings it."""
    top = scene.ground.repository
    files = [path for path in scene.tree.git.files(scene.tree.commit) if not (top / path).is_symlink()]
    declared = project.read(files, lambda path: (scene.tree.path / path).read_text(encoding="utf-8", errors="replace"))
    names = {entry for group in declared.groups for entry in group.names}
    return next((one for one in (PYTHON_TOOLS.get(name, name), name) if canonical(one) in names), None)


def _by_hand(name: str, command: str, why: str) -> Remedy:
    typed = (command,) if command else (f"# install '{clean_line(name)}' and put it on PATH",)
    return Remedy(f"Install {name}", allowed=False, why_not=why, typed=typed)
