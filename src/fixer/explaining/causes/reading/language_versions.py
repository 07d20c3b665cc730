"""What says that the version of Node, Ruby, .NET, Java, Python, Go or Rust does not fit: a table of patterns."""

_V = r"v?\d[\w.+-]*"
# as in version_patterns.py
OF_LANGUAGES: tuple[tuple[str, str, str], ...] = (
    (
        "",
        "incompatible",
        (
            r"[Ee]ngine \"?(?P<name>\w+)\"? [^\n]{0,60}incompatible[^\n]{0,60}Expected version \"(?P<need>[^\"]+)\"\.? "
            r"Got \"(?P<have>[^\"]+)\""
        ),
    ),
    (
        "node",
        "not compatible with your version",
        (
            r"Not compatible with your version of node/npm: "
            r"(?P<by>\S+)[\s\S]{0,400}?\"node\":\s*\"(?P<need>[^\"]+)\"[\s\S]{0,400}?"
            r"Actual:[^\n]{0,80}\"node\":\s*\"(?P<have>[^\"]+)\""
        ),
    ),
    (
        "Node",
        "unsupported_engine",
        r"ERR_PNPM_UNSUPPORTED_ENGINE[\s\S]{0,300}?Expected version: (?P<need>[^\n]+)\s+Got: (?P<have>\S+)",
    ),
    (
        "Node",
        "minimum node.js",
        (
            rf"Node\.js version (?P<have>{_V}) detected\.\s+(?P<by>The [\w ]{{3,30}}?) requires a minimum "
            rf"Node\.js version of (?P<need>{_V})"
        ),
    ),
    (
        "Node",
        "you are using node",
        (
            rf"You are using Node\.js (?P<have>{_V})\.\s+(?:For )?(?P<by>[\w.]{{2,30}}?)(?:,"
            rf"| requires) Node\.js version \"?(?P<need>[^\"\n]{{1,40}}?)\"?(?: is required|\.?\s*(?:Please|$))"
        ),
    ),
    (
        "Ruby",
        "your ruby version",
        rf"Your Ruby version is (?P<have>{_V}), but your (?P<by>Gemfile) specified (?P<need>[^\n]{{1,40}}?)\s*$",
    ),
    (
        "Ruby",
        "requires ruby version",
        (
            r"(?P<by>[\w.-]+)? ?requires Ruby version (?P<need>[^\n]{1,40}?)\. The current ruby version is "
            r"(?P<have>[\d.]+\d)"
        ),
    ),
    (
        ".NET SDK",
        "requested sdk",
        (
            r"Requested SDK version: (?P<need>\S+)[\s\S]{0,200}?(?P<by>global\.json)[\s\S]{0,200}?Installed "
            r"SDKs:\s*\n?(?P<have>(?:\s*[\d.]+[\w.-]* \[[^\]\n]+\]\n?){0,9})"
        ),
    ),
    (
        ".NET SDK",
        "global.json",
        (
            r"(?P<by>global\.json)[\s\S]{0,200}?(?:SDK|version) (?P<need>\d[\w.-]+)[^\n]{0,60}(?:not (?:found"
            r"|installed)|could not)"
        ),
    ),
    (".NET", "does not support targeting", r"does not support targeting (?P<need>\.NET [\d.]+\d)"),
    (
        ".NET",
        "framework: '",
        (
            r"Framework: '(?P<by>[\w.]+)', version '(?P<need>[\d.]+)'[\s\S]{0,200}?(?:following frameworks "
            r"were found:\s+(?P<have>[\d.]+))?"
        ),
    ),
    (
        "Java",
        "class file version",
        r"class file version (?P<classes>\d+)\.0[\s\S]{0,120}?(?:class file versions )?up to (?P<known>\d+)\.0",
    ),
    ("Java", "wrong version", r"class file has wrong version (?P<classes>\d+)\.0, should be (?P<known>\d+)\.0"),
    ("Java", "class file major", r"[Uu]nsupported class file major version (?P<known>\d+)"),
    (
        "JVM",
        "jvm",
        (
            r"(?i)(?P<by>gradle)[^\n]{0,80} requires (?:at least )?JVM (?:runtime version "
            r")?(?P<need>\d+)[^\n]{0,200}?(?:using|use)(?: JVM)?(?: Java)? (?P<have>\d+)"
        ),
    ),
    (
        "Java",
        "and the consumer needed",
        (
            r"(?:No matching variant of (?P<by>\S+) was found[\s\S]{0,3000}?)?compatible with Java (?P<need>\d+) and "
            r"the consumer needed [^\n]{0,300}?compatible with Java (?P<have>\d+)"
        ),
    ),
    (
        "Java",
        "jvm runtime version",
        (
            r"(?:Could not resolve (?P<by>[\w.:-]+\w)\.\s[\s\S]{0,400}?)?"
            r"at least JVM runtime version (?P<need>\d+)[^\n]{0,40}This build uses a Java (?P<have>\d+)"
        ),
    ),
    (
        "Java",
        "currently using java",
        (
            r"(?P<by>Android Gradle plugin"
            r"|[\w ]{3,40}plugin) requires Java (?P<need>\d+)[\s\S]{0,80}?currently using Java (?P<have>\d+)"
        ),
    ),
    (
        "Java",
        "release version|release: |language level|languageversion",
        (
            r"(?:(?P<need>release version \d+) not supported|invalid (?P<target>(?:target"
            r"|source) release: [\d.]+)|[Ll]anguage level (?P<level>\d+) is not supported"
            r"|languageVersion=(?P<toolchain>\d+))"
        ),
    ),
    (
        "Python",
        "different python",
        (
            r"(?:Package )?['\"]?(?P<by>[\w.-]+)?['\"]? ?requires a different Python: (?P<have>[\d.]+) not in "
            r"'(?P<need>[^']+)'"
        ),
    ),
    (
        "Python",
        "by the project",
        (
            r"(?:activated )?Python version (?P<have>[\d.]+) is not (?:supported"
            r"|allowed) by the project \((?P<need>[^)]+)\)"
        ),
    ),
    (
        "Python",
        "python",
        (
            r"Python (?P<have>\d[\d.]+\d)[^\n]{0,80}(?:does not satisfy|is incompatible with"
            r"|not compatible with)[^\n]{0,60}?[`'\"]?(?P<need>[<>=~^]=?\s?\d[\d.,<>= ]*)"
        ),
    ),
    (
        "Go",
        "requires go",
        (
            r"(?P<by>go\.mod|module [\w./-]+"
            r"|[\w./-]+@v[\d.]+)? ?requires go >= (?P<need>[\d.]+\d) \(running go ?(?P<have>[\d.]+\d)"
        ),
    ),
    (
        "Go",
        "requires go|invalid go version",
        r"note: module requires Go (?P<need>[\d.]+\d)|invalid go version '(?P<mod>[\d.]+)'",
    ),
    (
        "rustc",
        "requires rustc",
        r"requires rustc (?P<need>[\d.]+\d) or newer, while the currently active rustc version is (?P<have>[\d.]+\d)",
    ),
    (
        "rustc",
        "is not supported by the following",
        (
            r"rustc (?P<have>[\d.]+\d)\S* is not supported by the following packages?:\s+(?P<by>\S+)(?: "
            r"requires rustc (?P<need>[\d.]+\d))?"
        ),
    ),
    (
        "cargo",
        "not stabilized",
        (
            r"feature `(?P<need>[\w-]+)` is required[\s\S]{0,200}?not stabilized in this version of Cargo "
            r"\((?P<have>[\d.]+\d)"
        ),
    ),
)
