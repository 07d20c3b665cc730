"""What the failure of a command means where its output says nothing."""

import pytest

from fixer.distiller.purpose import by_exit_code, of_command, of_script, purpose
from fixer.schema.execution import Step


@pytest.mark.parametrize(
    ("command", "cause"),
    [
        ("npx eslint .", "lint"),
        ("npm run lint:fix", "lint"),
        ("terraform fmt -check -recursive", "lint"),
        ("git diff --exit-code", "lint"),
        ("python manage.py makemigrations --check --dry-run", "lint"),
        ("black --check src", "lint"),
        ("cargo +nightly fmt --all -- --check", "lint"),
        ('test -z "$(gofmt -l .)"', "lint"),
        ("./gradlew :app:spotlessCheck", "lint"),
        ("tox -e py311", "test_failure"),
        ("tox -e lint", "lint"),
        ("PYTHONPATH=src python -m pytest -q", "test_failure"),
        ("poetry run pytest", "test_failure"),
        ("timeout 600 go test ./...", "test_failure"),
        ("bundle exec rake spec", "test_failure"),
        ("./mvnw -B verify", "test_failure"),
        ("make -j4 check", "test_failure"),
        ("make -j4", "compile_error"),
        ("npm run build", "compile_error"),
        ("cmake --build build", "compile_error"),
        ("cmake -S . -B build", "environment"),
        ("alembic upgrade head", "environment"),
        ("sudo apt-get install -y libfoo", "environment"),
        ("pip install -r requirements.txt", "missing_dependency"),
        ("yarn install --frozen-lockfile", "missing_dependency"),
        ("twine upload dist/*", "invalid_data"),
        ("pip install -e .\nflake8 src\npytest", "test_failure"),
        ("npm ci && npm run lint", "lint"),
        ("# pytest\n./do-it", None),
        ("sphinx-build -b linkcheck docs out", "lint"),
        ('git commit -m "update"', "environment"),
        ("k6 run load.js", "test_failure"),
        ("npx snyk test", "lint"),
        ("echo 1a shop.tgz | sha256sum -c", "invalid_data"),
        ("latexmk -pdf paper.tex", "compile_error"),
        ("docker buildx create --name builder", "environment"),
        ("docker build -t shop .", "compile_error"),
        ("curl -fsSL https://files.example.org/x.tar.gz -o x", "network_error"),
    ],
)
def test_of_a_command(command: str, cause: str | None) -> None:
    assert of_command(command) == cause


@pytest.mark.parametrize(
    ("name", "cause"),
    [
        ("Run actions/checkout@v4", "infrastructure"),
        ("Check code style", "lint"),
        ("Unit tests", "test_failure"),
        ("Install dependencies", "missing_dependency"),
        ("Run docker/login-action@v3", "auth_error"),
        ("Say hello", None),
        ("Check PR title format", "invalid_data"),
    ],
)
def test_of_a_step_of_which_only_the_name_is_known(name: str, cause: str | None) -> None:
    assert purpose(Step(number=1, name=name)) == cause


@pytest.mark.parametrize(("code", "cause"), [(127, "missing_tool"), (137, "out_of_memory"), (1, None), (None, None)])
def test_of_an_exit_code(code: int | None, cause: str | None) -> None:
    assert by_exit_code(Step(number=1, name="x", exit_code=code)) == cause


@pytest.mark.parametrize(
    ("command", "cause"),
    [
        ("./hack/verify-licenses.sh", "lint"),
        ("./scripts/deploy.sh staging", "environment"),
        ("./release.sh 1.2", "invalid_data"),
        ("bash scripts/validate-prices.sh", "invalid_data"),
        ("./scripts/check.sh && pytest", None),
        ("./go.sh", None),
    ],
)
def test_the_name_of_a_projects_own_script(command: str, cause: str | None) -> None:
    assert of_script(command) == cause
