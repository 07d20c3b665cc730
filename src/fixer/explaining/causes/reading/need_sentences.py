"""What is said where a step needs what is not there: packages of a project or of the system, and tools."""

from fixer import lazy_re as re
from fixer.explaining.causes.reading.build_facts import Facts
from fixer.explaining.causes.reading.build_names import listed_names
from fixer.explaining.causes.reading.code_sentences import Sentence
from fixer.explaining.causes.reading.installing import install_package, install_tool

_CONFLICT = r"(?i)conflict|eresolve|compatible versions|downgrade|exclude each other|version solving failed|not meet"
_NOWHERE = (
    r"(?i)which doesn't exist|could not find package|was not found in the package registry"
    r"|in any (?:repo|version)\b"
)
"""Not in another version: not at all."""
_UNDECLARED = (
    r"(?i)no module named|cannot find (?:module|package)|could not find module|can't resolve|cannot load such file"
    r"|unresolved import|no package called|providing package|provides package|crate for|does not exist|ClassNotFound"
    r"|NoClassDef|can't locate|hidden package|could not resolve \"|failed to resolve import"
    r"|library \"[^\"]+\" not found"
    r"|not found in current path|can't find file '|\.sty' not found|the dependency is not available"
    r"|missing package product"
)
_SYSTEM = (
    r"(?i)\.h(?:pp)?\b|shared librar|cannot find -l|not found for -l|(?-i:Could NOT find)|system library"
    r"|pkg-?config|headers|package configuration file"
    r"|is needed by|dependency \"|locate package"
)


def of_dependency(facts: Facts) -> Sentence:
    """Return which packages are missing, and how they come where."""
    names, where = facts.names, facts.where
    if not names:
        return Sentence(
            f"needs a dependency that is not installed or cannot be found: {facts.said}",
            f"Declare or correct the dependency that {where} does not find: {facts.said}",
            f"look at the dependencies that {facts.place or where} asks for",
            quotes=True,
        )
    name, listed = names[0], listed_names(names)
    if re.search(_CONFLICT, facts.text) and not re.search(_NOWHERE, facts.text):
        return Sentence(
            f"asks for versions that do not go together: {listed}",
            f"Take a version of {name} that fits the others",
            f"look at who asks for which version of {name}",
        )
    pronoun = (
        "which are not installed or cannot be found" if len(names) > 1 else "which is not installed or cannot be found"
    )
    at = f" (asked for at {facts.place})" if facts.place else ""
    wanted_by = facts.wanted_by if facts.wanted_by not in names else ""
    at = f"{at}: {wanted_by} asks for it" if wanted_by else at
    why = f"needs {listed}, {pronoun}{at}"
    if told := _of_another_kind(facts, why, wanted_by):
        return told
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


def _of_another_kind(facts: Facts, why: str, wanted_by: str) -> Sentence | None:
    """Return what is said of what no registry of packages has: of the system, the compiler, PHP, or the project."""
    name, where = facts.names[0], facts.where
    if extension := re.fullmatch(r"ext-([\w-]+)", name):
        return Sentence(
            why,
            f"Install or switch on PHP's extension {extension[1]} ({name}) where {where} runs",
            f"docker-php-ext-install {extension[1]}, or extensions: {extension[1]} of shivammathur/setup-php",
        )
    if re.search(r"target may not be installed", facts.text):
        return Sentence(why, f"Install the compiler's target {name} before {where}", f"rustup target add {name}")
    if re.search(_SYSTEM, facts.text):
        listed, by = listed_names(facts.names), f": {wanted_by} needs it" if wanted_by else ""
        return Sentence(
            why,
            f"Install the system's development package of {listed} before {where}{by}",
            f"install what provides {name} on the machine of {where}",
        )
    if name.startswith(("//", "./", "@//")) or re.search(r"\.(?:proto|thrift|xsd|wsdl)$", name):
        return Sentence(
            why,
            f"Correct {name} where {facts.place or where} asks for it, or add it where it is looked for",
            f"look for {name} in the project and in what {where} searches",
        )
    return None


def of_tool(facts: Facts) -> Sentence:
    """Return which program is missing, and how it is installed."""
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
