"""What a server answered in place of a turn goes in; whether it takes no tools, or not so long a request, comes out.

Sources of the words: Ollama ("does not support tools"), llama.cpp's server ("tools param requires --jinja flag",
exceed_context_size_error, both also with status 500), vLLM ("requires --enable-auto-tool-choice and
--tool-call-parser to be set", "maximum context length is"), the OpenAI API (context_length_exceeded), Gemini ("input
token count … exceeds the maximum number of tokens", and of Gemma models "Function calling is not enabled for").
"""

import re

_NEVER = frozenset({401, 402, 403, 429})
"""Statuses that are about the account, whatever their words are."""
_CALLING = r"(?:tools?\b(?: use| calls?| calling)?|function[ _-]call(?:s|ing))"
_NO_TOOLS = re.compile(
    rf"(?:does not|doesn't|do not|not) support {_CALLING}|{_CALLING} (?:is|are) not (?:supported|enabled)"
    r"|tools param requires|unsupported param(?:eter)?:? ['\"]?tools\b|--tool-call-parser"
    r"|no endpoints found that support tool use",
    re.IGNORECASE,
)
_TOO_LONG = re.compile(
    r"context_length_exceeded|exceed_context_size|available context size|maximum context length"
    r"|context (?:length|window|size)[^.]{0,40}exceed|exceed[^.]{0,60}context (?:length|window|size)"
    r"|greater than the context (?:length|window|size)|(?:prompt|input) (?:is )?too long"
    r"|input token count[^.]{0,60}exceed|reduce the length of the (?:messages|prompt|input)",
    re.IGNORECASE,
)
_CONTEXT = (
    re.compile(r'"n_ctx"\s*:\s*(\d{3,8})\b'),
    re.compile(r"context (?:length|window|size) (?:is|of) (?:only )?(\d{3,8})\b", re.IGNORECASE),
)
_NO_SYSTEM = re.compile(r"system (?:role|message|prompt)s?[^.]{0,20} not supported", re.IGNORECASE)

CUT_FROM = 8_000
"""Characters of a request below which too few tokens say nothing."""
MOST_LETTERS = 6.0
"""Characters that a tokeniser puts into one token of prompts, code and logs on average: 3 to 4, 5 in pure English."""


def takes_no_tools(status: int, said: str) -> bool:
    """Whether the server says that it, or its model, takes no tools."""
    return status not in _NEVER and _NO_TOOLS.search(said) is not None


def is_too_long(status: int, said: str) -> bool:
    """Whether the server says that the request and its answer do not fit into the model's context."""
    return status == 413 or (status not in _NEVER and _TOO_LONG.search(said) is not None)


def context_in(said: str) -> int:
    """Return the context that the server names, in tokens; 0: it names none."""
    return next((int(found[1]) for pattern in _CONTEXT if (found := pattern.search(said))), 0)


def takes_no_system(status: int, said: str) -> bool:
    """Whether the model's chat template has no place for what is told once."""
    return status in {400, 422, 500} and _NO_SYSTEM.search(said) is not None


def was_cut(letters: int, tokens: int) -> bool:
    """Whether a server that read `tokens` cannot have read the whole request, as Ollama that cuts it silently.

    Args:
        letters: of the request's texts and tools.
        tokens: of it as the server counts them.
    """
    return letters > CUT_FROM and 0 < tokens < letters / MOST_LETTERS
