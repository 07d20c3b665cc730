"""Real git repositories for tests, and what of them must not move."""

import hashlib
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

ENVIRONMENT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Dev",
    "GIT_AUTHOR_EMAIL": "dev@project.example",
    "GIT_COMMITTER_NAME": "Dev",
    "GIT_COMMITTER_EMAIL": "dev@project.example",
}


def git(folder: Path, *arguments: str) -> str:
    """Run git as a user would, without fixer."""
    env = {**os.environ, **ENVIRONMENT}
    done = subprocess.run(["git", *arguments], cwd=folder, env=env, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def commit(folder: Path, files: Mapping[str, str], subject: str = "change") -> str:
    write(folder, files)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "-m", subject)
    return git(folder, "rev-parse", "HEAD")


def make_repository(folder: Path, files: Mapping[str, str], branch: str = "main") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "--quiet", "--initial-branch", branch)
    commit(folder, files, "first")
    return folder


def users_state(folder: Path) -> dict[str, str]:
    """Everything of the user that fixer must leave byte for byte as it was: files, index, HEAD, branch, stash."""
    state = {"head": (folder / ".git" / "HEAD").read_text(encoding="utf-8")}
    index = folder / ".git" / "index"
    state["index"] = hashlib.sha256(index.read_bytes()).hexdigest() if index.exists() else ""
    state["stash"] = git(folder, "stash", "list")
    own = {".git", ".fixer", "outputs"}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if name.parts[0] in own or path.is_dir():
            continue
        content = str(path.readlink()).encode() if path.is_symlink() else path.read_bytes()
        state[str(name)] = f"{path.lstat().st_mode:o} {hashlib.sha256(content).hexdigest()}"
    return state
