"""Settings and the environment in; which kind of model there is, at which address, and the key for it out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from fixer.errors import ConfigError
from fixer.input.trust import is_loopback
from fixer.schema.settings import ModelSettings

Kind = Literal["gemini", "openai_compatible", "replay"]

GEMINI_URL = "https://generativelanguage.googleapis.com"
GEMINI_MODEL = "gemini-3.8-flash"
GEMINI_KEYS = ("GEMINI_API_KEY", "GOOGLE_API_KEY")
OPENAI_HOST = "api.openai.com"
_URL_VARIABLES = {"gemini": "GOOGLE_GEMINI_BASE_URL", "openai_compatible": "OPENAI_BASE_URL"}
_OWN_VARIABLE = "FIXER_MODEL_BASE_URL"
_LOCAL_EXAMPLE = 'fixer.toml: [model] kind = "openai_compatible", base_url = "http://127.0.0.1:11434/v1", name = "NAME"'


@dataclass(frozen=True, slots=True)
class ModelAccess:
    """How one model is reached."""

    kind: Kind
    name: str
    """Of the model; empty for recordings, which carry it."""
    url: str = ""
    """Where its server is, without a slash at the end; empty for recordings."""
    key: str = field(default="", repr=False)
    """Empty: none, which does for local servers."""
    key_from: str = ""
    """The variable that holds the key; empty where there is none."""
    replayed: bool = False
    """The answers come from a recording; nothing is asked and nothing is paid."""

    @property
    def local(self) -> bool:
        """Whether the server runs on this machine."""
        return is_loopback(self.url)


def find_model(settings: ModelSettings, env: Mapping[str, str]) -> ModelAccess | None:
    """Find the model that the settings and the environment lead to; None: no model is used.

    A key is sent only to the server that it belongs to: the kind's own, one on this machine, or one that the
    environment names. A file in a repository may name another server, but not have the key sent there.

    Raises:
        ConfigError: the settings contradict each other, or a key or an address is missing or not usable.
    """
    kind = settings.kind
    if kind == "none":
        return None
    if kind == "replay":
        if not settings.recording:
            raise ConfigError(
                "model.kind is replay, but no recording is named", 'fixer.toml: [model] recording = "FILE"'
            )
        return ModelAccess("replay", settings.name)
    if kind == "":
        if settings.base_url and not _first(GEMINI_KEYS, env)[0]:
            raise ConfigError("model.base_url is set, but not which kind of server is there", _LOCAL_EXAMPLE)
        if not (settings.api_key_env or _first(GEMINI_KEYS, env)[0]):
            return None
        kind = "gemini"
    return _gemini(settings, env) if kind == "gemini" else _openai_compatible(settings, env)


def _gemini(settings: ModelSettings, env: Mapping[str, str]) -> ModelAccess:
    url = _url(settings.base_url or env.get(_URL_VARIABLES["gemini"], "").strip() or GEMINI_URL)
    names = (settings.api_key_env,) if settings.api_key_env else GEMINI_KEYS
    name, key = _first(names, env)
    if not key:
        raise ConfigError(f"there is no key for Gemini: {' or '.join(names)} is not set", f"export {names[0]}=KEY")
    _guard(url, urlsplit(GEMINI_URL).hostname, name, env, "gemini")
    return ModelAccess("gemini", settings.name or GEMINI_MODEL, url, _usable(key, name), name)


def _openai_compatible(settings: ModelSettings, env: Mapping[str, str]) -> ModelAccess:
    url = settings.base_url or env.get(_URL_VARIABLES["openai_compatible"], "").strip()
    if not url:
        raise ConfigError("model.kind is openai_compatible, but model.base_url is not set", _LOCAL_EXAMPLE)
    url = _url(url)
    if not settings.name:
        raise ConfigError(f"model.name is not set, and {url} has no default", 'fixer.toml: [model] name = "NAME"')
    name, key = settings.api_key_env, ""
    if name:
        key = env.get(name, "").strip()
        if not key:
            raise ConfigError(f"model.api_key_env names {name}, which is not set", f"export {name}=KEY")
    elif urlsplit(url).hostname == OPENAI_HOST or _named_by(url, env, "openai_compatible"):
        name, key = _first(("OPENAI_API_KEY",), env)
    if key:
        _guard(url, OPENAI_HOST, name, env, "openai_compatible")
    return ModelAccess("openai_compatible", settings.name, url, _usable(key, name), name if key else "")


def _first(names: tuple[str, ...], env: Mapping[str, str]) -> tuple[str, str]:
    return next(((name, env[name].strip()) for name in names if env.get(name, "").strip()), ("", ""))


def _url(url: str) -> str:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        usable = False
    else:
        usable = usable and "@" not in parts.netloc and not parts.query and not parts.fragment
    if not usable:
        raise ConfigError(f"'{url}' is not the address of a model server", "model.base_url = http://HOST:PORT/v1")
    return url.rstrip("/")


def _guard(url: str, own_host: str | None, name: str, env: Mapping[str, str], kind: str) -> None:
    """Refuse to send a key where it does not belong."""
    if is_loopback(url):
        return
    if urlsplit(url).scheme != "https":
        raise ConfigError(f"{name} would be sent to {url} without encryption", "write the address with https://")
    if urlsplit(url).hostname != own_host and not _named_by(url, env, kind):
        raise ConfigError(
            f"{name} would be sent to {url}, which only a file in the repository names",
            f"where that is wanted: export {_OWN_VARIABLE}={url}",
        )


def _named_by(url: str, env: Mapping[str, str], kind: str) -> bool:
    """Whether the environment itself, which no repository can write, names this server."""
    return url in {env.get(name, "").strip().rstrip("/") for name in (_OWN_VARIABLE, _URL_VARIABLES[kind])}


def _usable(key: str, name: str) -> str:
    # RFC 9110, section 5.5: what a header may hold.
    if not key.isascii() or not key.isprintable() or " " in key:
        raise ConfigError(f"{name} holds characters that no key has", f"set it again: export {name}=KEY")
    return key
