"""`make demo`: a project with a red build, and what fixer makes of it. No key, no network.

Builds the git repository of `examples/parcels` in `demo/`, lays its CI log and an `info.json` beside it, and runs
`fixer run info.json` there, as a user would.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]
EXAMPLE = TOP / "examples" / "parcels"
FIRST_DAY = 1
AUTHORS = ("Ada", "Grace")


def git(folder: Path, *arguments: str, day: int = FIRST_DAY, author: str = AUTHORS[0]) -> str:
    """Run git as one of the example's authors, on a day of its made-up calendar."""
    stamp = f"2026-03-{day:02d}T09:00:00Z"
    env = {
        **os.environ,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": author,
        "GIT_AUTHOR_EMAIL": f"{author.lower()}@parcels.example",
        "GIT_AUTHOR_DATE": stamp,
        "GIT_COMMITTER_NAME": author,
        "GIT_COMMITTER_EMAIL": f"{author.lower()}@parcels.example",
        "GIT_COMMITTER_DATE": stamp,
    }
    done = subprocess.run(["git", *arguments], cwd=folder, env=env, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def build(folder: Path) -> None:
    """Make the example's repository: one commit for each folder of its history."""
    folder.mkdir(parents=True)
    git(folder, "init", "--quiet", "--initial-branch", "main")
    for number, commit in enumerate(sorted((EXAMPLE / "history").iterdir()), start=FIRST_DAY):
        shutil.copytree(commit, folder, dirs_exist_ok=True)
        subject = commit.name.partition("-")[2].replace("-", " ").capitalize()
        git(folder, "add", "--all", day=number)
        git(folder, "commit", "--quiet", "-m", subject, day=number, author=AUTHORS[number % len(AUTHORS)])
    shutil.copyfile(EXAMPLE / "ci.log", folder / "ci.log")
    request = {
        "deterministic": True,
        "prompt": "The build of main is red: the invoice tests fail.",
        "raw-logs": "ci.log",
    }
    (folder / "info.json").write_text(json.dumps(request, indent=4) + "\n", encoding="utf-8")
    # What a user drops beside the code is not part of the story.
    exclude = folder / ".git" / "info" / "exclude"
    exclude.parent.mkdir(exist_ok=True)
    exclude.write_text("ci.log\ninfo.json\n", encoding="utf-8")


def main() -> int:
    folder = TOP / "demo"
    shutil.rmtree(folder, ignore_errors=True)
    build(folder)
    print(f"A project whose build is red, in {folder.name}/ (newest commit first):\n")
    print(git(folder, "log", "--oneline", "--no-decorate"))
    print("\n$ fixer run info.json\n", flush=True)
    return subprocess.run([sys.executable, "-m", "fixer", "run", "info.json"], cwd=folder, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
