import base64
import hashlib
import html
import json
import random
import shlex
import string
import subprocess
import sys
import uuid
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixer.redact import Masker
from fixer.redact.masker import is_secret_name
from fixer.redact.rules import RULES

LETTERS = string.ascii_letters + string.digits
HEX = "0123456789abcdef"
CHANCE = random.Random(20)
NOTHING = Masker({})


def made(length: int, alphabet: str = LETTERS) -> str:
    """A random text with letters and digits; made here so that no token of any service stands in this file."""
    return "a7" + "".join(CHANCE.choice(alphabet) for _ in range(length - 2))


def jwt() -> str:
    parts = ({"alg": "HS256", "typ": "JWT"}, {"sub": "1234567890", "name": "nobody"})
    coded = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return ".".join([*coded, made(43)])


UPPER = string.ascii_uppercase + "234567"
TOKENS: dict[str, str] = {
    "github classic": "gh" + "p_" + made(36),
    "github oauth": "gh" + "o_" + made(36),
    "github app": "gh" + "s_" + made(36),
    "github fine-grained": "github" + "_pat_" + made(22) + "_" + made(59),
    "gitlab": "glp" + "at-" + made(20),
    "aws id": "AK" + "IA" + "".join(CHANCE.choice(UPPER) for _ in range(16)),
    "google key": "AI" + "za" + made(35),
    "google secret": "GOC" + "SPX-" + made(28),
    "slack bot": "xo" + "xb-" + made(12, string.digits) + "-" + made(24),
    "slack app": "xa" + "pp-1-" + made(40),
    "stripe live": "sk" + "_live_" + made(24),
    "stripe restricted": "rk" + "_test_" + made(24),
    "npm": "np" + "m_" + made(36),
    "pypi": "py" + "pi-AgE" + made(80),
    "jwt": jwt(),
    "anthropic": "sk-" + "ant-api03-" + made(90),
    "openai": "sk-" + "proj-" + made(60),
    "hugging face": "h" + "f_" + made(34),
    "sendgrid": "S" + "G." + made(22) + "." + made(43),
    "twilio": "S" + "K" + made(32, HEX),
    "digitalocean": "do" + "p_v1_" + made(64, HEX),
    "docker": "dck" + "r_pat_" + made(27),
    "vault": "hv" + "s." + made(90),
    "telegram": "123456789:" + "AA" + made(33),
    "rubygems": "ruby" + "gems_" + made(48, HEX),
    "sentry": "sntr" + "ys_" + made(60),
    "linear": "lin_" + "api_" + made(40),
}
AROUND: tuple[str, ...] = (
    "{}", r"one\n{}\n", "?q=a%3D{}", "token {} used",
    '"{}",', "({})", "x={}&y=1", "\x1b[31m{}\x1b[0m", "it was {}.", "<{}>",
)  # fmt: skip
KEY_BODY = "\n".join(made(64) for _ in range(6))
FORMS: dict[str, tuple[str, str]] = {
    "bearer header": ("Authorization: Bearer {}", made(40)),
    "bearer in code": ("curl -H 'authorization: bearer {}' https://localhost", made(24)),
    "basic header": ("> Authorization: Basic {}", base64.b64encode(b"somebody:correct horse").decode()),
    "json header": ('{{"Authorization": "token {}"}}', made(40)),
    "url password": ("fatal: unable to access 'https://somebody:{}@git.localhost/x.git'", made(20)),
    "url token": ("remote: https://{}@git.localhost/x.git", made(40)),
    "database url": ("DATABASE=postgres://app:{}@db:5432/app", "hunter-2-hunter"),
    "password assignment": ("password={}", "correcthorse"),
    "password in json": ('"db_password": "{}"', "correct-horse"),
    "password in yaml": ("  password: {}", "h0rse-battery"),
    "token assignment": ("NPM_TOKEN={}", made(30)),
    "api key in toml": ('api_key = "{}"', made(32)),
    "aws secret": ("aws_secret_access_key = {}", made(38) + "/+"),
    "escaped json": ('{{\\"access_token\\": \\"{}\\"}}', made(32)),
    "flag": ("deploy --password {} --verbose", made(12)),
    "netrc": ("machine localhost login me password {}", "horse7"),
    "azure": ("AccountName=a;AccountKey={};EndpointSuffix=b", base64.b64encode(bytes(range(64))).decode()),
    "slack hook": ("https://hooks.slack.com/services/{}", f"T{made(8)}/B{made(8)}/{made(24)}"),
    "cookie": ("Cookie: session={}; theme=dark", made(32)),
}


@pytest.mark.parametrize("kind", TOKENS)
@pytest.mark.parametrize("around", AROUND)
def test_tokens_of_services_are_masked_wherever_they_stand(kind: str, around: str) -> None:
    token = TOKENS[kind]
    masked = NOTHING.mask(f"before\n{around.format(token)}\nafter {kind}\n")
    assert token[8:] not in masked
    assert "[masked " in masked
    assert masked.startswith("before\n")
    assert masked.endswith(f"after {kind}\n")


@pytest.mark.parametrize("kind", FORMS)
def test_forms_that_give_a_secret_away_are_masked(kind: str) -> None:
    form, secret = FORMS[kind]
    masked = NOTHING.mask(form.format(secret))
    assert secret not in masked
    assert "[masked " in masked
    assert masked.split("[masked ")[0] == form.format(secret).split(secret)[0]


@pytest.mark.parametrize("label", ["RSA PRIVATE KEY", "PRIVATE KEY", "OPENSSH PRIVATE KEY", "PGP PRIVATE KEY BLOCK"])
def test_private_keys_are_masked_across_lines(label: str) -> None:
    block = f"-----BEGIN {label}-----\n{KEY_BODY}\n-----END {label}-----"
    for written in (
        block,
        block.replace("\n", "\r\n"),
        json.dumps(block),
        block.replace("\n", "\n2026-01-01T00:00:00Z  "),
    ):
        masked = NOTHING.mask(f"a\n{written}\nb")
        assert KEY_BODY[:64] not in masked
        assert KEY_BODY[-60:] not in masked
        assert masked.startswith("a\n")
        assert masked.endswith("\nb")
    cut = NOTHING.mask(f"-----BEGIN {label}-----\n{KEY_BODY[:200]}\nand the log goes on")
    assert KEY_BODY[:64] not in cut
    assert "and the log goes on" in cut


ENCODINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "base64": lambda value: base64.b64encode(value.encode()).decode(),
    "base64 behind one byte": lambda value: base64.b64encode(b"x" + value.encode() + b"y").decode(),
    "base64 behind two bytes": lambda value: base64.b64encode(b"me" + value.encode() + b"yz").decode(),
    "basic credentials": lambda value: base64.b64encode(b"user:" + value.encode()).decode(),
    "url-safe base64": lambda value: base64.urlsafe_b64encode(value.encode()).decode(),
    "url": lambda value: quote(value, safe=""),
    "form": quote_plus,
    "hex": lambda value: value.encode().hex(),
    "HEX": lambda value: value.encode().hex().upper(),
    "json": json.dumps,
    "json in json": lambda value: json.dumps(json.dumps(value)),
    "python": repr,
    "shell": shlex.quote,
    "html": html.escape,
    "reversed": lambda value: value[::-1],
    "without its start": lambda value: value[7:],
    "coloured in the middle": lambda value: value[:9] + "\x1b[1m" + value[9:],
    "across lines": lambda value: "\n".join(value[at : at + 10] for at in range(0, len(value), 10)),
}
VALUES = ("Zq8-vT2_rX5k.mN0pLw4", 'p"w\\d/with+odd&signs=%é<7>', "correct horse battery staple")


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("value", VALUES)
def test_known_values_are_masked_in_every_encoding(encoding: str, value: str) -> None:
    written = ENCODINGS[encoding](value)
    masked = Masker({"DEPLOY_TOKEN": value}).mask(f"line\nsent {written} to\nend")
    # One or two characters at the edges of base64 hold bits of the value's neighbours, and stay.
    middle = written[5:-5]
    assert middle not in masked
    assert value not in masked
    assert masked.startswith("line\nsent ")
    assert masked.endswith(" to\nend")


def test_a_secret_in_a_url_and_one_of_several_lines_are_known_alone() -> None:
    masker = Masker(
        {"DATABASE_URL": "postgres://app:s%2Fcret-77@db/app", "SIGNING_KEY": f"first-{made(20)}\n{KEY_BODY}"}
    )
    assert "s/cret-77" not in masker.mask("got s/cret-77 and")
    assert KEY_BODY[:64] not in masker.mask(f"  | {KEY_BODY[:64]}")


def test_values_can_be_learnt_later() -> None:
    masker = Masker({})
    assert masker.mask("value-1234") == "value-1234"
    masker.learn("value-1234")
    masker.learn("true")
    masker.learn("")
    assert masker.mask("value-1234 is true") == "[masked secret] is true"


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        *((name, True) for name in ("GITHUB_TOKEN", "API_KEY", "APIKEY", "AWS_SECRET_ACCESS_KEY", "PGPASSWORD",
                                    "DB_PASS", "SENTRY_DSN", "dbPassword", "NPM_AUTH", "REDIS_URL",
                                    "SSH_PRIVATE_KEY", "GH_PAT")),
        *((name, False) for name in ("PATH", "HOME", "LANG", "GIT_AUTHOR_NAME", "KEYBOARD", "MONKEY_BUSINESS",
                                     "COMPASS", "AUTH_METHOD", "SSH_AUTH_SOCK", "TOKENIZERS_PARALLELISM",
                                     "PASSED", "GITHUB_SHA")),
    ],
)  # fmt: skip
def test_names_of_variables_tell_secrets(name: str, secret: object) -> None:
    assert is_secret_name(name) is secret


def test_plain_words_numbers_and_places_are_no_secrets(tmp_path: Path) -> None:
    text = f"true password 12345 {tmp_path} enabled abc localhost"
    values = dict(zip((f"T{n}_TOKEN" for n in range(20)), text.split(), strict=False))
    assert Masker(values).mask(text) == text


BENIGN = (
    "commit {sha}\n", "Merge {sha} into {sha}\n", "  --hash=sha256:{long} \\\n", "run {uuid}\n", "sha256:{long}\n",
    "tests/test_auth.py::test_password_reset[{uuid}] PASSED\n", "tests/test_token.py:12: AssertionError\n",
    "E       assert token == None\n", "    def __init__(self, password: str, token: bytes) -> None:\n",
    "    password = request.form['password']\n", "    token = self.next_token()\n", "password: Optional[str] = None,\n",
    "Downloading https://files.localhost/packages/ab/cd/{long}/tokenizers-0.15.2-py3-none-any.whl (3 MB)\n",
    "Cache restored from key: Linux-pip-{long}\n", "key: value\n", "Basic authentication is required\n",
    "the bearer authentication scheme\n", "AUTHORIZATION: ***\n", "token: ***\n",
    "##[group]Run actions/checkout@{sha}\n",
    "http://localhost:8080/@vite/client\n", "git clone git@localhost:group/project.git\n", "docker://alpine@sha256:{long}\n",
    "TypeError: secret() missing 1 required positional argument: 'key'\n", "token='<your token>'\n",
    "API_KEY=$API_KEY\n",
    "password=${{{{ secrets.DB_PASSWORD }}}}\n", "npm_config_cache=/root/.npm\n", "integrity sha512-{b64}==\n",
    "SyntaxError: unexpected token '<' in JSON at position 0\n", "Invalid token: {{\n", 'etag: W/"{sha}"\n',
    "passed=12 failed=0 skipped=3 tokens=4096\n", "pwd=/home/runner/work\n", "asia-east1-b asiatic whisky task-{sha}\n",
    "E       KeyError: 'access_key'\n", "class TokenKind(Enum): SECRET = 'secret'\n", "cookie: chocolate\n",
)  # fmt: skip


def test_benign_lines_stay() -> None:
    def filled(line: str) -> str:
        return line.format(
            sha=made(40, HEX), long=made(64, HEX), uuid=uuid.UUID(int=CHANCE.getrandbits(128)), b64=made(86)
        )

    lines = [filled(CHANCE.choice(BENIGN)) for _ in range(20_000)]
    wrong = {line for line in lines if NOTHING.mask(line) != line}
    assert len(wrong) <= 2, wrong
    assert NOTHING.mask("".join(lines)) == "".join(NOTHING.mask(line) for line in lines)


def test_what_real_tools_print_stays() -> None:
    """The source of the standard library and of pip's list, as a tool that prints code and hashes would show them."""
    commands = (
        [sys.executable, "-m", "pip", "list", "--format=json", "--disable-pip-version-check"],
        [sys.executable, "-m", "dis", json.__file__],
        ["git", "log", "--stat", "-20", "--format=fuller"],
    )
    for command in commands:
        printed = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parent).stdout
        assert NOTHING.mask(printed) == printed
    lines = [line for name in ("argparse", "asyncio/base_events", "json/decoder", "zipfile", "tarfile")
             for line in (Path(json.__file__).parents[1] / f"{name}.py").read_text().splitlines()]  # fmt: skip
    wrong = [line for line in lines if NOTHING.mask(line) != line]
    assert len(wrong) <= len(lines) / 10_000, wrong


@settings(max_examples=100)
@given(
    st.text(max_size=200)
    | st.lists(st.sampled_from([*TOKENS.values(), "password=", "://", "@", ":", " ", "\n", "İ"])).map("".join)
)
def test_masking_twice_is_masking_once(text: str) -> None:
    once = NOTHING.mask(text)
    assert NOTHING.mask(once) == once
    assert once.count("\n") == text.count("\n") or "PRIVATE KEY" in text


def test_long_hostile_text_takes_no_longer_than_long_text() -> None:
    """Quadratic time would take hours here, and the suite's time limit would end it."""
    masker = Masker({"A_TOKEN": hashlib.sha256(b"a").hexdigest()})
    pieces = (
        "password", "://a:", "eyJ", "eyJabcdefghij.", "token=", "-----BEGIN PRIVATE KEY-----\n", "ghp_a", "a" * 9,
        "Authorization: ", "cookie: a", "Basic ", "login a ", "İ token:", "--pass ", "a.b@", "xoxb-1-",
    )  # fmt: skip
    for piece in pieces:
        masker.mask(piece * (400_000 // len(piece)))


def test_every_rule_names_the_keywords_that_its_matches_hold() -> None:
    written = [around.format(token) for token in TOKENS.values() for around in AROUND]
    written += [form.format(secret) for form, secret in FORMS.values()]
    for rule in RULES:
        for line in written:
            if rule.pattern.search(line):
                looked_at = line if rule.exact else line.lower()
                assert any(keyword in looked_at for keyword in rule.keywords), (rule.kind, line)
