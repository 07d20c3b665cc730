"""Cases of the strategies that ask somebody else: real worktrees and sandboxes, a scripted model."""

import contextlib
import itertools
import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from pydantic import JsonValue

from fixer.agent.tools.search import PROGRAM
from fixer.redact import Masker
from fixer.sandbox import OwnProgram, Sandbox
from fixer.schema.command import CommandResult, Rung
from fixer.schema.reproduction import Shown
from fixer.schema.settings import AgentSettings, ModelSettings, SandboxSettings, Settings
from fixer.strategies.base import Case, Outside, Workspace
from fixer.worktree import close_worktree, open_worktree
from tests.agent.places import FAILURE, SECRET, Place, reproduction
from tests.fakes import ScriptedModel


@dataclass
class Around:
    """A case, and what was done for it."""

    case: Case
    opened: list[str] = field(default_factory=list)
    """Names of the models that were asked for."""
    events: list[tuple[str, JsonValue]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    trees: list[Path] = field(default_factory=list)
    commands: list[CommandResult] = field(default_factory=list)

    def left(self) -> list[Path]:
        return [tree for tree in self.trees if tree.exists()]


def case_around(
    place: Place,
    *models: ScriptedModel | Exception,
    agent: AgentSettings | None = None,
    escalation: str = "",
    required: bool = False,
    rung: Rung | None = None,
    seconds: float = 60,
    context: int = 0,
) -> Around:
    """Make a case in the place's worktree; the models are handed out one by one, an external agent has this rung."""
    desk = place.desk
    settings = Settings(
        model=ModelSettings(escalation=escalation, context=context),
        agent=agent or AgentSettings(),
        sandbox=SandboxSettings(required=required, command_seconds=20, output_mb=4),
    )
    numbers = itertools.count(1)
    made = Around(
        Case(
            failure=FAILURE,
            failures=(FAILURE,),
            reproduction=reproduction(),
            diagnosis=None,
            tree=desk.tree,
            python="python",
            run=desk.run,
            shows=lambda: Shown.SAME,
            stop=lambda: False,
            max_patches=4,
        )
    )

    def open_model(name: str) -> ScriptedModel:
        made.opened.append(name)
        model = models[len(made.opened) - 1]
        if isinstance(model, Exception):
            raise model
        return model

    @contextlib.contextmanager
    def open_workspace(own_program: OwnProgram | None = None) -> Iterator[Workspace]:
        path = desk.tree.path.parents[1] / f"further-{next(numbers)}" / "tree"
        made.trees.append(path)
        tree = open_worktree(desk.tree.repository, path, desk.tree.commit)
        sandbox = Sandbox(
            settings.sandbox,
            path,
            readable=[desk.tree.repository / ".git", PROGRAM],
            own=own_program,
            mask=Masker({"FIXER_CANARY_TOKEN": SECRET}).mask,
            on_result=made.commands.append,
            rung=rung if own_program is not None else None,
        )
        try:
            yield Workspace(tree, sandbox.run, sandbox.scratch, sandbox.close)
        finally:
            sandbox.close()
            close_worktree(desk.tree.repository, path)

    outside = Outside(
        settings=settings,
        environment=os.environ,
        no_model="" if models else "no model is configured: do this",
        open_model=open_model,
        open_workspace=open_workspace,
        shown=desk.shown or (lambda _: Shown.SAME),
        refuses=desk.refuses,
        objections=desk.objections,
        seconds_left=lambda: seconds,
        record=lambda kind, data: made.events.append((kind, data)),
        talk=made.said.append,
        mask=desk.mask,
        prompts=place.outside / "project",
    )
    made.case = replace(made.case, outside=outside)
    return made
