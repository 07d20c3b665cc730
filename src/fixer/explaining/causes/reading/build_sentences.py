"""What is said of a build that failed: for each cause why it failed, what to change, and what to type."""

from fixer.schema.root_cause import RootCause

SENTENCES: dict[RootCause, tuple[str, str, str]] = {
    RootCause.MISSING_DEPENDENCY: (
        "needs {name}, which is not installed or cannot be found",
        "Add {name} to the project's declared dependencies, and install them before {where}",
        "declare {name} where the project declares its others",
    ),
    RootCause.COMPILE_ERROR: (
        "could not be compiled{at}",
        "Correct {place}: the compiler does not accept it",
        "open {place}",
    ),
    RootCause.MISSING_TOOL: (
        "runs {name}, which is not installed on the machine",
        "Install {name} in a step before {where}, or correct its name",
        "install {name}",
    ),
    RootCause.ENVIRONMENT: (
        "meets an environment that does not fit: {name}",
        "Set up {name} for {where}",
        "look at {name} on the machine that runs {where}",
    ),
    RootCause.TEST_FAILURE: (
        "has a failing test: {name}",
        "Mend what {name} found, then run {where} again",
        "run {name} alone",
    ),
    RootCause.LINT: (
        "was refused by a linter{at}",
        "Correct {place} as the linter asks",
        "run {where} with the linter's option that fixes",
    ),
    RootCause.TIMEOUT: (
        "was stopped because it took too long",
        "Give {where} more time, or less to do at once",
        "raise the time limit of {where}",
    ),
    RootCause.OUT_OF_MEMORY: (
        "was stopped because memory ran out",
        "Give {where} more memory, or let it do less at once",
        "raise the memory limit of {where}",
    ),
    RootCause.INFRASTRUCTURE: (
        "was lost with the machine that ran it: the machine failed, not the step",
        "Run {where} again on another machine; look at {name} where it happens often",
        "run {where} again",
    ),
    RootCause.FLAKY: (
        "fails now and then without a change: {name}",
        "Find out what differs between the runs of {name} in {where}: order, time, randomness, network",
        "run {name} many times: `fixer flaky`",
    ),
    RootCause.RATE_LIMIT: ("met a limit of {name}", "Wait, then run {where} again", "run {where} again later"),
    RootCause.NETWORK_ERROR: (
        "could not reach {name}",
        "Run {where} again; check that {name} can be reached from the machine",
        "run {where} again",
    ),
    RootCause.AUTH_ERROR: (
        "was refused by {name}: the credential is missing, wrong or has expired",
        "Renew the credential of {where}",
        "look at the secrets that {where} uses",
    ),
    RootCause.INVALID_DATA: (
        "was given data that is not right: {name}",
        "Correct {name}, which {where} reads",
        "look at the input of {where}",
    ),
}
"""Cause -> why (said of the step), what, how; `{name}`, `{where}`, `{place}` and `{at}` stand for the real things."""
DISK = (
    "found no more disk space on the machine",
    "Free disk space on the machine that runs {where}, or give it a larger disk",
    "see what takes the disk space: `df -h`, then run {where} again",
)
"""The environment's most frequent lack."""
OTHERWISE = ("failed", "Look at {where}", "run {where} again by itself")
"""Where nothing is known of a cause."""
