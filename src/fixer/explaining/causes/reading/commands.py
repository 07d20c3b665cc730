"""The command of a step and what it printed come in; what its failure means where nothing else tells goes out."""

from fixer import lazy_re as re
from fixer.explaining.causes.reading.build_text import first_error
from fixer.explaining.causes.reading.linters import is_linter
from fixer.schema.root_cause import RootCause

_PATH = re.compile(r"[\w@-][\w./\\@-]*\.\w{1,8}\b")
_TESTS = re.compile(
    r"(?i)(?<![\w-])(?:pytest|unittest|tox|nosetests|jest|vitest|mocha|karma|cypress|playwright test|ava"
    r"|rspec|minitest|phpunit|pest"
    r"|ctest|behave|cucumber|newman|(?:go|cargo|dotnet|mix|swift|flutter|dart|bazel|sbt|rails|mvnw?"
    r"|gradlew?|npm|yarn|pnpm|make|composer)"
    r"(?: run)? (?:-\S+ )*test)(?![\w-])"
)
_COMPILERS = re.compile(
    r"(?i)(?<![\w-])(?:tsc|javac|gcc|g\+\+|clang(?:\+\+)?|make|ninja|(?:go|cargo|dotnet|swift) build|cargo check)"
    r"(?![\w-])"
)
_PLACE = re.compile(r"\.\w{1,5}[:(]\d+")


def kind_of(action: str, text: str) -> tuple[RootCause, float] | None:
    """Return the cause that a failure of this command has as a rule, and how sure that is; None where there is none."""
    if is_linter(action) and _PATH.search(text):
        return RootCause.LINT, 0.94
    if not first_error(text):
        return None
    if _TESTS.search(action):
        return RootCause.TEST_FAILURE, 0.5
    return (RootCause.COMPILE_ERROR, 0.5) if _COMPILERS.search(action) and _PLACE.search(text) else None
