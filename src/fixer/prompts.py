"""A prompt's name goes in, its text with version and model hints comes out: fixer's own, or the project's.

A prompt is a Markdown file `NAME.md`: front matter in YAML between two lines `---`, then what the model is told
once, the line `<!-- message -->`, and the first message. `{{word}}` is a placeholder in either part.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from fixer.errors import ConfigError
from fixer.schema.base import Record

SHIPPED = (Path(__file__).with_suffix(""), Path(__file__).parents[2] / "prompts")
"""In an installed fixer, and in a checkout of it."""
PROMPT_OUTCOME = "prompt.outcome"
"""Kind of the event that says what became of one use of a prompt: {prompt: NAME@VERSION, succeeded}."""
MAX_CHARACTERS = 100_000
_FORM = re.compile(
    r"---\n(?P<front>.*?\n)---\n(?P<system>.*?)^<!-- message -->\n(?P<message>.*)", re.DOTALL | re.MULTILINE
)
_PLACEHOLDER = re.compile(r"\{\{([a-z_]+)\}\}")
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,99}")


class Hints(Record):
    """What the front matter may say about the model that is asked; unset: the settings decide."""

    temperature: float | None = Field(default=None, ge=0, le=2)
    max_output_tokens: int | None = Field(default=None, ge=256)


class Prompt(Record):
    """One prompt as its file has it, its placeholders not filled."""

    name: str
    version: int
    """Reports carry it, so that versions can be compared."""
    description: str = ""
    model: Hints = Hints()
    system: str
    message: str
    path: str
    """The file that it was read from."""

    @property
    def mark(self) -> str:
        """Name and version in one word, as records have it."""
        return f"{self.name}@{self.version}"

    @property
    def placeholders(self) -> frozenset[str]:
        """The words that `filled` wants a text for."""
        return frozenset(_PLACEHOLDER.findall(self.system + self.message))

    def filled(self, values: Mapping[str, str]) -> tuple[str, str]:
        """Return both parts with every placeholder replaced; what is filled in is not looked at again.

        Raises:
            ConfigError: the prompt has a placeholder for which there is no value.
        """
        if unknown := sorted(self.placeholders - values.keys()):
            raise ConfigError(
                f"{self.path} has the placeholder {{{{{unknown[0]}}}}}, which the prompt '{self.name}' does not know",
                f"known are: {', '.join(sorted(values))}",
            )
        return tuple(_PLACEHOLDER.sub(lambda match: values[match[1]], part) for part in (self.system, self.message))  # type: ignore[return-value] # a generator over two texts gives two


def load_prompt(name: str, project: Path | None = None) -> Prompt:
    """Read the prompt `name`: from `project`/prompts where that file is one of fixer's, else the one that is shipped.

    A project may have a `prompts/NAME.md` of its own that means something else: only a file whose front matter
    has the same `name` counts.

    Raises:
        ConfigError: there is no such prompt, or the file is broken.
    """
    if _NAME.fullmatch(name) is None:
        raise ConfigError(f"{name!r} is no name of a prompt", "a name has up to 100 small letters, digits, - and _")
    own = project / "prompts" / f"{name}.md" if project is not None else None
    if own is not None and own.is_file() and (found := _read(own, name, strict=False)) is not None:
        return found
    for folder in SHIPPED:
        path = folder / f"{name}.md"
        if path.is_file():
            prompt = _read(path, name, strict=True)
            if prompt is not None:
                return prompt
    raise ConfigError(
        f"there is no prompt '{name}'", f"put it into prompts/{name}.md, in the form of fixer's own prompts"
    )


def read_prompt(path: Path) -> Prompt:
    """Read one file, whatever prompt it is.

    Raises:
        ConfigError: it is no prompt, or a broken one.
    """
    try:
        name = _front_matter(path.read_text(encoding="utf-8")[:MAX_CHARACTERS].replace("\r\n", "\n")).get("name")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"the prompt {path} cannot be read: {error}", "make it a readable file in UTF-8") from error
    found = _read(path, str(name), strict=True) if name else None
    if found is None:
        raise ConfigError(f"{path} says no `name:` in its front matter", "add it between two lines ---")
    return found


def prompt_names() -> list[str]:
    """Return the names of the prompts that are shipped, sorted; a project's own files stand in for those."""
    found = {path.stem for folder in SHIPPED if folder.is_dir() for path in folder.glob("*.md")}
    return sorted(name for name in found if _NAME.fullmatch(name))


def _read(path: Path, name: str, *, strict: bool) -> Prompt | None:
    """Read one file; None where it is not strict and the file is no prompt of this name."""
    try:
        text = path.read_text(encoding="utf-8")[:MAX_CHARACTERS].replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"the prompt {path} cannot be read: {error}", "make it a readable file in UTF-8") from error
    front = _front_matter(text)
    if front.get("name") != name:
        if strict:
            raise ConfigError(f"{path} does not say `name: {name}` in its front matter", "add it between two lines ---")
        return None
    form = _FORM.match(text)
    if form is None:
        raise ConfigError(
            f"{path} has no line <!-- message -->", "put it between what the model is told once and the first message"
        )
    try:
        return Prompt.model_validate(
            {**front, "system": form["system"].strip(), "message": form["message"].strip(), "path": str(path)}
        )
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise ConfigError(
            f"the front matter of {path} is wrong at `{where}`: {first['msg']}",
            "it has name, version (a whole number), description, and model with temperature and max_output_tokens",
        ) from error


def _front_matter(text: str) -> dict[str, Any]:
    """Return what stands between the first two lines `---`, or nothing where that is no mapping."""
    found = re.match(r"---\n(.*?\n)---\n", text, re.DOTALL)
    if found is None:
        return {}
    import yaml  # noqa: PLC0415 - only runs that ask a model read prompts

    try:
        value = yaml.safe_load(found[1])
    except yaml.YAMLError:
        return {}
    return {str(key): item for key, item in value.items()} if isinstance(value, dict) else {}
