"""A path and its line of a stack trace come in; whether they are of a library or a runtime goes out."""

from fixer import lazy_re as re

_PATH = re.compile(
    r"(?:^|[\\/])(?:site-packages|dist-packages|node_modules|\.cargo[\\/]registry|rustc[\\/][0-9a-f]{8,}"
    r"|vendor[\\/]bundle|gems|hostedtoolcache"
    r"|toolcache|\.rustup|\.m2|\.gradle|\.nuget|\.pyenv|\.rbenv|\.nvm|go[\\/]pkg[\\/]mod"
    r"|go[\\/](?:[\d.]+[\\/]x64[\\/])?src[\\/](?:testing|runtime|net|time)"
    r"|_pytest|importlib|unittest|pluggy|asyncio|concurrent)[\\/]"
    r"|^(?:[A-Z]:)?[\\/]*usr[\\/](?:local[\\/])?(?:lib|share|include|go|bin)[\\/]|^[\\/]opt[\\/](?!(?:build\w*|atlassian|teamcity\w*|agents?|actions-runner|jenkins|ci|app|src|code|work\w*"
    r"|repo|projects?)[\\/])|^node:"
    r"|^<|^src[\\/](?:runtime|testing)[\\/]"
    r"|^vendor[\\/](?!.*src)"
)
_FRAME = re.compile(
    r"\bat (?:(?:java\.base|app|platform|jdk\.\w+)//?)?(?:java|javax|jdk|sun|com\.sun|kotlin|kotlinx"
    r"|scala|groovy|org\.(?:junit|gradle|apache|springframework"
    r"|hibernate|mockito|assertj|opentest4j|eclipse)|reactor|io\.(?:netty|micrometer)|System|Microsoft"
    r"|Xunit|NUnit)\.[\w$.<>`]"
    r"|\(node:internal|node:internal|/rustc/|goroutine \d"
)
_JDK = re.compile(
    r"^(?:Arrays|ArrayList|HashMap|Thread|String|StringBuilder|AbstractStringBuilder|Object|Method|Class"
    r"|ClassLoader|Unsafe|ForkJoin\w+|FutureTask"
    r"|ThreadPoolExecutor|CompletableFuture|NativeMethodAccessorImpl|DirectMethodHandleAccessor|Optional"
    r"|Objects|Socket\w*|Net|Collections|Files"
    r"|testing|proc|panic|asm_\w+|sleep|select|chan)\.(?:java|go|s)(?::|$)"
)


def is_foreign(path: str, line: str = "") -> bool:
    """Whether a path, or the line of the stack trace that it stands in, is of no file of the project."""
    return bool(_PATH.search(path) or _JDK.search(path) or _FRAME.search(line))
