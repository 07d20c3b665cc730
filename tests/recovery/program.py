"""One process that recovers a failed command, and kills itself at the moment that it is told.

Usage: program.py REPOSITORY CONTEXT MOMENT. MOMENT: `again` before the retry, `passed` after it, `never`.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from fixer.journal import open_journal
from fixer.recovery import FailedWork, Ground, recover
from fixer.schema.command import CommandResult, Ending
from fixer.schema.recovery import ErrorContext
from fixer.schema.settings import RecoverySettings, Settings


def main(repository: Path, context: ErrorContext, moment: str) -> None:
    def die(at: str) -> None:
        if at == moment:
            os.kill(os.getpid(), signal.SIGKILL)

    def again(folder: Path, _: Mapping[str, str | None]) -> CommandResult:
        die("again")
        done = subprocess.run(context.result.argv, cwd=folder, check=False)
        return context.result.model_copy(update={"ending": Ending.EXITED, "exit_code": done.returncode})

    def talk(line: str) -> None:
        if "passes with it" in line:
            die("passed")

    settings = Settings(
        worktree_dir=str(repository.parent / "trees"), recovery=RecoverySettings(command=f"{sys.executable} mend.py")
    )
    with open_journal(repository / ".fixer") as journal:
        run = journal.submit("workflow", {}, "killed").id
        with journal.own(run) as owned:
            recovery = recover(FailedWork(context, again), Ground(repository, settings, owned, talk, str))
            sys.stdout.write(recovery.model_dump_json())


if __name__ == "__main__":
    main(Path(sys.argv[1]), ErrorContext.model_validate_json(Path(sys.argv[2]).read_text()), sys.argv[3])
