"""What is said where what a step runs in does not fit it: disk, variables, ports, versions, files, databases."""

from collections.abc import Sequence

from fixer import lazy_re as re
from fixer.alternatives import possible
from fixer.explaining.causes.reading.build_facts import Facts
from fixer.explaining.causes.reading.code_sentences import Sentence
from fixer.explaining.causes.reading.variables import SWITCHED_OFF, UNSET
from fixer.explaining.causes.reading.versions import Versions, versions_in

# what does not fit -> its name, why, what to change, how to look at it
_ENVIRONMENTS: tuple[tuple[str, str, str, str], ...] = (
    (
        (
            r"(?i)(?P<name>no space left on device|no queda espacio[^\n]{0,30}"
            r"|aucun espace disponible[^\n]{0,40}|kein speicherplatz[^\n]{0,40}|auf dem gerät ist kein"
            r"|espaço insuficiente|não há espaço[^\n]{0,30}|enospc|disk (?:is )?full|disk quota"
            r"|not enough (?:free )?(?:disk )?space(?: on the disk)?)"
        ),
        "has no disk space left: {name}",
        "Give {ran} more disk space, or clean up before it ({name})",
        "df -h",
    ),
    (
        UNSET,
        "needs the variable {name}, which is not set",
        "Set {name} for {where}: as a variable or a secret of the job",
        "set {name} in the job's environment",
    ),
    (
        SWITCHED_OFF,
        "needs {name}, which is switched off or not allowed where it runs",
        "Switch on or allow {name} for {where}",
        "look {name} up in the settings of what {where} runs",
    ),
    (
        (
            r"following (?:Android SDK )?packages[^\n]{0,60}licen[cs]es? (?:have"
            r"|has) not been accepted\.?\s+(?P<name>\S+)"
            r"|[Pp]ackage ['\u2018\"`](?P<nix>[\w.+-]{2,80})['\u2019\"`][^\n]{0,300}(?:unfree|insecure|broken"
            r"|licen[cs]e)"
            r"|(?i:profiles? matching|profile for|certificate (?:matching|for)|signing identity) "
            r"['\"](?P<profile>[^'\"\n]{2,100})"
            r"|(?i:device|simulator|emulator|destination) (?:by \w+|matching|named"
            r"|with name) ['\"](?P<device>[^'\"\n]{2,80})"
        ),
        "needs {name}, which is not set up or not accepted on the machine",
        "Set up or accept {name} on the machine of {where}",
        "look at what the machine of {where} has of {name}",
    ),
    (
        r"no matches for kind \"(?P<name>\w{2,60}\" in version \"[\w./-]{2,60})\"",
        'needs the kind of resource "{name}", which what it sends it to does not have',
        'Take a version of "{name}" that is there, or install what defines it before {where}',
        "kubectl api-resources",
    ),
    (
        r"your local platform is (?P<name>\w[\w.-]{1,39}\w)",
        "runs on the platform {name}, for which its lock file was not made",
        "Add the platform {name} to the lock file that {where} reads",
        "bundle lock --add-platform {name}",
    ),
    (
        (
            r"[Vv]ariable['\"]? ['\"](?P<var>[\w-]{2,60})['\"][^\n]{0,40}secret"
            r"|execution error at \([^)\n]*\): (?P<value>[\w.-]{2,60})\b"
            r"|(?:AnsibleUndefinedVariable[^'\n]{0,20}|[Vv]ariable )['\"](?P<undefined>[\w.-]{2,60})['\"] is undefined"
            r"|[Nn]o such DSL method '(?P<dsl>\w{2,60})'"
        ),
        "needs {name}, which is not set or not given",
        "Give {name} to {where}: define it, or set its value",
        "look where {name} is to be set for {where}",
    ),
    (
        (
            r"(?i)size[^\n]{0,20} (?P<name>[\d.]+ ?[kmgt]i?b?) (?:is too large|exceeds)"
            r"|exceeds? the (?:maximum|limit)[^\n]{0,40}? (?P<limit>[\d.]+ ?[kmgt]i?b?)\b"
        ),
        "is larger than what it is sent to takes: {name}",
        "Leave out of {where} what is not needed there, so that it stays below the limit ({name})",
        "du -ah | sort -h | tail",
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
        r"(?i)unable to resolve action [`'\"]?(?P<name>[\w./@-]+)",
        "uses the action {name}, and there is none of that name or version",
        "Name a version of {name} that exists",
        "look at the tags of {name}",
    ),
    (
        (
            r"(?P<name>db/migrate/\d{8,14}_\w+\.rb)"
            r"|Can't locate revision identified by '(?P<revision>\w+)'"
            r"|unapplied migration[^\n]{0,200}app\(s\): (?P<app>[\w, ]+\w)"
            r"|migration not applied to database: (?P<flyway>[\w.]+)"
        ),
        "finds a database that lacks the migration {name}",
        "Run the migration {name} before {where}",
        "look at the migrations that the database of {where} has",
    ),
    (
        (
            r"[Cc]ould not get lock (?P<apt>/\S+?)\.?(?:\s|$)"
            r"|(?P<name>\S+): (?:exec format error|[Ff]ile ?name too long)|container (?P<sick>\S+) is unhealthy"
            r"|state lock[\s\S]{0,300}?Path: +(?P<lock>\S+)"
        ),
        "runs with {name}, which is not as it must be",
        "Look why {name} does not do for {where}, and set it right",
        "look at {name}",
    ),
    (
        (
            r"(?i)(?:unknown|unsupported|no such) (?:image|platform|os"
            r"|runner)[^\n]{0,30}?[:'\"` ]+(?P<name>[\w./:@-]{3,120})['\"`]?\s*$"
            r"|(?i:docker\.io/)?(?P<image>[\w./-]+:[\w.-]+): (?:not found"
            r"|failed to resolve source metadata|manifest unknown)"
            r"|no match for platform in manifest[^\n]{0,40}?(?P<manifest>\S+/\S+)"
        ),
        "needs {name}, which is not there",
        "Correct {name} for {where}, or make it first",
        "look {name} up where {where} takes it from",
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
            r"|no such (?:table|column): (?P<table>[\w.]{1,60})|Table '(?P<mysql>[\w.]{1,80})' doesn't exist"
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
            r"(?i)permission denied[^\n]{0,80}(?:unix://)(?P<socket>/[\w./-]{2,100})"
            r"|(?:permission denied|eacces|read-only file system|erofs)[^\n/]{0,60}?['\"]?(?P<name>/[\w./@-]{2,150})"
            r"|(?P<path>[\w./@-]{0,150}[./][\w./@-]{1,150})['\"]?: (?:Permission denied|Read-only file system)"
        ),
        "may not use {name}: permission denied",
        "Give {where} the right to {name} (owner and mode), or another place to write to",
        "ls -l {name}",
    ),
    (
        (
            r"(?:COPY|ADD) failed: [^\n]{0,80}?(?:stat "
            r"|: )(?P<copy>[\w./@*-]{2,150}?):? (?:file does not exist|no such file|not found)"
            r"|failed to (?:compute|calculate) (?:checksum"
            r"|cache key)[^\n]{0,200}?\"?(?P<cache>/[\w./@-]{1,150})\"?: not found"
            r"|(?i:no such directory):? ['\"]?(?P<folder>[\w./@~-]{1,150}[\w])"
            r"|open (?P<opened>[\w./@\\-]{2,150}): (?:no such|The system)"
            r"|(?P<name>[\w./@-]*[\w./@-]+)['\"]?:? [Nn]o such file or directory"
            r"|(?:No such file or directory|ENOENT|FileNotFoundError)[^\n'\"]{0,80}b?['\"](?P<file>[^'\"]{1,150})['\"]"
            r"|(?i:(?:file|path)(?: is)? not found|cannot open|can't open|could not (?:open|find"
            r"|read)(?: the)?(?: file)?|does not exist|unable to (?:open|read"
            r"|find))[: ]+(?:file )?['\"]?(?P<open>[\w./@\\-]*[./\\][\w./@\\-]+)"
            r"|['\"]?(?P<gone>[\w./@\\-]*[./\\][\w./@\\-]+)['\"]? (?i:does not exist|(?:was |is )?not "
            r"found|is missing|could not be found)"
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
    disk, *others = _ENVIRONMENTS
    if told := _lacking(facts, (disk,)):
        return told
    if (versions := versions_in(facts.text)) is not None:
        return _of_versions(facts, versions)
    if told := _lacking(facts, others):
        return told
    at = f" at {facts.place}" if facts.place else ""
    return Sentence(
        f"meets an environment that does not fit{at}: {facts.said}",
        f"Set up what {facts.where} asks for: {facts.said}",
        f"look at the machine and the settings that {facts.where} runs with",
        quotes=True,
    )


def _lacking(facts: Facts, environments: Sequence[tuple[str, str, str, str]]) -> Sentence | None:
    lower = facts.text.lower()
    for pattern, why, what, how in environments:
        if possible(pattern, lower) and (found := re.search(pattern, facts.text, re.MULTILINE)):
            name = next(part for part in found.groups() if part).rstrip(".,:;'\"")
            values = {"where": facts.where, "name": name, "ran": facts.ran}
            told_why, told_what, told_how = (part.format(**values) for part in (why, what, how))
            return Sentence(told_why, told_what, told_how, thing=name)
    return None


def _of_versions(facts: Facts, versions: Versions) -> Sentence:
    """Return which version is wanted and which is there."""
    name, need, have, by = versions
    wanted = need if need.startswith(name) else f"{name} {need}".strip()
    there = f": {name} {have} is there now" if have else ""
    who = f" ({by} asks for it)" if by else ""
    return Sentence(
        f"needs {wanted}{' and runs with ' + have if have else ', and runs with another version'}{who}",
        f"Set up {wanted} before {facts.where}{there}{who}",
        f"look at the version of {name} that {facts.where} runs with",
        thing=str(versions),
        shown=need or have,
    )
