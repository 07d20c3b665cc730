"""Source that takes the chance or the clock away so that a failure that comes and goes stays away."""

import ast
from collections.abc import Iterator

from fixer.verification.change import Change
from fixer.verification.python_source import Suspect, calls, new_constructs, python_files
from fixer.verification.tampering.base import Finding

RULE = "frozen"
_SEEDS = {"random.seed", "numpy.random.seed", "torch.manual_seed", "random.setstate", "tensorflow.random.set_seed",
          "numpy.random.set_state"}  # fmt: skip
_CLOCKS = ("freezegun", "time_machine", "libfaketime")


def findings(change: Change) -> Iterator[Finding]:
    """Yield new seeds and frozen clocks, in source and in tests."""
    for tests in (False, True):
        for path, line, why in new_constructs(python_files(change, tests=tests), _suspects):
            yield Finding(RULE, path, line, why)


def _suspects(tree: ast.Module) -> Iterator[Suspect]:
    loops = [node for node in ast.walk(tree) if isinstance(node, ast.For | ast.While | ast.AsyncFor)]
    repeated = {id(node) for loop in loops for node in ast.walk(loop)}  # waiting between looks is no trick
    for call, name in calls(tree):
        fixed = any(isinstance(argument, ast.Constant) for argument in call.args)
        if (name in _SEEDS and (fixed or not call.args)) or (
            name in {"random.Random", "numpy.random.default_rng", "numpy.random.RandomState"} and fixed
        ):
            yield Suspect(call, f"a new `{ast.unparse(call)}` fixes the chance instead of mending what depends on it")
        elif name.startswith(_CLOCKS):
            yield Suspect(call, f"a new `{ast.unparse(call)}` stops the clock")
        elif name in {"time.sleep", "asyncio.sleep"} and fixed and id(call) not in repeated:
            yield Suspect(call, f"a new `{ast.unparse(call)}` waits instead of mending the order of things")
