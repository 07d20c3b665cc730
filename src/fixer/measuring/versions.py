"""Two versions of a prompt and cases go in; every case is run with each, and the comparison comes out (spec C10)."""

from collections.abc import Callable, Mapping
from pathlib import Path

from fixer.errors import ConfigError
from fixer.llm import find_model
from fixer.measuring.cases import Case
from fixer.measuring.comparing import Comparison, Pair, compared
from fixer.measuring.runs import ONLY_MODEL, Measured, measure
from fixer.prompts import Prompt
from fixer.schema.base import Record, content_id
from fixer.schema.settings import ModelSettings, Settings


class Compared(Record):
    """What two versions came to."""

    first: str
    second: str
    pairs: tuple[Pair, ...]
    left_out: tuple[str, ...]
    """Cases that say nothing, and why."""
    comparison: Comparison


def compare(  # noqa: PLR0913, PLR0917 - one argument a part of the command line
    first: Prompt,
    second: Prompt,
    cases: list[Case],
    recordings: Path,
    settings: Settings,
    env: Mapping[str, str],
    talk: Callable[[str], None],
) -> Compared:
    """Run every case with each version, from its recording where there is one, else live, and record that.

    Raises:
        ConfigError: the two are not versions of one prompt, nothing is recorded and no model is configured, or a
            case is broken.
    """
    if first.name != second.name:
        raise ConfigError(f"'{first.name}' and '{second.name}' are two prompts", "compare two versions of one")
    if (first.system, first.message) == (second.system, second.message):
        raise ConfigError(f"{first.path} and {second.path} say the same", "compare two versions that differ")
    can_ask = find_model(settings.model, env) is not None
    pairs: list[Pair] = []
    left_out: list[str] = []
    for case in cases:
        outcomes = []
        for prompt in (first, second):
            tape = recordings / f"{case.name}.{_mark(prompt)}.jsonl"
            if not tape.exists() and not can_ask:
                left_out.append(f"{case.name}: {tape} is not there, and no model is configured to ask")
                break
            talk(f"{case.name}, {_label(prompt)}: {'played back' if tape.exists() else 'asking the model'}")
            measured = _run(case, prompt, tape.absolute(), settings)
            if not measured.asked:
                left_out.append(f"{case.name}, {_label(prompt)}: the model could not be asked: {measured.note}")
                break
            outcomes.append(measured.fixed and measured.green)
        if len(outcomes) == 2:
            pairs.append(Pair(case=case.name, first=outcomes[0], second=outcomes[1]))
    names = _label(first), _label(second)
    if names[0] == names[1]:
        names = f"{names[0]} ({first.path})", f"{names[1]} ({second.path})"
    return Compared(
        first=names[0],
        second=names[1],
        pairs=tuple(pairs),
        left_out=tuple(left_out),
        comparison=compared(pairs, *names),
    )


def _label(prompt: Prompt) -> str:
    return f"{prompt.name}@{prompt.version}"


def _mark(prompt: Prompt) -> str:
    """A recording is of one text: changed words are another one, also where their version was not raised."""
    return f"{prompt.name}@{prompt.version}-{content_id(prompt.system, prompt.message)[:8]}"


def _run(case: Case, prompt: Prompt, tape: Path, settings: Settings) -> Measured:
    if tape.exists():
        # Kind and name are the recording's own; prices do not matter to it.
        model = ModelSettings(kind="replay", recording=str(tape))
    else:
        tape.parent.mkdir(parents=True, exist_ok=True)
        model = settings.model.model_copy(update={"recording": str(tape), "escalation": ""})
    agent = settings.agent.model_copy(update={"candidates": 1, "external": ""})
    own = settings.model_copy(update={"model": model, "agent": agent, "strategies": ONLY_MODEL})
    text = Path(prompt.path).read_text(encoding="utf-8")
    measured = measure(case, own, {prompt.name: text})
    if not measured.asked and model.kind != "replay":
        tape.unlink(missing_ok=True)
    return measured
