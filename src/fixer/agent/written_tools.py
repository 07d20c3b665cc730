"""A model whose server takes no tools goes in; one that is told of them, and of their answers, in words comes out.

Its calls are then text, which `written_calls` reads as it reads what any model writes.
"""

import json
from collections.abc import Sequence

from fixer.llm.base import Listener, Message, ModelClient, NoToolsError, Part, Text, Tool, ToolAnswer, Turn, TurnConfig

NO_TOOLS = "no_tools"
"""What a listener is told when a conversation goes on in words: {reason}."""
_HOW = """\
How to call a tool: write the call into your answer, in exactly this form, one object for each call:

<tool_call>
{"name": "NAME", "arguments": {"KEY": "VALUE"}}
</tool_call>

It is strict JSON: a line break inside of a text is \\n, a quotation mark \\". A program makes the calls and sends \
what came of them as the next message: write nothing behind your last call, and never write a tool's answer yourself.
There are these tools, each with the JSON Schema of its arguments:
"""


class WrittenTools:
    """Asks with tools until the server refuses them, and in words from then on."""

    def __init__(self, inner: ModelClient) -> None:
        """Wrap a model; `inner` is closed by whoever opened it."""
        self._inner = inner
        self.in_words = False
        """Whether the tools are described in words from now on."""

    @property
    def model(self) -> str:
        """The model that is asked for."""
        return self._inner.model

    async def turn(
        self, history: Sequence[Message], tools: Sequence[Tool], config: TurnConfig, listen: Listener
    ) -> Turn:
        """Ask once, with the calls of the answer as text where the server takes no tools.

        Raises:
            ModelError: see `ModelClient.turn`.
            BudgetError: the same.
        """
        if not self.in_words:
            try:
                return await self._inner.turn(history, tools, config, listen)
            except NoToolsError as error:
                if not tools:
                    raise
                self.in_words = True
                listen(NO_TOOLS, {"reason": error.message})
        told = config.model_copy(update={"system": f"{config.system}\n\n{described(tools)}", "tool_choice": "none"})
        return await self._inner.turn([in_words(message) for message in history], (), told, listen)

    async def close(self) -> None:
        """Give connections back."""
        await self._inner.close()


def described(tools: Sequence[Tool]) -> str:
    """Return what a model is told of its tools, and of how to call them."""
    return "\n".join([_HOW, *(json.dumps(tool.model_dump(mode="json"), ensure_ascii=False) for tool in tools)])


def in_words(message: Message) -> Message:
    """Return a message as one text: calls as the model is told to write them, answers under the tool's name."""
    return Message(role=message.role, parts=(Text(text="\n\n".join(map(_words, message.parts))),))


def _words(part: Part) -> str:
    if isinstance(part, Text):
        return part.text
    if isinstance(part, ToolAnswer):
        return f"{part.name} {'failed' if part.is_error else 'answered'}:\n{part.text}"
    call = json.dumps({"name": part.name, "arguments": part.arguments}, ensure_ascii=False)
    return f"<tool_call>\n{call}\n</tool_call>"
