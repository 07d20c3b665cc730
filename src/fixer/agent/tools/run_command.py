"""run_command: an argument list goes in, what an allowed command printed in the sandbox comes out."""

from pydantic import Field

from fixer.agent import marking
from fixer.agent.commands import invocation
from fixer.agent.desk import Desk, ended
from fixer.agent.refusal import Refused
from fixer.schema.base import Record

DESCRIPTION = (
    "Run one of the commands named in the first message, as a list of words: no shell, no network. "
    "What follows the first words names tests, files or folders."
)
SECONDS = 120.0


class Arguments(Record):
    """What the model may ask for."""

    argv: list[str] = Field(
        min_length=1, max_length=60, description='Such as ["python", "-m", "pytest", "tests/test_cart.py"]'
    )


def is_offered(desk: Desk) -> bool:
    """Only where there is anything on the list."""
    return bool(desk.commands)


def use(desk: Desk, arguments: Arguments) -> str:
    """Run it and return how it ended, then its output."""
    if any("\0" in word for word in arguments.argv):
        raise Refused("a word of a command has no NUL byte")
    limit = max(1.0, min(SECONDS, desk.seconds_left()))
    command = invocation(arguments.argv, desk.commands, desk.files, limit)
    result = desk.run(command)
    return f"It ended: {ended(result)}\n{marking.data('output', desk.told(result.output), limit=8000)}"
