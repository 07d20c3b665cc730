"""The `fixer` command: `python -m fixer` and the console script both start here."""

import atexit
import gc
import sys
from pathlib import Path

_GARBAGE = 100_000
"""Objects between two searches for garbage: imports alone make 60,000 that stay, and Python looks after every 700."""


def main() -> None:
    """Run the command line and leave with its exit code."""
    gc.set_threshold(_GARBAGE)
    # The interpreter's last searches for garbage then find nothing to look at; that is a fifth of a short command.
    atexit.register(gc.freeze)
    # `python -m` puts the current folder first: the user's project must not stand in for what fixer itself imports.
    try:
        here = Path.cwd()
    except OSError as error:
        sys.stderr.write(f"error: the current folder cannot be used: {error.strerror}\nhint: cd into one that exists\n")
        sys.exit(2)
    sys.path[:] = [path for path in sys.path if Path(path).absolute() != here]
    from fixer.cli.app import run  # noqa: PLC0415 - a broken import must reach app's handler, not a user

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
