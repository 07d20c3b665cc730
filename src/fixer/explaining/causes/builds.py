"""Why builds fail: dependencies, compilers, tools, the environment, tests, linters, time, memory, machines, chance."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from fixer import lazy_re as re
from fixer.causes import cause_of, faint_cause, hinted_cause
from fixer.explaining.causes.base import Finding, Scene
from fixer.explaining.causes.reading.build import SURE_KINDS, failures, given_cause, is_build
from fixer.explaining.causes.reading.names import line, quoted
from fixer.explaining.causes.reading.offers import Offers, listed
from fixer.explaining.causes.reading.words import prepared, says, sure
from fixer.schema.failure import Failure
from fixer.schema.root_cause import RootCause

if TYPE_CHECKING:
    from fixer.schema.pattern import Match

_ANYWHERE: dict[RootCause, tuple[tuple[float, str], ...]] = {
    RootCause.FLAKY: (
        (
            0.985,
            (
                r"\bflaky\b|flakiness|intermittent(?:ly)?|passed (?:on|after) (?:a )?(?:retry|re-?run)"
                r"|non-?deterministic|sporadisch|passed \d+ of \d+"
            ),
        ),
    ),
    RootCause.OUT_OF_MEMORY: (
        (
            0.985,
            (
                r"out ?of ?memory|oom[- ]?kill\w*|heap (?:limit|space|out)|memoryerror|cannot allocate memory"
                r"|std::bad_alloc|memory limit|exit(?:ed with)?(?: code)?:? 137|nicht genügend speicher|mémoire "
                r"insuffisante|memoria insuficiente|memória insuficiente|нехватка памяти|недостаточно памяти|メモリ不足"
                r"|内存不足"
            ),
        ),
    ),
    RootCause.INFRASTRUCTURE: (
        (
            0.985,
            (
                r"lost communication with the server|(?:hosted |self-hosted )?runner[^\n]{0,60}(?:encountered an error"
                r"|has received a shutdown|lost|offline|disconnect|not (?:respond|available)|terminated)|received a "
                r"shutdown signal|no runners? (?:available|online|matching)|node (?:was )?(?:lost|not ready|preempted"
                r"|evicted)|pod (?:was )?evicted|spot instance|vm (?:was )?(?:terminated|preempted)|agent (?:went "
                r"offline|lost connection|disconnected)|docker daemon|hypervisor|worker (?:died|was lost|crashed)"
                r"|executor lost|error type: disconnect"
            ),
        ),
    ),
    RootCause.TIMEOUT: (
        (
            0.97,
            (
                r"(?:step|job|task|execution|workflow|run|stage|build|agent|pipeline|test|function|script|command"
                r"|lambda|activity|schritt|étape|paso)\b[^\n]{0,40}(?:exceeded|timed ?out|time-?out|took too long"
                r"|überschritten|ran (?:too long|out of time))[^\n]{0,60}|(?:time ?limit|maximum (?:execution |run "
                r"?)?time|execution time|max(?:imum)? duration|deadline)[^\n]{0,40}(?:exceeded|reached|of \d)"
                r"|exceeded (?:the |its )?(?:maximum |max )?(?:execution |run )?(?:time|duration)|zeitlimit|laufzeit "
                r"überschritten|temps d'exécution|tiempo (?:máximo )?de ejecución|tempo (?:massimo|máximo) de? ?execu"
                r"|timeoutexpired|killed after \d+ ?(?:s|min)"
            ),
        ),
        (0.7, r"timed? ?-?out"),
    ),
    RootCause.ENVIRONMENT: (
        (
            0.97,
            (
                r"(?:environment|env)[ _]?var(?:iable)?s?\b[^\n]{0,60}(?:not|missing|unset|undefined|required)"
                r"|missing (?:environment|env)[ _]?var|no space left on device|enospc|disk (?:is )?full|disk quota"
                r"|read-only file system|erofs|(?:incompatible|unsupported) (?:python|node|java|ruby|engine|platform)"
                r"|engine [^\n]{0,40}incompatible|requires (?:python|node|java|ruby|go) ?[<>=]?|umgebungsvariable"
                r"|variable d'environnement|variable de entorno|variável de ambiente|переменная "
                r"окружения|環境変数|环境变量"
                r"|address already in use|eaddrinuse|too many open files|emfile|unsupported class file|glibc"
            ),
        ),
        (
            0.9,
            (
                r"\beacces\b|permission denied(?! \(publickey)|permissionerror|\bconfig(?:uration)? (?:file "
                r")?[^\n]{0,40}(?:not found|missing|invalid)|enoent|no such file or directory"
            ),
        ),
    ),
    RootCause.MISSING_TOOL: (
        (
            0.98,
            (
                r"command not found|(?:^|\n)(?:/bin/|/usr/bin/)?\w*sh: (?:line )?\d*:? ?[^\n]{1,80}: not found"
                r"|executable (?:file )?not found|is not recognized as an internal or external command|spawn \S+ "
                r"enoent|not found in \$?path|(?:befehl|kommando)[^\n]{0,40}nicht gefunden|commande introuvable|orden "
                r"no encontrada|comando não encontrado|команда не найдена|コマンドが見つかりません"
                r"|未找到命令|no such command|unable "
                r"to find utility"
            ),
        ),
    ),
    RootCause.MISSING_DEPENDENCY: (
        (
            0.98,
            (
                r"modulenotfounderror|no module named|cannot find (?:module|package)|no matching (?:distribution"
                r"|version)|could not find (?:artifact|package|gem|a version)|could not resolve dependenc|unresolved "
                r"import|eresolve|unable to resolve dependency|cannot load such file|package [^\n]{1,60} (?:is not "
                r"installed|not found)|classnotfoundexception|noclassdeffounderror|is not in (?:this|the npm) registry"
                r"|importerror: (?:no module|cannot)|shared librar\w+[^\n]{0,80}cannot open|dependency [^\n]{1,80}not "
                r"found"
            ),
        ),
    ),
    RootCause.COMPILE_ERROR: (
        (
            0.965,
            (
                r"error\[e\d{4}\]|error ts\d{4}|error cs\d{4}|compil(?:ation|er|e) (?:error|failed)|failed to compile"
                r"|could not compile|undefined reference to|cannot find symbol|linker command failed|(?<!evaluation "
                r")syntaxerror|indentationerror|parse error|\.\w{1,4}:\d+(?::\d+)?: (?:fatal )?error"
            ),
        ),
    ),
    RootCause.LINT: (
        (
            0.96,
            (
                r"\b(?:eslint|ruff|flake8|pylint|rubocop|clippy|golangci|stylelint|black|prettier"
                r"|shellcheck)\b[^\n]{0,80}(?:error|fail|found|problem|would reformat)|lint(?:ing|er)? (?:errors?"
                r"|failed|issues?)|✖ \d+ problems?|would reformat|no-unused-vars|imported but unused|code style issues"
            ),
        ),
    ),
}
"""Words that say it whoever reports it."""
_BUILD_ONLY: dict[RootCause, tuple[tuple[float, str], ...]] = {
    RootCause.TEST_FAILURE: (
        (
            0.965,
            (
                r"\btests? (?:have )?failed|failed tests?|\d+ (?:tests? )?failed\b|assertion ?(?:error|failed)"
                r"|assert(?:ion)? failed|comparisonfailure|expected[:\s][^\n]{1,100}(?:to (?:equal|be)|but (?:was|got)"
                r"|received)|failures?: [1-9]|--- fail|✗|there were failing tests|snapshot"
            ),
        ),
    ),
}
_SAID: dict[RootCause, tuple[str, str, str]] = {
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
_NAMED: dict[RootCause, str] = {
    RootCause.MISSING_DEPENDENCY: (
        r"(?:No module named|Cannot find (?:module|package)|cannot load such file --|package|artifact|404 +"
        r"|named|import) ['\"`]?(?P<name>(?!\d|not\b|is\b|or\b)[@\w][\w@./:-]{1,100})"
    ),
    RootCause.MISSING_TOOL: (
        r"(?:(?:^|[: ])(?P<name>[\w.+-]{1,60}): (?:command )?not found|spawn (?P<spawn>\S+) ENOENT|exec: "
        r"\"(?P<exec>[^\"]{1,60})\"|'(?P<win>[^']{1,60})' is not recognized)"
    ),
    RootCause.ENVIRONMENT: (
        r"\b(?P<name>[A-Z][A-Z0-9]*_[A-Z0-9_]{2,60})\b|(?P<file>/[\w./-]{2,100})|(?P<disk>no space left on "
        r"device)"
    ),
    RootCause.TEST_FAILURE: (
        r"(?P<name>[\w./-]{1,100}::[\w:\[\].-]{1,100})|--- FAIL: (?P<go>\S+)|● "
        r"(?P<jest>[^\n]{1,100})"
    ),
    RootCause.FLAKY: r"(?P<name>[\w./-]{1,100}::[\w:\[\].-]{1,100})|(?P<spec>[\w./-]+\.(?:spec|test)\.\w+)",
    RootCause.INFRASTRUCTURE: r"(?i)runner:? (?P<name>[\w.-]{2,60})(?= lost| has)",
}
_PLACE = re.compile(r"(?P<file>[\w@./\\-]{1,150}\.\w{1,6})(?:[:(](?P<line>\d{1,6}))")


def recognise(scene: Scene) -> Sequence[Finding]:
    """Find why a build failed; time, memory and machines also end what is no build."""
    text, build = prepared(scene.text), is_build(scene)
    given = given_cause(scene)
    found: Sequence[Failure] = failures(scene) if build and scene.text.strip() else ()
    scores = dict(_scores(scene, text, found, build=build))
    if given is not None:
        scores[given] = 1.0
    known = _known(found, scene.text) if scores and build else None
    return [_finding(scene, cause, score, found, known) for cause, score in scores.items() if score > 0]


def _scores(scene: Scene, text: str, found: Sequence[Failure], *, build: bool) -> Iterator[tuple[RootCause, float]]:
    best: dict[RootCause, float] = {}

    def may_be(cause: RootCause, score: float) -> None:
        if cause is not RootCause.UNKNOWN:
            best[cause] = max(score, best.get(cause, 0.0))

    for cause, rules in (_ANYWHERE | _BUILD_ONLY if build else _ANYWHERE).items():
        score = sure(text, rules)
        if cause is RootCause.TIMEOUT and not build and says(text, r"connect|request|http|socket|gateway|host|server"):
            score -= 0.25
        if cause is RootCause.FLAKY and not build:
            score -= 0.4
        may_be(cause, score if build or score > 0.9 else score - 0.2)
    if build:
        for failure in found[:3]:
            sure_kind = failure.kind in SURE_KINDS
            may_be(failure.root_cause, 0.97 if sure_kind else 0.9)
        may_be(cause_of(scene.text), 0.93)
        may_be(hinted_cause(scene.text), 0.55)
        may_be(faint_cause(scene.text), 0.3)
    yield from best.items()


def _known(found: Sequence[Failure], text: str) -> "Match | None":
    """Return what the library of error patterns knows."""
    from fixer.diagnosis.patterns import shipped_for  # noqa: PLC0415 - only builds need the library

    given: list[Failure | str] = [*found[:1], text]
    library = shipped_for(given)
    return next((match for one in given for match in library.match(one)), None)


def _finding(scene: Scene, cause: RootCause, score: float, found: Sequence[Failure], known: "Match | None") -> Finding:
    offers = Offers(scene)
    first = next((failure for failure in found if failure.root_cause is cause), None)
    place = _place(scene.text, first)
    name = (
        _name(scene.text, cause, first)
        or place
        or (
            f"'{names[0]}'"
            if (names := quoted(scene.text))
            else f"'{line(scene.text, 80)}'"
            if scene.text
            else offers.where
        )
    )
    values = {
        "name": name,
        "where": offers.where,
        "place": place or f"what {offers.where} reads",
        "at": f" at {place}" if place else "",
    }
    why, what, how = (
        part.format(**values) for part in _SAID.get(cause, ("failed", "Look at {where}", "run {where} again by itself"))
    )
    words = f"{offers.where[:1].upper()}{offers.where[1:]} {why}."
    first_fix = None
    if known is not None and known.root_cause is cause:
        words += f" {known.explanation}"
        steps = "; ".join(step[0] for step in known.steps)
        first_fix = offers.manual(f"{known.fix} ({offers.where})", steps or how)
    elif scene.text:
        words += f" It said: {line(scene.failed.error or scene.text)}"
    return Finding(root_cause=cause, score=score, explanation=words, fixes=listed(first_fix, offers.manual(what, how)))


def _name(text: str, cause: RootCause, failure: Failure | None) -> str:
    if cause in {RootCause.TEST_FAILURE, RootCause.FLAKY} and failure is not None and failure.test:
        return failure.test
    if cause is RootCause.ENVIRONMENT and says(text, r"no space left|enospc|disk (?:is )?full|disk quota"):
        return "more disk space"
    found = re.search(_NAMED[cause], text, re.MULTILINE) if cause in _NAMED else None
    return "" if found is None else next((part for part in found.groups() if part), "").rstrip(".,:;")


def _place(text: str, failure: Failure | None) -> str:
    if failure is not None and failure.file:
        return f"line {failure.line} of {failure.file}" if failure.line else failure.file
    found = _PLACE.search(text)
    return f"line {found['line']} of {found['file']}" if found is not None else ""
