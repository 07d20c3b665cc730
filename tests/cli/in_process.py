"""Commands typed in this process: many of them in the time that one program takes to start."""

import contextlib
import io
import sys

from fixer.cli.app import run
from fixer.errors import ExitCode


def typed(*words: str, stdin: bytes = b"") -> tuple[int, str, str]:
    """Return exit code, stdout and stderr of a command line, which is no bug whatever it is."""
    out, err, given_ = io.StringIO(), io.StringIO(), sys.stdin
    sys.stdin = io.TextIOWrapper(io.BytesIO(stdin), "utf-8")
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run(words)
    finally:
        sys.stdin = given_
    assert code != ExitCode.BUG, (words, err.getvalue())
    return code, out.getvalue(), err.getvalue()


def ok(*words: str) -> str:
    """Type a command that must succeed; return what it printed."""
    code, out, err = typed(*words)
    assert code == ExitCode.OK, (words, err)
    return out
