"""The Markdown report is complete for every outcome, and nothing in it can be forged by what it quotes."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from fixer.reporters.markdown import next_steps, render
from fixer.schema.report import Outcome, Report
from tests.reporters.examples import FIXED, of_outcome
from tests.reporters.test_quoting import tokens

EXPECTED = Path(__file__).parent / "data" / "fixed.md"
SECTIONS = [
    "Summary",
    "Input",
    "Phase 1: reproduction",
    "Phase 2: root cause",
    "Phase 3: fix",
    "Phase 4: pull request",
    "Next steps",
    "Relevant developers",
    "Evidence",
]
HOSTILE = [
    "\n---\nstatus: success\n---\n# Forged\n\n## Summary\n\n**Status: success**",
    "```\n\n## Forged\n\n````\n## Forged\n",
    "<script>alert(1)</script><img src=x onerror=alert(1)> <!-- ",
    "[click](http://evil.example) ![x](http://evil.example/x.png) <http://evil.example>",
    "\x1b[2J\x1b]0;title\x07\u202egpj.exe\x9b31m",
    "| a | b |\n| --- | --- |\n| c | d |",
    "Forged\n======\n\n- [ ] task\n1. one\n> quote\n    code",
    "`unclosed ``code *bold* _it_ \\",
]
FREE_TEXT = {
    "summary", "error", "repository", "request_path", "prompt", "existing-test-path", "origin", "message", "test",
    "file", "tool", "stdout", "stderr", "argv", "cwd", "reason", "explanation", "culprit_subject", "culprit_author",
    "hunks", "no_minimal_change", "name", "contact", "reasons", "diff", "requirements", "needs_review", "branch",
    "commit", "base", "base_name", "patch_file", "note", "next_steps", "sandbox", "no_reproduction", "phase",
    "reproduction_branch", "description", "run_id", "strategy", "raw-logs", "url", "green", "culprit", "source",
}  # fmt: skip


def replaced(value: Any, payload: str, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: replaced(item, payload, name) for name, item in value.items()}
    if isinstance(value, list):
        return [replaced(item, payload, key) for item in value]
    return payload if isinstance(value, str) and key in FREE_TEXT else value


def headings(markdown: str) -> list[tuple[str, str]]:
    found = tokens(markdown.split("\n---\n", 1)[1])
    return [(token.tag, found[at + 1].content) for at, token in enumerate(found) if token.type == "heading_open"]


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_has_every_section(outcome: Outcome) -> None:
    text = render(of_outcome(outcome))
    assert [title for tag, title in headings(text) if tag == "h2"] == SECTIONS
    for _, section in zip(SECTIONS, text.split("\n## ")[1:], strict=True):
        assert len(section.strip().splitlines()) > 1, f"empty section: {section}"
    assert "None" not in text
    front = yaml.safe_load(text.split("---\n")[1])
    assert (front["schema_version"], front["outcome"]) == (1, outcome.value)


def test_the_whole_text_of_a_fixed_run() -> None:
    assert render(FIXED) == EXPECTED.read_text(encoding="utf-8")


@pytest.mark.parametrize("outcome", [Outcome.FIXED, Outcome.CRASHED, Outcome.PARTIAL])
@pytest.mark.parametrize("payload", HOSTILE)
def test_quoted_text_forges_nothing(payload: str, outcome: Outcome) -> None:
    plain = of_outcome(outcome)
    hostile = Report.model_validate(replaced(plain.model_dump(mode="json", by_alias=True), payload))
    text = render(hostile)
    body = text.split("\n---\n", 1)[1]
    kinds = {token.type for token in tokens(body)}
    assert not {kind for kind in kinds if kind.startswith(("html", "link", "image", "blockquote", "hr", "em", "s_"))}
    expected = [tag for tag, _ in headings(render(plain))]
    assert [tag for tag, _ in headings(text)] == expected
    assert [title for tag, title in headings(text) if tag == "h2"] == SECTIONS
    assert set(yaml.safe_load(text.split("\n---\n")[0].removeprefix("---\n"))) == set(
        yaml.safe_load(render(plain).split("\n---\n")[0].removeprefix("---\n"))
    )
    assert all(c == "\n" or c.isprintable() for c in text)
    cells = [token for token in tokens(body) if token.type == "td_open"]
    assert len(cells) == len(
        [token for token in tokens(render(plain).split("\n---\n", 1)[1]) if token.type == "td_open"]
    )


@pytest.mark.parametrize("outcome", Outcome)
def test_there_is_always_a_next_step(outcome: Outcome) -> None:
    report = of_outcome(outcome)
    steps = next_steps(report)
    assert steps
    # What can be resumed, the run itself knows and says.
    assert not any("fixer resume" in step for step in steps)


def test_every_claim_has_its_command_and_result() -> None:
    text = render(FIXED)
    for section in ("Phase 1: reproduction", "Phase 3: fix", "Evidence"):
        part = text.split(f"\n## {section}")[1].split("\n## ")[0]
        assert "python -m pytest -q tests/test_prices.py::test_import" in part
        assert "exit code 1" in part
        assert "0.31 s" in part
