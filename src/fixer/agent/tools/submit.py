"""submit: the model's account of its work goes in; it is taken once the worktree bears it out."""

from fixer.agent.desk import Desk, Submission
from fixer.agent.refusal import Refused

DESCRIPTION = (
    "Finish. outcome fixed: the reproduction passes with your change; it is run again, and so is everything else. "
    "outcome gave_up: say in the explanation what you found and what a person should do."
)
Arguments = Submission


def is_offered(desk: Desk) -> bool:  # noqa: ARG001 - the contract of the room
    """Every conversation ends with it."""
    return True


def use(desk: Desk, arguments: Submission) -> str:
    """Take the submission, or say what is missing."""
    if arguments.outcome == "fixed" and not desk.read_only and (reason := desk.unfinished()):
        raise Refused(f"it is not done yet: {reason}. Go on, or submit with the outcome gave_up")
    desk.submission = arguments
    return "Taken."
