"""What a runner, a kernel or a test framework itself says of how a build ended: text in, root cause out.

It counts before the words inside of messages: a test may fail for `connection refused`, and is a failing test.
"""

from collections.abc import Sequence

from fixer import lazy_re as re
from fixer.alternatives import says
from fixer.explaining.causes.reading.said import expected_and_got
from fixer.explaining.causes.reading.variables import SWITCHED_OFF, unset_in
from fixer.explaining.causes.reading.versions import versions_in
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.root_cause import RootCause

_CHANCE = (
    r"[1-9]\d* flaky\b|flaky tests?: [1-9]|\bflakes: *(?:[1-9]|\n)|\bFLAKY \d+/\d+|detected (?:as )?flaky"
    r"|marked (?:as )?flaky"
    r"|passed (?:on|after|in) (?:a |the )?(?:second |2nd |third )?(?:retry|re-?run|attempt)"
    r"|passed \d+ (?:of|out of) \d+"
    r"|\bpassed, [1-9]\d* rerun|is flaky\b|are flaky\b|non-?deterministic|intermittent(?:ly)?|flaky test|flakiness"
    r"|(?:passed|succeeded|green) on (?:the )?(?:same commit|re-?run)|same (?:commit"
    r"|sha)[^\n]{0,80}\bpass|sporadisch|fails? (?:\d+ of \d+|sometimes)"
)
_NOT_ONLY_CHANCE = r"(?m)^\s*[1-9]\d* failed\b|\b[1-9]\d* failed,"
_MACHINE = (
    r"\(?(?:runner )?system failure\)?|lost communication with the server|received a shutdown signal"
    r"|runner_system_failure"
    r"|runner[^\n]{0,60}(?:encountered an error|went offline|is offline|disconnected|did not (?:respond"
    r"|connect)|was lost)"
    r"|we stopped hearing from agent|agent[^\n]{0,60}(?:went offline|is offline|was marked offline"
    r"|disconnected|lost connection"
    r"|did not connect|stopped responding)|cannot contact \S+:|remote call on \S+ failed"
    r"|unexpected termination of the channel"
    r"|ClosedChannelException|RequestAbortedException|executor lost|FATAL: command execution failed"
    r"|node (?:was )?(?:lost|not ready"
    r"|preempted|evicted)|pod[^\n]{0,80} (?:was )?evicted|the node was low on resource|spot instance"
    r"|(?<!forked )vm (?:was )?(?:terminated|preempted)"
    r"|no (?:\w+ )?(?:runners?|agents?|parallelism)[^\n]{0,60}(?:available|online|matching|found)"
    r"|infrastructure (?:fail|error)"
    r"|build[- ]agent (?:fail|error|version mismatch)|failed to (?:create|provision|start"
    r"|allocate) (?:the )?(?:host|vm|runner|machine|executor)"
    r"|error provisioning|hypervisor|worker (?:died|was lost)|internal (?:ci|runner) error"
    r"|github actions is currently|provisioned? .{0,40}timed out"
    r"|cannot connect to the docker daemon|is the docker daemon running|docker daemon is not running"
    r"|error during connect:"
    r"|error response from daemon: (?:internal|grpc|rpc|containerd"
    r"|OCI runtime create failed: .{0,80}resource temporarily)"
    r"|reset by peer[^\n]{0,60}(?:cache|artifact) service|(?:cache|artifacts?) (?:service"
    r"|storage)[^\n]{0,60}(?:unavailable|50\d|failed to respond)"
    r"|failed to createartifact|input/output error|i/o error[^\n]{0,40}(?:dev|disk|sd[a-z])"
    r"|dropped off the network|(?:worker|agent|runner|executor|slave)s? (?:is |has |was )?(?:gone|vanished|dead)\b"
    r"|\bjob (?:was )?lost\b"
    r"|transport endpoint is not connected|stale (?:nfs )?file handle"
)
_SERVER_FAILED = (
    r"(?:(?<![\d.:/-])50[0234](?![\d.])|internal server error|service (?:temporarily )?unavailable"
    r"|bad gateway|gateway time-?out)"
)
_REGISTRIES = (
    r"registr|docker|mcr\.|ghcr|gcr\.|quay|\becr\b|pkg\.dev|pypi|npm|yarnpkg|rubygems|crates|maven"
    r"|repo1?\.|repo\w*/|nexus|artifactory|jfrog"
    r"|nuget|packagist|proxy\.golang|sum\.golang|deb\.debian|archive\.ubuntu|mirror|dl-cdn|github\.com"
    r"|gitlab\.com|bitbucket|codeload"
    r"|plugins\.gradle|services\.gradle|actions?/cache|cache service|artifact|releases\.hashicorp|conda"
    r"|packages?\.|/dists/|/simple/|\.(?:tgz|whl|deb|rpm|jar|crate|gem|nupkg)\b"
    r"|hex\.pm|cocoapods|manifest|pull"
)
_CLOCK = (
    r"(?:exceeded|ran longer than|longer than|reached) the maximum (?:execution )?(?:time|duration)"
    r"|maximum execution time of"
    r"|execution took longer than|cancelling nested steps due to timeout|timeout has been exceeded"
    r"|too long with no output"
    r"|no output has been received|the job exceeded the max|(?:job|build|stage|pipeline"
    r"|task)\b[^\n]{0,40}exceeded[^\n]{0,30}(?:time|timeout)\b"
    r"|build timed out|(?:job|step|stage|pipeline|workflow|task"
    r"|action)\b[^\n]{0,60}\b(?:has )?timed out after|timed out after \d+ ?(?:m|h|s)"
    r"|exceeded build time limit|timeout: sending signal|exit(?:ed)?(?: with)?(?: code| status)?:? 124\b"
    r"|(?:code|status):? 124\b|Error 124\b"
    r"|\bTIMEOUT in \d|\*\*\*Timeout|panic: test timed out|(?:did not|didn't) finish (?:with)?in \d+"
    r"|terminated (?:because"
    r"|as)[^\n]{0,40}(?:time|too long)|deadlineexceeded"
    r"|timed out waiting for the condition|exceeded its progress deadline|job_execution_timeout"
    r"|stuck_or_timeout|walltime"
    r"|The operation was canceled\.?[\s\S]{0,300}exceeded the maximum|killed after \d+|no output (?:for"
    r"|in) (?:the last )?\d+"
    r"|i/o timeout waiting for (?:job|build)|timeout \(\d+ ?(?:m|min|s|h)\w*\) (?:reached|exceeded)"
    r"|waited \d+ ?[a-z]{1,8} for[^\n]{1,80}(?:gave|giving) up|gave up waiting"
    r"|aktivität länger|zeitlimit"
)
_MEMORY = (
    r"\bout ?of ?memory(?!error(?:test|handler))|oom[- ]?kill\w*|javascript heap|heap (?:limit|space)"
    r"|(?<![\w.])memoryerror\b|cannot allocate memory"
    r"|std::bad_alloc|virtual memory exhausted|allowed memory size of|NoMemoryError"
    r"|failed to allocate memory|gc overhead limit"
    r"|killed signal terminated program|\(killed\b|Killed \(program|signal: (?:killed|9)\b|signal 9 \("
    r"|SIGKILL|terminated by signal 9"
    r"|(?m-i:^(?:[^\n]{0,120}[:\s])?Killed(?:\s+\S[^\n]{0,120})?$)|non-zero exit value 137"
    r"|exit(?:ed)?(?: with)?(?:[ _]?(?:code|status|value))?[:= ]*137\b"
    r"|(?:code|status):? 137\b|Error 137\b|ran out of memory|memory (?:limit|cgroup)[^\n]{0,40}exceed"
    r"|exceeded[^\n]{0,40}memory|nicht genügend speicher"
    r"|mémoire insuffisante|memoria insuficiente|memória insuficiente|недостаточно памяти|メモリ不足|内存不足"
)
_DISK = (
    r"no queda espacio|aucun espace disponible|kein speicherplatz|n(?:ã|a)o h(?:á|a) espaço"
    r"|no space left on device|\benospc\b|disk (?:is )?full|disk quota exceeded"
    r"|not enough (?:free )?(?:disk )?space|insufficient disk"
)
_ENDED = (
    (RootCause.INFRASTRUCTURE, _MACHINE),
    (RootCause.TIMEOUT, _CLOCK),
    (RootCause.ENVIRONMENT, _DISK),
    (RootCause.OUT_OF_MEMORY, _MEMORY),
)
"""Who ended it: what says so counts in this order."""
_NO_PROGRAM = (
    r"missing \w+ at: /|"
    r"could not find an? [\w ]{2,30} (?:runtime|interpreter|toolchain)\b|"
    r"exit(?:ed)?(?: with)?(?: code| status)?:? 127\b|(?:Error|Erreur|Fehler) 127\b"
    r"|kommando nicht gefunden|commande introuvable|command not found"
    r"|commandnotfoundexception|is not recognized as an internal"
    r"|executable file not found|unable to locate executable file|spawn \S+ enoent|cannot run program"
    r"|unable to find utility"
    r"|install the [`'\"]?[\w.+-]{2,40}[`'\"]? (?:program|command|binary|executable|utility)\b"
    r"|(?<![\w.-])(?!ext-|lib)[a-z][\w+-]{1,30} is required,? but (?:it )?(?:was |is )?not (?:found|installed)"
    r"|(?:^|\n)[`'\"][\w.+-]{1,40}[`'\"] not found\b"
    r"|\.{3,} ?(?:missing|not found|absent)\b[\s\S]{0,200}\b(?:tools?|programs?|binaries|executables?)\b"
    r"|\bneeds? [`'\"]?[a-z][\w+-]{1,30}[`'\"]?,? (?:but|and|which)[^\n]{0,30}(?:not|n't) (?:installed )?(?:on|in) "
    r"(?:this|the) (?:box|machine|host|runner|agent|image|node)\b"
    r"|\bif [`'\"]?[\w.+-]{1,40}[`'\"]? is installed, (?:try|set|make|check|add|ensure|put)"
    r"|unable to find a build program|CMAKE_\w+_COMPILER not set|linker `\S+` not found"
    r"|no \w*CMAKE_\w+_COMPILER could be found|executable doesn't exist at"
)
TESTS = re.compile(
    r"(?m)^(?:FAILED \S+\.py\b|=+ .*\b[1-9]\d* failed\b|[1-9]\d* failed, \d+ |\s*--- FAIL: "
    r"|FAIL\t\S+\t[\d.]+s|.*Tests run: \d+, Failures: [1-9]"
    r"|.*Tests run: \d+, Failures: \d+, Errors: [1-9]|.*[Tt]here (?:were failing tests|are test failures)"
    r"|\d+ tests? completed, [1-9]\d* failed"
    r"|Tests?:?\s+(?:\S+ \| )?[1-9]\d* failed|\s*[1-9]\d* failing$|\d+ examples?, [1-9]\d* failure"
    r"|FAILURES!$|.*Failed!\s+- Failed:\s+[1-9]"
    r"|test result: FAILED|The following tests FAILED|\[  FAILED  \]|\d+ (?:runs"
    r"|tests), \d+ assertions, (?:[1-9]|0 failures, [1-9])|not ok \d+"
    r"|FAILED \((?:failures|errors)=\d|\s*[1-9]\d* failed$|.*Executed \d+ tests?, with [1-9]"
    r"|\d+ tests?, [1-9]\d* failures?|Some tests failed"
    r"|\s*Summary \[.*[1-9]\d* failed|Result: FAIL$|//\S+\s+FAILED in |.*test cases:.*[1-9]\d* failed"
    r"|\s*✖\s+\d+ of \d+ failed|.*<<< (?:FAILURE|ERROR)!"
    r"|Total tests: \d+[\s\S]{0,60}Failed: [1-9]|\s+Failed: [1-9]\d*$|.* > .*\bFAILED$|\*\*\* Failed: )"
)
"""What test frameworks print once a test has failed: each its own count or list."""
_LIMIT_OF_TEST = (
    r"(?i)exceeded timeout|test timeout|timeout of \d|timed out (?:in|after) \d|timeout \(?>?\d|testtimedout"
    r"|test timed out|\*\*\*timeout|^timeout$"
)
"""A test's own limit of time, and not one of what it calls."""
_IN_TESTS = re.compile(
    r"(?m)^(?:E {2,}|FAILED \S+ - |\s+\S+_test\.go:\d+: |\s*[>+-] +|.*(?:[Ee]xpected|[Rr]eceived"
    r"|[Aa]ssert|[Aa]ctual\b|\bwant(?:ed)?\b|\bgot\b"
    r"|[Ff]ailure/Error|Failed asserting|but was)|.*(?:● |✕ |✗ |\u00d7 |--- FAIL: |=== RUN)|test \S+ \.\.\.).*$"
)
"""What a test says of what it expects and got: a reason of the test, and never of the job."""
_ASSERTED = r"\b(?:XCT)?[Aa]ssert(?:ion|True|False|Equal\w*|That|Nil|NotNil|Throws\w*|Less\w*|Greater\w*)? failed\b"
"""What an assertion prints, in the form of a compiler's error."""
_COLLECTING = re.compile(
    r"ERROR collecting|while loading conftest|Test suite failed to run|errors? occurred outside of examples"
    r"|errors? during collection|while importing test module|import test module:|FAIL +(\S+) \[ \1 \]"
    r"|error occurred while loading \S"
)
"""Test files that could not even be loaded."""
_NOT_LOADED = (
    (
        RootCause.MISSING_DEPENDENCY,
        (
            r"(?m)(?:^|[ \t])(?:ModuleNotFoundError: )?(?:No module named ['\"]?[\w.]|cannot load such file -- [\w@]"
            r"|(?:Cannot find (?:module|package)|Failed to resolve import) ['\"][\w@])"
        ),
    ),
    (RootCause.COMPILE_ERROR, r"(?m)^(?:E +)?(?:SyntaxError|IndentationError|TabError)\b"),
)
"""Why they could not."""
_FROM_SERVICES = {
    RootCause.NETWORK_ERROR,
    RootCause.AUTH_ERROR,
    RootCause.RATE_LIMIT,
    RootCause.INVALID_DATA,
    RootCause.MISSING_FIELD,
    RootCause.LOGIC_ERROR,
    RootCause.TEST_FAILURE,
    RootCause.UNKNOWN,
}


_NO_BROWSER = r"executable doesn't exist at|cannot find chrome|no (?:chrome|firefox) binary|could not find browser"
_UNREACHED = (
    r"could not fetch url|max retries exceeded with url|certificate_verify_failed|could not (?:get|head) 'http"
    r"|network request to \S+ failed|getaddrinfo|name or service not known|could not resolve host|tls handshake timeout"
    r"|unknown host|temporary error \(try again|temporary failure (?:in name resolution|resolving)|no such host"
    r"|pkix path building failed"
    r"|connect(?:ion)? timed out"
    r"|unable to get local issuer certificate|self-signed certificate|no route to host|network is unreachable"
)
"""What was to be fetched could not be: that it is not there then is only what follows from it."""
_NO_RIGHT = (
    r"(?m)(?:^|[\s:'\"])(?:~|\.{0,2}/)[\w./@-]{2,200}['\"]?: Permission denied$|\bEACCES\b[^\n]{0,60}'/"
    r"|exit code:? 126\b"
    r"|permission denied while trying to connect|PermissionError: \[Errno 13\]|Permission denied: '"
)
_OFF = (
    r"disabled|not (?:yet )?enabled|turned off|switched off|deactivated|release channel|be enabled|requires buildkit"
    r"|without (?:the )?--\w"
)
"""What is there is not switched on."""
_UNFIT = (
    r"no match for platform|no matching manifest|exec format error|bad cpu type|manifest unknown|GLIBC(?:XX)?_\d"
    r"|failed to resolve source metadata for \S+: (?:\S+: )?not found|pending migration|migrations? (?:are|is) pending"
    r"|unapplied migration|\bmigration \S+ (?:has|was) not (?:been )?applied"
    r"|error acquiring the state lock|container \S+ is unhealthy|is not in the allowed range"
    r"|licen[cs]es? (?:have|has) not been accepted|unfree license|no such directory:? ['\"]?[/.\w]"
    r"|your local platform is|could not get lock /|is held by process \d"
    r"|(?:file ?|path ?)?name too long|(?:unknown|unrecogni[sz]ed|unexpected|invalid|no such) (?:option|argument"
    r"|flag)s?:? "
    r"['\"`\u2018]?--?[a-z]"
    r"|no matches for kind|no such dsl method|does not meet the minimum|execution error at \([^)]*\): \S+ is required"
    r"|too large \(max"
    r"|base table or view not found|table '[^'\n]{1,80}' doesn't exist|no such table"
)
"""What a step runs on, or with, is not as it must be."""
_CODE = {RootCause.COMPILE_ERROR, RootCause.LINT, RootCause.TEST_FAILURE, RootCause.AUTH_ERROR, RootCause.RATE_LIMIT}
_LACKS = {RootCause.MISSING_DEPENDENCY, RootCause.COMPILE_ERROR, RootCause.MISSING_TOOL, RootCause.LINT}


def verdict(text: str, found: Sequence[Failure], *, passed_later: bool) -> RootCause | None:
    """Return the root cause that whoever ran the build tells; None where nobody does.

    Args:
        text: of the failure, without warnings.
        found: the failures that tools have printed into it.
        passed_later: whether the same step passed later in the same execution.
    """
    tests = bool(TESTS.search(text))
    if passed_later or (says(text, _CHANCE) and not re.search(_NOT_ONLY_CHANCE, text)):
        return RootCause.FLAKY
    if not tests and _registry_failed(text):
        return RootCause.INFRASTRUCTURE
    if says(text, _NO_BROWSER):
        return RootCause.MISSING_TOOL
    outside = _IN_TESTS.sub("", text) if tests else text
    if (ended := next((cause for cause, words in _ENDED if says(outside, words)), None)) is not None:
        return ended
    if tests and not _COLLECTING.search(text):
        return None if _other_reason(found) else RootCause.TEST_FAILURE
    return (None if tests else _not_loaded(text)) or _lacking(text, found)


def tells_end(line: str, cause: RootCause) -> bool:
    """Whether a line says that time, memory, disk or a machine gave out, where that is the cause."""
    return any(own is cause and says(line, words) for own, words in _ENDED)


def _not_loaded(text: str) -> RootCause | None:
    """Return why a test file could not even be loaded; None where all were, or nothing tells why."""
    if not _COLLECTING.search(text):
        return None
    return next((own for own, words in _NOT_LOADED if re.search(words, text)), None)


def _lacking(text: str, found: Sequence[Failure]) -> RootCause | None:
    """Return what the machine lacks: a program, a version or a variable; None where no tool says that it does."""
    if says(text, _NO_PROGRAM):
        return RootCause.MISSING_TOOL
    if says(text, _UNREACHED) and _CODE.isdisjoint(failure.root_cause for failure in found):
        return RootCause.NETWORK_ERROR
    others = (failure for failure in found if failure.file or not unset_in(failure.message))
    unset = unset_in(text) and _LACKS.isdisjoint(failure.root_cause for failure in others)
    off = says(text, _OFF) and re.search(SWITCHED_OFF, text)
    lacks = unset or off or says(text, _UNFIT) or re.search(_NO_RIGHT, text) or versions_in(text) is not None
    return RootCause.ENVIRONMENT if lacks else None


def _registry_failed(text: str) -> bool:
    """Whether what packages, images or sources come from answered that it fails itself."""
    if not says(text, _SERVER_FAILED):
        return False
    lines = text.splitlines()
    return any(
        says(line, _SERVER_FAILED) and says("\n".join(lines[max(0, at - 2) : at + 2]), _REGISTRIES)
        for at, line in enumerate(lines)
    )


def _other_reason(found: Sequence[Failure]) -> bool:
    """Whether all failures say what the tests lack, and none that one was wrong: a server, a package, a variable."""
    tests = [failure for failure in found if failure.kind is FailureKind.TEST]
    asserted = any(re.search(_ASSERTED, failure.message) for failure in found)
    if asserted or any(expected_and_got(failure.message) for failure in tests):
        return False
    limited = any(
        failure.root_cause is RootCause.TIMEOUT and re.search(_LIMIT_OF_TEST, failure.message) for failure in tests
    )
    causes = {failure.root_cause for failure in found} - (set() if limited else {RootCause.TIMEOUT})
    if causes and causes.isdisjoint(_FROM_SERVICES):
        return True
    network = [one for one in found if one.root_cause is RootCause.NETWORK_ERROR and one.kind is FailureKind.TEST]
    return len(network) > 1 and len(network) == len(found)
