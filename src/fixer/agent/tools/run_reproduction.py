"""run_reproduction: nothing goes in, whether the failure still shows comes out, with what the test printed."""

from pydantic import Field

from fixer.agent import marking
from fixer.agent.desk import Desk, ended
from fixer.agent.refusal import Refused
from fixer.schema.base import Record
from fixer.schema.reproduction import Shown

DESCRIPTION = (
    "Run the failing test on the files as they are now. With whole_suite, run everything that the CI step ran."
)
SUITE_SECONDS = 180.0
_WORDS = {
    Shown.SAME: "It FAILS as before.",
    Shown.OTHER: "It FAILS in another way than before.",
    Shown.NONE: "The failure does not show, but the command did not pass either.",
}


class Arguments(Record):
    """What the model may ask for."""

    whole_suite: bool = Field(default=False, description="Everything instead of the failing test alone; slow")


def is_offered(desk: Desk) -> bool:
    """Only where a failure was reproduced."""
    return desk.reproduction is not None


def use(desk: Desk, arguments: Arguments) -> str:
    """Run it and return the verdict first, then the output."""
    if desk.reproduction is None:
        raise Refused("there is no reproduction")
    if desk.seconds_left() <= 1:
        raise Refused("the time is over")
    if arguments.whole_suite:
        limit = min(SUITE_SECONDS, desk.seconds_left())
        result = desk.run(desk.reproduction.suite.model_copy(update={"timeout_seconds": limit}))
        verdict = (
            "The whole suite PASSES."
            if result.passed
            else "The whole suite does not pass; some of it may have failed before."
        )
    else:
        result, shown = desk.reproduce()
        verdict = "It PASSES." if result.passed and shown is Shown.NONE else _WORDS[shown]
    return f"{verdict} ({ended(result)})\n{marking.data('output', desk.told(result.output), limit=6000)}"
