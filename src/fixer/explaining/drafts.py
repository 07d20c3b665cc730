"""A change that a model worded comes in; a fix with its diff goes out, where it changes what it may and names no other.

It is offered like every fix: nothing is applied before its diff was shown and a person said yes.
"""

import difflib
import re

from fixer.explaining.answer import AnsweredFix, Draft, RefusedError
from fixer.explaining.causes.base import Finding, Scene
from fixer.explaining.causes.reading.names import quoted
from fixer.explaining.causes.reading.offers import Offers
from fixer.explaining.checking import ORDERS, known, strange
from fixer.schema.explanation import FixType, SuggestedFix
from fixer.schema.root_cause import RootCause

KEPT = 0.5
"""How much of an agent's instructions a change of them keeps (difflib's ratio): less would be another agent."""
_HOLE = re.compile(r"\{\{\s*([\w.]+)\s*\}\}")


def drafted(fix: AnsweredFix, scene: Scene, finding: Finding) -> SuggestedFix | None:
    """Return the change as a fix; None where there is none, or no workspace file that it could change.

    Raises:
        RefusedError: it names what does not exist, or changes more than a fix of this failure may.
    """
    draft = fix.change
    if draft is None:
        return None
    offers = Offers(scene)
    if draft.type is FixType.UPDATE_INSTRUCTIONS:
        return _instructions(fix.description, draft, offers, finding)
    if draft.type is FixType.SUGGEST_TEMPLATE:
        return _template(fix.description, draft, offers, finding)
    return _restriction(fix.description, draft, offers, finding)


def _instructions(description: str, draft: Draft, offers: Offers, finding: Finding) -> SuggestedFix | None:
    agent = offers.agent
    if agent is None:
        raise RefusedError("it changes the instructions of an agent that the workspace does not have")
    _believed(draft.text, agent.instructions, offers.scene, finding)
    alike = difflib.SequenceMatcher(None, agent.instructions, draft.text, autojunk=False).ratio()
    if agent.instructions and alike < KEPT:
        raise RefusedError(f"it replaces the instructions of {agent.name} instead of changing them")
    return offers.instructions(description, draft.text)


def _template(description: str, draft: Draft, offers: Offers, finding: Finding) -> SuggestedFix | None:
    templates = offers.scene.workspace.templates
    missing = {name.casefold(): name for name in quoted(finding.explanation)} if _is_missing(finding) else {}
    for one in templates:
        missing.pop(one.name.casefold(), None)
    name = missing.get(draft.name.casefold())
    if name is None:
        raise RefusedError(f"it creates the template '{draft.name[:60]}', which nothing asked for")
    _believed(draft.text, "\n".join(one.body for one in templates), offers.scene, finding)
    like = templates[0] if templates else None
    return offers.template(description, name, like.kind if like else "", draft.text, like.name if like else "")


def _is_missing(finding: Finding) -> bool:
    return finding.root_cause is RootCause.MISSING_TEMPLATE


def _restriction(description: str, draft: Draft, offers: Offers, finding: Finding) -> SuggestedFix | None:
    agent = offers.agent
    if agent is None or draft.name not in agent.restrictions:
        raise RefusedError(f"it changes the restriction '{draft.name[:60]}', which the workspace does not have")
    now, text = agent.restrictions[draft.name], draft.text.strip()
    if isinstance(now, list):
        _believed(text, " ".join(map(str, now)), offers.scene, finding)
        return offers.restriction(description, draft.name, text, append=True)
    if isinstance(now, bool) or not isinstance(now, int | float) or not text.isdecimal() or int(text) >= now:
        raise RefusedError(f"it does not tighten the restriction '{draft.name}', which is {now}")
    return offers.restriction(description, draft.name, int(text))


def _believed(text: str, old: str, scene: Scene, finding: Finding) -> None:
    """Refuse words that order something or name what does not exist; what stood there before may stay."""
    if any(found[0] not in old for found in ORDERS.finditer(text)):
        raise RefusedError("its change tells to run a command or to open an address")
    bodies = "\n".join(one.body for one in scene.workspace.templates)
    told = f"{known(scene, finding)}\n{old}\n{bodies}".casefold()
    odd = [*strange(text, told), *(hole for hole in _HOLE.findall(text) if hole.casefold() not in told)]
    if odd:
        raise RefusedError(f"its change names what is neither in the workspace nor in the error: '{odd[0][:60]}'")
