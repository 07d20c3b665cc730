"""What a model said goes in, what it said beside its thoughts comes out.

Models that reason write that first, mostly between <think> and </think>. It is no word of the answer: a call or an
edit that is only thought about is not made, and it is not sent back.
"""

import re

_NAMES = r"(?:think|thinking|thought|reasoning|seed:think)"
_OPEN = re.compile(rf"\s*<{_NAMES}>")
_CLOSE = re.compile(rf"</{_NAMES}>")
_CHANNEL = re.compile(r"<\|channel\|>\s*final\s*(?:<\|constrain\|>\s*\w+\s*)?<\|message\|>")
_OTHER_CHANNEL = re.compile(r"\s*(?:<\|start\|>\s*assistant\s*)?<\|channel\|>\s*analysis\s*<\|message\|>")
_END = re.compile(r"<\|(?:end|return)\|>")


def without_thoughts(text: str) -> str:
    """Return what comes after the thoughts; a text that has none is returned as it is.

    Thoughts begin the answer. Where a chat template has written the opening word, the answer has only the closing
    one. Thoughts that do not end are all that there is.
    """
    if _OTHER_CHANNEL.match(text):
        text = _after_analysis(text)
    opened = _OPEN.match(text)
    closed = _CLOSE.search(text)
    if opened:
        return without_thoughts(text[closed.end() :].lstrip("\n")) if closed else ""
    if closed and not _opened_before(text, closed.start()):
        return text[closed.end() :].lstrip("\n")
    return text


def _after_analysis(text: str) -> str:
    """Return the words of the final channel (OpenAI's harmony format), or what follows the analysis."""
    final = _CHANNEL.search(text)
    if final:
        return _END.split(text[final.end() :], maxsplit=1)[0]
    ended = _END.search(text)
    return text[ended.end() :] if ended else ""


def _opened_before(text: str, end: int) -> bool:
    return re.search(rf"<{_NAMES}>", text[:end]) is not None
