"""A template that is not there: which step wanted it, where to create it, and the one that is closest."""

import difflib
from collections.abc import Mapping, Sequence

from fixer import lazy_re as re
from fixer.alternatives import says
from fixer.explaining.causes.base import Finding, Scene
from fixer.explaining.causes.reading.names import quoted
from fixer.explaining.causes.reading.offers import Offers, listed
from fixer.explaining.causes.reading.words import FIELD, MISSING, TEMPLATE, near, prepared, sure
from fixer.schema.explanation import SuggestedFix
from fixer.schema.root_cause import RootCause
from fixer.schema.workspace import Template

_RULES = (
    (
        0.93,
        (
            r"template[ _]?(?:name )?(?:id )?(?:not[ _]?found|does not exist|missing|not[ _]?exist)|unknown "
            r"template|no (?:such )?template"
        ),
    ),
    (0.88, near(TEMPLATE, MISSING, 70)),
    (
        0.9,
        near(
            TEMPLATE,
            r"(?:inactive|disabled|not (?:yet )?(?:approved|active|published)|unpublished|deaktiviert|désactivée?)",
            50,
        ),
    ),
    (
        0.9,
        (
            r"(?:テンプレート|ひな形|模板)[^\n。]{0,40}(?:見つかりません|存在しません"
            r"|ありません|不存在|找不到|未找到)|(?:找不到|未找到)[^\n。]{0,20}模板"
        ),
    ),
)
_OTHER = rf"(?:variable|placeholder|merge tag|{FIELD})"
_NAMED = re.compile(
    r"(?i)\b(?:template|vorlage|modèle|plantilla|modelo|sjabloon|szablon\w*|шаблон\w*)s?(?:[ _-]?(?:id"
    r"|name|named|with (?:id|name)|not ?found))*"
    r"\s*[:=(]*\s*['\"(]?(?!does\b|was\b|is\b|not\b|could\b|in\b"
    r"|name\b)(?P<name>[\w][\w ./-]{0,80}?)['\")]?(?=$|[.?!,;)\n]| (?:was|is|does|not"
    r"|could|has"
    r"|in|wurde|nicht|n'|no|est|foi|não)\b)"
)
_SENDS = re.compile(r"(?i)mail|message|nachricht|invite|template|send|senden|envoyer|enviar|slack|sms|whatsapp|render")
CAUSES = frozenset({RootCause.MISSING_TEMPLATE})


def scores(scene: Scene) -> Mapping[RootCause, float]:
    """Say how sure it is that a template is named that nobody has."""
    score = _named(scene)[0]
    return {RootCause.MISSING_TEMPLATE: score} if score > 0 else {}


def finding(scene: Scene, _: RootCause, score: float) -> Finding:
    """Explain which template it is, and which is closest."""
    return _finding(scene, _named(scene)[1], score)


def _named(scene: Scene) -> tuple[float, str]:
    """Return how sure it is, and the template's name; empty where none is named."""
    text = prepared(scene.text)
    names = [one.name for one in scene.workspace.templates]
    score = sure(text, _RULES)
    if score and says(text, rf"(?<!\w){_OTHER}(?!\w)") and not says(text, _RULES[0][1]):
        score -= 0.15
    elif score:
        score = max(score, 0.94)
    name = _name(scene)
    if score and name in names:
        score -= 0.25
    if not score and _SENDS.search(scene.failed.action) and says(text, MISSING):
        # No word for a template, but a name much like one: "Outbound v3" where there is an "Outbound v2".
        name = next(
            (own for own in quoted(scene.text) if own not in names and _closest(own, scene.workspace.templates)), ""
        )
        score = 0.75 if name else 0.0
    return score, name


def _name(scene: Scene) -> str:
    """Return the template that the error names; empty where it names none."""
    text = scene.text
    inside = re.search(r"(?i)template name \(([\w.-]{1,100})\)", text)
    if inside:
        return inside[1]
    named = quoted(text)
    if named:
        known = {one.name for one in scene.workspace.templates}
        return next((name for name in named if name not in known and len(name) > 1), named[0])
    found = re.search(r"TemplateNotFound(?:Error)?: ([\w./ -]{1,100})$", text, re.MULTILINE) or _NAMED.search(text)
    if found:
        return (found["name"] if "name" in found.groupdict() else found[1]).strip()
    if scene.step is not None:
        for key in ("template", "templateName", "template_name", "templateId", "template_id"):
            for place in (scene.step.details, scene.step.details.get("input"), scene.step.details.get("params")):
                if isinstance(place, dict) and isinstance(place.get(key), str):
                    return str(place[key])
    return ""


def _closest(name: str, templates: Sequence[Template]) -> Template | None:
    folded = {one.name.casefold(): one for one in templates}
    found = difflib.get_close_matches(name.casefold(), list(folded), n=1, cutoff=0.6)
    return folded[found[0]] if found else None


def _finding(scene: Scene, name: str, score: float) -> Finding:
    offers, templates = Offers(scene), scene.workspace.templates
    closest = _closest(name, templates) if name else None
    called = f"the template '{name}'" if name else "its template"
    words = f"{offers.subject} uses {called}, which does not exist in workspace '{scene.record.workspace}'."
    if closest is not None:
        words += f" The closest one that exists is '{closest.name}'."
    elif templates:
        words += f" There are: {', '.join(repr(one.name) for one in templates[:8])}."
    words += f" It can be created under Templates in workspace '{scene.record.workspace}'."
    create = _create(offers, name, closest)
    use = _use(offers, name, closest)
    return Finding(
        root_cause=RootCause.MISSING_TEMPLATE,
        score=score,
        explanation=words,
        fixes=listed(
            use,
            create,
            offers.manual(
                f"Create the template '{name}'" if name else f"Create the template that {offers.where} uses",
                f"open Templates in workspace '{scene.record.workspace}', choose New template and name it exactly "
                + (f"'{name}'" if name else f"as {offers.where} does"),
            )
            if create is None
            else None,
            offers.manual(
                f"Use '{closest.name}' in {offers.where} instead of '{name}'",
                f"set the template of {offers.where} to '{closest.name}'",
            )
            if closest is not None and name and use is None
            else None,
        ),
    )


def _use(offers: Offers, name: str, closest: Template | None) -> SuggestedFix | None:
    """Point the agent's instructions at the template that exists."""
    agent = offers.agent
    if agent is None or closest is None or not name:
        return None
    pattern = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
    text = pattern.sub(lambda _: closest.name, agent.instructions)
    if text == agent.instructions:
        text = f"{agent.instructions.rstrip()} Use the template '{closest.name}' where '{name}' is meant.".strip()
    return offers.instructions(f"Use '{closest.name}' instead of '{name}' in the instructions of {agent.name}", text)


def _create(offers: Offers, name: str, closest: Template | None) -> SuggestedFix | None:
    """Add the template, with the placeholders of the closest one."""
    templates = offers.scene.workspace.templates
    like = closest or next(iter(templates), None)
    if not name:
        return None
    holes = list(dict.fromkeys(re.findall(r"\{\{\s*[\w.]+\s*\}\}", like.body))) if like is not None else []
    body = (
        closest.body
        if closest is not None and closest.body
        else f"Hi {' '.join(holes or ['{{first_name}}'])},\n\nWrite the text of '{name}' here."
    )
    kind = like.kind if like is not None else ""
    told = f", modelled on '{closest.name}'" if closest is not None else ""
    return offers.template(
        f"Create the template '{name}'{told}", name, kind, body, like.name if like is not None else ""
    )
