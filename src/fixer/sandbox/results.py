"""What the supervisor saw of a command goes in; what is told of it goes out, with the secrets taken out."""

from collections.abc import Callable, Sequence

from fixer.sandbox import bubblewrap
from fixer.sandbox.supervision import Watched
from fixer.schema.command import CommandResult, Ending, Rung

Mask = Callable[[str], str]


def not_run(argv: Sequence[str], cwd: str, reason: str, rung: Rung, mask: Mask) -> CommandResult:
    """Return the result of a command that was not started, and why."""
    return CommandResult(
        argv=tuple(map(mask, argv)),
        cwd=cwd,
        ending=Ending.NOT_STARTED,
        stdout="",
        stderr="",
        seconds=0,
        rung=rung,
        reason=mask(reason),
    )


def result_of(  # noqa: PLR0913 - each one a thing that is known of a command
    argv: Sequence[str], cwd: str, watched: Watched, seconds: float, *, rung: Rung, mask: Mask, wrapped: bool = False
) -> CommandResult:
    """Return the result of a command that ran.

    Args:
        argv: as it was asked for.
        cwd: relative to the worktree or the project.
        watched: how it ended, and what it printed.
        seconds: how long it took.
        rung: how it was shut in.
        mask: takes secrets out of text.
        wrapped: whether `watched` is of bubblewrap, which ran the command.
    """
    stdout, left_out = watched.stdout.text(mask)
    stderr, left_out_too = watched.stderr.text(mask)
    ending, status, reason = Ending.EXITED, watched.status, watched.reason
    if watched.ending == "lost":
        ending, status = Ending.CANCELLED, None
    elif watched.ending != "ended":
        ending, status = Ending(watched.ending), None
    elif status is not None and wrapped:
        status = bubblewrap.ending(status)
        reason = bubblewrap.not_started(status, stderr)
        ending = Ending.NOT_STARTED if reason else ending
    if ending is Ending.EXITED and status is not None and status < 0:
        ending = Ending.SIGNALLED
    return CommandResult(
        argv=tuple(map(mask, argv)),
        cwd=cwd,
        ending=ending,
        exit_code=status if ending is Ending.EXITED else None,
        signal=-status if ending is Ending.SIGNALLED and status is not None else None,
        stdout=stdout,
        stderr=stderr,
        omitted_bytes=left_out + left_out_too,
        seconds=round(seconds, 6),
        rung=rung,
        reason=mask(reason),
    )
