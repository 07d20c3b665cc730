"""Which linter or formatter refused, and what it types itself to mend it: the step and what was read in, both out."""

from collections.abc import Sequence
from dataclasses import dataclass

from fixer.explaining.causes.reading.shell import plain, shell_line
from fixer.schema.failure import Failure, FailureKind


@dataclass(frozen=True)
class Linter:
    """One linter, by what it is called and what it is typed with."""

    names: tuple[str, ...]
    """What calls it in a step, in small letters."""
    fix: str = ""
    """Its own way to mend what it can; `{file}` is the file, or all; empty: it only looks."""
    look: str = ""
    """What looks at one file again."""
    everything: str = "."
    """What stands for `{file}` where no file is known."""


_OTHERS = (
    "standardrb",
    "stylua",
    "luacheck",
    "cspell",
    "oxlint",
    "tslint",
    "sqlfluff",
    "buf lint",
    "spectral",
    "kube-linter",
    "checkov",
    "tfsec",
    "bandit",
    "pydocstyle",
    "yapf",
    "autopep8",
    "djlint",
    "erblint",
    "haml-lint",
    "reek",
    "brakeman",
    "ameba",
    "scalastyle",
    "scalafix",
    "pmd",
    "spotbugs",
    "csharpier",
    "fantomas",
    "taplo",
    "jsonlint",
    "xmllint",
    "commitlint",
    "gitlint",
    "dprint",
    "deno lint",
    "deno fmt",
    "ktfmt",
    "cpplint",
    "cppcheck",
    "cmake-format",
    "docformatter",
    "htmlhint",
    "editorconfig-checker",
    "textlint",
    "proselint",
    "lychee",
    "gitleaks",
    "trufflehog",
    "semgrep",
    "kubeconform",
    "conftest",
)
"""Linters of which only the name is known."""
_KNOWN: dict[str, Linter] = {
    "Ruff's formatter": Linter(("ruff format",), "ruff format {file}"),
    "Ruff": Linter(("ruff",), "ruff check --fix {file}"),
    "Black": Linter(("black",), "black {file}"),
    "isort": Linter(("isort",), "isort {file}"),
    "Flake8": Linter(("flake8",), look="flake8 {file}"),
    "Pylint": Linter(("pylint",), look="pylint {file}"),
    "mypy": Linter(("mypy",), look="mypy {file}"),
    "Pyright": Linter(("pyright", "basedpyright"), look="pyright {file}"),
    "codespell": Linter(("codespell",), "codespell -w {file}"),
    "typos": Linter(("typos",), "typos -w {file}"),
    "misspell": Linter(("misspell",), "misspell -w {file}"),
    "Clippy": Linter(("clippy",), "cargo clippy --fix --allow-dirty --all-targets"),
    "rustfmt": Linter(("cargo fmt", "rustfmt"), "cargo fmt --all"),
    "gofmt": Linter(("gofmt",), "gofmt -w {file}"),
    "goimports": Linter(("goimports",), "goimports -w {file}"),
    "golangci-lint": Linter(("golangci-lint", "golangci"), "golangci-lint run --fix", everything="./..."),
    "yamllint": Linter(("yamllint", "ct lint"), look="yamllint {file}"),
    "ansible-lint": Linter(("ansible-lint",), "ansible-lint --fix {file}", everything=""),
    "markdownlint": Linter(
        ("markdownlint", "markdownlint-cli", "markdownlint-cli2"), "npx markdownlint-cli --fix {file}"
    ),
    "Stylelint": Linter(("stylelint",), "npx stylelint --fix {file}", everything="'**/*.css'"),
    "Prettier": Linter(("prettier",), "npx prettier --write {file}"),
    "Biome": Linter(("biome",), "npx biome check --write {file}"),
    "ESLint": Linter(("eslint",), "npx eslint --fix {file}"),
    "RuboCop": Linter(("rubocop",), "bundle exec rubocop -a {file}", everything=""),
    "PHP-CS-Fixer": Linter(("php-cs-fixer",), "vendor/bin/php-cs-fixer fix {file}", everything=""),
    "PHP_CodeSniffer": Linter(("phpcs",), "vendor/bin/phpcbf {file}", everything=""),
    "PHPStan": Linter(("phpstan",), look="vendor/bin/phpstan analyse {file}"),
    "ShellCheck": Linter(("shellcheck",), look="shellcheck {file}"),
    "shfmt": Linter(("shfmt",), "shfmt -w {file}"),
    "clang-format": Linter(("clang-format",), "clang-format -i {file}", everything=""),
    "clang-tidy": Linter(("clang-tidy",), "clang-tidy --fix {file}", everything=""),
    "terraform fmt": Linter(("terraform fmt",), "terraform fmt -recursive"),
    "TFLint": Linter(("tflint",), "tflint --fix"),
    "SwiftLint": Linter(("swiftlint",), "swiftlint --fix {file}", everything=""),
    "SwiftFormat": Linter(("swiftformat",), "swiftformat {file}"),
    "ktlint": Linter(("ktlint",), "ktlint --format {file}", everything=""),
    "Spotless": Linter(("spotless", "spotlesscheck", "spotless:check"), "./gradlew spotlessApply"),
    "Checkstyle": Linter(("checkstyle", "checkstylemain", "checkstyle:check")),
    "detekt": Linter(("detekt",)),
    "scalafmt": Linter(("scalafmt", "scalafmtcheckall", "scalafmtcheck"), "sbt scalafmtAll"),
    "dotnet format": Linter(("dotnet format",), "dotnet format"),
    "mix format": Linter(("mix format",), "mix format"),
    "Credo": Linter(("credo",), look="mix credo {file}"),
    "dart format": Linter(("dart format",), "dart format {file}"),
    "dart analyze": Linter(("dart analyze", "flutter analyze"), "dart fix --apply"),
    "HLint": Linter(("hlint",), look="hlint {file}"),
    "Hadolint": Linter(("hadolint",), look="hadolint {file}"),
    "actionlint": Linter(("actionlint",), look="actionlint {file}"),
    "pre-commit": Linter(("pre-commit",), "pre-commit run --all-files"),
    **{name: Linter((name,)) for name in _OTHERS},
    "go vet": Linter(("go vet", "govet"), look="go vet ./..."),
}
_OF_PARSER = {
    "black": "Black",
    "eslint": "ESLint",
    "flake8": "Flake8",
    "isort": "isort",
    "mypy": "mypy",
    "prettier": "Prettier",
    "ruff": "Ruff",
}


_SCRIPTS = (".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts", ".vue", ".svelte", ".astro")
"""What ESLint reads: other linters print in its form."""


@dataclass(frozen=True)
class Refused:
    """Who refused, and what to type."""

    name: str
    command: str
    mends: bool
    """Whether the command mends it by itself."""


def linter_of(failure: Failure | None, action: str, text: str, files: Sequence[str]) -> Refused | None:
    """Return the linter that refused; None where nothing names one.

    Args:
        failure: what was read of it.
        action: the step that ran it, which counts first: other linters print in the same form.
        text: the error, which may name it.
        files: all that it refused; empty where not all of them are known.
    """
    name = _called(action) or _by_failure(failure) or _called(text)
    if not name:
        return None
    known = _KNOWN[name]
    given = shell_line(files) if all(plain(file) and not file.startswith("-") for file in files) else ""
    template = known.fix or (known.look if given else "")
    return Refused(name, template.replace("{file}", given or known.everything).strip(), mends=bool(known.fix))


def is_linter(action: str) -> bool:
    """Whether a step calls a linter or a formatter by its name."""
    return bool(_called(action))


def _called(text: str) -> str:
    folded = text.lower()
    return next((name for name, known in _KNOWN.items() if any(_stands(one, folded) for one in known.names)), "")


def _stands(name: str, text: str) -> bool:
    """Whether a name stands in a text as a word of its own, and not in a path or a longer name."""
    at = text.find(name)
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(name) : at + len(name) + 1]
        before = "" if text[:at].endswith("bin/") else before
        if not any(one.isalnum() or one in {"_", "-", "/", "."} for one in (before, after) if one):
            return True
        at = text.find(name, at + 1)
    return False


def _by_failure(failure: Failure | None) -> str:
    if failure is None:
        return ""
    if failure.tool == "eslint" and (not failure.code or not (failure.file or "").endswith(_SCRIPTS)):
        return ""
    if failure.tool == "cargo":
        return "rustfmt" if failure.kind is FailureKind.FORMAT else "Clippy"
    if failure.tool == "ruff" and failure.kind is FailureKind.FORMAT:
        return "Ruff's formatter"
    return _OF_PARSER.get(failure.tool, "")
