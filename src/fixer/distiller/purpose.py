"""A failed step in, what its failure means where its output tells nothing, out: by its command, then by its name."""

from collections.abc import Iterator

from fixer import lazy_re as re
from fixer.schema.execution import Step
from fixer.schema.root_cause import RootCause

# what is put before a command and changes nothing in what it does
_WRAPPERS = re.compile(
    r"(?:\w+=\S* +|(?:sudo|time|exec|env|nice|command|xvfb-run|npx|bunx|uvx|dotenv|cross-env|retry"
    r"|pipx run)(?: -\S+)* +"
    r"|timeout (?:-\S+ (?:\d\S* )?)*\d\S* +"
    r"|(?:poetry|uv|pipenv|pdm|hatch|rye) run +|(?:bundle|pnpm|yarn|npm|docker|composer) exec (?:-\S+ )*|corepack "
    r"|(?:python|python[\d.]+|py)(?:\.exe)? +-m +|\.?/?(?:venv/bin/|node_modules/\.bin/)|nix develop -c +)+"
)
_OPTIONS = re.compile(r"(?<!\S)--?\S+")
_SEPARATORS = re.compile(r"\n|\$\(|`|&&|\|\||;|(?<!\|)\|(?!\|)")
_SCRIPT = r"(?:(?:ba|z)?sh (?:-\S+ )*|node |ruby )?(?:\S*/)?(?:{})(?:[-_.][\w.-]+)?(?: |$)"
_RUN = (
    r"(?:(?:npm|pnpm|yarn|bun)(?: --?\S+)* (?:run[ -](?:script )?)?"
    r"|(?:make|just|task|rake|tox -e|nox -s|invoke|mage) (?:-\S+ )*)"
)
_TEST_NAME = r"[\w:.-]*(?:tests?|specs?|e2e|coverage|cypress|jest|vitest)\b[\w:.-]*"
_LINT_NAME = (
    r"[\w:.-]*(?:lint\w*|fmt|format(?:ting)?|prettier|style|type-?check\w*|types?|tsc|pre-commit|static"
    r"|analy[sz]e|validate)"
    r"\b[\w:.-]*"
)
_BUILD_NAME = r"[\w:.-]*(?:build|compile|bundle|assemble|dist|package)\b[\w:.-]*"


def _rules(*rules: tuple[RootCause, str]) -> tuple[tuple[RootCause, re.Pattern[str]], ...]:
    return tuple((cause, re.compile(pattern, re.IGNORECASE)) for cause, pattern in rules)


# the first that fits a simple command says what it is there for
_COMMANDS = _rules(
    (
        RootCause.LINT,
        (
            r".*(?: --?check(?:-\w+)?(?:[ =]|$)| --list-different\b| --verify-no-changes\b| --diff(?: |$)"
            r"| --exit-code\b|.*\blinkcheck\b"
            r"|\bgit status --porcelain|\bgit diff --quiet|\bmakemigrations --check)"
        ),
    ),
    (
        RootCause.LINT,
        (
            r"(?:\S*/)?(?:eslint|prettier|stylelint|biome|oxlint|xo|standard|tslint|tsc .*--noEmit|vue-tsc"
            r"|svelte-check|knip"
            r"|ruff|flake8|black|isort|mypy|pyright|basedpyright|pytype|pylint|pydocstyle|bandit|pyflakes|pycodestyle"
            r"|pre-commit|prek|golangci-lint|gofmt|gofumpt|goimports|go vet|staticcheck|revive|govulncheck"
            r"|cargo (?:\+\S+ )?(?:fmt|clippy|deny|audit|machete|udeps)|rustfmt|clippy-driver"
            r"|rubocop|standardrb|brakeman|erb_?lint|reek|phpstan|phpcs|psalm|php-cs-fixer|ecs|pint|rector|phpmd"
            r"|php -l"
            r"|(?:composer|cargo) (?:run )?(?:lint|cs|stan|phpstan)|ktlint|detekt|swiftlint|swiftformat|scalafmt"
            r"|scalafix"
            r"|clang-format|clang-tidy|cppcheck|cpplint|shellcheck|shfmt|yamllint|markdownlint\S*|mdl|hadolint"
            r"|actionlint"
            r"|codespell|misspell|typos|cspell|vale|alex|commitlint|buf (?:lint|breaking|format)|protolint|hlint"
            r"|ormolu|fourmolu"
            r"|mix (?:format|credo|dialyzer)|dialyzer|terraform (?:fmt|validate)|tofu (?:fmt|validate)|tflint"
            r"|tfsec|checkov"
            r"|ansible-lint|helm lint|ct lint|kubeval|kubeconform|kube-linter|dart (?:analyze|format)|flutter analyze"
            r"|sqlfluff|semgrep|reuse lint|gitleaks|ggshield|trufflehog|djlint|curlylint|doc8|rstcheck"
            r"|interrogate|vulture"
            r"|dotnet format|lintr|credo|luacheck|stylua|selene|nixfmt|alejandra|statix|lychee|htmlproofer"
            r"|npm audit|pip-audit|snyk|trivy|grype|osv-scanner|license-checker|licensee|depcheck|dependency-check)"
            rf"\b|{_RUN}{_LINT_NAME}(?: |$)"
            r"|(?:\S*/)?(?:mvnw?|gradlew?|gradle)\b.* :?\S*(?:checkstyle|spotless|spotbugs|pmd|ktlint|detekt|lint)\S*"
        ),
    ),
    (
        RootCause.TEST_FAILURE,
        (
            r"(?:\S*/)?(?:pytest|py\.test|unittest|nose2?tests?|trial|behave|robot|coverage run|tox|nox|jest"
            r"|vitest|mocha|ava|tap"
            r"|karma|jasmine|cypress run|playwright test|nyc|c8|node --test|go test|gotestsum|ginkgo"
            r"|(?:cargo|cross) (?:\+\S+ )?(?:test|nextest|llvm-cov|tarpaulin|bench)|rspec|minitest|cucumber"
            r"|phpunit|pest"
            r"|behat|ctest"
            r"|(?:php )?artisan test|dotnet (?:test|vstest)|mix test|cabal (?:\S+-)?test|stack (?:\S+ )*test"
            r"|swift test"
            r"|(?:xcodebuild|fastlane) .*test\S*|(?:dart|flutter) test|bats|busted|prove|bazel(?:isk)? test"
            r"|meson test"
            r"|R CMD check|newman run|k6 run|artillery run|lhci|size-limit|bundlesize|detox test|forge test"
            r"|hardhat test|manage\.py test|django-admin test)\b"
            rf"|{_RUN}{_TEST_NAME}|(?:npm|pnpm|yarn|bun) t(?: |$)|make (?:-\S+ )*check\b"
            r"|(?:\S*/)?(?:mvnw?|gradlew?|gradle|sbt|ant|lein|mill)\b.* :?\S*(?:test|verify|check)\S*"
            r"|Rscript .*(?:test|check)|julia .*(?:Pkg\.test|runtests)|\S*(?:run_?|/)tests?(?:\.\w+)?(?: |$)"
        ),
    ),
    (
        RootCause.ENVIRONMENT,
        (
            r"(?:\S*/)?(?:alembic|flyway|liquibase|goose|dbmate|diesel migration|sqlx (?:migrate|database)"
            r"|prisma (?:migrate|db)"
            r"|knex migrate\S*|sequelize db:|typeorm migration|\S*manage\.py migrate|(?:rails|rake) db:"
            r"|(?:php )?artisan migrate"
            r"|mix ecto\.|apt(?:-get)?|brew|apk|yum|dnf|choco|winget|pacman|snap|cmake(?! --build)|\S*configure"
            r"|autoreconf|meson setup"
            r"|terraform|tofu|terragrunt|pulumi|cdk|serverless|sls|kubectl|oc|helm\w*|ansible\S*|kustomize"
            r"|skaffold|minikube|kind"
            r"|docker[ -]compose|aws|az|gcloud|rustup|nvm|fnm|volta|mise|jdk_switcher|pyenv|rbenv|asdf"
            r"|sdkmanager|xcode-select)\b"
        ),
    ),
    (
        RootCause.MISSING_DEPENDENCY,
        (
            r"(?:\S*/)?(?:pip[\d.]*|uv pip) install\b|(?:npm|pnpm)(?: --?\S+)* (?:ci|i|install|add)\b"
            r"|yarn(?: --?\S+)*(?: install| add)?$"
            r"|yarn (?:install|--frozen-lockfile|--immutable)|bun (?:install|i)\b|(?:bundle|gem|poetry|pdm|pipenv"
            r"|composer|pod"
            r"|carthage|conda|mamba|micromamba|opam|luarocks|cpanm|vcpkg|conan) (?:\S+ )?(?:install|update|sync"
            r"|lock|create|bootstrap)\b"
            r"|uv (?:sync|lock|add)\b|go (?:mod|get)\b|cargo fetch\b|(?:dotnet|nuget) restore\b|mix deps\.get"
            r"|(?:flutter|dart) pub get"
        ),
    ),
    (
        RootCause.INVALID_DATA,
        (
            r"(?:\S*/)?(?:twine (?:upload|check)|(?:npm|pnpm|yarn|cargo|poetry|uv|flit|hatch|vsce"
            r"|ovsx)(?: npm)? publish"
            r"|gem push|goreleaser|semantic-release|changeset publish|(?:sha\d+|md5)sum|cosign|mvn\b.* deploy"
            r"|gh release)\b"
        ),
    ),
    (
        RootCause.COMPILE_ERROR,
        (
            rf"(?:\S*/)?(?:make|gmake|ninja|cmake --build|cargo|cross|go (?:build|install|generate)|tsc|webpack|vite"
            rf"|rollup|esbuild|tsup"
            r"|next build|nuxt build|ng build|gcc|g\+\+|clang(?:\+\+)?|cc|javac|kotlinc|scalac|ghc|rustc|mcs"
            r"|dotnet (?:build|publish|pack)"
            r"|msbuild|swift build|swiftc|xcodebuild|stack|cabal|sbt|mix compile|docker (?:buildx )?build"
            r"|(?:python\S* )?setup\.py"
            r"|build|mkdocs|sphinx-build|hugo|jekyll|flutter build|bazel(?:isk)? build|meson compile|mvnw?"
            r"|gradlew?|gradle|ant|lein"
            rf"|forge build|node-gyp|pyinstaller|R CMD|nim|nimble|zig|crystal|dub|elm|latexmk|(?:pdf|xe"
            rf"|lua)?latex|tectonic|protoc)\b|{_RUN}{_BUILD_NAME}"
        ),
    ),
    (RootCause.NETWORK_ERROR, r"(?:\S*/)?(?:curl|wget|ssh|scp|rsync|sftp|coveralls|codecov)\b"),
    (
        RootCause.ENVIRONMENT,
        (r"(?:\S*/)?(?:docker|podman|buildah|cp|mv|cat|ls|cd|mkdir|chmod|tar|unzip|source|systemctl|export)\b"),
    ),
    (RootCause.ENVIRONMENT, r"git\b"),
)
# scripts of the project's own, by their names
_SCRIPTS = _rules(
    (RootCause.INVALID_DATA, _SCRIPT.format("release|publish|validate")),
    (RootCause.LINT, _SCRIPT.format("verify|check|lint")),
    (RootCause.ENVIRONMENT, _SCRIPT.format("deploy|provision|setup|bootstrap|install|configure")),
)
# steps of which only the name is known, and those that are an action of a service
_NAMES = _rules(
    (
        RootCause.INVALID_DATA,
        (
            r"\b(?:(?:pr|mr|pull.?requests?|merge.?requests?)\b.{0,20}\b(?:title|description|body|labels?)"
            r"|commit.?messages?|branch.?names?|(?:required|check)\W?labels?)\b"
        ),
    ),
    (
        RootCause.LINT,
        (
            r"\b(?:\w*lint\w*|format\w*|fmt|(?:code )?style|prettier|type-?check\w*|static analysis|spell\w*"
            r"|licen[cs]es?|lychee|link.?check\w*|codeql)\b"
        ),
    ),
    (
        RootCause.TEST_FAILURE,
        (r"\b(?:\w*tests?|testing|specs?|e2e|integration|coverage|tox|nox|checks?|bench\w*)\b"),
    ),
    (
        RootCause.INFRASTRUCTURE,
        r"\b(?:checkout|cache|(?:up|down)load[- ]artifact|codecov|set up job|initialize containers)\b",
    ),
    (
        RootCause.AUTH_ERROR,
        (r"\b(?:log ?in|login-action|authenticate|credentials)\b"),
    ),
    (
        RootCause.MISSING_DEPENDENCY,
        r"\b(?:(?:install|restore|resolve|fetch)\b.*\b(?:dep\w*|packages|requirements|modules|gems)|dependencies)\b",
    ),
    (
        RootCause.ENVIRONMENT,
        (r"\b(?:set ?up|setup-\w+|configure|migrat\w+|deploy\w*|provision|terraform)\b"),
    ),
    (
        RootCause.INVALID_DATA,
        (r"\b(?:publish\w*|release|validate)\b"),
    ),
    (
        RootCause.COMPILE_ERROR,
        (r"\b(?:build\w*|compile|assemble|package)\b"),
    ),
)
# https://tldp.org/LDP/abs/html/exitcodes.html, and 124 of coreutils' timeout
_CODES = {
    124: RootCause.TIMEOUT,
    126: RootCause.ENVIRONMENT,
    127: RootCause.MISSING_TOOL,
    134: RootCause.LOGIC_ERROR,
    137: RootCause.OUT_OF_MEMORY,
    139: RootCause.LOGIC_ERROR,
}


def by_exit_code(step: Step) -> RootCause | None:
    """Return what the step's exit code alone says of its end, where it is one that says something."""
    return _CODES.get(step.exit_code or 0)


def of_command(command: str) -> RootCause | None:
    """Return the cause that a failure of a command has where nothing else is known: of a linter's run, a finding.

    Of a script of several commands the last one that is known counts: those before it are there to prepare it.
    """
    known = [cause for text in _simple(command) if (cause := _first(_COMMANDS, text, match=True))]
    return known[-1] if known else None


def of_script(command: str) -> RootCause | None:
    """Return what the name of a project's own script promises, where the step runs no command that is known."""
    if of_command(command):
        return None
    named = [cause for text in _simple(command) if (cause := _first(_SCRIPTS, text, match=True))]
    return named[-1] if named else None


def of_name(name: str) -> RootCause | None:
    """Return the same for a step, or another unit of work, of which only the name is known."""
    return _first(_NAMES, _OPTIONS.sub("", name.removeprefix("Run ")), match=False)


def purpose(step: Step) -> RootCause | None:
    """Return the same for a step: by its command, else by its name."""
    return of_command(step.command or "") or of_name(step.name)


def _simple(command: str) -> Iterator[str]:
    """Yield the simple commands of a script, without what wraps them."""
    for part in _SEPARATORS.split(command[:4000]):
        text = part.strip().lstrip("+$!({ ").strip()
        if text and not text.startswith("#"):
            yield _WRAPPERS.sub("", text, count=1)[:300] if _WRAPPERS.match(text) else text[:300]


def _first(rules: tuple[tuple[RootCause, re.Pattern[str]], ...], text: str, *, match: bool) -> RootCause | None:
    return next((cause for cause, rule in rules if (rule.match(text) if match else rule.search(text))), None)
