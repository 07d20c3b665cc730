"""What a path is for: a path of a repository comes in; test, data, configuration, CI or source goes out."""

import re
from pathlib import PurePosixPath

_TEST_FOLDERS = {"test", "tests", "__tests__", "testdata", "e2e", "integration_tests"}
_DATA_FOLDERS = {"__snapshots__", "snapshots", "fixtures", "golden", "goldens", "expected", "cassettes", "testdata"}
_TEST_FILE = re.compile(
    r"^(test_.*|.*_tests?|tests?)\.(py|pyi|go|rs|rb|c|cc|cpp|ex|exs|sh|bats|php|dart)$"
    r"|^.*[._-](test|spec)s?\.([cm]?[jt]sx?|rb|py|php|lua|dart)$"
    r"|^([A-Z]\w*)?(Tests?|Spec|IT)\.(java|kt|kts|scala|groovy|cs|swift|php)$|^.*\.bats$"
)
_DATA_FILE = re.compile(r"\.(snap|golden|expected|approved|ambr|baseline)(\.\w+)?$|\.received\.\w+$", re.IGNORECASE)
_CODE = {
    ".py", ".pyi", ".pyw", ".js", ".jsx", ".ts", ".tsx", ".mjs", ".cjs", ".mts", ".cts", ".rs", ".go", ".java",
    ".kt", ".kts", ".rb", ".sh", ".bash", ".bats", ".c", ".cc", ".cpp", ".h", ".hpp", ".cs", ".php", ".swift",
    ".scala", ".groovy", ".ex", ".exs", ".lua", ".dart",
}  # fmt: skip
_CI = re.compile(
    r"^(\.github/(workflows|actions)/.*|\.gitlab-ci\.yml|\.gitlab/.*\.ya?ml|(.*/)?Jenkinsfile.*"
    r"|(.*/)?action\.ya?ml|(.*/)?azure-pipelines.*\.ya?ml|\.azure-pipelines/.*|\.circleci/.*|\.travis\.yml"
    r"|\.buildkite/.*|\.drone\.ya?ml|bitbucket-pipelines\.yml|appveyor\.yml|\.appveyor\.yml|\.cirrus\.(yml|star)"
    r"|\.woodpecker(/.*|\.ya?ml)|\.semaphore/.*|\.teamcity/.*|\.ci/.*|ci/.*|codecov\.ya?ml|\.codecov\.ya?ml)$",
    re.IGNORECASE,
)
_RUN_CONFIG = re.compile(
    r"^(conftest\.py|\.?pytest\.(ini|toml)|tox\.(ini|toml)|noxfile\.py|\.coveragerc|\.coveragerc\.toml|\.?mypy\.ini"
    r"|\.?ruff\.toml|\.flake8|\.pylintrc|pylintrc|\.pydocstyle|\.bandit|pyrightconfig\.json|\.pre-commit-config\.yaml"
    r"|unittest\.cfg|nose2?\.cfg|behave\.ini|\.behaverc|\.isort\.cfg|pytype\.cfg|\.pyre_configuration"
    r"|(jest|vitest|karma|playwright|cypress|ava|jasmine|babel|vite|web-test-runner)\.?(config|conf)?\.[cm]?[jt]s(on)?"
    r"|(jest|vitest)\.(setup|globals?)\.[cm]?[jt]s|\.mocharc.*|\.nycrc.*|\.c8rc.*|\.eslintrc.*|eslint\.config\..*"
    r"|\.eslintignore|biome\.jsonc?|\.prettierrc.*|\.stylelintrc.*|tsconfig.*\.json|\.jshintrc|\.swcrc|\.oxlintrc\.json"
    r"|\.?clippy\.toml|\.?rustfmt\.toml|nextest\.toml|\.golangci\.(ya?ml|toml|json)|\.rubocop\.ya?ml|\.rspec"
    r"|phpunit\.xml.*|checkstyle\.xml|pmd\.xml|detekt\.yml|\.editorconfig|\.yamllint(\.ya?ml)?|\.shellcheckrc"
    r"|\.markdownlint.*|\.codespellrc|tarpaulin\.toml|justfile|taskfile\.ya?ml|sonar-project\.properties)$",
    re.IGNORECASE,
)
_GUARDS = re.compile(
    r"^(\.gitattributes|\.gitmodules|\.mailmap|CODEOWNERS|sitecustomize\.py|usercustomize\.py|.*\.pth"
    r"|pyvenv\.cfg|\.envrc|\.env|\.npmrc|\.yarnrc(\.yml)?|pip\.conf|\.pypirc)$",
    re.IGNORECASE,
)
_HOOKS = re.compile(r"(^|/)(\.git|\.husky|\.githooks|githooks|\.git-hooks|\.cargo)/", re.IGNORECASE)


def is_ci(path: str) -> bool:
    """Whether a CI service reads the file."""
    return bool(_CI.match(path))


def is_run_configuration(path: str) -> bool:
    """Whether the whole file configures a test runner, a linter or a coverage tool."""
    return bool(_RUN_CONFIG.match(PurePosixPath(path).name))


def is_guard(path: str) -> bool:
    """Whether the file decides what is run, loaded or reviewed behind everybody's back."""
    return bool(_GUARDS.match(PurePosixPath(path).name) or _HOOKS.search(path))


def is_below_tests(path: str) -> bool:
    """Whether the file lies in a folder of tests."""
    folders = _TEST_FOLDERS if is_python(path) else _TEST_FOLDERS | {"spec", "specs"}
    return any(part.lower() in folders for part in PurePosixPath(path).parts[:-1])


def is_test_code(path: str) -> bool:
    """Whether the file holds tests or code for tests, by its place and name."""
    place = PurePosixPath(path)
    return place.suffix in _CODE and (is_below_tests(path) or bool(_TEST_FILE.match(place.name)))


def is_test_data(path: str) -> bool:
    """Whether the file is what tests compare with or feed in."""
    place = PurePosixPath(path)
    if place.suffix in _CODE:
        return False
    return (
        is_below_tests(path)
        or bool(_DATA_FILE.search(place.name))
        or any(part.lower() in _DATA_FOLDERS - {"fixtures"} for part in place.parts[:-1])
    )


def is_python(path: str) -> bool:
    """Whether the file is Python."""
    return path.endswith((".py", ".pyi", ".pyw"))


def steers_runs(path: str) -> bool:
    """Whether a run that writes this file changes what tests say, now or in the next run."""
    name = PurePosixPath(path).name
    return (
        is_ci(path)
        or is_run_configuration(path)
        or is_guard(path)
        or is_test_code(path)
        or name in {"pyproject.toml", "setup.cfg", "setup.py", "package.json", "Makefile"}
    )
