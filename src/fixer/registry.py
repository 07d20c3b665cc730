"""Finds the implementations of a room: every module in its folder that is not `base`, sub-packages aside.

A room's contract is a Protocol in its `base.py`; a module of the room satisfies it with the class or the
constants and functions that the contract names. A file that does not fit is an error with its name, never skipped.
"""

import importlib
import pkgutil
from collections.abc import Sequence
from types import ModuleType

from fixer.errors import FixerError


def modules(room: str, members: Sequence[str]) -> list[ModuleType]:
    """Import every implementation in `fixer.<room>`, in the order of their names.

    Args:
        room: dotted path below `fixer`, such as `parsers`.
        members: names that every implementation must define at its top level.

    Raises:
        FixerError: a file in the room lacks one of the members.
    """
    package = importlib.import_module(f"fixer.{room}")
    found = []
    for info in pkgutil.iter_modules(package.__path__):
        # A sub-package holds what the implementations of the room share.
        if info.name == "base" or info.ispkg:
            continue
        module = importlib.import_module(f"{package.__name__}.{info.name}")
        missing = [name for name in members if not hasattr(module, name)]
        if missing:
            raise FixerError(
                f"{module.__file__} does not fit the room '{room}': it does not define {', '.join(missing)}",
                f"see src/fixer/{room}/base.py for the contract of the room",
            )
        found.append(module)
    return found
