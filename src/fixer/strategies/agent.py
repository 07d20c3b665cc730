"""Lets a language model look for the fix with tools, in worktrees of its own; only where a model is configured."""

import asyncio
import contextlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from fixer.agent import Desk, Ending, Limits, Toolbox, Worked, work
from fixer.agent.commands import allowed
from fixer.agent.evidence import ALONE, Known, values
from fixer.agent.plain import work_plainly
from fixer.agent.refusal import Refused
from fixer.agent.transcript import Transcript
from fixer.errors import GitError, ModelError, Passing
from fixer.llm.base import ModelClient
from fixer.prompts import PROMPT_OUTCOME, Prompt, load_prompt
from fixer.schema.patch import Patch, new_patch
from fixer.strategies.base import Case, NotMine, Outside, Workspace

ORDER = 95
ROUNDS = 3
SHARE = 0.7
"""Of the time that is left; the rest is the gate's."""
PLAIN_AFTER = frozenset({Ending.NO_TOOLS, Ending.UNUSABLE, Ending.TOO_LONG, Ending.STUCK})
"""Endings after which the model is asked once more, for edits instead of calls of tools."""
LEAST_CONTEXT = 8_000
"""Tokens without which a conversation with tools is not begun: their description and the evidence take 6,000."""


@dataclass(frozen=True)
class _Prompts:
    """What a model is told: with tools, and where it has none."""

    with_tools: Prompt
    plain: Prompt


@dataclass(frozen=True)
class _Tried:
    """What one candidate came to."""

    number: int
    model: str
    ending: str
    words: str
    diff: str = ""
    summary: str = ""
    explanation: str = ""
    prompts: tuple[Prompt, ...] = ()
    """Those that were used, the one that led to the diff last."""
    passing: Passing | None = None


def propose(case: Case) -> Iterator[Patch]:
    """Yield the patch of the first candidate whose reproduction passes.

    The first model is asked first, the stronger one after a failure: of a conversation, or, in a further round, of
    a patch at the gate.

    Raises:
        NotMine: no model is configured, or none of them found a fix.
    """
    outside = case.outside
    if outside is None or outside.no_model:
        raise NotMine(outside.no_model if outside else "no model can be asked here")
    prompts = _Prompts(load_prompt("fix", outside.prompts), load_prompt("fix_plain", outside.prompts))
    tried: list[_Tried] = []
    for model in _models(case, outside):
        if case.stop():
            break
        try:
            tried += _candidates(case, outside, prompts, model, tried)
        except ModelError as error:
            words = f"{error.message}; {error.hint}"
            tried.append(_Tried(1, model, Ending.FAILED.value, words, passing=error.passing))
        if found := next((one for one in tried if one.diff), None):
            _record_failures(outside, found.prompts[:-1])
            yield _patch(case, found.prompts[-1], found)
            return
    passing = _soonest(tried)
    if passing is None:
        _record_failures(outside, [prompt for one in tried for prompt in one.prompts] or [prompts.with_tools])
    told = "; ".join(f"{one.model or 'the model'}: {one.ending.replace('_', ' ')}, {one.words}" for one in tried)
    raise NotMine(told or "the time ended before a model was asked", passing)


def _soonest(tried: Sequence[_Tried]) -> Passing | None:
    """Return when the first of the models that met a limit can be asked again; None: none of them met one."""
    known = [one.passing.at for one in tried if one.passing is not None and one.passing.at is not None]
    return Passing(min(known)) if known else None


def _record_failures(outside: Outside, prompts: Sequence[Prompt]) -> None:
    for mark in dict.fromkeys(prompt.mark for prompt in prompts):
        outside.record(PROMPT_OUTCOME, {"prompt": mark, "succeeded": False})


def _models(case: Case, outside: Outside) -> list[str]:
    """Return the names of the models to ask in this round, in order; '' is that of the settings."""
    stronger = outside.settings.model.escalation
    refused = any(attempt.patch.strategy == "agent" for attempt in case.attempts)
    if not stronger:
        return [""]
    return [stronger] if refused else ["", stronger]


def _candidates(case: Case, outside: Outside, prompts: _Prompts, model: str, before: Sequence[_Tried]) -> list[_Tried]:
    """Let one model try, several times side by side where the settings say so."""
    client = outside.open_model(model)
    with contextlib.ExitStack() as stack:
        count = outside.settings.agent.candidates
        spaces = [stack.enter_context(outside.open_workspace()) for _ in range(count)]
        return asyncio.run(_race(case, outside, prompts, client, spaces, before))


async def _race(  # noqa: PLR0913, PLR0917 - what one candidate needs, and how many there are
    case: Case,
    outside: Outside,
    prompts: _Prompts,
    client: ModelClient,
    spaces: Sequence[Workspace],
    before: Sequence[_Tried],
) -> list[_Tried]:
    """Run all candidates until one has a fix; stop the others then, at once."""
    tasks = [
        asyncio.create_task(_one(case, outside, prompts, client, space, number, before))
        for number, space in enumerate(spaces, start=1)
    ]
    done: list[_Tried] = []
    try:
        for task in asyncio.as_completed(tasks):
            done.append(await task)
            if done[-1].diff:
                break
    finally:
        for space in spaces:
            space.cancel()
        for each in tasks:
            each.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await client.close()
    return done


async def _one(  # noqa: PLR0913, PLR0917 - as above
    case: Case,
    outside: Outside,
    prompts: _Prompts,
    client: ModelClient,
    space: Workspace,
    number: int,
    before: Sequence[_Tried],
) -> _Tried:
    end = time.monotonic() + outside.seconds_left() * SHARE
    desk = _desk(case, outside, space)
    limits = Limits.of(outside.settings, prompts.with_tools.model, lambda: end - time.monotonic())
    known = _known(case, outside, desk, limits, [f"{one.ending}: {one.words}" for one in before])
    name = "agent" if outside.settings.agent.candidates == 1 else f"agent {number}"
    transcript = Transcript(outside.record, outside.talk, outside.mask, name)
    first = _Tried(number, client.model, "", "")
    if not _only_plain(case, limits):
        system, task = prompts.with_tools.filled(await asyncio.to_thread(values, known))
        worked = await work(client, system, task, Toolbox(desk), limits, transcript, in_words=False)
        first = await asyncio.to_thread(_outcome, desk, worked, number)
        if worked.ending is not Ending.NO_TOOLS:
            first = replace(first, prompts=(prompts.with_tools,))
        if first.diff or worked.ending not in PLAIN_AFTER:
            return first
        limits = replace(limits, context=worked.context)
        outside.talk(f"{name}: it is asked for edits instead of calls of tools")
    return await _plainly(outside, prompts.plain, client, known, limits, transcript, first)


async def _plainly(  # noqa: PLR0913, PLR0917 - as above
    outside: Outside,
    prompt: Prompt,
    client: ModelClient,
    known: Known,
    limits: Limits,
    transcript: Transcript,
    first: _Tried,
) -> _Tried:
    """Ask for edits; `first` is what the same model came to with tools."""
    desk = known.desk
    own = replace(Limits.of(outside.settings, prompt.model, limits.seconds_left), context=limits.context)
    try:
        await asyncio.to_thread(desk.undo)
    except GitError as error:
        return replace(first, words=f"{first.words}; its worktree cannot be used again: {error.message}")
    worked = await work_plainly(
        client, lambda room: prompt.filled(values(known, ALONE.scaled(room))), Toolbox(desk), own, transcript
    )
    found = await asyncio.to_thread(_outcome, desk, worked, first.number)
    words = f"{first.words}; without tools: {found.words}" if first.words else found.words
    return replace(found, words=words, prompts=(*first.prompts, prompt))


def _only_plain(case: Case, limits: Limits) -> bool:
    """Whether tools are of no use: too small a context, or a patch of an earlier round that came without them."""
    plain = any((attempt.patch.prompt or "").startswith("fix_plain@") for attempt in case.attempts)
    return plain or 0 < limits.context < LEAST_CONTEXT


def _desk(case: Case, outside: Outside, space: Workspace) -> Desk:
    return Desk(
        tree=space.tree,
        run=space.run,
        mask=outside.mask,
        commands=allowed(case.reproduction, outside.settings.agent.commands),
        reproduction=case.reproduction,
        shown=outside.shown,
        refuses=outside.refuses,
        objections=outside.objections,
        seconds_left=outside.seconds_left,
    )


def _known(case: Case, outside: Outside, desk: Desk, limits: Limits, notes: Sequence[str]) -> Known:
    return Known(
        failure=case.failure,
        reproduction=case.reproduction,
        diagnosis=case.diagnosis,
        desk=desk,
        root=str(case.tree.path),
        prompt=outside.request,
        attempts=case.attempts,
        notes=tuple(notes),
        steps=limits.steps,
        minutes=max(1.0, limits.seconds_left() / 60),
    )


def _outcome(desk: Desk, worked: Worked, number: int) -> _Tried:
    """Look at what is in the worktree: a fix is a fix also where the model did not come to say so."""
    said = worked.submission
    words = f"{worked.words} (step {worked.steps})"
    told = f"{words}; {said.explanation}" if said else words
    tried = _Tried(number, worked.model, worked.ending.value, told, passing=worked.passing)
    if worked.ending is Ending.GAVE_UP:
        return tried
    try:
        diff = _diff(desk, worked)
    except Refused as refusal:
        return replace(tried, words=f"{words}; {refusal}")
    except GitError as error:
        return replace(tried, words=f"{words}; its worktree cannot be compared: {error.message}")
    if not diff:
        return tried
    if said is not None:
        return replace(tried, diff=diff, summary=said.summary, explanation=said.explanation)
    names = ", ".join(sorted(desk.changes)[:3]) or "the code"
    told = f"The model did not come to explain it: {worked.words}."
    return replace(tried, diff=diff, summary=f"Mend {names}"[:100], explanation=told)


def _diff(desk: Desk, worked: Worked) -> str:
    """Return the change that counts: what is there and passes, or what passed before it was spoilt; '' for none.

    Raises:
        Refused: the worktree holds what is no text.
        GitError: it cannot be compared.
    """
    try:
        if worked.ending is Ending.SUBMITTED or not desk.unfinished():
            return desk.diff()
    except (Refused, GitError):
        if not desk.finished:
            raise
    return desk.finished


def _patch(case: Case, prompt: Prompt, found: _Tried) -> Patch:
    outside_mask = case.outside.mask if case.outside else str
    return new_patch(
        reproduction_id=case.reproduction.id,
        strategy="agent",
        summary=outside_mask(found.summary),
        explanation=outside_mask(found.explanation),
        diff=found.diff,
        needs_review=(
            f"A language model ({found.model}, prompt {prompt.name} version {prompt.version}) wrote this; the checks "
            "below passed, but no check knows what the code is meant to do. Read it before merging."
        ),
        prompt=prompt.mark,
    )
