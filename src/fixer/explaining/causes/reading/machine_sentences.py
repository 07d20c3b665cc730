"""What is said where the machine or the clock ended a step: time, memory, runners."""

from fixer import lazy_re as re
from fixer.explaining.causes.reading.build_facts import Facts
from fixer.explaining.causes.reading.code_sentences import Sentence
from fixer.explaining.causes.reading.one_test import alone
from fixer.explaining.causes.reading.said import limit_in

# who stopped it -> where its limit is set
_LIMITS: tuple[tuple[str, str], ...] = (
    (
        r"(?i)has timed out after \d+ minutes|maximum execution time of \d+ minutes",
        "raise `timeout-minutes` of {where}",
    ),
    (r"(?i)execution took longer than \d+[hms\d]+", "raise `timeout:` of the job"),
    (r"(?i)cancelling nested steps due to timeout", "raise the time in `timeout(time: …)` around {where}"),
    (r"(?i)too long with no output", "raise `no_output_timeout` of {where}, or let it print as it goes"),
    (r"(?i)no output has been received", "let {where} print as it goes, or run it with `travis_wait 30`"),
    (r"(?i)panic: test timed out", "go test -timeout 30m ./..."),
    (r"(?i)exceeded timeout of \d+ ?ms for a (?:test|hook)", "npx jest --testTimeout=30000"),
    (r"(?i)test timed out in \d+ ?ms", "npx vitest run --test-timeout=30000"),
    (r"(?i)timeout of \d+ ?ms exceeded", "npx mocha --timeout 30000"),
    (r"(?i)timeout \(?>?\d[\d.]*s?\)? ?(?:from|method)|pytest.timeout", "pytest --timeout=600"),
    (r"(?i)golangci|--timeout option", "golangci-lint run --timeout 10m"),
)
_HEAPS: tuple[tuple[str, str, str], ...] = (
    (
        r"(?i)javascript heap|heap limit|process out of memory|CALL_AND_RETRY",
        "the heap of Node is full",
        "NODE_OPTIONS=--max-old-space-size=4096 for {where}",
    ),
    (r"(?i)metaspace", "the metaspace of Java is full", "-XX:MaxMetaspaceSize=1g for the Java of {where}"),
    (
        r"(?i)java heap space|gc overhead",
        "the heap of Java is full",
        "-Xmx4g for the Java of {where} (JAVA_TOOL_OPTIONS)",
    ),
)


_SERVER = r"[\w-]\.[a-z]{2,}|[/:]"
"""What only servers and images have in their names."""
_ITSELF = r"(?i)\b50\d\b|internal server error|unavailable|bad gateway|gateway time-?out"
_NO_MACHINE = (
    r"(?i)\bno (?:\w+ )?(?:runners?|agents?|executors?|parallelism)\b[^\n]{0,60}(?:available|online|match|found)"
    r"|failed to (?:create|provision|allocate) (?:an? |the )?(?:vm|host|runner|machine|instance)"
    r"|insufficient\w*capacity"
)
_NO_PLACE = (
    r"(?i)(?P<name>\d+/\d+ nodes are available: [^\n\".]{2,150})",
    r"(?i)(?P<name>insufficient (?:cpu|memory)\b[^\n\".]{0,60}|timed out waiting for pod to (?:start|be running))",
)
"""What Kubernetes says of a pod that it cannot place."""
_HOST = re.compile(r"https?://(?:[^/\s'\"@]{1,80}@)?(?P<name>[\w.-]{2,100}(?::\d{2,5})?)")


def of_time(facts: Facts) -> Sentence:
    """Return the limit that was met, by what, and where it is set."""
    limit = limit_in(facts.text)
    waited = re.search(r"(?i)waiting (?:[\w ]{0,20})for (?P<name>[\w.-]+:\d{2,5})", facts.text)
    if waited:
        return Sentence(
            f"waited {f'{limit} ' if limit else ''}for {waited['name']}, which did not answer",
            f"Look why {waited['name']} does not start in time for {facts.where}, or wait longer",
            f"look at the log of what serves {waited['name']}",
        )
    idle = re.search(r"(?i)no output", facts.text)
    length = f": {'no output for' if idle else 'more than'} {limit}" if limit else " with no output" if idle else ""
    how = next((told for words, told in _LIMITS if re.search(words, facts.text)), "raise the time limit of {where}")
    how = how.format(where=facts.where)
    if facts.tests:
        name = facts.tests[0]
        command = alone(facts.first, facts.action) if facts.first is not None else ""
        return Sentence(
            f"was stopped because the test {name} took too long{length}",
            f"Find out what {name} waits for; where it is only slow, give it more time",
            f"{command}; {how}" if command else how,
        )
    where, last = facts.ran, facts.last
    at = f" at '{last}'" if last else ""
    return Sentence(
        f"was stopped because it took too long{length}{f'; the last that it printed is: {last}' if last else ''}",
        (
            f"Find out what hangs in {where}{at}; where it is only slow, give it more"
            f" time{f' than {limit}' if limit else ''}"
        ),
        how,
    )


def of_memory(facts: Facts) -> Sentence:
    """Return whose memory ran out, and where more of it is given."""
    code = re.search(r"(?i)\b(?:exit(?:ed with)?(?: code| status)?:?|code) (?P<code>137)\b", facts.text)
    for words, why, how in _HEAPS:
        if re.search(words, facts.text):
            return Sentence(
                f"was stopped because memory ran out: {why}",
                f"Allow {facts.ran} more memory, or let it do less at once",
                how.format(where=facts.where),
            )
    size = re.search(r"(?i)(?:memory )?limit(?:ed)?(?: of|:| to)? (?P<size>\d[\d.]* ?[kmgt]i?b?)\b", facts.text)
    more = f" than {size['size']}" if size else ""
    told = [f"the limit is {size['size']}"] if size else []
    told += ["it was killed with exit code 137"] if code else []
    return Sentence(
        f"was stopped because memory ran out{': ' if told else ''}{', '.join(told)}",
        f"Give {facts.ran} more memory{more}, or let it do less at once",
        f"raise the memory limit of {facts.where}, or run fewer of its workers side by side",
    )


def of_machine(facts: Facts) -> Sentence:
    """Return which machine or service of the CI failed."""
    name = facts.names[0] if facts.names else ""
    if re.search(r"(?i)no space left|enospc", facts.text):
        return Sentence(
            "stopped because the disk of its machine is full",
            f"Clean up before {facts.where}, or give its machine more disk space",
            "df -h; docker system prune --force",
        )
    if re.search(r"(?i)docker daemon", facts.text):
        at = f" at {name}" if name and ":" in name else ""
        return Sentence(
            f"finds no Docker daemon{at}",
            f"Start the Docker daemon{at} before {facts.where}, or give the job one (the service docker:dind)",
            "docker info",
        )
    if told := _never_started(facts, name):
        return told
    if server := _failing_server(facts.text, name):
        return Sentence(
            f"stopped because {server} failed itself: not the step, and not the machine",
            f"Run {facts.where} again later: {server} answers with an error of its own; where it happens often, take a "
            f"mirror or a copy of what comes from it{f' ({name})' if name and name != server else ''}",
            f"look at the status page of {server}, then run {facts.where} again",
            thing=server,
        )
    if re.search(r"(?i)pull(?:ing)? image|ImagePullBackOff|ErrImagePull", facts.text):
        image = f"the image {name}" if name else "its image"
        return Sentence(
            f"was never started: its machine could not pull {image}",
            f"Check that {image} of {facts.where} exists and may be pulled",
            f"docker pull {name}" if name else f"look at the image of {facts.where}",
        )
    machine = f"the machine {name}" if name else "the machine that ran it"
    return Sentence(
        f"was lost with {machine}: the machine failed, not the step",
        f"Run {facts.where} again on another machine; look at {name or 'the state of the runners'} where it "
        f"happens often",
        f"run {facts.where} again",
    )


def _failing_server(text: str, name: str) -> str:
    """Return which server answered that it fails itself; empty where none did, or only the step names it."""
    failing = [line for line in text.splitlines() if re.search(_ITSELF, line)]
    if not failing:
        return ""
    if found := next((found for line in failing if (found := _HOST.search(line))), None):
        return str(found["name"])
    first = name.partition("/")[0]
    return first if re.search(_SERVER, first) else name if re.search(_SERVER, name) else ""


def _never_started(facts: Facts, name: str) -> Sentence | None:
    """Return what is said where no machine was there for the step; None where one was."""
    if found := next(filter(None, (re.search(words, facts.text) for words in _NO_PLACE)), None):
        return Sentence(
            f"was never started: no node takes it: {found['name']}",
            f"Run {facts.where} again once a node has room for it, ask for less, or add a node: {found['name']}",
            f"look at the nodes, and at what the pod of {facts.where} asks for",
            thing=found["name"],
            quotes=True,
        )
    if re.search(_NO_MACHINE, facts.text):
        named = f" for {name}" if name else ""
        return Sentence(
            f"was never started: no machine was there{named}: {facts.said}",
            f"Start a runner{named or f' that fits: {facts.said}'}, or let {facts.where} run where there is one",
            f"look at the runners{named} and at what {facts.where} asks of them",
            quotes=True,
        )
    return None
