"""Finds what is wrong between the steps of a workflow: names, where they lead, and what they ask of each other."""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fixer.input.known_commands import KnownCommands
from fixer.input.nodes import Node
from fixer.input.placeholders import CAPTURED, OUTPUT, placeholders
from fixer.input.problems import nearest
from fixer.input.shapes import Found
from fixer.input.step_links import endless, nested
from fixer.input.workflow_keys import STEP
from fixer.schema.workflow import CONTINUE, FAIL, WorkflowStep

_SUGGESTED = 200
"""Names that a misspelt one is compared with."""


Nodes = Mapping[tuple[int, int], Mapping[str, Node]]
"""The keys of each step by its line and column, which no other step has; "" is the step itself."""


def problems_between(steps: tuple[WorkflowStep, ...], nodes: Nodes, known: KnownCommands) -> Iterator[Found]:
    """Yield what is wrong, with its place; `known` are the names that steps without a command may have."""
    yield from _Meaning(steps, nodes, known).problems()


@dataclass(frozen=True)
class _Meaning:
    """One workflow whose steps are right one by one."""

    steps: tuple[WorkflowStep, ...]
    nodes: Nodes
    commands: KnownCommands

    def keys(self, step: WorkflowStep) -> Mapping[str, Node]:
        return self.nodes[step.line, step.column]

    def place(self, step: WorkflowStep, key: str = "") -> int:
        keys = self.keys(step)
        return keys[key if key in keys else ""].offset

    def problems(self) -> Iterator[Found]:
        everywhere = [inner for step in self.steps for inner in nested(step)]
        top = {step.name for step in self.steps}
        below = {inner.name for inner in everywhere} - top
        yield from self.names(everywhere)
        for step in everywhere:
            yield from self.following(step, top, below)
            yield from self.known(step)
        yield from self.outputs(everywhere)
        stuck = endless(self.steps)
        for step in self.steps:
            if step.name in stuck:
                message = (
                    f"'{step.name}' can never come to an end: whatever its exit code, it goes on to '{step.default}'"
                )
                instead = "a condition that leads to continue-workflow or fail-workflow, or no default"
                yield self.target_place(step, step.default), message, instead

    def names(self, everywhere: list[WorkflowStep]) -> Iterator[Found]:
        """A name that stands for two things is refused; a known command may stand in a workflow many times."""
        meant = {name for step in everywhere for name, _ in self.references(step)}
        first: dict[str, WorkflowStep] = {}
        for step in everywhere:
            if step.name in {CONTINUE, FAIL}:
                yield self.place(step, "name"), f"'{step.name}' is a word of `next`", "another name"
            before = first.setdefault(step.name, step)
            if not step.name or before is step or not (step.command or before.command or step.name in meant):
                continue
            line = before.line
            yield (
                self.place(step, "name"),
                f"a second step is called '{step.name}'; the first is in line {line}",
                "another name",
            )

    def references(self, step: WorkflowStep) -> Iterator[tuple[str, int]]:
        for word in (step.default, *(condition.next for condition in step.conditions)):
            if word and word not in {CONTINUE, FAIL}:
                yield word, self.target_place(step, word)
        for word, offset in self.texts(step):
            for asked in placeholders(word):
                if asked.endswith(OUTPUT):
                    yield asked.removesuffix(OUTPUT), offset

    def texts(self, step: WorkflowStep) -> Iterator[tuple[str, int]]:
        """Yield every text in which placeholders are replaced, with its place."""
        keys = self.keys(step)
        for word in step.command:
            yield word, self.place(step, "command")
        for item in keys["args"].items or () if "args" in keys else ():
            yield item.text, item.offset
        for member in keys["env"].members or () if "env" in keys else ():
            yield member.value.text, member.value.offset

    def target_place(self, step: WorkflowStep, name: str) -> int:
        keys = self.keys(step)
        if "default" in keys and keys["default"].text == name:
            return keys["default"].offset
        for item in keys["conditions"].items or () if "conditions" in keys else ():
            for member in item.members or ():
                if member.key in {"next", "default"} and member.value.text == name:
                    return member.value.offset
        return self.place(step)

    def following(self, step: WorkflowStep, top: set[str], below: set[str]) -> Iterator[Found]:
        for word in dict.fromkeys((*(condition.next for condition in step.conditions), step.default)):
            if not word or word in {CONTINUE, FAIL} or word in top:
                continue
            offset = self.target_place(step, word)
            if word in below:
                message = (
                    f"'{word}' is nested in another step and runs with that one; `next` names a step of `commands`"
                )
                yield offset, message, f"{word} as a step of its own under commands"
            else:
                near = nearest(word, itertools.islice(sorted({CONTINUE, FAIL, *top}), _SUGGESTED))
                instead = f"{near} (did you mean '{near}'?)" if near else f"{CONTINUE}, {FAIL}, or the name of a step"
                yield offset, f"no step is called '{word}'", instead

    def known(self, step: WorkflowStep) -> Iterator[Found]:
        written = {member.key for member in self.keys(step)[""].members or ()}
        # With a key that nobody knows, that one is what is wrong: `comand`.
        if "command" in written or written - set(STEP.keys) or not step.name:
            return
        if self.commands.find(step.name) is not None:
            return
        near = nearest(step.name.removeprefix("mmm-"), self.commands.names()[:_SUGGESTED])
        file = f"prompts/commands/{step.name}.md"
        message = f"'{step.name}' has no command, and is neither an analysis tool nor a prompt file ({file})"
        instead = f"{near} (did you mean '{near}'?), or a command" if near else f"command: what '{step.name}' runs"
        yield self.place(step, "name"), message, instead

    def outputs(self, everywhere: list[WorkflowStep]) -> Iterator[Found]:
        captured = {step.name for step in everywhere if step.capture_output}
        names = {step.name for step in everywhere}
        for step in everywhere:
            for word, offset in self.texts(step):
                for asked in placeholders(word):
                    name = asked.removesuffix(OUTPUT)
                    if asked == CAPTURED and not captured:
                        yield offset, "no step keeps its output", "capture_output: true on the step that is meant"
                    elif not asked.endswith(OUTPUT) or name in captured:
                        continue
                    elif name in names:
                        message = f"the output of '{name}' is not kept"
                        yield offset, message, f"capture_output: true on the step '{name}'"
                    else:
                        near = nearest(name, sorted(captured or names)[:_SUGGESTED])
                        instead = f"${{{near}.output}} (did you mean '{near}'?)" if near else "the name of a step"
                        yield offset, f"no step is called '{name}'", instead
