"""`fixer config`: prints the settings in force and where each comes from."""

from pathlib import Path
from typing import Annotated

import typer

from fixer.cli.base import loaded_settings, print_json, print_result, project_folder

COMMAND = "config"
PANEL = "Set up"
ORDER = 30


def command(
    *,
    repo: Annotated[Path | None, typer.Option("--repo", help="The project's folder; default: found from here.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON: settings and origins.")] = False,
) -> None:
    """Print the settings in force, and where each value comes from.

    They come from fixer.toml or [tool.fixer] in pyproject.toml, then from FIXER_* variables, then from options.

    Example: `FIXER_BUDGET_TOTAL=600 fixer config`
    """
    loaded = loaded_settings(project_folder(repo))
    if as_json:
        print_json({"settings": loaded.settings.model_dump(mode="json"), "origins": loaded.origins})
    else:
        print_result("\n".join(_lines(loaded.settings.model_dump(mode="json"), loaded.origins)))


def _lines(settings: dict[str, object], origins: dict[str, str]) -> list[str]:
    import json  # noqa: PLC0415

    shown = {}
    for key in origins:
        value: object = settings
        for part in key.split("."):
            assert isinstance(value, dict)
            value = value[part]
        shown[key] = f"{key} = {json.dumps(value, ensure_ascii=False)}"
    width = max(map(len, shown.values()))
    return [f"{text:<{width}}  # {origins[key]}" for key, text in shown.items()]
