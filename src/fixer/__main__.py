"""The `fixer` command: `python -m fixer` and the console script both start here."""

import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    from fixer.cli.app import run  # noqa: PLC0415 - a broken import must reach app's handler, not a user

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
