"""What tools say when a version does not fit: a table of patterns, each with whose version it is."""

from fixer.explaining.causes.reading.language_versions import OF_LANGUAGES

_V = r"v?\d[\w.+-]*"
# name where the pattern has no group `name`; words of which one is in what matches; the pattern: `need`, `have`, `by`
PATTERNS: tuple[tuple[str, str, str], ...] = (
    *OF_LANGUAGES,
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
