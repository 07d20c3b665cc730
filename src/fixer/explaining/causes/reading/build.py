"""Tells a build from an agent's run, and reads what its tools printed."""

from collections.abc import Sequence
from functools import lru_cache

from fixer import lazy_re as re
from fixer.explaining.causes.base import Scene
from fixer.explaining.causes.reading.build_text import ran
from fixer.explaining.causes.reading.build_told import told
from fixer.explaining.causes.reading.verdicts import TESTS
from fixer.explaining.causes.reading.what_changed import changed_between
from fixer.explaining.origins import CAUSE
from fixer.schema.execution_record import RecordStatus
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
_TOLD_BY_TOOLS = re.compile(
    r"npm (?:ERR!|error)|error\[E\d{4}\]|error (?:TS|CS)\d+|FAILED \S+::|make(?:\[\d+\])?: \*\*\*|BUILD FAIL"
    r"|FAILURE: Build failed|\[ERROR\] Failed to execute goal|✖ \d+ problem|[Tt]est [Ss]uites?:|--- FAIL: "
    r"|could not compile|gyp ERR|ERR_PNPM|##\[error\]|undefined reference to|[Pp]rocess completed with exit code"
    r"|script returned exit code|Job failed[: (]|Exited with code exit|did not complete successfully: exit code"
    r"|lost communication with the server|maximum execution time"
)
"""What only developers' tools and those who run them print: agents have stack traces, too."""
_JOB = re.compile(
    r"(?i)(?:unit|integration|e2e|ui)?[ _-]?(?:tests?|build|lint|ci|check|deploy"
    r"|release|compile|package|docs)(?:[ _-]?\(.{0,60}\)|[ _-]\w{1,20})?"
)
"""What jobs are called, and agents are not."""
_CALLS = re.compile(
    r"(?i)mail|slack|linked|hubspot|salesforce|contact|lead|crm|invite|webhook|http|api|calendar|sms"
    r"|\b(?:sheets?|drive|s3|notion|airtable|stripe|zendesk|shopify|jira|calendly|twilio|whatsapp|telegram|quickbooks"
    r"|xero"
    r"|pipedrive|intercom|sharepoint|outlook|teams|openai|anthropic|llm)\b"
)
_COMMAND = re.compile(
    r"(?i)(?:run |\$ |\+ )?(?:(?:npm|npx|yarn|pnpm|bun|deno|node|jest|vitest|pytest|python3? -m|tox|nox"
    r"|pip3?|poetry|uv|pipenv|hatch|cargo|rustup|rustc"
    r"|go (?:build|test|vet|generate|mod|run|install)|golangci-lint|make|cmake|ctest|ninja|meson|bazel"
    r"|gcc|clang|(?:\./)?mvnw?|(?:\./)?gradlew?|sbt|ant|dotnet"
    r"|msbuild|nuget|docker(?: compose|-compose)?|podman|buildah|kaniko|terraform|tofu|terragrunt"
    r"|ansible-playbook|helm|kubectl|bundle|rake|rspec|rubocop|gem"
    r"|composer|php|vendor/bin/\S+|phpunit|mix|swift|xcodebuild|fastlane|pod|flutter|dart|eslint|ruff"
    r"|flake8|mypy|black|prettier|tsc|apt-get|apk|brew)(?=\s|$)"
    r"|actions/|setup-|\S+@v?\d|(?:\./)?\S+\.(?:sh|ps1|bat)\b|before_script$|after_script$|script$"
    r"|set up job$|checkout$|VSBuild|DotNetCoreCLI|VSTest)"
)
"""How a step is called that runs a developer's tool: by its command, or as CI services call their own."""
_OF_BUILDS = {
    "pipeline",
    "commit",
    "sha",
    "branch",
    "ref",
    "repository",
    "repo",
    "runner",
    "buildNumber",
    "build_number",
    "job_url",
    "ci",
    "stage",
}
"""Keys that records of builds have, and those of agents seldom."""
SURE_KINDS: dict[FailureKind, tuple[RootCause, ...]] = {
    FailureKind.TEST: (RootCause.TEST_FAILURE, RootCause.TIMEOUT),
    FailureKind.COMPILE: (RootCause.COMPILE_ERROR, RootCause.MISSING_DEPENDENCY),
    FailureKind.TYPE: (RootCause.COMPILE_ERROR, RootCause.LINT),
    FailureKind.LINT: (RootCause.LINT,),
    FailureKind.FORMAT: (RootCause.LINT,),
    FailureKind.DEPENDENCY: (RootCause.MISSING_DEPENDENCY,),
}
"""What failures of a kind mean, where their own words do not only hint at something else."""


def is_build(scene: Scene) -> bool:
    """Whether a build, a test run or another work of developers' tools failed, and not an agent's action."""
    record = scene.record
    if CAUSE in record.context or record.trigger.lower() in _TRIGGERS:
        return True
    if _COMMAND.match(scene.failed.action) or _of_a_build(scene):
        return True
    if scene.failed.action and _CALLS.search(scene.failed.action):
        return False
    return bool(_TOOLS.search(scene.failed.action) or _PRINTED.search(scene.text) or _JOB.fullmatch(record.agent))


def _of_a_build(scene: Scene) -> bool:
    """Whether the record has what only builds have, and the step is none that calls a service, or tools ran."""
    keys = _OF_BUILDS & scene.record.context.keys()
    return bool(keys) and (_tools_ran(scene) or not _CALLS.search(scene.failed.action))


def _tools_ran(scene: Scene) -> bool:
    return any(_COMMAND.match(step.action) or _TOOLS.search(step.action) for step in scene.record.steps) or bool(
        _PRINTED.search(scene.text) or _TOOLS.search(scene.record.agent)
    )


def is_surely_build(scene: Scene) -> bool:
    """Whether nothing but a build looks like this: its record, its commands or what its tools print."""
    record = scene.record
    if CAUSE in record.context or record.trigger.lower() in _TRIGGERS or _OF_BUILDS & record.context.keys():
        return True
    return bool(
        _TOLD_BY_TOOLS.search(scene.text)
        or _COMMAND.match(scene.failed.action)
        or any(_COMMAND.match(one.action) for one in record.steps)
    )


def passed_later(scene: Scene, text: str, found: Sequence[Failure]) -> bool:
    """Whether tests of the step that failed passed when it ran again in the same execution, with nothing changed."""
    if not (TESTS.search(text) or any(failure.kind is FailureKind.TEST for failure in found)):
        return False
    action, number = _without_attempt(scene.failed.action), scene.failed.step_number
    return any(
        step.number > number
        and step.status is RecordStatus.COMPLETED
        and _without_attempt(step.action) == action
        and not changed_between(scene, step.number)
        for step in scene.record.steps
    )


def _without_attempt(action: str) -> str:
    return re.sub(r"(?i)[\s:,_-]*[(\[]?(?:attempt|retry|re-?run|try|run)\b[\s#:]*\d*.*$", "", action).strip().lower()


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
    return _printed(ran(told(scene)))


@lru_cache(maxsize=1)
def _printed(text: str) -> Sequence[Failure]:
    """Read what tools have printed; the same text is asked about once for the cause and once for its explanation."""
    from fixer.parsers import failures_in, lines_of  # noqa: PLC0415 - loads every parser, a quarter of a second

    return failures_in(lines_of(text.splitlines()))
