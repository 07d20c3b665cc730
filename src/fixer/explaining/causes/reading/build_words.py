"""The words that say why a build failed: for each cause its rules, and how sure each of them is."""

from fixer.explaining.causes.reading.words import Rule
from fixer.schema.root_cause import RootCause

ANYWHERE: dict[RootCause, tuple[Rule, ...]] = {
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
                r"offline|lost connection|disconnected)|cannot contact \S+:|agent \S+ (?:went offline|is "
                r"offline|lost connection)|docker daemon|hypervisor|worker (?:died|was lost|crashed)"
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
        (0.9, r"\bmax[_ -]?(?:minutes|seconds|duration|runtime|run[_ -]?time)\s*[=:]\s*\d"),
        (0.7, r"timed? ?-?out"),
    ),
    RootCause.ENVIRONMENT: (
        (
            0.97,
            (
                r"(?:environment|env)[ _]?var(?:iable)?s?\b[^\n]{0,60}(?:not|missing|unset|undefined|required)"
                r"|missing (?:\w+ )?(?:environment|env)[ _]?var|no space left on device|enospc|disk (?:is "
                r")?full|disk quota"
                r"|read-only file system|erofs|(?:incompatible|unsupported) (?:python|node|java|ruby|engine|platform)"
                r"|engine [^\n]{0,40}incompatible|requires (?:a different )?(?:python|node|java|ruby|go) "
                r"?[<>=]?|umgebungsvariable"
                r"|variable d'environnement|variable de entorno|variável de ambiente|переменная "
                r"окружения|環境変数|环境变量"
                r"|address already in use|port is already allocated|eaddrinuse|too many open files|emfile"
                r"|unsupported class file|glibc"
            ),
        ),
        (
            0.9,
            (
                r"\beacces\b|permission denied(?! \(publickey)|permissionerror|\bconfig(?:uration)? (?:file "
                r")?[^\n]{0,40}(?:not found|missing|invalid)|enoent|no such file or directory"
                r"|\.(?:ya?ml|ini|json|toml|cfg|conf|env|properties)['\"]? (?:could not be|was not|not) found\b"
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
                r"to find utility|_execute_child\b[^\0]{0,400}no such file or directory: ['\"][^'\"/\n]+['\"]"
            ),
        ),
    ),
    RootCause.MISSING_DEPENDENCY: (
        (
            0.98,
            (
                r"modulenotfounderror|no module named|cannot find (?:module|package)|no matching (?:distribution"
                r"|version)|could not find (?:artifact|package|gem|a version"
                r"|[\w.-]+:[\w.-]+:[\w.-]+)|could not resolve dependenc|unresolved "
                r"import|eresolve|unable to resolve dependency|cannot load such file|package [^\n]{1,60} (?:is not "
                r"installed|not found)|classnotfoundexception|noclassdeffounderror|is not in (?:this|the npm) registry"
                r"|failed to resolve import|could not resolve \"|no such module '"
                r"|fatal error: [\w./+-]{1,100}\.h\w{0,2}: no such"
                r"|\.h\w{0,2}' file not found|missing go\.sum entry|reading \S+/go\.mod at revision"
                r"|unknown revision|unable to locate package|\.lock was last generated|has no installation candidate"
                r"|is missing from your system"
                r"|lock ?file does not contain a compatible|cannot find -l"
                r"|configure: error: [^\n]{1,80}(?<!compiler )(?<!program )(?:not found|is required|is missing)"
                r"|importerror: (?:no module|cannot)|shared librar\w+[^\n]{0,80}cannot open|dependency [^\n]{1,80}not "
                r"found"
            ),
        ),
    ),
    RootCause.COMPILE_ERROR: (
        (
            0.965,
            (
                r"error\[e\d{4}\]|error ts\d{4}|reference to undeclared|unsupported (?:argument"
                r"|block type)$|error cs\d{4}|compil(?:ation|er|e) (?:error|failed)|failed to compile"
                r"|could not compile|undefined reference to|cannot find symbol|linker command failed|(?<!evaluation "
                r")syntaxerror|indentationerror|\bparse error(?! message)|\.\w{1,4}:\d+(?::\d+)?: (?:fatal )?error"
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
_BUILDS: dict[RootCause, tuple[Rule, ...]] = {
    RootCause.AUTH_ERROR: (
        (
            0.94,
            (
                r"no valid credential|could not (?:load|find) (?:\w+ )?credentials|permission_denied: "
                r"|authentication required"
                r"|insufficient[_ ]scope|access denied for user|unauthorized: "
            ),
        ),
    ),
    RootCause.TEST_FAILURE: (
        (
            0.96,
            (
                r"(?:exceed(?:s|ed)|over|above|>) (?:the |its )?(?:\w+ )?(?:budget"
                r"|(?:size )?limit)(?: of)? \d[\d.,]* ?[kmg]?i?b\b"
                r"|\bregression: |(?:>|over|above|exceed\w*)(?: the| its)? (?:\w+ )?budget"
            ),
        ),
        (
            0.965,
            (
                r"\btests? (?:have )?failed|failed tests?|(?<![:.\d])\d+ (?:tests? )?failed\b|assertion "
                r"?(?:error|failed)"
                r"|assert(?:ion)? failed|comparisonfailure|expected[:\s][^\n]{1,100}(?:to (?:equal|be)|but (?:was|got)"
                r"|received)|failures?: [1-9]|failed!\s+- failed: |assert\.\w+\(\) failure|--- fail|✗|there "
                r"were failing tests|(?<![-/\w])snapshot"
            ),
        ),
    ),
    RootCause.MISSING_DEPENDENCY: (
        (
            0.96,
            (
                r"unsatisfiable requirements|did you (?:remember|forget) to (?:run|install|add)[^\n]{0,60}(?:install"
                r"|shard|add)"
                r"|(?:workloads?|packages?|components?) must be installed|import \"[^\"\n]{1,100}\" was not found"
                r"|(?:plugins?|packages?|modules?|dependencies|components?) are (?:required"
                r"|missing)[^\n]{0,20}not installed"
                r"|failed to build gem native extension|perhaps you need to add|hidden package"
                r"|not found in any (?:repo|registry)"
            ),
        ),
    ),
    RootCause.LINT: (
        (0.95, r"\bcve-\d{4}-\d{3,}|\bghsa-\w{4}-|vulnerabilit(?:y|ies) (?:were |was )?(?:found|detected)"),
    ),
    RootCause.COMPILE_ERROR: (
        (0.97, r"\bparse failed\b[^\n]{0,120}:\d+"),
        (0.6, r"undefined (?:variable|name|identifier|control sequence) |not in scope"),
        (0.9, r"\bunknown (?:value|type|constructor|identifier|symbol) \w+\s*$"),
    ),
    RootCause.INVALID_DATA: ((0.97, r"hash(?:es)? (?:mismatch|do(?:es)? not match)|checksum mismatch"),),
}
"""Words that say it where a build failed: an agent's contacts and mails say them too."""
IN_BUILDS = {cause: (*ANYWHERE.get(cause, ()), *_BUILDS.get(cause, ())) for cause in (*ANYWHERE, *_BUILDS)}
"""All that say it of a build."""
