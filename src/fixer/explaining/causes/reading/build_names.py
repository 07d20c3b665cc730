"""The things that a build's error names: the text of the error in, what is missing, refused or failed out, by name."""

from collections.abc import Iterator
from itertools import islice

from fixer import lazy_re as re
from fixer.alternatives import possible
from fixer.explaining.causes.reading.code_names import SYMBOLS
from fixer.explaining.causes.reading.frames import is_foreign
from fixer.explaining.causes.reading.machine_names import OF_MACHINES
from fixer.schema.failure import Failure
from fixer.schema.root_cause import RootCause

MOST = 20
"""Names that are looked for in one error."""
_Q = r"['\"`\u2018“«]"
_MODULE = r"(?P<name>@?[\w][\w@./+:-]{0,100})"
WANTS = (
    r"(?:[Aa]n error occurred while installing|[Ww]hile building package|configuration failed for package"
    r"|The compilation of|Failed building wheel for|Could not build wheels for|custom build command for"
    r"|Configure failed for) [`'\u2018]?(?P<name>[\w./-]*\w)"
)
"""What was being installed or built when something that it needs was not there."""
_MISSING = (
    r"(?i:the) `(?P<name>[\w-]{3,60})` target may not be installed",
    # a package of a language that the code asks for
    (
        rf"(?i:No module named|(?:cannot|can't|couldn't|could not|unable to) find (?:module|package|gem|crate|plugin"
        rf"|library)"
        rf"|Can't resolve) {_Q}?{_MODULE}"
    ),
    rf"(?i:cannot load such file) -- {_MODULE}|install the (?P<perl>[\w:]{{2,80}}) module",
    (
        rf"(?i:package|library|module|header|dependency) {_Q}?{_MODULE}{_Q}?\u2019? (?:is not in std|is not "
        rf"installed|not found)"
    ),
    (
        rf"(?i:providing package|provides package|there is no package called|no matching package named"
        rf"|unresolved import"
        rf"|can't find crate for|find type definition file for|find the config) {_Q}?{_MODULE}"
    ),
    r"(?:ClassNotFoundException|NoClassDefFoundError): (?P<name>[\w.$/]{2,150})",
    r"package (?P<name>[\w.]{2,100}) does not exist",
    (
        r"(?i:perhaps you need to add) [\u2018'\"](?P<name>[\w.-]{2,80})"
        r"|hidden package \u2018(?P<hidden>[\w-]{2,80}?)(?:-[\d.]+)?\u2019"
    ),
    rf"(?i:(?:package|module|library|plugin|crate|gem|collection) not found)[: ]+{_Q}?{_MODULE}",
    r"(?i:configuration file provided by)\s+\"(?P<name>[\w.+-]{2,60})\"",
    r"(?i:unresolved dependenc(?:y|ies)):\s+(?P<name>[\w.-]{2,80}[#:%][\w.#:;%-]{1,80}?)(?=[:,]?\s|$)",
    r"Cannot install (?P<name>[\w.\[\]-]{2,80}(?:[=<>~!]{1,2}[\w.*]{1,30})?)(?:,| and | because)",
    rf"(?i:unknown package): {_MODULE}",
    rf"(?i:no package with (?:the )?name) {_Q}?{_MODULE}",
    # one that is declared, and that no registry or repository has
    r"[Vv]ersion conflict detected for (?P<name>[\w.-]{2,80})|Missing package product '(?P<product>[^'\n]{2,80})'",
    r"(?i:unsatisfiable requirements detected for package) (?P<name>[\w.-]{2,80})",
    r"following workloads must be installed: (?P<name>[\w.-]{2,80})",
    r"(?i:have|has) a provider named (?P<name>[\w./-]{2,100})|(?i:versions for provider) (?P<provider>[\w./-]{2,100})",
    r"(?i:resolve (?:module|role|collection)(?:/action)?) ['\"](?P<name>[\w.]{2,100})['\"]",
    r"(?i:not found in any (?:repo|registry|source)\w*|satisfy dependency):? (?P<name>[\w@./-]{2,100})",
    r"(?m)^[ \t*-]+(?P<name>[\w@./-]{2,80})(?: [^\n]{0,60})? \((?:not installed|no such package)\)",
    r"(?m)^[ \t]*\* (?P<name>[\w.-]{2,80})(?: \([^)\n]*\)\s+the dependency is| must match )",
    r"\(conflict: [\w.-]{1,80} ?=> ?(?P<name>[\w-]{2,80})",
    (
        r"(?i:library|package|target|file) [`'\"](?P<name>[\w.+/:@-]{2,120})['\"`] (?i:not found)"
        r"|can't find file '(?P<file>[\w./-]{2,100})'"
    ),
    r"no such (?:target|package) '(?P<name>[@/\w.:+-]{2,150})'",
    r"Import \"(?P<name>[^\"\n]{2,150})\" was not found|(?m:^)(?P<proto>\S{1,150}\.\w{2,6}): File not found",
    (
        r"\b(?:Could not (?:find|resolve)|find artifact|Extension|Error downloading|Missing artifact) (?:artifact )?"
        r"(?P<name>[\w.-]{1,80}:[\w.-]{1,80}(?::[\w.-]{1,60}){0,4})"
    ),
    (
        rf"(?i:No matching (?:distribution|version) found for|satisfies the requirement) "
        rf"{_Q}?(?P<name>[\w.@/\[\]<>=!~^*-]+)"
    ),
    r"404\s+'(?P<name>@?[\w./-]{1,100})(?:@[^']{0,60})?' is not in",
    r"Not [Ff]ound - GET https?://[^/\s]{1,80}/(?P<name>[\w@./%-]{1,100})",
    r"FETCH_404\s+GET https?://[^/\s]{1,80}/(?P<name>[\w@./%-]{1,100})",
    rf"(?i:Unable to (?:find|locate) package|nothing provides|no package) {_Q}?{_MODULE}",
    rf"Package {_Q}?{_MODULE}{_Q}? has no installation candidate",
    rf"package {_Q}(?P<name>[^'\"`\s]{{1,100}}){_Q} (?:isn't in|is not in|not found)",
    r"couldn't find any versions for \"(?P<name>[^\"\s]{1,100})\"",
    rf"Detected package downgrade: (?P<name>[\w.-]{{1,80}})|(?i:versions for (?:gem|pod)) {_Q}(?P<gem>[^\"'`]{{1,80}})",
    r"requires (?:PHP extension )?(?P<name>ext-[\w-]+|lib-[\w-]+)",
    r"requires (?P<name>[\w.-]{1,60}/[\w.-]{1,60}) [^\n]{0,60}(?:could not be found|but )",
    r"failed to select a version for (?:the requirement )?`(?P<name>[\w-]{1,60})",
    r"[Ss]o,? because [^\n]{1,80}? depends on [\"']?(?P<name>[\w.-]{2,60})",
    r"Because [\w.-]+ depends on (?P<name>[\w.-]{2,60})",
    r"peer (?P<name>@?[\w./-]{1,80})@",
    (
        r"(?i:not ?found|missing|not available|unresolved"
        r"|not installed)[^\n]{0,60}:\s*\n\s*[-*] (?P<name>[\w@./=<>~-]{2,100})"
        r"(?: [<>=~^!][^\n]{0,40}|[ \t]*)$"
    ),
    # a library of the system
    r"Could NOT find (?P<name>[\w-]{1,60})",
    (
        r"(?i:dependency|library|package) [\"'`](?P<name>[\w.+-]{1,60})[\"'`](?: required by [^\n]{1,60})? (?:was "
        r")?not found"
    ),
    r"[Pp]ackage '?(?P<name>[\w.+-]{1,60})'?(?:,[^\n]{0,60})? (?:was )?not found in the pkg-config",
    r"(?:cannot find|library not found for|unable to find library) (?P<name>-l[\w+.-]{1,60})",
    r"(?:system library|pkg-config)[^\n]{0,40} [`'\"](?P<name>[\w.+-]{1,60})[`'\"][^\n]{0,60}(?:not found|required)",
    r"error while loading shared libraries: (?P<name>[\w.+-]{1,80})",
    r"(?P<name>[\w./+-]{1,100}\.(?:h|hpp|hh)): No such file|'(?P<clang>[\w./+-]{1,100}\.(?:h|hpp|hh))' file not found",
    r"configure: error: (?P<name>[\w.+-]{2,60}) (?:headers |library |development files )?(?:not found|is required)",
    r"(?P<name>[\w.+()-]{2,60}(?: >= [\w.]+)?) is needed by",
    (
        r"not available from (?:the )?current channels:\s+- (?P<name>\S{1,80})|Because (?:only "
        r"|there is no version of )?(?P<only>[\w.-]{2,60})[<>=! ]"
    ),
    r"manifest for (?P<name>\S{3,150}) not found",
    (
        r"(?:(?i:failed|unable) to resolve import|(?i:could not resolve)|(?i:no such module)"
        r"|Module not found:[^'\"\n]{0,40}) [\"'](?P<name>[^\"'\n]{1,100})[\"']"
    ),
    r"go: (?P<name>[\w./-]{3,100})@v\S+: (?:reading|invalid version|unknown revision|missing go\.sum entry)",
    r"missing go\.sum entry for module providing package (?P<name>\S{3,100})",
    r"checking for (?P<name>[\w./+-]{2,80}\.h)\.\.\. no|[Cc]an't find (?:the )?['\"]?(?P<header>[\w./+-]{2,80}\.h)\b",
    r"checking for (?P<name>lib[\w.+-]{2,60}|-l[\w+.-]{1,60})[^\n]{0,40}\.\.\. no",
    WANTS,
    # less sure
    (
        r"(?P<name>package-lock\.json|yarn\.lock|pnpm-lock\.yaml|poetry\.lock|uv\.lock|Cargo\.lock"
        r"|Gemfile\.lock|composer\.lock|go\.(?:sum|mod))"
    ),
    rf"(?i:artifact|named|import(?: an?)?) {_Q}{_MODULE}{_Q}",
)
_TOOL = (
    (
        r"make(?:\[\d+\])?: (?P<name>[\w.+/-]{1,80}): (?i:No such file|Datei oder Verzeichnis nicht"
        r"|Aucun fichier|No existe|Arquivo ou|Нет такого|そのような|没有那个)"
    ),
    (
        r"(?P<name>[\w.+-]{1,60}) ?: (?i:kommando nicht gefunden|befehl nicht gefunden|commande introuvable"
        r"|orden no encontrada|comando não encontrado|команда не найдена)"
    ),
    (
        r"(?:The term|Die Benennung|Le terme \u00ab|El t\u00e9rmino"
        r"|O termo) ['\"\u00ab]? ?(?P<name>[\w.+-]{1,60}) ?['\"\u00bb]"
    ),
    r"(?m)^(?P<name>[\w.+-]{1,60}) ?: (?:The term|Die Benennung|Le terme|El t\u00e9rmino|O termo) ",
    (
        r"(?:Fehler|[Ee]rreur|[Ee]rror) ?: (?P<name>[\w.+-]{1,60}) (?i:(?:wurde )?nicht gefunden|(?:est )?introuvable"
        r"|no (?:se )?encontrado|n\u00e3o encontrado|non trovato)"
    ),
    r"(?i:could not find) an? (?P<name>[\w ]{2,30} (?:runtime|interpreter|compiler|toolchain))\b",
    r"ObjectNotFound: \((?P<name>[\w.+-]{1,60}):",
    r"(?i)Unable to locate executable file: (?P<name>[\w.+-]{1,60})",
    r"Cannot run program \"(?P<name>[^\"]{1,60})\"",
    (
        r"(?P<name>[\w.+-]{1,60}): program not found|(?i:can't execute"
        r"|could not find) [`'\"](?P<tick>[\w.+-]{1,40})[`'\"](?=[:.]? )"
    ),
    r"install the [`'\"]?(?P<name>[\w.+-]{2,40})[`'\"]? (?:program|command|binary|executable|utility)\b",
    r"(?<![\w.-])(?P<name>[a-z][\w+-]{1,30}) is required,? but (?:it )?(?:was |is )?not (?:found|installed)",
    r"(?<!\w)(?P<name>[\w+-]{2,40}) ?\.{3,} ?(?i:missing|not found|absent)\b",
    r"\b(?i:needs?) [`'\"]?(?P<name>[a-z][\w+-]{1,30})[`'\"]?,? (?:but|and|which)[^\n]{0,30}(?:not|n't) ",
    r"linker `(?P<name>[\w.+-]{1,40})` not found|is `(?P<rust>[\w.+-]{1,40})` (?:not )?installed",
    r"(?:Executable|executable) doesn't exist at (?P<name>\S{3,200})",
    r"missing (?P<name>[\w.+-]{2,40}) at: /",
    r"error: (?P<name>[\w.+-]{1,40}) (?:executable|command|program) not found",
    (
        r"No (?P<name>CMAKE_\w+_COMPILER) could be found|compiler: (?P<cc>[\w.+-]{1,40}) not found"
        r"|find (?P<gyp>Python) (?:Python is not set|You need)"
    ),
    (
        r"failed to (?:run|execute|spawn"
        r"|start) [`'\"]?(?P<name>[\w.+-]{1,40})[`'\"]?:? .{0,60}(?:No such file|not found|os error 2)"
    ),
    r"FileNotFoundError: \[Errno 2\] No such file or directory: '(?P<name>[\w.+-]{1,40})'$",
    (
        r"[`'\"](?P<name>[\w.+-]{1,40})[`'\"]? (?:(?:command|program|binary|executable|tool) )?(?:(?:is|was) )?"
        r"(?:not (?:installed|available|found)|could not be found)"
    ),
    r"(?:^|[: ])(?P<name>[\w.+-]{1,60}): (?:command )?not found\s*$",
    r"(?i:command not found): (?P<name>[\w.+-]{1,60})",
    r"spawn (?P<name>\S{1,80}) ENOENT",
    r"exec: \"(?P<name>[^\"]{1,60})\"",
    r"'(?P<name>[^']{1,60})' is not recognized",
    r"(?i:no such command): [`'\"]?(?P<name>[\w.:-]{1,60})",
    r"(?i:no such tool) \"(?P<name>[\w.-]{1,60})\"",
    r"unable to find utility \"(?P<name>[\w.-]{1,60})\"",
    r"Unable to locate package (?P<name>[\w.+-]{1,60})",
    r"(?:No|find|find a|find an|find the) (?P<name>[\w.+-]{2,40})(?: \w+)? (?:binary|executable|browser)",
    r"(?P<name>[\w.+-]{1,60})[`'\"]? (?:was |is )?not (?:found )?(?:in|on) (?:your |the )?\$?PATH",
    r"env: [\u2018'\"]?(?P<name>[\w.+-]{1,60})[\u2019'\"]?: No such file",
)
NAMED: dict[RootCause, tuple[str, ...]] = {
    **OF_MACHINES,
    RootCause.COMPILE_ERROR: SYMBOLS,
    RootCause.LINT: (
        r"(?i:would reformat:?|^In|^Changed|unformatted:?|^ *Line|^Fixing|^Formatted|^File:) +(?P<name>\S+\.\w{1,8})\b",
        r"(?P<name>[\w@./\\-]+\.\w{1,8}) (?i:isn't|is not|needs|not) (?:properly )?format",
        r"(?P<name>CVE-\d{4}-\d{3,7}|GHSA(?:-\w{4}){3})",
        r"^== \[(?P<name>[^\]\n]{1,150})\]|^ *\* (?P<listed>[\w@./\\-]+\.\w{1,8})$",
        r"^\s*[\u2716\u2717x] +[^\n]{3,120} \[(?P<name>[a-z][\w/-]{2,60})\]$|hook id: (?P<hook>[\w.-]{2,60})",
        r"^(?P<name>[\w@./\\-]+\.\w{1,8})(?=$|[:(])",
        r"^ +(?P<name>[\w@.-]+[/\\][\w@./\\-]*\.\w{1,8})(?=$|[:(])",
    ),
    RootCause.MISSING_DEPENDENCY: _MISSING,
    RootCause.MISSING_TOOL: _TOOL,
    RootCause.AUTH_ERROR: (
        r"\b(?P<name>[A-Z][A-Z0-9]*_(?:[A-Z0-9]+_)*(?:TOKEN|KEY|SECRET|PASSWORD|PASS|PAT|CREDENTIALS|USERNAME|USER))\b",
        r"(?i:input required and not supplied|secret|token|property|variable)[: ]+['\"`](?P<name>[\w.-]{2,60})['\"`]",
        r"(?i:input required and not supplied): (?P<name>[\w.-]{2,60})",
        r"(?i:access denied for user|authentication failed for user|login failed for user) ['\"](?P<name>[^'\"]{1,60})",
        r"(?i:push(?:ing)?|pull(?:ing)?)(?i: to| from| image)? \"?(?P<name>[\w-]+(?:\.[\w-]+)+(?::\d+)?/[\w./:-]+)",
        r"(?i:pull access denied for|access to the resource) (?P<name>[\w./:-]{2,120})",
        r"(?i:authenticated as|logged in as|acting as) [\[<'\"]?(?P<name>[\w.+-]+@[\w.-]*\w)",
        r"\bUser:? [\"'](?P<name>[\w:.@/-]{2,120})[\"']|\bUser: (?P<arn>arn:\S{5,150})",
        r"(?:perform|authorized to perform):? '?(?P<name>[\w.]{2,40}[:/][\w*/]{2,60})",
        r"(?P<name>[\w.-]{1,40}@[\w.-]{2,80}): Permission denied",
        r"Authentication failed for '(?P<name>[^'\s]{3,150})'",
        r"(?P<name>https?://[^\s'\"<>,)]{3,150})",
        r"(?:repository|registry|host|server)[: ]+\[?[\"']?(?P<name>[\w-]+(?:\.[\w-]+)+[\w./:-]{0,100})",
    ),
}
"""For each cause what names the thing that it is about; the surest pattern first."""
_PLACE = re.compile(
    r"(?<![\w:/.-])(?P<file>(?![\d.]+[:(])(?!https?:)[\w@./\\+-]{0,150}[\w@+-]\.[A-Za-z]\w{0,5})[:(](?P<line>\d{1,6})\b"
)
_IN_WORDS = re.compile(
    r"(?:\bFile|\bIn|\bin|\bat|\bon) [\"']?(?P<file>[\w@./\\+-]{0,150}[\w@+-]\.[A-Za-z]\w{0,7})[\"']?,?(?: on"
    r"| at)?,? line (?P<line>\d{1,6})\b"
)
"""Places that are told in words: `File "a.ml", line 3`, `In run.sh line 7`, `at t/a.t line 2`."""
_OF_MAKE = re.compile(r"(?:^|/)(?:GNU)?[Mm]akefile:|\.make:|\.mk:")
"""Places that only say what make was doing."""
_LINKED = re.compile(r"(?<![\w/.])(?P<file>[\w./+-]{1,150}\.\w{1,5}):(?:\(\.text|\d+: (?:undefined|multiple))")
"""Where a linker says a symbol is used."""
_NO_NAMES = {"the", "a", "an", "this", "that", "it", "to", "in", "of", "not", "is", "or", "get", "and", "with", "build"}
_TRAIL = ".,:;'\"`\u2019”»)"


def names_in(text: str, cause: RootCause) -> tuple[str, ...]:
    """Return what an error of this cause is about, in its tools' own words, each once; empty where nothing is named."""
    lower = text.lower()
    for pattern in NAMED.get(cause, ()):
        if possible(pattern, lower) and (found := list(_names(pattern, text))):
            once = tuple({_same(name): name for name in reversed(found)}.values())[::-1]
            return tuple(name for name in once if not any(name.endswith(f"/{other}") for other in once))
    return ()


def wanted_by(text: str) -> str:
    """Return what was being installed or built when something was missing; empty where nothing tells it."""
    found = re.search(WANTS, text)
    return found["name"].rstrip(_TRAIL) if found else ""


def _same(name: str) -> str:
    """Return what tells a thing from others: of Maven's coordinates group and artifact."""
    return ":".join(name.split(":")[:2])


def _names(pattern: str, text: str) -> Iterator[str]:
    for number, found in enumerate(re.finditer(pattern, text, re.MULTILINE)):
        if number == MOST:
            return
        name = next((part for part in found.groups() if part), "").rstrip(_TRAIL)
        if name and name.lower() not in _NO_NAMES:
            yield name


def place_of(failure: Failure) -> str:
    """Return file and line of a failure as editors take them; empty where it tells none of the project."""
    if not failure.file or is_foreign(failure.file):
        return ""
    return f"{failure.file}:{failure.line}" if failure.line else failure.file


def place_in(text: str, failure: Failure | None) -> str:
    """Return the file and the line of the project that an error is about; empty where it tells none."""
    if failure is not None and (place := place_of(failure)) and not _OF_MAKE.search(place):
        return place
    if linked := _LINKED.search(text):
        return linked["file"]
    for found in islice(_PLACE.finditer(text), MOST):
        line = text[text.rfind("\n", 0, found.start()) + 1 : found.end()]
        if not is_foreign(found["file"], line):
            return f"{found['file']}:{found['line']}"
    for found in islice(_IN_WORDS.finditer(text), MOST):
        if not is_foreign(found["file"], found[0]):
            return f"{found['file']}:{found['line']}"
    return place_of(failure) if failure is not None else ""


def listed_names(names: tuple[str, ...], total: int = 0) -> str:
    """Return the first three of several names as people list them: `a, b, c and 4 others`."""
    shown, total = names[:3], max(total, len(names))
    if total > len(shown):
        left = total - len(shown)
        return f"{', '.join(shown)} and {left} {'other' if left == 1 else 'others'}"
    return " and ".join(filter(None, (", ".join(shown[:-1]), *shown[-1:])))
