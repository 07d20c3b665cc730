"""Tells whether what failed also passed in the same record without a change: a failure comes in, yes or no goes out."""

from fixer import lazy_re as re
from fixer.alternatives import says
from fixer.explaining.causes.base import Scene
from fixer.explaining.causes.reading.build import is_build
from fixer.explaining.causes.reading.past_runs import went_both_ways
from fixer.explaining.causes.reading.said import expected_and_got
from fixer.explaining.causes.reading.verdicts import TESTS
from fixer.explaining.causes.reading.what_changed import changed_between
from fixer.schema.execution_record import RecordStatus, RecordStep

_AGAIN = r"(?:attempt|re-?try|re-?run|run|try|pass|round|iteration|repetition|versuch|tentative|intento|tentativa|lauf)"
_NUMBER = re.compile(rf"(?i)(?<![a-z]){_AGAIN}s?[\s#:_.-]*\d{{1,3}}(?:\s*(?:of|/)\s*\d{{1,3}})?(?![\w.])")
_ONCE_MORE = re.compile(r"(?i)^re-?(?:run|try)(?:ning|ing)?(?: of)?[\s:_-]+|[\s_-]*[(\[]?\bre-?(?:run|try)\b[)\]]?\s*$")
_IN_BRACKETS = re.compile(rf"(?i)[(\[][^)\]]*(?:{_AGAIN}|commit|sha|seed|same)\b[^)\]]*[)\]]")
_FLAGS = re.compile(
    r"(?i)\s--?(?:last-failed|failed-first|failed|lf|ff|only-?failures|rerun[\w-]*|retr[\w-]*|seed)(?:[= ]\d+)?(?!\S)"
)
_COMMIT = re.compile(r"(?i)(?<![\w-])(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{7,40}(?![\w-])")
_SIGNS = re.compile(r"[\s()\[\]:,_#-]+")
_ANY_COMMAND = r"^(?:bash|shell|sh|terminal|exec(?:ute)?|run|command|tool)(?:[ _-]?(?:command|cmd|tool|code|shell))?$"
_TESTS = (
    r"(?<![a-z])(?:tests?|spec|specs|e2e|suite|verify|check|it|jest|vitest|pytest|rspec|phpunit|ctest|cypress"
    r"|playwright)(?![a-z])"
)
_INPUTS = ("input", "inputs", "command", "cmd", "args", "arguments", "params", "parameters", "with", "env", "matrix")


def fails_and_passes(scene: Scene) -> bool:
    """Return whether the step that failed, a run of tests in a build, passed before or after with nothing changed.

    Either as another step, or in a list of runs that the record has beside the error.
    """
    step = scene.step
    if step is None or step.status is not RecordStatus.FAILED or not is_build(scene) or not _of_tests(scene):
        return False
    return went_both_ways(scene) or any(
        other.status is RecordStatus.COMPLETED
        and not other.error
        and _is_same(step, other)
        and not changed_between(scene, other.number)
        for other in scene.record.steps
    )


def _of_tests(scene: Scene) -> bool:
    names = f"{scene.failed.action}\n{scene.record.agent}".replace("_", " ")
    return bool(TESTS.search(scene.text) or says(names, _TESTS) or expected_and_got(scene.text))


def _is_same(one: RecordStep, other: RecordStep) -> bool:
    """Whether two steps run the same: by their names without what counts the runs, by their input and commit."""
    if one.number == other.number or bare_name(one.action) != bare_name(other.action):
        return False
    if any(one.details.get(key) != other.details.get(key) for key in _INPUTS) or says(one.action, _ANY_COMMAND):
        return False
    if not bare_name(one.action) and not (_NUMBER.search(one.action) and _NUMBER.search(other.action)):
        return False
    commits = [set(_COMMIT.findall(step.action.lower())) for step in (one, other)]
    return not all(commits) or commits[0] == commits[1]


def bare_name(action: str) -> str:
    """Return the name of a step without what counts its runs, their commit, and flags that run again what failed."""
    plain = _COMMIT.sub(" ", _FLAGS.sub(" ", _NUMBER.sub(" ", _IN_BRACKETS.sub(" ", action))))
    return _SIGNS.sub(" ", _ONCE_MORE.sub(" ", plain)).strip().lower()
