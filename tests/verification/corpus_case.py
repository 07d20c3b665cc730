"""The corpus as data: patches with a verdict that is known, read from TOML."""

import tomllib
from dataclasses import dataclass
from typing import Any

from tests.verification.projects import CORPUS, Edit, project_texts


@dataclass(frozen=True)
class CorpusCase:
    """One patch of the corpus."""

    name: str
    project: str
    why: str
    edits: tuple[dict[str, Any], ...]
    requirements: tuple[str, ...] = ()

    def changes(self) -> list[Edit]:
        """Return the edits as whole files; several of one file are made one after the other."""
        files: dict[str, str] = dict(project_texts()[self.project]["files"])
        texts: dict[str, str | None] = {}
        for edit in self.edits:
            path = edit["path"]
            now = texts.get(path, files.get(path)) or ""
            if edit.get("delete"):
                texts[path] = None
            elif "old" in edit:
                assert edit["old"] in now, f"{self.name}: {path} does not hold the text that is to be replaced"
                texts[path] = now.replace(edit["old"], edit["new"], 1)
            else:
                texts[path] = edit["text"] if "text" in edit else files[edit["copy"]]
        return [Edit(path, text) for path, text in texts.items()]


def corpus(kind: str) -> list[CorpusCase]:
    """Return the cases of `cheats` or `honest`."""
    cases = tomllib.loads((CORPUS / f"{kind}.toml").read_text(encoding="utf-8"))["case"]
    return [
        CorpusCase(
            case["name"], case["project"], case["why"], tuple(case["edits"]), tuple(case.get("requirements", ()))
        )
        for case in cases
    ]
