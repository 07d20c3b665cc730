"""Tells a build from an agent's run, and reads what its tools printed."""

from collections.abc import Sequence

from fixer import lazy_re as re
from fixer.explaining.causes.base import Scene
from fixer.explaining.origins import CAUSE
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.root_cause import RootCause

_TRIGGERS = {
    "log",
    "fixer run",
    "push",
    "pull_request",
    "pull request",
    "merge_request",
    "ci",
    "tag",
    "workflow_dispatch",
}
_TOOLS = re.compile(
    r"(?i)(?<![a-z])(?:npm|npx|yarn|pnpm|node build|jest|vitest|mocha|pytest|unittest|tox|nox|pip|poetry"
    r"|uv sync|cargo|rustc|clippy|go (?:build|test|vet)|golangci"
    r"|make|cmake|ninja|gcc|clang|mvn|maven|gradle\w*|javac|dotnet|msbuild|docker(?: |-)?(?:build|push"
    r"|pull)?|terraform|eslint|ruff|flake8|mypy|black|prettier"
    r"|tsc|rubocop|rspec|bundle|phpunit|composer|ctest|webpack|vite|rollup|checkout|compile|build|lint"
    r"|unit[ -]?tests?|e2e|integration[ -]?tests?|run tests|tests?"
    r"|set ?up|install(?: dependencies)?|typecheck|type-check|deploy|migrate|pull image|bazel|sbt|swift"
    r"|xcodebuild|helm|ansible\w*)(?![a-z])"
)
_PRINTED = re.compile(
    r"(?m)^\s*\S{1,120}\.\w{1,5}[:(]\d{1,6}[:,)]|npm ERR!|error\[E\d{4}\]|error TS\d+|error CS\d+|^E\s{2,}"
    r"|Traceback \(most recent|No module named|Cannot find module"
    r"|FAILED \S+::|\d+ (?:failed|passed)|make(?:\[\d+\])?: \*\*\*|\[ERROR\]|BUILD FAILURE|FAILURE: Build "
    r"failed|exit(?:ed with)? code \d+|✖ \d+ problem|test suites?:|could not compile"
    r"|command not found|: not found$|gyp ERR|ERR_PNPM|##\[error\]|undefined reference to|fatal error:"
)
_JOB = re.compile(
    r"(?i)(?:unit|integration|e2e|ui)?[ _-]?(?:tests?|build|lint|ci|check|deploy"
    r"|release|compile|package|docs)(?:[ _-]?\(.{0,60}\)|[ _-]\w{1,20})?"
)
"""What jobs are called, and agents are not."""
_CALLS = re.compile(r"(?i)mail|slack|linked|hubspot|salesforce|contact|lead|crm|invite|webhook|http|api|calendar|sms")
SURE_KINDS = {
    FailureKind.TEST,
    FailureKind.COMPILE,
    FailureKind.TYPE,
    FailureKind.LINT,
    FailureKind.FORMAT,
    FailureKind.DEPENDENCY,
}


def is_build(scene: Scene) -> bool:
    """Whether a build, a test run or another work of developers' tools failed, and not an agent's action."""
    record = scene.record
    if CAUSE in record.context or record.trigger.lower() in _TRIGGERS:
        return True
    if scene.failed.action and _CALLS.search(scene.failed.action):
        return False
    return bool(_TOOLS.search(scene.failed.action) or _PRINTED.search(scene.text) or _JOB.fullmatch(record.agent))


def given_cause(scene: Scene) -> RootCause | None:
    """Return the cause that reading the whole log has found."""
    said = scene.record.context.get(CAUSE)
    known = {cause.value: cause for cause in RootCause if cause is not RootCause.UNKNOWN}
    return known.get(said) if isinstance(said, str) else None


def failures(scene: Scene) -> Sequence[Failure]:
    """Return the failures that tools have printed into the error: those of the log where it was read."""
    held = scene.record.context.get("failures")
    if isinstance(held, list) and held and CAUSE in scene.record.context:
        return [Failure.model_validate(one) for one in held if isinstance(one, dict)]
    from fixer.parsers import failures_in, lines_of  # noqa: PLC0415 - loads every parser, a quarter of a second

    return failures_in(lines_of(scene.text.splitlines()))
