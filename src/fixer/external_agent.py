"""External coding agents: the setting goes in, how the program is started and what it may see of the user comes out.

Whoever starts one shares this: its command line, how it gets the prompt, and what of the user's home folder it needs
where it is shut in.
"""

import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fixer.errors import ConfigError
from fixer.sandbox import OwnProgram
from fixer.schema.settings import AgentSettings

PROMPT_FILE = "{prompt_file}"
WRITABLE = ":rw"
"""End of a folder in `agent.external_folders` that the agent may change."""
_FEED = (
    "import os, sys\n"
    "os.dup2(os.open(sys.argv[1], os.O_RDONLY), 0)\n"
    "try:\n    os.execvp(sys.argv[2], sys.argv[2:])\n"
    "except OSError as error:\n    sys.exit(f'{sys.argv[2]}: {error.strerror}')\n"
)
"""Starts a program with a file as its standard input; no shell is needed for that."""


@dataclass(frozen=True)
class Template:
    """How one known agent is started without a person, and its own files; as its own documentation says."""

    argv: tuple[str, ...]
    keys: tuple[str, ...]
    """Variables that may hold its key or where its server is."""
    configuration: tuple[str, ...]
    """Patterns below the home folder, of which it gets copies: no sessions, histories or logs, which are of other
    projects, and no logins of other services."""
    logins: tuple[str, ...] = ()
    """Files among them that hold its login; one that it refreshes is kept."""
    left: tuple[str, ...] = ()
    """What it leaves in a worktree, as git's pathspecs."""


TEMPLATES: Mapping[str, Template] = {
    # https://code.claude.com/docs/en/settings
    "claude": Template(
        argv=(
            *("claude", "-p", "--permission-mode", "acceptEdits", "--allowedTools", "Read,Grep,Glob,Edit,Write"),
            *("--max-turns", "60", "--strict-mcp-config"),
        ),
        keys=("ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"),
        configuration=(
            ".claude.json",
            *(f".claude/{name}" for name in (".credentials.json", "settings*.json", "CLAUDE.md", "rules", "agents")),
            *(f".claude/{name}" for name in ("commands", "skills", "output-styles", "plugins")),
        ),
        logins=(".claude/.credentials.json",),
        left=(".claude",),
    ),
    # https://developers.openai.com/codex/config-basic
    "codex": Template(
        argv=("codex", "exec", "--sandbox", "workspace-write", "--skip-git-repo-check", "-"),
        keys=("OPENAI_API_KEY", "CODEX_API_KEY", "OPENAI_BASE_URL"),
        configuration=tuple(
            f".codex/{name}"
            for name in ("auth.json", "*.toml", "AGENTS*.md", "installation_id", "prompts", "rules", "skills", "agents")
        ),
        logins=(".codex/auth.json",),
        left=(".codex",),
    ),
    # https://geminicli.com/docs/reference/configuration
    "gemini": Template(
        argv=("gemini", "--approval-mode", "auto_edit"),
        keys=("GEMINI_API_KEY", "GOOGLE_API_KEY", "GOOGLE_CLOUD_PROJECT"),
        configuration=(
            *(f".gemini/{name}" for name in ("oauth_creds.json", "gemini-credentials.json", "google_accounts.json")),
            *(f".gemini/{name}" for name in ("settings.json", ".env", "*.md", "installation_id", "user_id")),
            *(f".gemini/{name}" for name in ("trustedFolders.json", "commands", "skills", "agents", "policies")),
            *(f".gemini/{name}" for name in ("extensions", "acknowledgments")),
        ),
        logins=(".gemini/oauth_creds.json",),
        left=(".gemini",),
    ),
    # https://aider.chat/docs/config.html
    "aider": Template(
        argv=("aider", "--yes-always", "--no-auto-commits", "--no-check-update", "--message-file", PROMPT_FILE),
        keys=("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GEMINI_API_KEY", "OPENROUTER_API_KEY", "DEEPSEEK_API_KEY"),
        configuration=(".aider.conf.yml", ".aider.model.*", ".aider/*"),
        left=(".aider*",),
    ),
}


@dataclass(frozen=True)
class ExternalAgent:
    """The agent that the settings name."""

    argv: tuple[str, ...]
    """Its words, with `{prompt_file}` as it stands."""
    template: Template | None
    """None for an unknown one."""

    @property
    def name(self) -> str:
        """Return what it is called in messages."""
        return self.argv[0]

    def words(self, prompt: Path) -> tuple[str, ...]:
        """Return the command line that gives it the text of a file: as that file, or as standard input."""
        words = tuple(word.replace(PROMPT_FILE, str(prompt)) for word in self.argv)
        return words if words != self.argv else (sys.executable, "-I", "-S", "-c", _FEED, str(prompt), *words)

    def own_program(self, settings: AgentSettings, environment: Mapping[str, str]) -> OwnProgram:
        """Return what it may see of the user.

        Raises:
            ConfigError: a further folder is not absolute.
        """
        known = self.template
        names = (*(known.keys if known else ()), *settings.external_env)
        return OwnProgram(
            argv=self.argv,
            variables={name: environment[name] for name in names if name in environment},
            copied=known.configuration if known else (),
            logins=known.logins if known else (),
            shown=tuple(map(_folder, settings.external_folders)),
        )


def external_agent(setting: str) -> ExternalAgent:
    """Return the agent of `agent.external`; the names of known ones stand for their command lines.

    Raises:
        ConfigError: the setting cannot be split into words.
    """
    hint = "export FIXER_AGENT_EXTERNAL=COMMAND"
    if template := TEMPLATES.get(setting.strip()):
        return ExternalAgent(template.argv, template)
    try:
        words = tuple(shlex.split(setting))
    except ValueError as error:
        raise ConfigError(f"agent.external is no command line: {error}", hint) from error
    if not words:
        raise ConfigError("agent.external is empty", hint)
    return ExternalAgent(words, TEMPLATES.get(Path(words[0]).name))


def _folder(text: str) -> tuple[Path, bool]:
    path = Path(text.removesuffix(WRITABLE)).expanduser()
    if not path.is_absolute():
        raise ConfigError(
            f"agent.external_folders: '{text}' is not absolute",
            f"export FIXER_AGENT_EXTERNAL_FOLDERS=~/FOLDER, or ~/FOLDER{WRITABLE} where the agent may change it",
        )
    return path, text.endswith(WRITABLE)
