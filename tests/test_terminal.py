import io
import os
import pty
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixer.terminal import Progress, clean, clean_line, stderr_console, stdout_console, untrusted

ESC = "\x1b"
ENDS = ("\x07", f"{ESC}\\", "\x9c", "")
OSC = ("0;title", "2;title", "8;;https://evil.invalid", "52;c;cm0gLXJm", "1337;File=a:b")
STRINGS = (f"{ESC}P", f"{ESC}_", f"{ESC}^", f"{ESC}X", "\x90", "\x9d0;", "\x9e", "\x9f", "\x98")
CSI = (
    "31m", "0m", "38;5;196m", "38;2;1;2;3m", "6n", "5n", "c", ">c", "2J", "H", "1;1H", "K", "?25l", "?1049h", "20;3t",
    "21t", "s", "u", "10A", "99D", "4:3m", "!p", " q", "?2004h", "=1c", "1$r", "31;", "",
)  # fmt: skip
INVISIBLE = (
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\u200b\u200c\u200d\u2060\ufeff\u00ad"
    "\u2028\u2029\U000e0041"
)
SEQUENCES = [
    *(f"{ESC}]{body}{end}" for body in OSC for end in ENDS),
    *(f"{start}payload{end}" for start in STRINGS for end in ENDS),
    *(f"{ESC}[{body}" for body in CSI),
    *("\x9b31m", "\x9b6n", f"{ESC}c", f"{ESC}7", f"{ESC}(0", f"{ESC}#8", f"{ESC}=", f"{ESC}N", f"{ESC}%G", f"{ESC} F"),
    *map(chr, (*range(9), *range(11, 13), *range(14, 32), *range(127, 160))),
    *INVISIBLE, ESC, f"{ESC}{ESC}[0m",
]  # fmt: skip


def hidden(text: str) -> list[str]:
    return [char for char in text if (ord(char) < 32 and char not in "\n\t") or 127 <= ord(char) < 160]


def test_every_hostile_sequence_is_gone_and_the_text_around_it_stays() -> None:
    assert len(SEQUENCES) >= 60
    for sequence in SEQUENCES:
        shown = clean(f"before\t{sequence}\nafter")
        assert hidden(shown) == [], repr(sequence)
        assert shown.startswith("before\t"), repr(sequence)
        assert shown.endswith("\nafter"), repr(sequence)
        assert "evil" not in shown
        assert "payload" not in shown


@pytest.mark.parametrize("bidi", list("\u202a\u202e\u2066\u2069\u200b\u200d\ufeff\u2028"))
def test_what_reorders_or_hides_text_is_gone(bidi: str) -> None:
    assert clean(f"if a{bidi}dmin") == "if admin"


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("one\r\ntwo\r\n", "one\ntwo\n"),
        ("10 %\r50 %\r100 %\n", "100 %\n"),
        ("10 %\r\x1b[K100 %\r\x1b[K\nnext", "100 %\nnext"),
        ("evil\rgood", "good"),
        ("\r\r\r", ""),
        ("a\r\r\nb", "a\nb"),
        ("plain ü 漢字 🎉\ttab\n", "plain ü 漢字 🎉\ttab\n"),
        ("\x1b[1m\x1b[31mE   assert 1 == 2\x1b[0m", "E   assert 1 == 2"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\ end", "link end"),
        ("\x1b]0;never ended\nthe log goes on", "\nthe log goes on"),
        ("bad \udcff byte", "bad \ufffd byte"),
        ("", ""),
    ],
)
def test_a_reader_sees_the_last_text(written: str, seen: str) -> None:
    assert clean(written) == seen


@settings(max_examples=100)
@given(st.text(st.sampled_from("\x1b[]P\\;0m\x07\x9b\x9c\r\n\tab\u202e\x00"), max_size=60) | st.text(max_size=60))
def test_nothing_gets_through_in_any_order(text: str) -> None:
    shown = clean(text)
    assert hidden(shown) == []
    assert clean(shown) == shown
    shown.encode()


def test_long_hostile_text_takes_no_longer_than_long_text() -> None:
    """Quadratic time would take hours here, and the suite's time limit would end it."""
    for piece in ("\x1b[", "\x1b]", "\x1b", "a\r", "\x1b[0;", "\x9d", "\x1b(", "\r"):
        assert hidden(clean(piece * 1_000_000)) == []


def test_markup_in_untrusted_text_is_only_text(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    stdout_console().print(untrusted("[bold]not bold[/bold] \x1b[31m[link=file:///x]y[/link] :smile:"))
    stderr_console().print("[red]plain strings neither[/red]")
    printed = capsys.readouterr()
    assert printed.out == "[bold]not bold[/bold] [link=file:///x]y[/link] :smile:\n"
    assert printed.err == "[red]plain strings neither[/red]\n"


@pytest.mark.parametrize(("name", "coloured"), [("FORCE_COLOR", True), ("NO_COLOR", False)])
def test_colour_follows_the_environment(
    name: str,
    coloured: object,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for other in ("FORCE_COLOR", "NO_COLOR", "COLORTERM"):
        monkeypatch.delenv(other, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv(name, "1")
    stdout_console().print(untrusted("x", style="red"))
    assert ("\x1b[" in capsys.readouterr().out) is coloured


def test_the_width_is_sane_without_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    assert stdout_console().width == 120
    monkeypatch.setenv("COLUMNS", "66")
    assert stdout_console().width == 66
    monkeypatch.setenv("COLUMNS", "wide")
    assert stdout_console().width == 120


def test_progress_without_a_terminal_is_plain_lines() -> None:
    stream = io.StringIO()
    with Progress(stream) as progress:
        for text in ("reproducing", "reproducing", "trying \x1b[31ma\r\nfix"):
            progress.talk(text)
    progress.talk("too late")
    assert stream.getvalue() == "reproducing\ntrying a fix\n"


def test_long_work_without_a_terminal_is_never_silent() -> None:
    stream = io.StringIO()
    with Progress(stream, silence=0.05) as progress:
        progress.talk("verifying")
        deadline = time.monotonic() + 20
        while stream.getvalue().count("\n") < 3 and time.monotonic() < deadline:
            time.sleep(0.01)
    lines = stream.getvalue().splitlines()
    assert len(lines) >= 3
    assert all(line.startswith("verifying") for line in lines)


def in_terminal(environment: dict[str, str]) -> str:
    """What a real (pseudo) terminal gets from a run that talks."""
    script = """
import time
from fixer.terminal import Progress
with Progress() as progress:
    progress.talk("[b]first")
    time.sleep(0.5)
    progress.talk("second")
"""
    ours, theirs = pty.openpty()
    path = str(Path(__file__).parents[1] / "src")
    kept = {name: value for name, value in os.environ.items() if name not in {"CI", "NO_COLOR", "FORCE_COLOR"}}
    subprocess.run(
        [sys.executable, "-c", script], stderr=theirs, check=True, env={**kept, "PYTHONPATH": path, **environment}
    )
    os.close(theirs)
    seen = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # how Linux says that the other end is closed
            break
        if not part:
            break
        seen += part
    os.close(ours)
    return seen.decode()


def test_progress_in_a_terminal_is_one_line_that_is_redrawn() -> None:
    seen = in_terminal({"TERM": "xterm"})
    assert "[b]first" in seen
    assert "\x1b[2K" in seen
    assert "second" in seen


@pytest.mark.parametrize("environment", [{"TERM": "dumb"}, {"TERM": "xterm", "CI": "true"}])
def test_ci_and_dumb_terminals_get_plain_lines(environment: dict[str, str]) -> None:
    assert in_terminal(environment).replace("\r\n", "\n") == "[b]first\nsecond\n"


def test_one_line_is_one_line() -> None:
    assert clean_line(" a\r\n\tb\x1b[31m  c\u202e\n") == "a b c"
