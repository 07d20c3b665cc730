"""What is said where what a step runs in does not fit it: disk, variables, ports, versions, files, databases."""

from fixer import lazy_re as re
from fixer.explaining.causes.reading.build_facts import Facts
from fixer.explaining.causes.reading.code_sentences import Sentence

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


def of_environment(facts: Facts) -> Sentence:
    """Return what does not fit, by its name, and what sets it right."""
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
