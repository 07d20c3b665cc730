"""Lets an external coding agent look for the fix: a program of the user's own, started once in a worktree.

Its exit code and what it claims count for nothing: what it left in the worktree is the patch, and the gate decides.
Where bubblewrap works it is shut in as the project's commands are, but for the network, its own login and a copy of its
own configuration. Elsewhere it has limits on time and output, a scrubbed environment and named variables only.
"""

import shlex
import shutil
from collections.abc import Iterator
from dataclasses import replace

from fixer.agent.desk import Desk, ended
from fixer.agent.evidence import Known, values
from fixer.errors import ConfigError, GitError
from fixer.external_agent import TEMPLATES, ExternalAgent, external_agent
from fixer.prompts import PROMPT_OUTCOME, Prompt, load_prompt
from fixer.schema.command import CommandResult, Ending, Invocation, Rung
from fixer.schema.patch import Patch, new_patch
from fixer.strategies.base import Case, NotMine, Outside, Workspace

ORDER = 97
ROUNDS = 2
SHARE = 0.7
"""Of the time that is left; the rest is the gate's."""
_LEFT_BY_AGENTS = tuple(path for template in TEMPLATES.values() for path in template.left)


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
    try:
        agent = external_agent(outside.settings.agent.external)
        own = agent.own_program(outside.settings.agent, outside.environment)
    except ConfigError as error:
        raise NotMine(str(error)) from error
    if shutil.which(agent.name) is None:
        raise NotMine(f"the external agent {agent.name} is not on PATH; install it, or change FIXER_AGENT_EXTERNAL")
    prompt = load_prompt("external_fix", outside.prompts)
    with outside.open_workspace(own) as space:
        diff, result = _work(case, outside, space, agent, prompt)
    if not diff.strip():
        outside.record(PROMPT_OUTCOME, {"prompt": prompt.mark, "succeeded": False})
        raise NotMine(f"{agent.name} changed nothing ({_ended(result)}){_what_may_be_missing(result)}")
    yield new_patch(
        reproduction_id=case.reproduction.id,
        strategy="command",
        summary=f"Mend {case.failure.test or case.failure.message.splitlines()[0]}"[:100],
        explanation=f"Made by the external agent {agent.name}; it ended: {_ended(result)}. It ran {_where(result)}.",
        diff=diff,
        needs_review=(
            f"The external agent {agent.name} wrote this; the checks below passed, but no check knows what the code is "
            "meant to do. Read it before merging."
        ),
        prompt=prompt.mark,
    )


def _work(
    case: Case, outside: Outside, space: Workspace, agent: ExternalAgent, prompt: Prompt
) -> tuple[str, CommandResult]:
    """Start it and wait for its end; return what it changed, and how it ended."""
    base = space.tree.commit
    seconds = max(1.0, outside.seconds_left() * SHARE)
    file = space.scratch / "prompt.md"
    file.write_text(_text(case, outside, space, seconds, prompt), encoding="utf-8", errors="replace")
    outside.talk(f"the external agent {agent.name} works, for at most {seconds:.0f} s")
    result = space.run(Invocation(argv=agent.words(file), timeout_seconds=seconds))
    ran = {"program": agent.name, "ended": _ended(result), "rung": result.rung.value}
    outside.record("agent.external", {**ran, "seconds": result.seconds})
    try:
        # Whatever it committed is a part of the change, not of the history.
        space.tree.git.run("reset", "--quiet", "--soft", base)
        space.tree.git.run("clean", "-fdq", "--", *_LEFT_BY_AGENTS)
        return _diff(case, space), result
    except GitError as error:
        raise NotMine(f"{agent.name} left a worktree that cannot be compared: {error.message}") from error


def _ended(result: CommandResult) -> str:
    return "the time ended" if result.ending is Ending.TIMED_OUT else ended(result)


def _where(result: CommandResult) -> str:
    if result.rung is Rung.BUBBLEWRAP:
        return "in the sandbox, with the network, its own login and a copy of its configuration"
    return "outside of bubblewrap, which does not work here: it could read and write what you can"


def _what_may_be_missing(result: CommandResult) -> str:
    """Say how to let a confined agent see more, where it did not end well."""
    if result.passed or result.rung is not Rung.BUBBLEWRAP or result.ending is Ending.TIMED_OUT:
        return ""
    return (
        "; in the sandbox it sees only its own configuration of your home folder: FIXER_AGENT_EXTERNAL_FOLDERS names "
        "what else it needs, FIXER_AGENT_EXTERNAL_ENV the variables"
    )


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
