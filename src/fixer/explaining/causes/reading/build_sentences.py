"""What is said of a build that failed: its facts in, for each cause why it failed, what to change, and what to type."""

from collections.abc import Callable

from fixer.explaining.causes.reading.build_facts import Facts
from fixer.explaining.causes.reading.code_sentences import Sentence, of_compiler, of_flaky, of_linter, of_test
from fixer.explaining.causes.reading.environment_sentences import of_environment
from fixer.explaining.causes.reading.machine_sentences import of_machine, of_memory, of_time
from fixer.explaining.causes.reading.need_sentences import of_dependency, of_tool
from fixer.explaining.causes.reading.service_sentences import of_data, of_limit, of_network, of_refusal
from fixer.schema.root_cause import RootCause


def sentence_of(cause: RootCause, facts: Facts) -> Sentence:
    """Return what is said of a failure of this cause."""
    return _SENTENCES.get(cause, _otherwise)(facts)


def _otherwise(facts: Facts) -> Sentence:
    at = f" at {facts.place}" if facts.place else ""
    return Sentence(
        f"failed{at}: {facts.said}" if facts.said else f"failed{at}",
        f"Look at {facts.place or facts.where}{f': {facts.said}' if facts.said else ''}",
        f"open {facts.place}" if facts.place else f"run {facts.where} again by itself",
        quotes=bool(facts.said),
    )


def _of_nothing(facts: Facts) -> Sentence:
    said = f": {facts.said}" if facts.said else ""
    return Sentence(
        f"failed{said}" if said else "failed, and nothing says why",
        f"Find out why {facts.ran} fails: what it printed does not tell what to change",
        f"run {facts.where} again by itself with the same input, and read what it logs",
        quotes=True,
    )


_SENTENCES: dict[RootCause, Callable[[Facts], Sentence]] = {
    RootCause.MISSING_DEPENDENCY: of_dependency,
    RootCause.MISSING_TOOL: of_tool,
    RootCause.ENVIRONMENT: of_environment,
    RootCause.COMPILE_ERROR: of_compiler,
    RootCause.LINT: of_linter,
    RootCause.TEST_FAILURE: of_test,
    RootCause.FLAKY: of_flaky,
    RootCause.TIMEOUT: of_time,
    RootCause.OUT_OF_MEMORY: of_memory,
    RootCause.INFRASTRUCTURE: of_machine,
    RootCause.NETWORK_ERROR: of_network,
    RootCause.AUTH_ERROR: of_refusal,
    RootCause.RATE_LIMIT: of_limit,
    RootCause.INVALID_DATA: of_data,
    RootCause.UNKNOWN: _of_nothing,
}
