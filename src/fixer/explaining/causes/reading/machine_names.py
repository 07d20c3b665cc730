"""What ran when time, memory or a machine gave out, and which test is a matter of chance: text in, names out."""

from collections.abc import Iterator

from fixer import lazy_re as re
from fixer.schema.root_cause import RootCause

_TEST = (
    r"[\w./-]+\.py::[\w:.\[\]-]+|[\w.]+(?:Test|Tests|IT|Spec)(?:[.#]\w+)?|Test\w+(?:/\S+)?"
    r"|[\w./-]+\.(?:spec|test)\.\w+|[\w./-]+_(?:spec|test)\.\w+|\w+::[\w:]+"
)
RUNNING = (
    r"running tests:\s+(?P<name>\w\S*) \(",
    r"(?P<name>[\w./-]+\.py::\S+)[^\n]{0,200}(?:[Tt]imeout|crashed)|crashed while running '(?P<crash>[^']+)'",
    r"test (?P<name>[\w:]+) has been running for over",
    r"\d+/\d+ Test +#\d+: (?P<name>\S+) [ .]*\*\*\*Timeout",
    r"(?P<name>//\S+) +TIMEOUT in",
    r"Building wheel for (?P<name>[\w.-]+) \(",
    r"(?:deployment|statefulset|daemonset|rollout of) [\"'](?P<name>[\w./-]+)[\"']",
    r"(?P<name>[\w.\[\]\"-]+\.[\w.\[\]\"-]+): Still \w+ing",
    r"[Ww]aiting for [\w -]{3,60}? (?:for|of|on) (?:\w+ )?(?P<name>[\w./-]*\d[\w./-]*)",
    r"[Ww]aiting for (?:service |host )?(?P<name>[\w.-]+(?::\d{2,5}|\.\w+))",
)
"""What was on its way when the time was up; the last one counts."""
_LAST = (
    r"(?m)^(?:\[INFO\] )?Running (?P<name>(?:\w+\.)*\w+(?:IT|Tests?|Spec))$",
    r"(?m)^=== RUN +(?P<name>\S+)",
    r"(?m)^> Task (?P<name>:\S+)",
    r"(?m)^(?P<name>[\w./-]+\.py::\S+)\s*$",
)
"""What was begun last where nobody says what was on its way."""
_MEMORY = (
    r"(?:[Ww]hile building package|Failed to build) (?P<name>[\w.-]*\w)(?:\. The build process was killed| \(|\s)",
    r"crashed while running '(?P<name>[^']+)'",
    r"Execution failed for task '(?P<name>:[^']+)'",
    r"make(?:\[\d+\])?: \*\*\* \[(?:[^\]\n]*?: )?(?P<name>[\w./+-]+?)(?:\.o|\.lo|\.obj)?\] (?:Error|Killed)",
    r"FAILED: (?:\[code=\d+\] )?(?P<name>[\w./+-]+?)(?:\.o|\.obj)?\s*$",
    r"Building C\w* object (?P<name>[\w./+-]+?)\.o\s*\n[^\n]*(?:Killed|terminated)",
    r"could not compile `(?P<name>[\w-]+)`",
    r"(?P<name>[\w./-]+): \S*(?:compile|link|asm|vet): signal: killed",
    r"line \d+: +\d+ Killed +(?P<name>\S[^\n]{1,100})",
    r"(?P<name>[\w.]+ > [\w ]+)(?:\([^)\n]*\))? (?:FAILED|STANDARD_ERROR)",
    r"terminated program (?P<name>\w+)|\(program (?P<gcc>\w+)\)",
    r"(?i:container|pod):? [\"']?(?P<name>[\w.-]{3,80})[\"']?[^\n]{0,60}(?:OOMKilled|was terminated)",
    r"(?P<name>[\w./-]+\.php)(?: on line|:)",
    r"(?m)^FAIL (?P<name>\S+\.\w+)$",
    r"FAILED (?P<name>\S+\.py(?:::\S+)?)",
    r"(?m)^(?:\[(?:INFO|ERROR)\] )?(?:Running|Crashed tests:) *\n?(?:\[ERROR\] )?(?P<name>(?:\w+\.)+\w+)$",
    r"(?m)^(?:pod|container|process|task|worker): (?P<name>[\w./-]{2,80})$",
)
"""What asked for the memory: a test, a task, a file that was compiled."""
_BEGUN = (
    r"Building wheel for (?P<name>[\w.-]+) \(",
    r"(?m)^[^\n]{0,60}\bCompiling (?P<name>[\w./-]*[\w])(?: v[\d.]+)?",
    r"Building \w+ object (?P<name>[\w./+-]+?)\.o\b",
    r"(?m)^(?:Processing|Bundling|Transforming|Linking|Generating) (?P<name>[\w./@-]{3,100})",
)
"""What was being made when the memory ran out: the last one counts."""
_CHANCE = (
    rf"(?P<name>{_TEST})[^\n]{{0,60}} (?:RERUN|FLAKY|flaky)\b",
    rf"(?:RERUN|FLAKY \d+/\d+)(?: \[[^\]\n]*\])? +(?:\S+ )?(?P<name>{_TEST})",
    r"(?m)flaky:?$\s+(?P<name>[\[\w].{2,150}?)(?: [-─]{2,}.*)?$",
    r"(?i)\bflakes: *\d*\s+(?:\[\w+\] +)?(?P<name>[\w.$#]+)",
    r"(?i)(?:retry(?:ing)?|re-?run(?:ning)?|2nd try|attempt \d)[^\n]{0,40}?[ '\"](?P<name>" + _TEST + r")",
    (
        rf"(?P<name>{_TEST})[^\n]{{0,120}}(?i:passed (?:on|after|in) |passed \d|intermittent|on (?:re-?run"
        rf"|retry)|failed \d+ (?:of|out of))"
    ),
    rf"(?i:flaky)[^\n]{{0,60}}?[ '\"`](?P<name>{_TEST})",
    r"\(Attempt \d+ of \d+\) (?P<name>[^\n]{3,120})",
    r"Retrying:? (?P<name>\S[^\n]{3,120})",
)
"""The test that was run again, and not another one that passed."""
_MACHINE = (
    (
        r"(?i:runner|agent|node|worker|executor)(?i: name)?:? [\"'`]?(?P<name>(?=[\w.-]*[\d-])[\w.-]{2,60})[\"'`]?"
        r"(?= lost| has| is| was| did| went| disconnected| stopped| not|: |\.|$|,)"
    ),
    r"Cannot contact (?P<name>[\w.-]{2,60}):",
    r"Remote call on (?P<name>[\w.-]{2,60}) failed",
    r"(?i)(?:pull image|pulling image|pull) \"(?P<name>[^\"\s]{2,150})\"",
    r"(?i)(?:docker daemon at) (?P<name>\S{2,100}?)\.?(?:\s|$)",
    r"(?P<name>ip-[\d-]{7,20}\S{0,60})",
    r"pods? \"?(?P<name>[\w./-]{3,100})\"?[^\n]{0,30} (?:not found|evicted|was)",
    r"\bon (?P<name>[\w.-]*\d[\w.-]*) \S+, system ID",
    r"docker pull (?P<name>\S{3,150})",
    r"(?i)(?:failed to (?:solve|pull image)|load metadata for|FROM):? \"?(?P<name>[\w.-]+(?:[./][\w.-]+)*[:@][\w.-]+)",
    (
        r"https?://(?:[^/\s'\"@]{1,80}@)?(?!docs?\.|learn\.|help\.|support\.|[^\s'\"]{0,100}/(?:docs?|help)\b)"
        r"(?P<name>[\w.-]{2,100}(?::\d{2,5})?)"
    ),
    r"(?<![\w/.-])(?P<name>(?:[\w-]+\.)+[a-z]\w+(?::\d+)?/[\w./-]+(?:[:@][\w.:-]+)?)",
    r"(?i)(?:in|from) pool:? ['\"]?(?P<name>[\w.-]{2,80})",
    r"(?<![\w.-])(?!docs?\.|learn\.|help\.|support\.)(?P<name>(?:[\w-]+\.)+(?:io|com|org|net|dev))\b",
    r"(?i)labels?: '?(?P<name>[\w.-]{3,80})",
    r"(?i)the (?P<name>hosted runner|self-hosted runner|cache service|artifact service)",
)
OF_MACHINES: dict[RootCause, tuple[str, ...]] = {
    RootCause.OUT_OF_MEMORY: _MEMORY,
    RootCause.FLAKY: _CHANCE,
    RootCause.INFRASTRUCTURE: _MACHINE,
}
_MOST = 50


def what_ran(text: str) -> tuple[str, ...]:
    """Return what was on its way when the time was up; else what was begun last; empty where neither is told."""
    for pattern in RUNNING:
        if found := list(_named(pattern, text)):
            return tuple(dict.fromkeys(found))[:3]
    for pattern in _LAST:
        if found := list(_named(pattern, text)):
            return (found[-1],)
    return ()


def made_last(text: str) -> str:
    """Return what was being compiled or built last; empty where nothing tells it."""
    return next((found[-1] for pattern in _BEGUN if (found := list(_named(pattern, text)))), "")


def _named(pattern: str, text: str) -> Iterator[str]:
    for number, found in enumerate(re.finditer(pattern, text)):
        if number == _MOST:
            return
        if name := next((part for part in found.groups() if part), ""):
            yield name.rstrip(".,:;'\"")
