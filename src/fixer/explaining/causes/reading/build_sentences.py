"""What is said of a build that failed: its facts in, for each cause why it failed, what to change, and what to type."""

from collections.abc import Callable

from fixer import lazy_re as re
from fixer.explaining.causes.reading.build_facts import Facts
from fixer.explaining.causes.reading.build_names import listed_names
from fixer.explaining.causes.reading.code_sentences import Sentence, of_compiler, of_flaky, of_linter, of_test
from fixer.explaining.causes.reading.installing import install_package, install_tool
from fixer.explaining.causes.reading.machine_sentences import of_machine, of_memory, of_time
from fixer.explaining.causes.reading.names import host
from fixer.schema.root_cause import RootCause

_CONFLICT = r"(?i)conflict|eresolve|compatible versions|downgrade|exclude each other|version solving failed|not meet"
_UNDECLARED = (
    r"(?i)no module named|cannot find (?:module|package)|could not find module|can't resolve|cannot load such file"
    r"|unresolved import|no package called|providing package|provides package|crate for|does not exist|ClassNotFound"
    r"|NoClassDef|can't locate"
)
_SYSTEM = (
    r"(?i)\.h(?:pp)?\b|shared librar|cannot find -l|not found for -l|(?-i:Could NOT find)|system library"
    r"|pkg-?config|headers"
    r"|is needed by|dependency \"|locate package"
)
# what does not fit -> its name, why, what to change, how to look at it
_ENVIRONMENTS: tuple[tuple[str, str, str, str], ...] = (
    (
        r"(?i)(?P<name>no space left on device|enospc|disk (?:is )?full|disk quota)",
        "has no disk space left",
        "Give {where} more disk space, or clean up before it",
        "df -h",
    ),
    (
        (
            r"(?i:variables?|env|secret)\b:? ['\"`$]*(?P<name>[A-Z][A-Z0-9]*_?[A-Z0-9_]{2,60})\b"
            r"|\b(?P<set>[A-Z][A-Z0-9]*_[A-Z0-9_]{2,60})\b['\"`]*:? (?:environment variable|(?:env )?(?:is|was"
            r"|must|not|unbound"
            r"|required|missing))|KeyError: '(?P<key>[A-Z][A-Z0-9_]{2,60})'|get the (?P<env>[A-Z][A-Z0-9_]{2,60}) env"
        ),
        "needs the variable {name}, which is not set",
        "Set {name} for {where}: as a variable or a secret of the job",
        "set {name} in the job's environment",
    ),
    (
        (
            r"(?i)(?:address already in use|eaddrinuse|port is already allocated)[^\n]{0,60}?:(?P<name>\d{2,5})\b"
            r"|(?:port |:)(?P<port>\d{2,5})\b[^\n]{0,40}(?:already in use|already allocated)"
        ),
        "wants port {name}, which another process uses already",
        "Stop what listens on port {name} before {where}, or let it take another port",
        "lsof -i :{name}",
    ),
    (
        (
            r"[Ee]ngine \"?(?P<name>\w+)\"? [^\n]{0,60}incompatible[^\n]{0,60}Expected version \"(?P<need>[^\"]+)\"\.? "
            r"Got \"(?P<have>[^\"]+)\""
        ),
        "needs {name} {need} and runs with {have}",
        "Set up {name} {need} before {where}",
        "{name} --version",
    ),
    (
        (
            r"(?i)requires (?:a different )?(?P<name>python|node(?:\.js)?|java|ruby|go|php|rustc?) "
            r"?(?P<need>[<>=~^]* ?[\d.]+)"
        ),
        "needs {name} {need} and runs with another version",
        "Set up {name} {need} before {where}",
        "{name} --version",
    ),
    (
        (
            r"(?P<name>CMake|Python|Node|Java|Ruby|Go|PHP) (?P<need>[\d.]+) or (?:higher|newer|later) is required"
            r"(?:[^\n]{0,30}running (?:version )?(?P<have>[\d.]+))?"
        ),
        "needs {name} {need} or newer",
        "Set up {name} {need} or newer before {where}",
        "install {name} {need}",
    ),
    (
        r"(?i)unable to resolve action [`'\"]?(?P<name>[\w./@-]+)",
        "uses the action {name}, and there is none of that name or version",
        "Name a version of {name} that exists",
        "look at the tags of {name}",
    ),
    (
        r"(?i)(?:unable to find image|tag:|manifest for) ['\"]?(?P<name>[\w./:@-]{3,120}[\w])",
        "needs the image {name}, which is not there",
        "Build or pull the image {name} before {where}, or correct its name",
        "docker image ls",
    ),
    (
        (
            r"(?i)(?:relation|database|role|table|column):? [\"'`]?(?P<name>[\w.]{1,60})[\"'`]? (?:does not "
            r"exist|already exists)"
            r"|no such (?:table|column): (?P<table>[\w.]{1,60})"
        ),
        "finds the database in another state than it needs: {name}",
        "Run the migrations before {where}, so that {name} is as the code expects it",
        "look at {name} in the database that {where} uses",
    ),
    (
        (
            r"(?i)(?:unknown|unrecogni[sz]ed|invalid|unsupported|no such|unexpected) (?:option|arguments?|flag"
            r"|command|input\S*)"
            r":? ['\"`]?(?P<name>-{0,2}[\w][\w=.:-]{1,60})"
        ),
        "is called with {name}, which what it runs does not know",
        "Correct or leave out {name}, or take the version that knows it",
        "look {name} up in the help of the command in {where}",
    ),
    (
        (
            r"(?i)(?:permission denied|eacces|read-only file system|erofs)[^\n/]{0,60}?['\"]?(?P<name>/[\w./@-]{2,150})"
            r"|(?P<path>[\w./@-]{2,150})['\"]?: (?:Permission denied|Read-only file system)"
        ),
        "may not use {name}: permission denied",
        "Give {where} the right to {name} (owner and mode), or another place to write to",
        "ls -l {name}",
    ),
    (
        (
            r"(?P<name>[\w./@-]*[\w./@-]+)['\"]?: No such file or directory"
            r"|(?:No such file or directory|ENOENT|FileNotFoundError)[^\n'\"]{0,80}b?['\"](?P<file>[^'\"]{1,150})['\"]"
            r"|(?i:file not found|cannot open|can't open)[: ]+['\"]?(?P<open>[\w./@-]*[./][\w./@-]+)"
        ),
        "needs the file {name}, which is not there",
        "Commit or make {name} before {where}, or correct its path",
        "ls -l {name}",
    ),
    (
        r"(?P<name>(?:GLIBC|GLIBCXX|CXXABI)_[\d.]+)",
        "runs a program that needs {name}, which this system is too old for",
        "Build on the system that it runs on, or take a newer image for {where}",
        "ldd --version",
    ),
    (
        (
            r"(?i)[Mm]issing script:? \"?(?P<name>[\w:.-]{1,60})|rule to make target ['\"`](?P<target>[^'\"`]{1,100})"
            r"|does not contain a scheme named \"(?P<scheme>[^\"]{1,80})"
        ),
        "asks for {name}, which the project does not define",
        "Correct the name {name}, or define it",
        "look for {name} in the project",
    ),
)


def sentence_of(cause: RootCause, facts: Facts) -> Sentence:
    """Return what is said of a failure of this cause."""
    return _SENTENCES.get(cause, _otherwise)(facts)


def _dependency(facts: Facts) -> Sentence:
    names, where = facts.names, facts.where
    if not names:
        return Sentence(
            f"needs a dependency that is not installed or cannot be found: {facts.said}",
            f"Declare or correct the dependency that {where} does not find: {facts.said}",
            f"look at the dependencies that {facts.place or where} asks for",
            quotes=True,
        )
    name, listed = names[0], listed_names(names)
    if re.search(_CONFLICT, facts.text):
        return Sentence(
            f"asks for versions that do not go together: {listed}",
            f"Take a version of {name} that fits the others",
            f"look at who asks for which version of {name}",
        )
    pronoun = (
        "which are not installed or cannot be found" if len(names) > 1 else "which is not installed or cannot be found"
    )
    at = f" (asked for at {facts.place})" if facts.place else ""
    why = f"needs {listed}, {pronoun}{at}"
    if re.search(_SYSTEM, facts.text):
        return Sentence(
            why,
            f"Install the system's development package of {listed} before {where}",
            f"install what provides {name} on the machine of {where}",
        )
    if re.search(_UNDECLARED, facts.text):
        command = install_package(facts.first.tool if facts.first else "", facts.text, facts.action, names[:3])
        return Sentence(
            why,
            f"Add {listed} to the project's declared dependencies, and install them before {where}",
            command or f"declare {name} where the project declares its others",
        )
    return Sentence(
        why,
        f"Correct name or version of {listed} where the project declares it, or add the registry or repository "
        f"that has it",
        f"look {name} up in the registry that {where} uses",
    )


def _tool(facts: Facts) -> Sentence:
    if not facts.names:
        return Sentence(
            f"runs a tool that is not installed on the machine: {facts.said}",
            f"Install what {facts.where} calls before it: {facts.said}",
            f"look at what {facts.where} calls",
            quotes=True,
        )
    name = facts.names[0]
    if re.search(r"(?i)locate package", facts.text):
        return Sentence(
            f"installs {name}, and the machine's package lists have no package of that name",
            f"Correct the name {name}, or fetch the package lists before {facts.where}",
            "sudo apt-get update",
        )
    return Sentence(
        f"runs {name}, which is not installed on the machine",
        f"Install {name} in a step before {facts.where}, or correct its name",
        install_tool(name) or f"install {name}",
    )


def _environment(facts: Facts) -> Sentence:
    for pattern, why, what, how in _ENVIRONMENTS:
        if found := re.search(pattern, facts.text):
            groups = found.groupdict()
            name = next(part for part in found.groups() if part).rstrip(".,:;'\"")
            extra = {key: (groups.get(key) or "").strip() for key in ("need", "have")}
            values = {"where": facts.where, **extra, "name": name}
            told_why, told_what, told_how = (part.format(**values) for part in (why, what, how))
            return Sentence(told_why, told_what, told_how)
    at = f" at {facts.place}" if facts.place else ""
    return Sentence(
        f"meets an environment that does not fit{at}: {facts.said}",
        f"Set up what {facts.where} asks for: {facts.said}",
        f"look at the machine and the settings that {facts.where} runs with",
        quotes=True,
    )


def _network(facts: Facts) -> Sentence:
    name, url = _server(facts.text) or _server(_url(facts.action)), _url(facts.text) or _url(facts.action)
    code = re.search(r"\b(?:status(?: code)?|HTTP\S*|error:|responded with)\W{0,3}([45]\d\d)\b", facts.text)
    if code and code[1] == "404":
        return Sentence(
            f"asked {name or 'a server'} for something that is not there (404)",
            f"Correct the address that {facts.where} fetches" + (f" from {name}" if name else ""),
            f"curl -I {url or name}" if url or name else f"look at the address that {facts.where} fetches",
        )
    if not name:
        return Sentence(
            f"could not reach a server: {facts.said}",
            f"Run {facts.where} again; where it stays, check the machine's way to the network",
            f"run {facts.where} again",
            quotes=True,
        )
    answered = f", which answered {code[1]}" if code else ""
    return Sentence(
        f"could not {'use' if code else 'reach'} {name}{answered}",
        f"Run {facts.where} again; where it stays, check that {name} runs and can be reached from the machine",
        f"curl -v {name}",
    )


_HOSTS = (
    r"(?i)resolve host:? ['\"]?(?P<name>[\w.-]{3,100})",
    r"(?i)lookup (?P<name>[\w.-]{2,100})",
    r"(?i)connect to (?:the )?(?:host )?(?:via ssh: )?(?:ssh: connect to host )?(?P<name>[\w.-]{3,100}) port \d+",
    r"connect to host (?P<name>[\w.-]{2,100})",
    r"(?i)(?:connect )?E(?:TIMEDOUT|CONNREFUSED|HOSTUNREACH|CONNRESET) (?P<name>[\w.:-]{5,100})",
    r"(?i)(?:unknown host|reach host|getaddrinfo \w+|UnknownHostException:) (?P<name>[\w.-]{3,100})",
    r"(?i)(?:host=)['\"](?P<name>[\w.-]{3,100})",
    r"https?://(?:[^/\s'\"@]{1,80}@)?(?P<name>[\w.-]{2,100}(?::\d{2,5})?)",
)


def _server(text: str) -> str:
    for pattern in _HOSTS:
        if found := re.search(pattern, text):
            return found["name"].rstrip(".:")
    return host(text)


def _url(text: str) -> str:
    found = re.search(r"https?://[\w./:%@?=&+~-]{3,200}", text)
    return found[0].rstrip(".:") if found else ""


def _auth(facts: Facts) -> Sentence:
    names = facts.names
    if not names:
        return Sentence(
            f"was refused: {facts.said}",
            f"Give {facts.where} a credential that is valid and may do this",
            f"look at the secrets and permissions that {facts.where} uses",
            quotes=True,
        )
    name = names[0]
    if re.fullmatch(r"[A-Z][A-Z0-9_]+", name):
        return Sentence(
            f"was refused: the credential in {name} is missing, wrong or has expired",
            f"Renew {name}, and hand it to {facts.where}",
            f"set the secret {name} in the settings of the project",
        )
    server = _server(facts.text)
    at = f" at {server}" if server and server not in name else ""
    return Sentence(
        f"was refused access ({name}{at}): the credential is missing, wrong, has expired, or may not do this",
        f"Renew the credential that {facts.where} uses for {name}, or give it the right",
        f"look at the secrets that {facts.where} uses for {name}",
    )


def _limited(facts: Facts) -> Sentence:
    name = _server(facts.text)
    return Sentence(
        f"met a limit of {name}" if name else f"met a limit: {facts.said}",
        f"Wait, then run {facts.where} again; sign in, or ask {name or 'less'} seldom enough",
        f"run {facts.where} again later",
        quotes=not name,
    )


def _data(facts: Facts) -> Sentence:
    server = _server(facts.text)
    code = re.search(r"\b(400|409|422) (?:Bad Request|Conflict|Unprocessable)|\((409|422|400)\)", facts.text)
    if code and server:
        number = code[1] or code[2]
        return Sentence(
            f"sent something that {server} refused ({number})",
            f"Correct what {facts.where} sends to {server}: a version or name that exists already, or fields it "
            f"does not take",
            f"read the whole answer of {server}: run {facts.where} with its verbose option",
        )
    if facts.place:
        return Sentence(
            f"was given data that is not right: {facts.place}{f': {facts.said}' if facts.said else ''}",
            f"Correct {facts.place}, which {facts.where} reads",
            f"open {facts.place}",
            quotes=True,
        )
    return Sentence(
        f"was given data that is not right: {facts.said}",
        f"Correct what {facts.where} was given: {facts.said}",
        f"look at the input of {facts.where}",
        quotes=True,
    )


def _otherwise(facts: Facts) -> Sentence:
    at = f" at {facts.place}" if facts.place else ""
    return Sentence(
        f"failed{at}: {facts.said}" if facts.said else f"failed{at}",
        f"Look at {facts.place or facts.where}{f': {facts.said}' if facts.said else ''}",
        f"open {facts.place}" if facts.place else f"run {facts.where} again by itself",
        quotes=bool(facts.said),
    )


_SENTENCES: dict[RootCause, Callable[[Facts], Sentence]] = {
    RootCause.MISSING_DEPENDENCY: _dependency,
    RootCause.MISSING_TOOL: _tool,
    RootCause.ENVIRONMENT: _environment,
    RootCause.COMPILE_ERROR: of_compiler,
    RootCause.LINT: of_linter,
    RootCause.TEST_FAILURE: of_test,
    RootCause.FLAKY: of_flaky,
    RootCause.TIMEOUT: of_time,
    RootCause.OUT_OF_MEMORY: of_memory,
    RootCause.INFRASTRUCTURE: of_machine,
    RootCause.NETWORK_ERROR: _network,
    RootCause.AUTH_ERROR: _auth,
    RootCause.RATE_LIMIT: _limited,
    RootCause.INVALID_DATA: _data,
}
