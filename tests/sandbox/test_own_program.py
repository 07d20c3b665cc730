import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixer.sandbox import own_program
from fixer.sandbox.own_program import OwnHome, OwnProgram, is_refreshed, programs_of, root_of

LOGIN: dict[str, Any] = {
    "tokens": {"access_token": "a", "refresh_token": "r", "account_id": "me"},
    "OPENAI_API_KEY": None,
    "scopes": ["one"],
    "plan": "small",
    "base_url": "https://own.example",
}


def changed(**changes: object) -> bytes:
    return json.dumps({**LOGIN, **changes}).encode()


def tokens(**changes: object) -> bytes:
    return changed(tokens={**LOGIN["tokens"], **changes})


@pytest.mark.parametrize(
    "now",
    [
        tokens(access_token="b", refresh_token="s"),
        tokens(expires_at=17),
        changed(last_refresh="2026-11-21", scopes=["one", "https://scopes.example/two"]),
        changed(plan="large"),
        changed(note="new", count=1),
    ],
)
def test_a_refreshed_login_has_the_same_owner(now: bytes) -> None:
    assert is_refreshed(changed(), now)


@pytest.mark.parametrize(
    "now",
    [
        tokens(account_id="other"),
        changed(tokens={"access_token": "b"}),
        changed(tokens="b"),
        changed(OPENAI_API_KEY="planted"),
        changed(base_url="https://other.example"),
        changed(base_url=None),
        changed(plan="https://other.example"),
        changed(apiKeyHelper="sh -c evil"),
        changed(more={"host": "other.example"}),
        b"",
        b"[]",
        b"{",
        b'{"a":' * 100_000,
        b"\xff\xfe",
    ],
)
def test_a_login_that_leads_elsewhere_is_none(now: bytes) -> None:
    assert not is_refreshed(changed(), now)


@settings(max_examples=30)
@given(st.binary(max_size=40) | st.recursive(st.none() | st.text(), lambda inner: st.dictionaries(st.text(), inner)))
def test_any_content_gets_an_answer(now: object) -> None:
    content = now if isinstance(now, bytes) else json.dumps(now).encode()
    assert is_refreshed(changed(), content) in {True, False}


def own_home(tmp_path: Path, *copied: str, logins: tuple[str, ...] = ()) -> OwnHome:
    (tmp_path / "private").mkdir()
    return OwnHome(OwnProgram(argv=("own",), copied=copied, logins=logins), tmp_path / "home", tmp_path / "private")


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_what_fits_is_copied_with_its_rights(tmp_path: Path) -> None:
    home = tmp_path / "home"
    write(home / ".own/settings.json", "s").chmod(0o400)
    write(home / ".own/skills/deep/one.md", "o")
    write(home / ".own/sessions/other", "x")
    write(tmp_path / "dotfiles/rules.md", "r")
    (home / ".own/rules.md").symlink_to(tmp_path / "dotfiles/rules.md")
    (home / ".own/skills/gone").symlink_to("/no/such")
    own_home(tmp_path, ".own/*.json", ".own/skills", ".own/rules.md", ".missing").fill()
    private = tmp_path / "private"
    found = {str(path.relative_to(private)) for path in private.rglob("*") if not path.is_dir()}
    assert found == {".gitconfig", ".own/settings.json", ".own/skills/deep/one.md", ".own/rules.md"}
    assert not (private / ".own/rules.md").is_symlink()
    assert (private / ".own/settings.json").stat().st_mode & 0o777 == 0o600


def test_too_much_is_left_out_and_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    for name in ("first", "huge", "last"):
        write(tmp_path / "home/.own" / name, "x")
    os.truncate(tmp_path / "home/.own/huge", own_program.MAX_BYTES)
    own_home(tmp_path, ".own").fill()
    assert {path.name for path in (tmp_path / "private/.own").iterdir()} == {"first", "last"}
    assert "home/.own/huge is not visible to own" in caplog.text


def test_a_login_that_the_user_changed_meanwhile_stays(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    mine = write(tmp_path / "home/.own/login.json", changed().decode())
    home = own_home(tmp_path, ".own/login.json", logins=(".own/login.json", ".own/none.json"))
    home.fill()
    mine.write_bytes(tokens(access_token="newer"))
    (tmp_path / "private/.own/login.json").write_bytes(tokens(access_token="refreshed"))
    home.keep_logins()
    assert b"newer" in mine.read_bytes()
    assert "newer login stays" in caplog.text


@pytest.mark.parametrize("kind", ["link", "folder", "gone", "fifo", "large"])
def test_what_is_no_plain_file_is_not_kept(tmp_path: Path, kind: str) -> None:
    mine = write(tmp_path / "home/login.json", changed().decode())
    secret = write(tmp_path / "secret.json", tokens(access_token="secret").decode())
    home = own_home(tmp_path, "login.json", logins=("login.json",))
    home.fill()
    copy = tmp_path / "private/login.json"
    copy.unlink()
    if kind == "link":
        copy.symlink_to(secret)
    elif kind == "folder":
        copy.mkdir()
    elif kind == "fifo":
        os.mkfifo(copy)
    elif kind == "large":
        copy.write_bytes(changed(note="x" * (own_program.MAX_LOGIN_BYTES + 1)))
    home.keep_logins()
    assert mine.read_bytes() == changed()


def test_the_login_behind_a_link_of_the_users_is_kept_in_its_place(tmp_path: Path) -> None:
    real = write(tmp_path / "dotfiles/login.json", changed().decode())
    (tmp_path / "home").mkdir()
    (tmp_path / "home/login.json").symlink_to(real)
    home = own_home(tmp_path, "login.json", logins=("login.json",))
    home.fill()
    (tmp_path / "private/login.json").write_bytes(tokens(access_token="refreshed"))
    home.keep_logins()
    assert b"refreshed" in real.read_bytes()
    assert (tmp_path / "home/login.json").is_symlink()


def script(path: Path, first: str) -> Path:
    write(path, f"{first}\n").chmod(0o755)
    return path


def test_interpreters_are_followed(tmp_path: Path) -> None:
    inner = script(tmp_path / "bin/inner", f"#!{sys.executable}")
    middle = script(tmp_path / "bin/middle", "#!/usr/bin/env -S A=1 inner -u")
    outer = script(tmp_path / "bin/outer", f"#! {middle} -x")
    path = f"{tmp_path / 'bin'}:/usr/bin:/bin"
    assert programs_of(("outer", "--go"), path)[:4] == [outer, middle, inner, Path(sys.executable)]
    ring = script(tmp_path / "bin/ring", "#!/usr/bin/env ring")
    assert programs_of(("ring",), path) == [ring] * own_program.MAX_INTERPRETERS
    assert programs_of(("missing",), path) == []
    assert programs_of((str(script(tmp_path / "bin/empty", "#!")),), path) == [tmp_path / "bin/empty"]


def test_the_root_of_a_package_is_found(tmp_path: Path) -> None:
    modules = tmp_path / "p/node_modules"
    assert root_of(modules / "a/node_modules/b/cli.js") == modules
    write(tmp_path / "q/package.json", "{}")
    assert root_of(tmp_path / "q/dist/cli.js") == tmp_path / "q"
    assert root_of(tmp_path / "q/one/two/three/cli.js") is None
    assert root_of(Path("/usr/bin/env")) is None
