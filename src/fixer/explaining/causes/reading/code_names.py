"""The names that compilers find wrong: patterns for the symbol, each by the compiler that words it so."""

_S = r"[`'\"\u2018\u201c]"
_E = r"[`'\"\u2019\u201d]"
_SYMBOL = r"(?P<name>[\w.:<>$@~-]{1,80})"

SYMBOLS = (
    r"undefined: (?P<name>[\w.]+)",
    r"\b(?P<name>[\w.()*]+) undefined \(",
    r"(?:symbol: +(?:method|variable|class|static|interface|constructor) (?P<name>\w+))",
    r"cannot find (?:[\w, -]{2,60}) `(?P<name>[^`\n]{1,80})`",
    (
        r"no (?:method|field|function or associated item|variant"
        r"|associated item)[\w ]* (?:named )?`(?P<name>[^`\n]{1,80})`"
    ),
    rf"has no exported member (?:named )?{_S}{_SYMBOL}{_E}",
    (
        rf"(?:Cannot find name|Property|Object literal may only specify known properties, and"
        rf"|Module {_S}[^'\"\n]*{_E} has no exported member) {_S}{_SYMBOL}{_E}"
    ),
    rf"does not contain a definition for {_S}{_SYMBOL}{_E}",
    rf"(?:type or namespace name|The name) {_S}{_SYMBOL}{_E}",
    (
        rf"(?:undeclared identifier|unknown type name|implicit declaration of function|no member named"
        rf"|has no member named|cannot find) {_S}{_SYMBOL}{_E}"
    ),
    (
        rf"{_S}{_SYMBOL}{_E} (?:was not declared|undeclared|is not a member of|has not been declared"
        rf"|does not name a type|has no member|is not exported|is not defined)"
    ),
    r"undefined reference to [`'\u2018](?P<name>[^'\u2019\n]{1,120})",
    r"\"(?P<name>[^\"\n]{1,120})\", referenced from",
    r"unresolved external symbol \"?(?P<name>[^\"\n]{1,120})",
    r"multiple definition of [`'\u2018](?P<name>[^'\u2019\n]{1,120})",
    r"(?i:unresolved reference):? ['`]?(?P<name>\w+)",
    r"not found: (?:value|type|object) (?P<name>\w+)|value (?P<member>\w+) is not a member of",
    r"Undefined control sequence\.\s+(?:l\.\d+ )?[^\n]*?(?P<name>\\\w+)\s*$",
    r"(?:Unknown|unknown) (?:value|type|constructor|identifier|symbol) (?P<name>\w+)",
    r"undefined (?:function|variable) ['\"]?(?P<name>[\w./?!]+)",
    r"(?:Variable|Data constructor) not in scope: (?P<name>\w+)",
    r"Call to undefined (?:function|method) (?P<name>[\w\\:]+)",
    r"Class \"(?P<name>[\w\\]+)\" not found",
    r"name '(?P<name>\w+)' is not defined",
    r"cannot use (?P<name>[\w.\"()&*]+) \(",
    r"not enough arguments in call to (?P<name>[\w.]+)|too many arguments in call to (?P<more>[\w.]+)",
    r"borrow of (?:partially )?moved value: `(?P<name>[^`\n]{1,60})`|cannot borrow `(?P<borrowed>[^`\n]{1,60})`",
    rf"(?:declared and not used|imported and not used): {_S}?{_SYMBOL}",
    r"error[^\n]{0,60}?: [^\n]{0,80}?[`'\u2018](?P<name>[A-Za-z_][\w.:<>$]{1,60})[`'\u2019]",
)
"""Symbols that are not there or do not fit; the sure ones first."""
