"""Lets an external coding agent look for the fix: a program of the user's own, started once in a worktree.

Its exit code and what it claims count for nothing: what it left in the worktree is the patch, and the gate decides.
It runs outside of bubblewrap, as it needs the network and its own login, with limits on time and output, a scrubbed
environment and named variables only.
"""

import shlex
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from fixer.agent.desk import Desk, ended
from fixer.agent.evidence import Known, values
from fixer.errors import GitError
from fixer.prompts import PROMPT_OUTCOME, Prompt, load_prompt
from fixer.schema.command import Ending, Invocation
from fixer.schema.patch import Patch, new_patch
from fixer.strategies.base import Case, NotMine, Outside, Workspace

ORDER = 97
ROUNDS = 2
SHARE = 0.7
"""Of the time that is left; the rest is the gate's."""
PROMPT_FILE = "{prompt_file}"
_FEED = (
    "import os, sys\n"
    "os.dup2(os.open(sys.argv[1], os.O_RDONLY), 0)\n"
    "try:\n    os.execvp(sys.argv[2], sys.argv[2:])\n"
    "except OSError as error:\n    sys.exit(f'{sys.argv[2]}: {error.strerror}')\n"
)
"""Starts a program with a file as its standard input; no shell is needed for that."""
_LEFT_BY_AGENTS = (".aider*", ".claude", ".codex", ".gemini")


@dataclass(frozen=True)
class Template:
    """How one known agent is started without a person; the options are those of its own documentation."""

    argv: tuple[str, ...]
    keys: tuple[str, ...]
    """Variables that may hold its key or where its server is."""


TEMPLATES: Mapping[str, Template] = {
    "claude": Template(
        (
            *("claude", "-p", "--permission-mode", "acceptEdits", "--allowedTools", "Read,Grep,Glob,Edit,Write"),
            *("--max-turns", "60", "--strict-mcp-config"),
        ),
        ("ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"),
    ),
    "codex": Template(
        ("codex", "exec", "--sandbox", "workspace-write", "--skip-git-repo-check", "-"),
        ("OPENAI_API_KEY", "CODEX_API_KEY", "OPENAI_BASE_URL"),
    ),
    "gemini": Template(
        ("gemini", "--approval-mode", "auto_edit"), ("GEMINI_API_KEY", "GOOGLE_API_KEY", "GOOGLE_CLOUD_PROJECT")
    ),
    "aider": Template(
        ("aider", "--yes-always", "--no-auto-commits", "--no-check-update", "--message-file", PROMPT_FILE),
        ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GEMINI_API_KEY", "OPENROUTER_API_KEY", "DEEPSEEK_API_KEY"),
    ),
}


def propose(case: Case) -> Iterator[Patch]:
    """Yield what the agent changed, as one patch.

    Raises:
        NotMine: no agent is configured, it cannot be started, or it changed nothing.
    """
    outside = case.outside
    if outside is None or not outside.settings.agent.external:
        raise NotMine(
            "no external agent is configured: export FIXER_AGENT_EXTERNAL=claude (or codex, gemini, aider, a command)"
        )
    if outside.settings.sandbox.required:
        raise NotMine("sandbox.required is set, and an external agent has to run outside of bubblewrap")
    argv, keys = command_line(outside.settings.agent.external)
    if shutil.which(argv[0]) is None:
        raise NotMine(f"the external agent {argv[0]} is not on PATH; install it, or change FIXER_AGENT_EXTERNAL")
    names = (*keys, *outside.settings.agent.external_env)
    # Its login is in the user's home folder.
    variables = {name: outside.environment[name] for name in ("HOME", *names) if name in outside.environment}
    prompt = load_prompt("external_fix", outside.prompts)
    with outside.open_workspace(variables) as space:
        diff, said = _work(case, outside, space, argv, prompt)
    if not diff.strip():
        outside.record(PROMPT_OUTCOME, {"prompt": prompt.mark, "succeeded": False})
        raise NotMine(f"{argv[0]} changed nothing ({said})")
    yield new_patch(
        reproduction_id=case.reproduction.id,
        strategy="command",
        summary=f"Mend {case.failure.test or case.failure.message.splitlines()[0]}"[:100],
        explanation=f"Made by the external agent {argv[0]}; it ended: {said}.",
        diff=diff,
        needs_review=(
            f"The external agent {argv[0]} wrote this; the checks below passed, but no check knows what the code is "
            "meant to do. Read it before merging."
        ),
        prompt=prompt.mark,
    )


def command_line(setting: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the words of the agent's command and the variables that are its keys.

    Raises:
        NotMine: the setting cannot be split into words.
    """
    if template := TEMPLATES.get(setting.strip()):
        return template.argv, template.keys
    try:
        words = tuple(shlex.split(setting))
    except ValueError as error:
        raise NotMine(f"agent.external is no command line: {error}") from error
    if not words:
        raise NotMine("agent.external is empty")
    known = TEMPLATES.get(Path(words[0]).name)
    return words, known.keys if known else ()


def _work(case: Case, outside: Outside, space: Workspace, argv: tuple[str, ...], prompt: Prompt) -> tuple[str, str]:
    """Start it and wait for its end; return what it changed, and how it ended."""
    base = space.tree.commit
    seconds = max(1.0, outside.seconds_left() * SHARE)
    file = space.tree.path.parent / "prompt.md"
    file.write_text(_text(case, outside, space, seconds, prompt), encoding="utf-8", errors="replace")
    words = tuple(word.replace(PROMPT_FILE, str(file)) for word in argv)
    if words == argv:
        words = (sys.executable, "-I", "-S", "-c", _FEED, str(file), *argv)
    outside.talk(f"the external agent {argv[0]} works, for at most {seconds:.0f} s")
    try:
        result = space.run(Invocation(argv=words, timeout_seconds=seconds))
    finally:
        file.unlink(missing_ok=True)
    said = "the time ended" if result.ending is Ending.TIMED_OUT else ended(result)
    outside.record("agent.external", {"program": argv[0], "ended": said, "seconds": result.seconds})
    try:
        # Whatever it committed is a part of the change, not of the history.
        space.tree.git.run("reset", "--quiet", "--soft", base)
        space.tree.git.run("clean", "-fdq", "--", *_LEFT_BY_AGENTS)
        return _diff(case, space), said
    except GitError as error:
        raise NotMine(f"{argv[0]} left a worktree that cannot be compared: {error.message}") from error


def _diff(case: Case, space: Workspace) -> str:
    return replace(case, tree=space.tree).diff_now()


def _text(case: Case, outside: Outside, space: Workspace, seconds: float, prompt: Prompt) -> str:
    known = Known(
        failure=case.failure,
        reproduction=case.reproduction,
        diagnosis=case.diagnosis,
        desk=Desk(tree=space.tree, run=space.run, mask=outside.mask),
        root=str(case.tree.path),
        prompt=outside.request,
        attempts=case.attempts,
        minutes=max(1.0, seconds / 60),
    )
    texts = {**values(known), "command": shlex.join(case.reproduction.narrowed.argv)}
    return "\n\n".join(prompt.filled(texts))
