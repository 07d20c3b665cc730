"""Tables with names that users choose: taken, or refused at the place of what is wrong."""

import json
from pathlib import Path

import pytest

from fixer.cli.schema import Name, schema_of
from fixer.input.config import free_tables, known_keys, load_settings
from fixer.input.problems import InputError
from fixer.schema.settings import AnalysisSettings

GOOD = """[analysis.bundle-size]
command = "du -k 'dist/app.js'"
pattern = '^(\\d+)'
better = "lower"
timeout_seconds = 30

[analysis.docs]
command = "make docs"
"""


@pytest.mark.parametrize(("file", "prefix"), [("fixer.toml", ""), ("pyproject.toml", "tool.fixer.")])
def test_tables_with_names_of_ones_own(file: str, prefix: str, tmp_path: Path) -> None:
    (tmp_path / file).write_text(GOOD.replace("[analysis", f"[{prefix}analysis"), encoding="utf-8")
    loaded = load_settings(tmp_path, {}, {})
    assert loaded.settings.analysis == {
        "bundle-size": AnalysisSettings(
            command="du -k 'dist/app.js'", pattern=r"^(\d+)", better="lower", timeout_seconds=30
        ),
        "docs": AnalysisSettings(command="make docs"),
    }
    named = {key: origin for key, origin in loaded.origins.items() if key.startswith("analysis.")}
    assert named["analysis.bundle-size.better"] == f"{file}:4"
    assert named["analysis.docs.command"] == f"{file}:8"


def test_the_keys_of_free_tables_are_no_variables() -> None:
    assert set(free_tables()) == {"analysis"}
    assert not any(key.startswith("analysis") for key in known_keys())


@pytest.mark.parametrize(
    ("line", "place", "message"),
    [
        ("[analysis.x]\nunit = 'kB'", "1:11", "[analysis.x] has no command"),
        ("[analysis.x]\ncommand = ' '", "2:1", "'analysis.x.command' is empty"),
        ('[analysis.x]\ncommand = "a \'b"', "2:1", "'analysis.x.command' cannot be read: No closing quotation"),
        ("[analysis.x]\ncommand = 'a'\npattern = '('", "3:1", "'analysis.x.pattern' cannot be read: missing )"),
        ("[analysis.x]\ncommand = 'a'\nfolder = '../b'", "3:1", "'analysis.x.folder' leads out of the project"),
        ("[analysis.x]\ncommand = 'a'\nbetter = 'up'", "3:1", "'analysis.x.better' should be 'higher', 'lower' or ''"),
        ("[analysis.x]\ncommand = 'a'\ncomand = 'b'", "3:1", "'analysis.x.comand' is not a setting"),
        ("[analysis.x]\ncommand = 'a'\ny.z = 1", "3:1", "'analysis.x.y' is not a setting"),
        ('[analysis."My Size"]\ncommand = "a"', "1:11", "'analysis.My Size' is no name"),
        ("[analysis]\nx = 3", "2:1", "'analysis.x' is a table"),
        ("analysis = 3", "1:1", "'analysis' is a table"),
    ],
)
def test_what_is_wrong_is_said_where_it_stands(line: str, place: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "fixer.toml").write_text(line + "\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        load_settings(tmp_path, {}, {})
    (problem,) = error.value.problems
    assert str(problem).startswith(f"fixer.toml:{place}: {message}")


def test_a_slip_gets_the_nearest_key(tmp_path: Path) -> None:
    (tmp_path / "fixer.toml").write_text("[analysis.x]\ncommand = 'a'\njson-path = 'b'\n", encoding="utf-8")
    with pytest.raises(InputError, match="write instead: json_path"):
        load_settings(tmp_path, {}, {})


def test_the_schema_for_editors_knows_them() -> None:
    schema = json.loads(json.dumps(schema_of(Name.CONFIG)))
    (pattern,) = schema["properties"]["analysis"]["patternProperties"]
    assert pattern == "^[a-z][a-z0-9_-]*$"
    assert schema["$defs"]["AnalysisSettings"]["required"] == ["command"]
