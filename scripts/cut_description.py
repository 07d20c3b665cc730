"""GitHub's API description in (`api.github.com.json` of npm's @octokit/openapi), its part that fixer calls out.

Run: python scripts/cut_description.py PATH/TO/api.github.com.json, when fixer calls a new operation.
"""

import json
import sys
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parents[1] / "tests" / "sources" / "data" / "github_api.json"
REPO = "/repos/{owner}/{repo}"
PATHS = (
    f"{REPO}/actions/artifacts/{{artifact_id}}/{{archive_format}}",
    f"{REPO}/actions/jobs/{{job_id}}",
    f"{REPO}/actions/jobs/{{job_id}}/logs",
    f"{REPO}/actions/runs/{{run_id}}",
    f"{REPO}/actions/runs/{{run_id}}/artifacts",
    f"{REPO}/actions/runs/{{run_id}}/attempts/{{attempt_number}}",
    f"{REPO}/actions/runs/{{run_id}}/attempts/{{attempt_number}}/jobs",
    f"{REPO}/actions/runs/{{run_id}}/attempts/{{attempt_number}}/logs",
    f"{REPO}/check-runs/{{check_run_id}}/annotations",
)


def cut(whole: dict[str, Any]) -> dict[str, Any]:
    """Keep what reads, of the paths above, and every component that they reach."""
    keys = ("openapi", "info", "servers", "components")
    part = {key: whole[key] for key in keys if key != "components"} | {
        "paths": {
            path: {key: value for key, value in whole["paths"][path].items() if key in {"get", "parameters"}}
            for path in PATHS
        },
        "components": {},
    }
    waiting = list(references(part["paths"]))
    while waiting:
        _, _, kind, name = waiting.pop().split("/")
        kept = part["components"].setdefault(kind, {})
        if name not in kept:
            kept[name] = whole["components"][kind][name]
            waiting += references(kept[name])
    return part


def references(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [found for child in node.values() for found in references(child)]
    return [found for child in node for found in references(child)] if isinstance(node, list) else []


if __name__ == "__main__":
    text = json.dumps(cut(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))), separators=(",", ":"))
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(text + "\n", encoding="utf-8")
    print(f"{TARGET}: {len(text)} characters")
