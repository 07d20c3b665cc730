"""The checks of the gate, each ended by what it is for."""

from collections.abc import Callable
from pathlib import Path

import pytest

from fixer.schema.command import CommandResult, Ending, Invocation, Rung
from fixer.schema.patch import Patch, new_patch
from fixer.schema.reproduction import Shown, SuiteOutcome
from fixer.schema.verification import Verdict, Verification
from fixer.verification import verify
from tests.verification.projects import Edit, Project, open_project, project_texts
from tests.warm_python import WarmPython

GREEN = SuiteOutcome(passed=frozenset({"t"}))
SUBMODULE = (
    "diff --git a/m b/m\nnew file mode 160000\n--- /dev/null\n+++ b/m\n@@ -0,0 +1 @@\n"
    "+Subproject commit 1234567890123456789012345678901234567890\n"
)
RED = SuiteOutcome(failed=frozenset({"t"}))


@pytest.fixture
def project(tmp_path: Path, warm_pytest: WarmPython) -> Project:
    return open_project("shop", tmp_path, warm_pytest)


@pytest.fixture
def fix(project: Project) -> Patch:
    text = project_texts()["shop"]["files"]["src/shop/cart.py"]
    return project.patch([Edit("src/shop/cart.py", text.replace("1 + self", "1 - self"))])


def raw(diff: str) -> Patch:
    return new_patch(reproduction_id="r", strategy="s", summary="s", explanation="", diff=diff)


def checked(verification: Verification) -> dict[str, bool]:
    return {check.name: check.passed for check in verification.checks}


class Scripted:
    """Runs that end as they are told, by whether the patch is in the tree."""

    def __init__(self, project: Project, after: Callable[[int], bool] = lambda _: True) -> None:
        self.project = project
        self.after = after
        self.runs = 0

    def run(self, invocation: Invocation) -> CommandResult:
        patched = "1 - self" in (self.project.tree.path / "src/shop/cart.py").read_text()
        self.runs += patched
        passed = patched and self.after(self.runs)
        return CommandResult(
            argv=invocation.argv,
            cwd=".",
            ending=Ending.EXITED,
            exit_code=0 if passed else 1,
            stdout="x" * 100_000,
            stderr="",
            seconds=0.0,
            rung=Rung.PROCESS_GROUP,
        )

    def judge(
        self,
        patch: Patch,
        *,
        baseline: SuiteOutcome | None = None,
        reproduction: dict[str, object] | None = None,
        **changes: object,
    ) -> Verification:
        changed = self.project.reproduction.model_copy(update={"test": "t", **(reproduction or {})})
        parts: dict[str, object] = {
            "run": self.run,
            "shown": lambda result: Shown.NONE if result.passed else Shown.SAME,
            "outcome": lambda result: GREEN if result.passed else RED,
        }
        return verify(patch, changed, self.project.bench(**{**parts, **changes}), baseline)


def test_every_check_passes_in_order(project: Project, fix: Patch) -> None:
    verification = verify(fix, project.reproduction, project.bench())
    assert verification.verdict is Verdict.VERIFIED, verification.reason
    names = ["applies", "tampering", "fails_before", "passes_after", "stable", "nothing_broken", "same_failure_gone"]
    assert [check.name for check in verification.checks] == names
    assert len(verification.checks[4].commands) == 5
    assert all(check.reason for check in verification.checks)


@pytest.mark.parametrize(
    ("diff", "why"),
    [
        ("", "empty"),
        ("no diff at all", "refuses"),
        ("diff --git a/x b/x\nnew file mode 100644\n--- /dev/null\n+++ b/../x\n@@ -0,0 +1 @@\n+x\n", "refuses"),
        ("diff --git a/x b/x\nnew file mode 120000\n--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+/etc/passwd\n", "symbolic"),
        ("diff --git a/x b/x\nnew file mode 100755\n--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+x\n", "executable"),
        ("diff --git a/Makefile b/Makefile\nold mode 100644\nnew mode 100755\n", "file mode"),
        (
            "diff --git a/.git/x b/.git/x\nnew file mode 100644\n--- /dev/null\n+++ b/.git/x\n@@ -0,0 +1 @@\n+x\n",
            "refuses",
        ),
        ("x" * 2_000_001, "characters"),
        ("diff --git a/x b/x\nnew file mode 100644\nindex 0..1\nGIT binary patch\nliteral 1\n", "binary"),
        (SUBMODULE, "submodule"),
    ],
)
def test_what_is_no_plain_change_of_text_does_not_apply(project: Project, diff: str, why: str) -> None:
    verification = verify(raw(diff), project.reproduction, project.bench())
    assert checked(verification) == {"applies": False}
    assert why in verification.reason


def test_a_refusal_names_rule_file_and_line(project: Project) -> None:
    text = project_texts()["shop"]["files"]["src/shop/cart.py"]
    patch = project.patch([Edit("src/shop/cart.py", text + "\nimport os\n\nos._exit(0)\n")])
    verification = verify(patch, project.reproduction, project.bench())
    assert checked(verification) == {"applies": True, "tampering": False}
    assert f"src/shop/cart.py:{len(text.splitlines()) + 4}: " in verification.reason
    assert "[exits]" in verification.reason


def test_the_failure_must_show_before(project: Project, fix: Patch) -> None:
    for shown in (Shown.OTHER, Shown.NONE):
        verification = Scripted(project).judge(fix, shown=lambda _, shown=shown: shown)
        assert checked(verification) == {"applies": True, "tampering": True, "fails_before": False}


def test_exit_code_0_alone_is_no_pass(project: Project, fix: Patch) -> None:
    for outcome in (SuiteOutcome(skipped=frozenset({"t"})), SuiteOutcome(passed=frozenset({"u"})), SuiteOutcome()):
        verification = Scripted(project).judge(fix, outcome=lambda _, outcome=outcome: outcome)
        assert checked(verification)["passes_after"] is False


def test_the_account_alone_is_no_pass(project: Project, fix: Patch) -> None:
    verification = Scripted(project, after=lambda _: False).judge(fix, outcome=lambda _: GREEN)
    assert checked(verification)["passes_after"] is False


def test_a_fix_that_comes_and_goes_is_not_stable(project: Project, fix: Patch) -> None:
    verification = Scripted(project, after=lambda run: run != 4).judge(fix)
    assert checked(verification)["stable"] is False
    assert "passed 3 times, then not" in verification.reason


def test_a_rare_failure_asks_for_more_passes(project: Project, fix: Patch) -> None:
    rare: dict[str, object] = {"deterministic": False, "failure_rate": 0.5, "runs": 20}
    runs = Scripted(project)
    verification = runs.judge(fix, baseline=RED, reproduction=rare)
    assert verification.verdict is Verdict.VERIFIED
    assert runs.runs > 6
    assert len(verification.checks[4].commands) <= 6


def test_time_that_ends_is_never_verified(project: Project, fix: Patch) -> None:
    runs = Scripted(project)
    for allowed in range(8):
        runs.runs = 0
        left = iter([False] * allowed)
        verification = runs.judge(fix, stop=lambda left=left: next(left, True))
        assert verification.verdict is Verdict.REJECTED
        assert "not finished in time" in verification.reason
    assert runs.runs == 5, "one pass, four more, and the suite on the base: then time was over"


def test_an_unreadable_suite_is_refused(project: Project, fix: Patch) -> None:
    unreadable = SuiteOutcome(readable=False, reason="cut short")
    verification = Scripted(project).judge(fix, baseline=unreadable)
    assert checked(verification)["nothing_broken"] is False
    assert "cut short" in verification.reason


TOGETHER = frozenset(
    {"tests/test_rates.py::test_yearly[200-5]", "tests/test_rates.py::test_monthly[120]", "tests/test_rates.py::gone"}
)


def test_a_patch_for_the_narrowed_test_alone_is_refused(tmp_path: Path, warm_pytest: WarmPython) -> None:
    project = open_project("rates", tmp_path, warm_pytest)
    text = project_texts()["rates"]["files"]["rates.py"]
    wrong = "amount + amount * percent"
    partial = project.patch(
        [Edit("rates.py", text.replace(wrong, f"105 if (amount, percent) == (100, 5) else {wrong}"))]
    )
    whole = project.patch([Edit("rates.py", text.replace(wrong, "amount + amount * percent / 100"))])
    alone = verify(partial, project.reproduction, project.bench())
    assert alone.verdict is Verdict.VERIFIED, "nothing but the others can tell"
    refused = verify(partial, project.reproduction, project.bench(), together=TOGETHER)
    assert refused.verdict is Verdict.REJECTED
    assert checked(refused)["nothing_broken"] is True
    assert checked(refused)["same_failure_gone"] is False
    assert "test_yearly[200-5]" in refused.reason
    assert "test_monthly[120]" in refused.reason
    assert "gone" not in refused.reason.partition(": ")[2], "what the baseline does not have is left out"
    accepted = verify(whole, project.reproduction, project.bench(), together=TOGETHER)
    assert accepted.verdict is Verdict.VERIFIED, accepted.reason
    assert "2 more" in accepted.checks[-1].reason


def test_packages_are_there_for_the_patch_alone(project: Project) -> None:
    files = project_texts()["shop"]["files"]
    edits = [
        Edit("src/shop/cart.py", files["src/shop/cart.py"].replace("1 + self", "1 - self")),
        Edit("requirements.txt", "attrs>=22\npackaging\n"),
    ]
    patch = project.patch(edits, ("packaging",))
    seen: list[str] = []
    runs = Scripted(project)

    def install(packages: tuple[str, ...]) -> str:
        seen.append(f"{packages} after {runs.runs} runs with the patch")
        return ""

    assert runs.judge(patch, install=install, uninstall=lambda: seen.append("gone")).verdict is Verdict.VERIFIED
    assert seen == ["('packaging',) after 0 runs with the patch", "gone"]
    refused = runs.judge(patch, install=lambda _: "there is no wheel")
    assert "there is no wheel" in refused.reason


def test_output_is_shortened_and_the_tree_left_clean(project: Project, fix: Patch) -> None:
    (project.tree.path / "leftover.txt").write_text("x")
    verification = Scripted(project).judge(fix)
    for check in verification.checks:
        for command in check.commands:
            assert len(command.stdout) < 5_000
            assert command.omitted_bytes == 96_000
    assert project.tree.diff() == ""
    assert project.tree.commit == project.reproduction.commit
