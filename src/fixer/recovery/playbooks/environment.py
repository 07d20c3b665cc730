"""Environment variables that get into a tool's way: the command runs without them, nothing on disk is changed."""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from fixer.recovery.playbooks.base import Remedy
from fixer.recovery.scene import Scene
from fixer.strategies.base import NotMine

ORDER = 5
STEERING: Mapping[str, tuple[str, ...]] = {
    "rust": ("RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "RUSTDOCFLAGS", "RUSTC_WRAPPER", "RUSTC_WORKSPACE_WRAPPER",
             "RUSTC", "RUSTUP_TOOLCHAIN", "CARGO_BUILD_TARGET", "CARGO_BUILD_RUSTFLAGS", "CARGO_TARGET_DIR"),
    "python": ("PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "PYTHONOPTIMIZE", "PYTHONWARNINGS", "PYTHONPLATLIBDIR",
               "PYTHONSAFEPATH", "PYTHONNOUSERSITE", "PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PIP_INDEX_URL",
               "PIP_REQUIRE_VIRTUALENV", "PIP_NO_INDEX", "DJANGO_SETTINGS_MODULE"),
    "node": ("NODE_OPTIONS", "NODE_PATH", "NODE_ENV", "NPM_CONFIG_PREFIX", "npm_config_prefix", "BABEL_ENV"),
    "c": ("CFLAGS", "CXXFLAGS", "CPPFLAGS", "LDFLAGS", "CPATH", "C_INCLUDE_PATH", "CPLUS_INCLUDE_PATH",
          "LIBRARY_PATH", "LD_LIBRARY_PATH", "LD_PRELOAD", "MAKEFLAGS", "CC", "CXX"),
    "go": ("GOFLAGS", "GOPATH", "GOROOT", "GOOS", "GOARCH", "GO111MODULE", "CGO_ENABLED"),
    "java": ("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS", "MAVEN_OPTS", "GRADLE_OPTS", "CLASSPATH"),
}  # fmt: skip
"""Variables that change what a tool does without a word in the project."""
TOOLS: Mapping[str, tuple[str, ...]] = {
    "cargo": ("rust", "c"), "rustc": ("rust",), "node": ("node",), "npm": ("node",), "npx": ("node",),
    "pnpm": ("node",), "yarn": ("node",), "go": ("go",), "mvn": ("java",), "mvnw": ("java",), "gradle": ("java",),
    "gradlew": ("java",), "java": ("java",), "javac": ("java",), "pip": ("python",), "pytest": ("python",),
    "tox": ("python",), "gcc": ("c",), "g++": ("c",), "cc": ("c",), "clang": ("c",), "cmake": ("c",), "ctest": ("c",),
}  # fmt: skip
OWN_CODE = frozenset({"PYTHONPATH", "NODE_PATH", "CLASSPATH", "GOPATH", "CPATH", "C_INCLUDE_PATH", "LIBRARY_PATH"})
"""Lists of folders; where all of them are the project's own, the variable belongs to how it is run."""
_STRICTER = re.compile(
    r"(^|[\s=,])(-D|-F|--deny|--forbid|-W\s*error|-Werror\S*|--strict\S*|--cov-fail-under\S*|--throw-deprecation"
    r"|--max-warnings\S*|--unhandled-rejections=strict|-x509|-Wall|-Wextra|-fsanitize\S*|-Z\s*sanitizer\S*)",
)


def remedies(scene: Scene) -> Iterator[Remedy]:
    """Yield the variable without which the command passes, those first that its output names.

    Raises:
        NotMine: no such variable is set, or each one only makes the checks stricter.
    """
    found = _steering(scene)
    if not found:
        raise NotMine("no variable is set that steers the tool")
    named = [name for name in found if _is_named(name, found[name], scene)]
    for name in named:
        yield _without((name,), scene)
    if scene.stop() or not scene.shows_it(scene.as_it_was()):
        return
    rest = tuple(name for name in found if name not in named)
    if rest and _passes_without(rest, scene):
        alone = [name for name in rest if len(rest) > 1 and not scene.stop() and _passes_without((name,), scene)]
        yield _without((alone[0],) if alone else rest, scene)


def _steering(scene: Scene) -> dict[str, str]:
    """Return the variables of the tool's ecosystem that the command had, but for those that make checks stricter."""
    names = [PurePosixPath(word).name for word in scene.context.result.argv[:3]]
    kinds = [kind for name in names for kind in TOOLS.get(name, ())]
    kinds += ["python" for name in names if re.fullmatch(r"python[\d.]*", name)]
    if not kinds:
        kinds = list(STEERING)
    wanted = [name for kind in dict.fromkeys(kinds) for name in STEERING[kind]]
    given = scene.context.environment
    return {name: given[name] for name in wanted if given.get(name) and _may_go(name, given[name], scene)}


def _may_go(name: str, value: str, scene: Scene) -> bool:
    """Whether a command without the variable would still check as much, and could still find the project's own code."""
    if _STRICTER.search(value) or (name == "PYTHONWARNINGS" and "err" in value):
        return False
    top, folder = scene.ground.repository.resolve(), Path(scene.context.folder)
    places = [(folder / part).resolve() for part in value.split(os.pathsep) if part]
    return name not in OWN_CODE or not all(place.is_relative_to(top) for place in places)


def _is_named(name: str, value: str, scene: Scene) -> bool:
    """Whether the output names the variable, or a part of its value that the command line does not hold."""
    output = scene.context.result.output
    if re.search(rf"\b{re.escape(name)}\b", output):
        return True
    command = " ".join(scene.context.result.argv)
    words = [word for word in re.split(rf"[\s=,{os.pathsep}]+", value) if len(word) >= 4]
    return any(word in output and word not in command for word in words)


def _passes_without(names: tuple[str, ...], scene: Scene) -> bool:
    command = scene.invocation
    env = {name: value for name, value in command.env.items() if name not in names}
    scene.tree.reset()
    passed = scene.run(command.model_copy(update={"env": env})).passed
    scene.tree.reset()
    return passed


def _without(names: tuple[str, ...], scene: Scene) -> Remedy:
    typed = []
    for name in names:
        typed.append(f"unset {name}")
        if os.environ.get(name) != scene.context.environment[name]:
            typed.append(f"# where a step sets it: take `{name}` out of the step's `env:`")
    told = ", ".join(names)
    return Remedy(
        f"Run without {told}",
        environment=dict.fromkeys(names),
        typed=tuple(typed),
        afterwards=tuple(typed),
    )
