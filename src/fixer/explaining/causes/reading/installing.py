"""How packages and tools are installed where it is known for sure: their names in, what to type out."""

from collections.abc import Sequence

from fixer import lazy_re as re
from fixer.explaining.causes.reading.shell import plain, shell_line

_PACKAGES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (r"cannot load such file", r"\bbundle |\brspec|\brake", ("bundle", "add")),
    (r"providing package|provides package", r"\bgo (?:build|test|vet|run)", ("go", "get")),
    (r"crate for|unresolved import|no matching package", r"\bcargo ", ("cargo", "add")),
    (r"Cannot find module|Can't resolve|Cannot find package|Could not find module", r"\byarn ", ("yarn", "add")),
    (r"Cannot find module|Can't resolve|Cannot find package", r"\bpnpm ", ("pnpm", "add")),
    (r"Cannot find module '|Can't resolve|Cannot find package '", r"", ("npm", "install")),
    (r"no package called", r"", ("Rscript", "-e")),
)
_SYSTEM = {
    "bc", "cmake", "curl", "ffmpeg", "file", "gcc", "git", "graphviz", "imagemagick", "jq", "make", "nasm",
    "ninja-build", "patch", "pkg-config", "rsync", "shellcheck", "tree", "unzip", "wget", "xvfb", "zip", "zstd",
}  # fmt: skip
"""Tools whose package has their own name on Debian and Ubuntu."""
_PYTHON = {"black", "coverage", "flake8", "hatch", "isort", "mypy", "nox", "pip-compile", "pipenv", "poetry",
           "pre-commit", "pylint", "pytest", "ruff", "tox", "twine", "uv"}  # fmt: skip
_NODE = {"eslint": "eslint", "jest": "jest", "mocha": "mocha", "prettier": "prettier", "tsc": "typescript",
         "ts-node": "ts-node", "vite": "vite", "vitest": "vitest", "webpack": "webpack", "rimraf": "rimraf",
         "cross-env": "cross-env"}  # fmt: skip
_OTHERS = {
    "pnpm": "corepack enable pnpm",
    "yarn": "corepack enable yarn",
    "cargo-nextest": "cargo install --locked cargo-nextest",
    "cargo-clippy": "rustup component add clippy",
    "rustfmt": "rustup component add rustfmt",
    "goimports": "go install golang.org/x/tools/cmd/goimports@latest",
    "terraform": "use the action hashicorp/setup-terraform, or an image that has terraform",
    "helm": "use the action azure/setup-helm, or an image that has helm",
    "kubectl": "use the action azure/setup-kubectl, or an image that has kubectl",
    "node": "use the action actions/setup-node, or an image that has node",
    "npm": "use the action actions/setup-node, or an image that has npm",
    "go": "use the action actions/setup-go, or an image that has go",
    "java": "use the action actions/setup-java, or an image that has java",
    "mvn": "use the action actions/setup-java and ./mvnw, or an image that has mvn",
    "docker": "run the job where docker is installed, or give it the service docker:dind and an image that has docker",
}


def install_package(tool: str, text: str, action: str, names: Sequence[str]) -> str:
    """Return what adds packages to a project; empty where the way is not known for sure.

    Args:
        tool: parser that read it.
        text: the error, whose words tell the language.
        action: the step, which tells which manager the project uses.
        names: of packages, as the error has them.
    """
    own = not {"core", "std"} & set(names) and all(
        plain(name) and not name.startswith(("-", ".", "/", "~")) for name in names
    )
    if not own or tool in {"ghc", "javac", "gcc"}:
        return ""
    for words, called, command in _PACKAGES:
        if re.search(words, text) and re.search(called, action) and command[0] != "Rscript":
            return shell_line([*command, *names])
    return ""


def install_tool(name: str) -> str:
    """Return the usual way to install a tool; empty where it is not known for sure."""
    if name in _OTHERS:
        return _OTHERS[name]
    if name in _SYSTEM:
        return f"sudo apt-get install -y {name}"
    if name in _PYTHON:
        return f"python -m pip install {'pip-tools' if name == 'pip-compile' else name}"
    if name in _NODE:
        return f"npm install --save-dev {_NODE[name]}"
    return ""
