import json

import pytest

from fixer.strategies import node_packages
from fixer.strategies.base import NotMine
from tests.strategies.conftest import Built, MakeCase

LOCK = {
    "name": "shop",
    "lockfileVersion": 3,
    "packages": {"": {"name": "shop"}, "node_modules/left-pad": {"version": "1.3.0", "dev": True}},
}
MAIN = "const pad = require('left-pad');\nconsole.log(pad);\n"


def manifest(**more: object) -> str:
    return json.dumps({"name": "shop", "version": "1.0.0", **more}, indent=4) + "\n"


def case_of(make_case: MakeCase, files: dict[str, str], main: str = "main.js") -> Built:
    return make_case({"package.json": manifest(), **files}, ("node", main), tool="node")


def test_what_the_lock_file_holds_is_declared_in_both(make_case: MakeCase) -> None:
    case = case_of(make_case, {"package-lock.json": json.dumps(LOCK, indent=2), "main.js": MAIN})

    patch = next(node_packages.propose(case.case))

    assert json.loads(case.content_with(patch, "package.json"))["dependencies"] == {"left-pad": "^1.3.0"}
    assert b'\n    "dependencies"' in case.content_with(patch, "package.json")
    lock = json.loads(case.content_with(patch, "package-lock.json"))
    assert lock["packages"][""]["dependencies"] == {"left-pad": "^1.3.0"}
    assert lock["packages"]["node_modules/left-pad"] == {"version": "1.3.0"}
    assert not patch.needs_review


def test_another_package_of_the_project_gives_its_range_and_tests_get_a_dev_dependency(make_case: MakeCase) -> None:
    files = {"other/package.json": manifest(devDependencies={"left-pad": "~1.2"}), "test/main.js": MAIN}
    case = case_of(make_case, files, "test/main.js")

    patch = next(node_packages.propose(case.case))

    assert json.loads(case.content_with(patch, "package.json"))["devDependencies"] == {"left-pad": "~1.2"}


@pytest.mark.parametrize("name", ["left-pad", "./left-pad"])
def test_a_name_that_nothing_knows_is_never_added(make_case: MakeCase, name: str) -> None:
    case = case_of(make_case, {"main.js": MAIN.replace("left-pad", name)})

    with pytest.raises(NotMine):
        next(node_packages.propose(case.case))


def test_a_package_that_is_declared_is_only_not_installed(make_case: MakeCase) -> None:
    case = case_of(make_case, {"package.json": manifest(dependencies={"left-pad": "1"}), "main.js": MAIN})

    with pytest.raises(NotMine, match="declares 'left-pad' already"):
        next(node_packages.propose(case.case))
