"""`fixer prompts`: what models are told, how often each version led to its goal, which of two is better."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fixer.cli.base import loaded_settings, print_json, print_result, print_table, project_folder, say
from fixer.errors import ConfigError

if TYPE_CHECKING:
    from fixer.measuring.outcomes import PromptOutcomes
    from fixer.prompts import Prompt

COMMAND = "prompts"
PANEL = "Look"
ORDER = 60


class Action(StrEnum):
    """What to do with prompts."""

    LIST = "list"
    SHOW = "show"
    COMPARE = "compare"


def command(  # noqa: PLR0913 - one argument an option
    *,
    action: Annotated[Action, typer.Argument(help="list, show NAME, or compare A B.")] = Action.LIST,
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME]...", help="A prompt's name or file; compare takes two.", show_default=False),
    ] = None,
    cases: Annotated[
        Path | None, typer.Option("--cases", help="compare: folder of case files (TOML: a table [files]).")
    ] = None,
    recordings: Annotated[
        Path | None, typer.Option("--recordings", help="compare: folder of recorded runs; default: below the cases.")
    ] = None,
    repo: Annotated[Path | None, typer.Option("--repo", help="The project's folder; default: found from here.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the prompts with what became of their uses, show one, or compare two versions over cases with known bugs.

    compare runs fixer on every case once with each version. A case that was recorded is played back and asks no
    model; another one asks the configured model, and is recorded.

    Example: `fixer prompts compare fix my-fix.md --cases cases`
    """
    root = project_folder(repo)
    given = names or []
    wanted = {Action.LIST: 0, Action.SHOW: 1, Action.COMPARE: 2}[action]
    if len(given) != wanted:
        raise ConfigError(
            f"`fixer prompts {action}` takes {wanted} names, and {len(given)} were given",
            "fixer prompts list; fixer prompts show NAME; fixer prompts compare A B --cases FOLDER",
        )
    if action is Action.LIST:
        _list(root, as_json=as_json)
    elif action is Action.SHOW:
        _show(_find(given[0], root), as_json=as_json)
    else:
        _compare(_find(given[0], root), _find(given[1], root), root, cases, recordings, as_json=as_json)


def _find(name: str, root: Path) -> "Prompt":
    """Read a prompt by its file, or by its name as the project has it."""
    from fixer.prompts import load_prompt, read_prompt  # noqa: PLC0415 - `--help` must not pay for pydantic

    return read_prompt(Path(name)) if name.endswith(".md") else load_prompt(name, root)


def _list(root: Path, *, as_json: bool) -> None:
    from fixer.prompts import load_prompt, prompt_names  # noqa: PLC0415

    prompts = [load_prompt(name, root) for name in prompt_names()]
    counted = _outcomes(root)
    if as_json:
        print_json(
            {
                "prompts": [prompt.model_dump(mode="json", exclude={"system", "message"}) for prompt in prompts],
                "outcomes": [one.model_dump(mode="json") for one in counted],
            }
        )
        return
    words = {one.prompt: one.words for one in counted}
    rows = [(one.name, str(one.version), words.get(one.mark, "not used yet"), one.description) for one in prompts]
    print_table(("PROMPT", "VERSION", "SUCCEEDED (95 %)", "WHAT"), rows)
    now = {one.mark for one in prompts}
    for old in (one for one in counted if one.prompt not in now):
        say(f"an earlier version, {old.prompt}: {old.words}")


def _outcomes(root: Path) -> "tuple[PromptOutcomes, ...]":
    from fixer.journal import existing_journal  # noqa: PLC0415
    from fixer.measuring.outcomes import outcomes  # noqa: PLC0415

    with existing_journal(root / ".fixer") as journal:
        return outcomes(journal.events() if journal else [])


def _show(prompt: "Prompt", *, as_json: bool) -> None:
    if as_json:
        print_json({"prompt": prompt.model_dump(mode="json")})
        return
    head = f"{prompt.name} version {prompt.version} ({prompt.path})"
    print_result(f"{head}\n{prompt.description}\n\n{prompt.system}\n\n--- first message ---\n{prompt.message}")


def _compare(  # noqa: PLR0913 - one argument a part of the command line
    first: "Prompt", second: "Prompt", root: Path, cases: Path | None, recordings: Path | None, *, as_json: bool
) -> None:
    import os  # noqa: PLC0415

    from fixer.measuring.cases import read_cases  # noqa: PLC0415
    from fixer.measuring.versions import compare  # noqa: PLC0415

    if cases is None:
        raise ConfigError("compare needs cases to run on", "--cases FOLDER, with a file NAME.toml for each case")
    loaded = loaded_settings(root)
    found = read_cases(cases)
    result = compare(first, second, found, recordings or cases / "recordings", loaded.settings, os.environ, say)
    if as_json:
        print_json({"comparison": result.model_dump(mode="json")})
        return
    yes = {True: "fixed", False: "not fixed"}
    names = result.first, result.second
    print_table(("CASE", *names), [(pair.case, yes[pair.first], yes[pair.second]) for pair in result.pairs])
    said = result.comparison
    for note in result.left_out:
        say(f"left out: {note}")
    print_result(
        f"{names[0]} fixed {said.first_fixed} of {said.pairs}, {names[1]} fixed {said.second_fixed} of {said.pairs}: "
        f"{said.words}"
    )
