"""What a person sees while a workflow runs: whole lines, masked, harmless, and never silent for long."""

import io
import time

from fixer.redact import Masker
from fixer.workflow.screen import LONGEST, SHOWN, Screen

KEY = (
    "-----BEGIN RSA PRIVATE KEY-----\n" + "MIIEpAIBAAKCAQEAsecretsecretsecret\n" * 4 + "-----END RSA PRIVATE KEY-----\n"
)


def shown(*pieces: bytes) -> str:
    stream = io.StringIO()
    screen = Screen(Masker({"API_TOKEN": "hunter2-hunter2"}).mask, stream)
    for piece in pieces:
        screen.output("stdout", piece)
    screen.flush()
    return stream.getvalue()


def test_lines_are_shown_whole() -> None:
    assert shown(b"one\ntw", b"o\nthree") == "    one\n    two\n    three\n"


def test_a_secret_in_pieces_is_masked() -> None:
    assert "hunter2" not in shown(b"token hunter2-", b"hunter2 is\n")


def test_a_private_key_in_pieces_is_masked() -> None:
    data = f"before\n{KEY}after\n".encode()
    for cut in (10, 45, 80, 120, len(data) - 10):
        said = shown(data[:cut], data[cut:])
        assert "secretsecret" not in said
        assert "before" in said
        assert "after" in said


def test_an_endless_line_is_cut() -> None:
    said = shown(*[b"x" * 50_000] * 10)
    assert all(len(line) <= SHOWN + 5 for line in said.splitlines())
    assert len(said) < 10 * LONGEST


def test_a_silent_step_is_not_silent() -> None:
    stream = io.StringIO()
    with Screen(str, stream, silence=0.05) as screen:
        with screen.working():
            deadline = time.monotonic() + 10
            while "still running" not in stream.getvalue() and time.monotonic() < deadline:
                time.sleep(0.01)
        assert "    (still running, 0 s)\n" in stream.getvalue()
        said = stream.getvalue()
        time.sleep(0.2)
        assert stream.getvalue() == said
