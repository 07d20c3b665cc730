"""The shapes of secrets as data: one rule a kind, with the keywords that a line must hold for it to be tried.

Token shapes are those that the services document for their own secret scanning. Every pattern is linear: no nested
repetition, and each starts with a literal or a short class.
"""

from collections.abc import Callable
from dataclasses import dataclass

from fixer import lazy_re as re


@dataclass(frozen=True)
class Rule:
    """One kind of secret."""

    kind: str
    keywords: tuple[str, ...]
    """One of them is in every line that the pattern can match; in lower case where `exact` is off."""
    pattern: re.Pattern[str]
    """Its group `secret` is what is replaced."""
    accepts: Callable[[re.Match[str]], bool] | None = None
    """A last look at a match, where the shape alone also fits what is no secret."""
    exact: bool = False
    """Whether the keywords are looked for as they are written."""


_START = r"(?:(?<![A-Za-z0-9_])|(?<=\\[nrt])|(?<=[0-9;\[]m)|(?<=%[0-9A-Fa-f]{2}))"
"""No letter before it, unless that ends an escape in a string, a colour, or an escaped character of a URL."""


def _token(kind: str, shape: str, *keywords: str) -> Rule:
    return Rule(kind, keywords, re.compile(rf"{_START}(?P<secret>{shape})(?![A-Za-z0-9_])"), exact=True)


_PLACEHOLDER = re.compile(
    r"[$<{%\[(*]|\.\.\.|x{4,}|(?:your|my|some|the|example|dummy|fake|changeme|redacted|masked|none|null|true|false|"
    r"undefined|string|str|bytes|int|bool|optional|required|missing|invalid|expired|not|is|was|process\.|os\.|env\.|"
    r"self\.|request|settings|config|secrets?\.)",
    re.IGNORECASE,
)
_CODE = re.compile(r"[A-Za-z_][\w.]*[(\[]|[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+$")


_PLACE = re.compile(r"(?:/|~/|\.{1,2}/|[A-Za-z]:[\\/])[\w.@+-]+[/\\][\w.@+/\\-]*$")


def _mixed(value: str) -> bool:
    return any(char.isdigit() for char in value) and any(char.isalpha() for char in value)


def _random_looking(match: re.Match[str]) -> bool:
    value = match["secret"]
    return _mixed(value) and not (_PLACEHOLDER.match(value) or _CODE.match(value) or _PLACE.match(value))


def _is_password(match: re.Match[str]) -> bool:
    """Quoted or right behind the sign it may be any word; with blanks around, unquoted, it is more likely code."""
    value = match["secret"]
    if (
        _PLACEHOLDER.match(value)
        or _CODE.match(value)
        or _PLACE.match(value)
        or value.lower() in {"password", "passwd", "secret"}
    ):
        return False
    spaced = match["sign"] != match["sign"].strip()
    return _mixed(value) or bool(match["quote"]) or not spaced


def _real_userinfo(match: re.Match[str]) -> bool:
    return not _PLACEHOLDER.match(match["secret"])


_VALUE = r"""[^\s"'`,;&<>(){}\[\]\\|]"""
_SIGN = r"""(?:\\?["'])?(?P<sign>[ \t]{0,4}(?:=>|:=|[=:])[ \t]{0,4})\\?(?P<quote>["']?)"""

RULES: tuple[Rule, ...] = (
    _token("github token", r"gh[pousr]_[A-Za-z0-9]{36,255}", "ghp_", "gho_", "ghu_", "ghs_", "ghr_"),
    _token("github token", r"github_pat_[A-Za-z0-9_]{22,255}", "github_pat_"),
    _token("gitlab token", r"gl(?:pat|ptt|dt|rt|cbt|soat|ft|imt|agent)-[A-Za-z0-9_=.-]{20,300}",
           "glpat-", "glptt-", "gldt-", "glrt-", "glcbt-", "glsoat-", "glft-", "glimt-", "glagent-"),
    _token("aws key id", r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}", "AKIA", "ASIA", "ABIA", "ACCA"),
    _token("google key", r"AIza[A-Za-z0-9_-]{35}", "AIza"),
    _token("google token", r"ya29\.[A-Za-z0-9_.-]{20,2000}", "ya29."),
    _token("google secret", r"GOCSPX-[A-Za-z0-9_-]{28}", "GOCSPX-"),
    _token("slack token", r"xox[abeoprs]-[A-Za-z0-9-]{10,250}", "xox"),
    _token("slack token", r"xapp-\d-[A-Za-z0-9-]{10,250}", "xapp-"),
    Rule("slack webhook", ("hooks.slack.com/",),
         re.compile(r"hooks\.slack\.com/(?:services|workflows)/(?P<secret>[A-Za-z0-9/_+-]{20,200})")),
    Rule("discord webhook", ("/api/webhooks/",),
         re.compile(r"/api/webhooks/\d{10,22}/(?P<secret>[A-Za-z0-9_-]{40,100})")),
    _token("stripe key", r"(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,250}", "k_live_", "k_test_"),
    _token("webhook secret", r"whsec_[A-Za-z0-9+/=]{24,100}", "whsec_"),
    _token("npm token", r"npm_[A-Za-z0-9]{36}", "npm_"),
    _token("pypi token", r"pypi-AgE[A-Za-z0-9_-]{50,1000}", "pypi-AgE"),
    _token("json web token", r"eyJ[A-Za-z0-9_-]{8,4000}\.eyJ[A-Za-z0-9_-]{8,8000}\.[A-Za-z0-9_-]{8,4000}", "eyJ"),
    _token("anthropic key", r"sk-ant-[A-Za-z0-9_-]{24,200}", "sk-ant-"),
    _token("openai key", r"sk-(?:proj-|svcacct-|admin-)[A-Za-z0-9_-]{24,250}", "sk-proj-", "sk-svcacct-", "sk-admin-"),
    Rule("openai key", ("sk-",), re.compile(r"(?<![A-Za-z0-9_-])(?P<secret>sk-[A-Za-z0-9]{32,64})(?![A-Za-z0-9_-])")),
    _token("hugging face token", r"hf_[A-Za-z0-9]{34,40}", "hf_"),
    _token("sendgrid key", r"SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{32,64}", "SG."),
    _token("twilio key", r"SK[0-9a-f]{32}", "SK"),
    _token("mailgun key", r"key-[0-9a-f]{32}", "key-"),
    _token("digitalocean token", r"do[opr]_v1_[a-f0-9]{64}", "_v1_"),
    _token("docker token", r"dckr_[op]at_[A-Za-z0-9_-]{27,64}", "dckr_"),
    _token("databricks token", r"dapi[a-f0-9]{32}(?:-\d)?", "dapi"),
    _token("shopify token", r"shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}", "shpat_", "shpca_", "shppa_", "shpss_"),
    _token("telegram token", r"\d{8,10}:AA[A-Za-z0-9_-]{33}", ":AA"),
    _token("vault token", r"hv[bsr]\.[A-Za-z0-9_-]{24,300}", "hvs.", "hvb.", "hvr."),
    _token("rubygems key", r"rubygems_[a-f0-9]{48}", "rubygems_"),
    _token("crates token", r"cio[A-Za-z0-9]{32}", "cio"),
    _token("grafana token", r"gl(?:sa|c)_[A-Za-z0-9+/=_]{32,400}", "glsa_", "glc_"),
    _token("linear key", r"lin_api_[A-Za-z0-9]{40}", "lin_api_"),
    _token("new relic key", r"NR(?:AK|JS|II)-[A-Za-z0-9-]{19,42}", "NRAK-", "NRJS-", "NRII-"),
    _token("postman key", r"PMAK-[a-f0-9]{24}-[a-f0-9]{34}", "PMAK-"),
    _token("atlassian token", r"ATATT3[A-Za-z0-9_=-]{40,250}", "ATATT3"),
    _token("sentry token", r"sntry[su]_[A-Za-z0-9+/=_-]{40,500}", "sntry"),
    _token("age key", r"AGE-SECRET-KEY-1[A-Z0-9]{58}", "AGE-SECRET-KEY-1"),
    Rule("azure key", ("accountkey=", "sharedaccesskey=", "sig="),
         re.compile(r"(?i:AccountKey|SharedAccessKey|[?&]sig)=(?P<secret>[A-Za-z0-9+/%]{40,120}={0,2})")),
    Rule("authorization", ("authorization",), re.compile(
        rf"(?i:authorization){_SIGN}(?:(?i:bearer|basic|token|digest|negotiate|apikey)[ \t]+)?"
        rf"(?P<secret>{_VALUE}{{8,8000}})"
    ), _real_userinfo),
    Rule("bearer token", ("bearer",),
         re.compile(r"(?i:\bbearer)[ \t]{1,4}(?P<secret>[A-Za-z0-9._~+/-]{16,8000}={0,2})"), _random_looking),
    Rule("basic credentials", ("basic",),
         re.compile(r"(?i:\bbasic)[ \t]{1,4}(?P<secret>[A-Za-z0-9+/]{12,8000}={0,2})"),
         lambda match: match["secret"].endswith("=") or _random_looking(match)),
    Rule("password", ("://",),
         re.compile(r"""://[^\s/:@"'<>]{0,256}:(?P<secret>[^\s/@"'<>]{1,512})@"""), _real_userinfo),
    Rule("token", ("://",),
         re.compile(r"""://(?P<secret>[A-Za-z0-9_-]{20,512})@"""), _random_looking),
    Rule("password", ("password", "passwd", "passphrase", "pwd"), re.compile(
        rf"(?i:password|passwd|passphrase|pwd){_SIGN}(?P<secret>{_VALUE}{{6,512}})"), _is_password),
    Rule("secret", ("secret", "token", "_key", "-key", "apikey", "accesskey", "privatekey", "credential"), re.compile(
        r"(?i:secret(?:[_-]?(?:access[_-]?)?key(?:[_-]?base)?)?|token|api[_-]?key|access[_-]?key|private[_-]?key"
        rf"|credentials?|auth[_-]?key|client[_-]?key){_SIGN}(?P<secret>{_VALUE}{{8,4000}})"), _random_looking),
    Rule("password", ("--pass", "--token", "--secret", "--api-key", "--auth"), re.compile(
        rf"--(?:pass(?:word|wd|phrase)?|token|secret|api-key|auth(?:-token)?)[ =]+[\"']?(?P<secret>{_VALUE}{{6,512}})"),
         _random_looking),
    Rule("password", ("login",),
         re.compile(r"\blogin[ \t]+\S{1,200}[ \t]+password[ \t]+(?P<secret>\S{4,512})"), _real_userinfo),
    Rule("cookie", ("cookie",),
         re.compile(r"(?i:\bcookie)[\"']?[ \t]{0,4}:[ \t\"']{0,4}[^=;\s]{1,100}=(?P<secret>[^;\s\"']{12,4000})")),
)  # fmt: skip
