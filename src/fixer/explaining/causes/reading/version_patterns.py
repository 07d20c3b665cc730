"""What tools say when a version does not fit: a table of patterns, each with whose version it is."""

_V = r"v?\d[\w.+-]*"
# name where the pattern has no group `name`; words of which one is in what matches; the pattern: `need`, `have`, `by`
PATTERNS: tuple[tuple[str, str, str], ...] = (
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
    (
        "PHP",
        "requires php",
        (
            r"(?P<by>[\w./-]+)?[^\n]{0,60}requires php (?P<need>[^\n]{1,30}?) (?:->|but"
            r"|which)[^\n]{0,60}?version \(?(?P<have>[\d.]+\d)"
        ),
    ),
    (
        "",
        "requires|needs",
        (
            r"(?i:requires|needs) (?P<name>Python|Node(?:\.js)?|Java|JDK|Ruby|Go|PHP|Rust|npm|pnpm|Yarn"
            r"|CMake|Xcode|Gradle"
            r"|Maven|Terraform|Bazel) (?P<need>v?\d[\w.]*)[^\n]{0,60}(?:not|n't|was|is) (?:found"
            r"|installed|missing|there)"
        ),
    ),
    (
        "",
        "or higher is required",
        r"(?P<name>CMake) (?P<need>[\d.]+\d) or higher is required\.\s+You are running version (?P<have>[\d.]+\d)",
    ),
    (
        "Terraform",
        "required_version",
        (
            r"required_version = \"(?P<need>[^\"]+)\"[\s\S]{0,400}?does not support Terraform(?: version)? "
            r"(?P<have>[\d.]+\d)"
        ),
    ),
    ("Terraform", "unsupported terraform", r"Unsupported Terraform Core version"),
    (
        "",
        "allowed range",
        (
            r"Detected (?P<name>JDK|Java"
            r"|Maven)[^\n]{0,80}?(?:is )?[Vv]ersion:? (?P<have>[\d.]+\d)[^\n]{0,30}not in the allowed range "
            r"(?P<need>[\[(][^\n]{1,20}[\])])"
        ),
    ),
    (
        "",
        "version spec",
        r"Could not find (?P<name>Xcode|Node|Java|Go|Python) version that satisf\w+ version spec: '(?P<need>[^']+)'",
    ),
    ("Node", "unable to find node", r"Unable to find Node version '(?P<need>[^']+)'"),
    (
        "Python",
        "with architecture|with this architecture",
        r"[Tt]he version '(?P<need>[^']+)' with (?:this )?architecture '?[\w-]+'? was not found",
    ),
    ("Java", "semver", r"Could not find satisfied version for SemVer '?(?P<need>[^'\s]+)"),
    ("Ruby", "unknown version", r"Unknown version (?P<need>\S+) for ruby"),
    (
        "Swift tools",
        "swift tools",
        (
            r"(?P<by>package '[^']+')? ?is using Swift tools version (?P<need>[\d.]+\d) but the installed "
            r"version is (?P<have>[\d.]+\d)"
        ),
    ),
    (
        "Docker API",
        "minimum supported api",
        r"client version (?P<have>[\d.]+\d) is too old\. Minimum supported API version is (?P<need>[\d.]+\d)",
    ),
    (
        "Elixir",
        "requires elixir",
        (
            r"(?P<by>the dependency :\w+)? ?requires Elixir \"(?P<need>[^\"]+)\" but you are running on "
            r"v(?P<have>[\d.]+\d)"
        ),
    ),
    (
        "",
        "requires|needs",
        (
            r"(?P<by>[\w./@-]{2,60})? ?(?i:requires|needs) (?:a newer |an? |at least )?(?P<name>Python"
            r"|Node(?:\.js)?|Java|JDK|Ruby|Go|PHP|rustc?|Rust|npm|pnpm|Yarn|CMake|Xcode|Gradle|Maven"
            r"|Terraform|Bazel)"
            r"(?: version)? ?(?P<need>[<>=~^]* ?v?\d[\w.]*(?:\s?\|\|\s?[<>=~^]*[\d.]+|\+)*)[^\n]{0,60}?(?:but"
            r"|current|found|got|have|is|running|using|installed)[^\n\d]{0,40}(?P<have>v?\d[\w.]*\d)"
        ),
    ),
    (
        "",
        "requires|needs",
        (
            r"(?i:requires|needs) (?:a different )?(?P<name>python|node(?:\.js)?|java|ruby|go|php"
            r"|rustc?) ?(?P<need>[<>=~^]+ ?[\d.]+)"
        ),
    ),
    (
        "",
        "or higher|or newer|or later|or above",
        (
            r"(?P<name>CMake|Python|Node|Java|Ruby|Go|PHP) (?P<need>[\d.]+) or (?:higher|newer|later"
            r"|above) (?:is )?required(?:[^\n]{0,30}(?:running|have|found) (?:version )?(?P<have>[\d.]+\d))?"
        ),
    ),
    (
        "",
        "minimum",
        (
            rf"(?:[Yy]our |current )?(?P<name>[A-Z][\w.+-]{{1,20}}) version(?: is)? (?P<have>{_V}) (?:does not meet"
            rf"|is (?:older|lower)"
            rf" than|is below) the minimum[^\n]{{0,60}}? (?P<need>{_V})"
        ),
    ),
    (
        "",
        "sdk version",
        (
            r"current (?P<name>[A-Z]\w+ SDK) version is (?P<have>[\d.]+\d)[\s\S]{0,300}?Because"
            r" (?P<by>[\w.-]+)[^\n]{0,40}requires "
            r"(?:\w+ )?SDK version (?P<need>[^\n]{1,40}?)(?: and|,|\.?$)"
        ),
    ),
    (
        "",
        "version requirement",
        r"find (?P<name>[A-Z][\w.]+) version corresponding to version requirement: (?P<need>[^\n]{1,40}?)\.?$",
    ),
    (
        "",
        "installed",
        (
            r"(?P<name>\w+): version [`'\"\u2018](?P<need>[\w.+-]{1,40})[`'\"\u2019] is not (?:yet )?installed"
            r"(?: \(set by (?P<by>[^)\n]{1,100})\))?"
        ),
    ),
    (
        "",
        "packagemanager",
        (
            r"\"(?P<by>packageManager)\": \"(?P<need>[^\"]{3,40})\"[\s\S]{0,80}?current (?:global )?version of"
            r" (?P<name>\w+) is "
            r"(?P<have>[\d.]+\d)"
        ),
    ),
    (
        "",
        "required by",
        r"find '(?P<name>[\w.-]{2,40})' \((?P<need>[\d.]+)\) required by your (?P<by>\S+?)\.? ",
    ),
    (
        "Go",
        "targeted go",
        (
            r"\(go(?P<have>[\d.]+\d)\) used to build (?P<by>\S+) is lower than the targeted Go version "
            r"\((?P<need>[\d.]+\d)"
        ),
    ),
)
