from pathlib import Path

from fixer.sandbox.environment import scrubbed

SECRETS = (
    "GITHUB_TOKEN", "ACTIONS_RUNTIME_TOKEN", "AWS_ACCESS_KEY_ID", "SSH_AUTH_SOCK", "PIP_INDEX_URL",
    "GIT_CONFIG_PARAMETERS", "LD_PRELOAD", "PYTHONPATH", "BASH_ENV", "DOCKER_HOST", "X",
)  # fmt: skip


def env(
    outer: dict[str, str], home: Path, *, first: tuple[Path, ...] = (), allowed: tuple[str, ...] = ()
) -> dict[str, str]:
    return scrubbed(outer, private=Path("/private"), home=home, first=first, allowed=allowed)


def test_only_what_is_listed_gets_in(tmp_path: Path) -> None:
    outer = dict.fromkeys(SECRETS, "canary") | {
        "LANG": "C.UTF-8",
        "LC_ALL": "C",
        "CI": "true",
        "TZ": "UTC",
        "LC_x": "canary",
    }
    made = env(outer, tmp_path)
    assert "canary" not in made.values()
    assert {name: made[name] for name in ("LANG", "LC_ALL", "CI", "TZ")} == {
        name: outer[name] for name in ("LANG", "LC_ALL", "CI", "TZ")
    }
    assert made["PYTHONDONTWRITEBYTECODE"] == "1"
    assert made["TERM"] == "dumb"
    assert "PYTHONHASHSEED" not in made
    assert {made["HOME"], made["TMPDIR"]} == {"/private/home", "/private/tmp"}
    assert "CI" not in env({}, tmp_path)


def test_named_variables_get_in(tmp_path: Path) -> None:
    assert env({"X": "1", "Y": "2"}, tmp_path, allowed=("X", "Z"))["X"] == "1"


def test_toolchains_in_the_home_are_pointed_to(tmp_path: Path) -> None:
    for name in (".rustup", ".cargo", "elsewhere"):
        (tmp_path / name).mkdir()
    made = env({"CARGO_HOME": str(tmp_path / "elsewhere"), "JAVA_HOME": "relative", "GOROOT": "/no/such"}, tmp_path)
    assert made["RUSTUP_HOME"] == str(tmp_path / ".rustup")
    assert made["CARGO_HOME"] == str(tmp_path / "elsewhere")
    assert not {"JAVA_HOME", "GOROOT", "NVM_DIR"} & made.keys()


def test_the_path_has_no_relative_entries(tmp_path: Path) -> None:
    made = env({"PATH": "/usr/bin:.::bin:/bin:/usr/bin"}, tmp_path, first=(Path("/venv/bin"),))
    assert made["PATH"] == "/venv/bin:/usr/bin:/bin"
    assert "/usr/bin" in env({}, tmp_path)["PATH"]
