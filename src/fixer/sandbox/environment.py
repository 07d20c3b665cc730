"""fixer's own environment goes in, the scrubbed one that commands see comes out: an allow list, never a deny list."""

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

KEPT = (
    "LANG", "LANGUAGE", "TZ", "CI", "SOURCE_DATE_EPOCH", "PYTHONHASHSEED", "VIRTUAL_ENV", "NODE_PATH",
    "RUST_BACKTRACE", "SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE",
    "GOFLAGS", "GOTOOLCHAIN",
)  # fmt: skip
"""None of these can carry a credential; locales, time and where certificates are."""
TOOLCHAINS: Mapping[str, str] = {
    "RUSTUP_HOME": ".rustup",
    "CARGO_HOME": ".cargo",
    "GOPATH": "go",
    "GOROOT": "",
    "GOMODCACHE": "",
    "JAVA_HOME": "",
    "JDK_HOME": "",
    "NVM_DIR": ".nvm",
    "VOLTA_HOME": ".volta",
    "FNM_DIR": "",
    "PYENV_ROOT": ".pyenv",
    "RBENV_ROOT": ".rbenv",
    "GEM_HOME": "",
    "SDKMAN_DIR": ".sdkman",
    "ASDF_DATA_DIR": ".asdf",
    "MISE_DATA_DIR": ".local/share/mise",
    "DOTNET_ROOT": ".dotnet",
    "GRADLE_HOME": "",
    "MAVEN_HOME": "",
}
"""Where toolchains live: the variable, and its default below the home folder, which the command no longer sees."""
_LOCALE = re.compile(r"LC_[A-Z]+")
_DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def toolchains(outer: Mapping[str, str], home: Path) -> dict[str, str]:
    """Return the toolchain variables that are set, or whose default below `home` exists."""
    found = {}
    for name, default in TOOLCHAINS.items():
        value = outer.get(name, "")
        if not value and default and (home / default).is_dir():
            value = str(home / default)
        if value and Path(value).is_absolute() and Path(value).is_dir():
            found[name] = value
    return found


def search_path(outer: Mapping[str, str], first: Sequence[Path]) -> str:
    """Return PATH: `first`, then what is absolute in the outer one: a relative entry would follow the cwd."""
    entries = [str(folder) for folder in first]
    entries += [entry for entry in outer.get("PATH", _DEFAULT_PATH).split(os.pathsep) if entry.startswith("/")]
    return os.pathsep.join(dict.fromkeys(entries))


def scrubbed(
    outer: Mapping[str, str], *, private: Path, home: Path, first: Sequence[Path] = (), allowed: Sequence[str] = ()
) -> dict[str, str]:
    """Return the environment of a command.

    Args:
        outer: fixer's own environment.
        private: the sandbox's own folder, with `home` and `tmp` in it.
        home: the user's real home folder, only looked at for toolchains.
        first: folders put first on PATH.
        allowed: names that the user allows beside the built-in list.
    """
    kept = {name: value for name, value in outer.items() if name in KEPT or _LOCALE.fullmatch(name)}
    return {
        **kept,
        **toolchains(outer, home),
        "PATH": search_path(outer, first),
        "TERM": "dumb",
        "TMPDIR": str(private / "tmp"),
        **home_variables(private / "home"),
        # A .pyc of the same second and size as its changed source would be run in its place.
        "PYTHONDONTWRITEBYTECODE": "1",
        **{name: outer[name] for name in allowed if name in outer},
    }


def home_variables(home: Path) -> dict[str, str]:
    """Return the variables by which programs find their own files below `home`."""
    return {
        "HOME": str(home),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_DATA_HOME": str(home / ".local/share"),
        "XDG_STATE_HOME": str(home / ".local/state"),
        "GOCACHE": str(home / ".cache/go-build"),
        "npm_config_cache": str(home / ".npm"),
    }
