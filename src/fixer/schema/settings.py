"""Settings (spec A4): `fixer.toml` or `[tool.fixer]`, then `FIXER_*`, then options. Defaults live here."""

from pydantic import ConfigDict, Field

from fixer.schema.base import Record

_DESCRIBED = ConfigDict(use_attribute_docstrings=True)
"""`fixer schema config` prints the docstrings; reading them costs 1 ms a class, so only these types do it."""


class BudgetSettings(Record):
    """Wall clock in seconds (spec C4)."""

    model_config = _DESCRIBED

    total: float = Field(default=1380, gt=0)
    reproduction: float = Field(default=300, gt=0)
    root_cause: float = Field(default=120, gt=0)
    branch: float = Field(default=60, gt=0)
    fix: float = Field(default=480, gt=0)
    prepare: float = Field(default=120, gt=0)
    pull_request: float = Field(default=120, gt=0)


class SandboxSettings(Record):
    """Limits on what a run's commands may do."""

    model_config = _DESCRIBED

    required: bool = False
    """True: refuse to run (exit code 5) where bubblewrap does not work."""
    network: bool = False
    memory_mb: int = Field(default=4096, ge=64)
    output_mb: int = Field(default=64, ge=1)
    command_seconds: float = Field(default=300, gt=0)
    env: tuple[str, ...] = ()
    """Names of environment variables that commands may see, beside the built-in list."""


class ProjectSettings(Record):
    """How the project is built and tested, where fixer should not guess."""

    model_config = _DESCRIBED

    main: str = ""
    """The branch that fixes go to; empty: found."""
    python: str = ""
    """Interpreter of the project's environment; empty: found."""
    test_command: str = ""
    """The whole suite, split as a POSIX shell would and run without a shell; empty: found."""
    install_dependencies: bool = True
    """Whether a dependency that a patch declares may be installed (wheels only, outside the project) to verify it."""


class RecoverySettings(Record):
    """Defaults for `analyze --auto-recover` and workflows (spec A4)."""

    model_config = _DESCRIBED

    max_attempts: int = Field(default=2, ge=0, le=10)
    timeout_seconds: float = Field(default=300, gt=0)
    command: str = "fix-analysis-errors"
    enabled: bool = True


class Settings(Record):
    """All settings of one run."""

    model_config = _DESCRIBED

    output_dir: str = "outputs"
    """Where reports go, relative to the repository."""
    worktree_dir: str = ""
    """Where fixer keeps its worktrees; empty: the user's cache folder."""
    max_patches: int = Field(default=12, ge=1)
    """Patches that one strategy may offer."""
    budget: BudgetSettings = BudgetSettings()
    sandbox: SandboxSettings = SandboxSettings()
    project: ProjectSettings = ProjectSettings()
    recovery: RecoverySettings = RecoverySettings()
