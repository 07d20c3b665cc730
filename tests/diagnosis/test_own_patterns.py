"""A project's own patterns: read beside the shipped ones, in the place of one of the same id, every fault named."""

from pathlib import Path

import pytest

from fixer.diagnosis.own_patterns import library
from fixer.diagnosis.patterns import shipped
from fixer.errors import ConfigError
from fixer.input.problems import InputError

OWN = """\
ecosystem = "shop"

[[pattern]]
id = "shop.no-warehouse"
pattern = 'WarehouseError: no such warehouse: (?P<name>[\\w-]+)'
root_cause = "environment"
explanation = "The warehouse '{name}' is not set up[ (asked for in {file})]."
fix = "Create the warehouse '{name}'"
steps = ["shopctl warehouse create {name}"]
example = "WarehouseError: no such warehouse: oslo"
source = "run: shop 1.0: shopctl sync"
"""


def write(project: Path, text: str, name: str = "shop.toml") -> None:
    (project / "patterns").mkdir(exist_ok=True)
    (project / "patterns" / name).write_text(text, encoding="utf-8")


def test_an_own_entry_is_matched_beside_the_shipped_ones(tmp_path: Path) -> None:
    write(tmp_path, OWN)
    known = library(tmp_path, "patterns")
    (match,) = known.match("WarehouseError: no such warehouse: oslo")
    assert match.explanation == "The warehouse 'oslo' is not set up."
    assert match.steps == (("shopctl warehouse create oslo",),)
    assert known.match("ModuleNotFoundError: No module named 'yaml'")
    assert len(known.entries) == len(shipped().entries) + 1


def test_an_entry_of_the_same_id_takes_the_place_of_the_shipped_one(tmp_path: Path) -> None:
    own = OWN.replace("shop.no-warehouse", "python.module-not-installed").replace(
        "WarehouseError: no such warehouse: (?P<name>[\\w-]+)", "No module named '(?P<name>[\\w-]+)'"
    )
    own = own.replace("WarehouseError: no such warehouse: oslo", "No module named 'oslo'")
    own = own.replace("pattern = '", 'pattern = """').replace("+)''", '+)\'"""').replace("\\w", "\\\\w")
    write(tmp_path, own)
    known = library(tmp_path, "patterns")
    assert len(known.entries) == len(shipped().entries)
    assert known.match("ModuleNotFoundError: No module named 'oslo'")[0].fix == "Create the warehouse 'oslo'"


def test_without_the_setting_the_shipped_ones_are_all(tmp_path: Path) -> None:
    write(tmp_path, "broken = ")
    assert library(tmp_path, "") is shipped()


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there is no folder"):
        library(tmp_path, "patterns")


WRONG = {
    "not TOML": ("ecosystem = ", "Invalid value", 1),
    "empty": ("", "the file is empty", 1),
    "unknown key": (OWN.replace('fix = "', 'fixx = "'), "fixx", 8),
    "no ecosystem": (OWN.replace('ecosystem = "shop"', "names = {}"), "ecosystem", 1),
    "unknown root cause": (OWN.replace('"environment"', '"weather"'), "'root_cause'", 6),
    "id": (OWN.replace("shop.no-warehouse", "No Warehouse"), "'id'", 4),
    "no expression": (OWN.replace("(?P<name>[\\w-]+)", "(?P<name>"), "no regular expression", 5),
    "nested repeats": (OWN.replace("[\\w-]+", "(?:\\w+-?)+"), "a repeat stands within a repeat", 5),
    "example": (OWN.replace("warehouse: oslo", "warehouse!"), "does not match", 10),
    "placeholder": (OWN.replace("Create the warehouse '{name}'", "Create '{what}'"), "{what}", 8),
    "field": (OWN.replace("[ (asked for in {file})]", " in {file}"), "square brackets", 7),
    "command": (OWN.replace("create {name}", "create '{name}"), "no shell takes this command", 9),
    "name": (OWN + 'names = { place = "nme" }\n', "no group 'nme'", 12),
    "twice": (OWN + OWN.partition("\n\n")[2], "is there twice", 13),
    "type": (OWN.replace('steps = ["shopctl warehouse create {name}"]', "steps = 3"), "'steps'", 9),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_fault_is_named_with_its_file_entry_and_key(tmp_path: Path, name: str) -> None:
    text, words, line = WRONG[name]
    write(tmp_path, text)
    with pytest.raises(InputError) as caught:
        library(tmp_path, "patterns")
    said = str(caught.value)
    assert words in said
    assert f"patterns/shop.toml:{line}:" in said
    assert "fixer schema pattern" in caught.value.hint


def test_all_files_are_read_before_any_fault_is_told(tmp_path: Path) -> None:
    write(tmp_path, OWN.replace('"environment"', '"weather"'), "a.toml")
    write(tmp_path, OWN.replace("(?P<name>[\\w-]+)", "("), "b.toml")
    with pytest.raises(InputError) as caught:
        library(tmp_path, "patterns")
    assert {problem.file for problem in caught.value.problems} == {"patterns/a.toml", "patterns/b.toml"}
