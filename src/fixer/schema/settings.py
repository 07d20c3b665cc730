"""Settings (spec A4): `fixer.toml` or `[tool.fixer]`, then `FIXER_*`, then options. Defaults live here."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints

from fixer.schema.described import Described

FREE_NAME = r"^[a-z][a-z0-9_-]*$"
"""Form of the names that users give to tables of their own."""


class BudgetSettings(Described):
    """Wall clock in seconds (spec C4)."""

    total: float = Field(default=1380, gt=0)
    reproduction: float = Field(default=300, gt=0)
    root_cause: float = Field(default=120, gt=0)
    branch: float = Field(default=60, gt=0)
    fix: float = Field(default=480, gt=0)
    prepare: float = Field(default=120, gt=0)
    pull_request: float = Field(default=120, gt=0)


class SandboxSettings(Described):
    """Limits on what a run's commands may do."""

    required: bool = False
    """True: refuse to run (exit code 5) where bubblewrap does not work."""
    network: bool = False
    """Whether the project's commands may use the network; true only from the environment."""
    memory_mb: int = Field(default=4096, ge=64)
    output_mb: int = Field(default=64, ge=1)
    command_seconds: float = Field(default=300, gt=0)
    env: tuple[str, ...] = ()
    """Names of environment variables that commands may see, beside the built-in list."""


class ProjectSettings(Described):
    """How the project is built and tested, where fixer should not guess."""

    main: str = ""
    """The branch that fixes go to; empty: found."""
    python: str = ""
    """Interpreter of the project's environment; empty: found."""
    test_command: str = ""
    """The whole suite, split as a POSIX shell would and run without a shell; empty: found."""
    install_dependencies: bool = True
    """Whether a dependency that a patch declares may be installed (wheels only, outside the project) to verify it."""


class RecoverySettings(Described):
    """Defaults for `analyze --auto-recover` and workflows (spec A4)."""

    max_attempts: int = Field(default=2, ge=0, le=10)
    timeout_seconds: float = Field(default=300, gt=0)
    command: str = "fix-analysis-errors"
    """`fix-analysis-errors`, `fix-test-failures`, or a command line: it gets the error specification's path as its
    last argument or in place of `{spec}`, and runs in a worktree."""
    enabled: bool = True
    install_tools: bool = False
    """Whether a missing tool or declared package may be installed into the project's own environment; true only from
    the environment, not from a repository's file."""


class ModelSettings(Described):
    """Which language model is asked; without one, rules and search do the work."""

    kind: Literal["", "gemini", "openai_compatible", "replay", "none"] = ""
    """Empty: gemini where GEMINI_API_KEY or GOOGLE_API_KEY is set, else none."""
    name: str = ""
    """The model's name as its server knows it; empty: the default of the kind."""
    escalation: str = ""
    """A stronger model of the same kind, asked after the first one failed; empty: none."""
    base_url: str = ""
    """Address of the server; empty: the kind's own. One that is not on this machine counts only from the environment,
    not in a repository's file: the project's code is sent there."""
    api_version: str = ""
    """Version in the path of the address, where the kind has one; empty: the kind's own."""
    api_key_env: str = ""
    """Name of the environment variable that holds the key, only from the environment; empty: those of the kind."""
    recording: str = ""
    """File of recorded traffic: played back by the kind replay, written to by the others."""
    temperature: float = Field(default=0.4, ge=0, le=2)
    max_output_tokens: int = Field(default=8192, ge=256)
    """Of one answer."""
    context: int = Field(default=0, ge=0)
    """Tokens that the server takes for a request and its answer; 0: not known, then a refusal of the server tells."""
    input_price: float | None = Field(default=None, ge=0)
    """US dollars a million tokens, only from the environment as the two below; unset: from the built-in table, where a
    model must be known, or free if local."""
    cached_price: float | None = Field(default=None, ge=0)
    output_price: float | None = Field(default=None, ge=0)


class AgentSettings(Described):
    """The limits of one use of a model or of an external coding agent."""

    steps: int = Field(default=40, ge=1)
    """Calls of the model for one fix."""
    tokens: int = Field(default=400_000, ge=1000)
    """Input and output of all calls of a run; a repository's file can only lower it, as `money`."""
    money: float = Field(default=0.5, ge=0)
    """US dollars for all calls of a run."""
    credits: float | None = Field(default=None, ge=0)
    """For all calls of a run; unset: as many as the workspace `default` has, where it was granted some."""
    call_credits: float = Field(default=1, ge=0)
    """Credits of one call of the model; counted only where credits are limited or were granted."""
    candidates: int = Field(default=1, ge=1, le=8)
    """Attempts side by side; the first that is verified wins."""
    commands: tuple[str, ...] = ()
    """Further commands that the agent may run in the sandbox, each its first words: `make check`."""
    external: str = ""
    """An external coding agent: claude, codex, gemini, aider, or a command line, split as a POSIX shell would, that
    takes the prompt on standard input or as {prompt_file}; empty: none. It uses the network and your login, so it
    counts only where the environment names it, not in a repository's file."""
    external_env: tuple[str, ...] = ()
    """Names of environment variables that the external agent may see, beside the usual keys of the four named ones; as
    `external`, only from the environment."""
    external_folders: tuple[str, ...] = ()
    """Files and folders that the external agent sees in the sandbox, beside its program, its configuration and its
    login: absolute or from ~, read-only unless :rw follows; as `external`, only from the environment."""


class AnalysisSettings(Described):
    """A command that `fixer analyze` runs as a tool of its own; `[analysis.NAME]` gives it its name."""

    model_config = ConfigDict(json_schema_extra={"required": ["command"]})

    command: str = ""
    """Command line, split as a POSIX shell would and run without a shell; required."""
    folder: str = "."
    """Where it runs, relative to the project."""
    file: str = ""
    """File that the command writes and the number is read from, relative to `folder`; empty: its standard output."""
    json_path: str = ""
    """Place of the number in JSON, keys and list positions joined by dots: `totals.percent_covered`."""
    pattern: str = ""
    """Regular expression whose first group is the number; where it fits more than once, the last one counts."""
    unit: str = ""
    better: Literal["higher", "lower", ""] = ""
    """Which way the number improves; empty: neither way is better."""
    install: str = ""
    """The command that installs the program, told to the user where it is missing."""
    timeout_seconds: float = Field(default=900, gt=0)


class Settings(Described):
    """All settings of one run."""

    output_dir: str = "outputs"
    """Where reports go, relative to the repository."""
    patterns_dir: str = ""
    """Folder with error patterns of the project's own (`*.toml`), relative to the repository; empty: none."""
    worktree_dir: str = ""
    """Where fixer keeps its worktrees, only from the environment; empty: the user's cache folder."""
    max_patches: int = Field(default=12, ge=1)
    """Patches that one strategy may offer."""
    strategies: tuple[str, ...] = ()
    """Names of the strategies that are tried, such as `imports` or `agent`; empty: all of them."""
    budget: BudgetSettings = BudgetSettings()
    sandbox: SandboxSettings = SandboxSettings()
    project: ProjectSettings = ProjectSettings()
    recovery: RecoverySettings = RecoverySettings()
    model: ModelSettings = ModelSettings()
    agent: AgentSettings = AgentSettings()
    analysis: dict[Annotated[str, StringConstraints(pattern=FREE_NAME)], AnalysisSettings] = {}
    """Tools of `fixer analyze` beside the built-in ones; one that is named like a built-in one takes its place."""
