"""Imports go down only, rooms of one layer never import each other, and every implementation has its test."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1] / "src" / "fixer"
TESTS = Path(__file__).parent
LAYERS: tuple[frozenset[str], ...] = (
    frozenset({"__main__"}),
    frozenset({"cli", "web"}),
    frozenset({"explaining", "measuring"}),
    frozenset({"repair", "workflow", "distiller"}),
    frozenset({"healing"}),
    frozenset({"recovery"}),
    frozenset({"sources", "parsers", "diagnosis", "reproduction", "strategies", "verification", "forges", "reporters"}),
    frozenset({"agent", "analysis", "external_agent", "garbage", "preflight", "spending", "worker"}),
    frozenset({"llm", "journal", "sandbox", "worktree", "branches"}),
    frozenset({"git", "github_access", "input"}),
    frozenset({"ranking"}),
    frozenset({"budget", "causes", "ci_log", "circuit_breaker", "fingerprint", "own_files", "project", "prompts"}),
    frozenset({"interrupts", "probe", "rates", "redact", "registry", "terminal"}),
    frozenset({"schema"}),
    frozenset({"alternatives", "errors", "lazy_re"}),
)
RANK = {room: rank for rank, layer in enumerate(LAYERS) for room in layer}
ROOMS = ("sources", "parsers", "reproduction", "strategies", "forges", "reporters", "analysis")
BANNED = {"utils", "util", "helpers", "helper", "common", "misc", "shared", "core", "manager"}


def imported_rooms(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: absolute imports only"
            if node.module == "fixer":
                yield from (alias.name for alias in node.names)
            elif (node.module or "").startswith("fixer."):
                yield (node.module or "").split(".")[1]
        elif isinstance(node, ast.Import):
            yield from (alias.name.split(".")[1] for alias in node.names if alias.name.startswith("fixer."))


def test_imports_go_down_only() -> None:
    wrong = []
    for path in sorted(ROOT.rglob("*.py")):
        place = path.relative_to(ROOT)
        room = place.parts[0].removesuffix(".py")
        if room == "__init__":
            continue
        assert room in RANK, f"src/fixer/{place}: '{room}' has no layer in tests/test_layers.py"
        wrong += [
            f"{place} imports {other}"
            for other in imported_rooms(path)
            if other not in {room, "__version__"} and RANK[other] <= RANK[room]
        ]
    assert not wrong, "\n".join(wrong)


def test_no_junk_rooms() -> None:
    junk = [str(path) for path in [*ROOT.rglob("*"), *TESTS.rglob("*.py")] if path.stem in BANNED]
    assert not junk, junk


def test_every_implementation_has_the_test_of_its_name() -> None:
    want = {
        f"{room}/test_{path.stem}.py"
        for room in ROOMS
        for path in (ROOT / room).glob("*.py")
        if path.stem not in {"__init__", "base"}
    }
    have = {str(path.relative_to(TESTS)) for path in TESTS.glob("*/test_*.py")}
    assert want <= have, sorted(want - have)
