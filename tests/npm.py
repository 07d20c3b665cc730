"""Programs from npm that tests talk to: servers of public APIs that nobody here wrote."""

import fcntl
import os
import shutil
import subprocess
from pathlib import Path

import pytest

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "fixer-tests"
FLAGS = ("--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error", "--fetch-retries=1")


def npm_program(package: str, program: str) -> Path:
    """Return a program of `NAME@VERSION`, installed once into a cache folder; skip the test where npm cannot."""
    folder = CACHE / package.replace("/", "-").lstrip("@")
    found = folder / "node_modules" / ".bin" / program
    if found.exists():
        return found
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip(f"npm is not installed: {program} runs on node")
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if found.exists():
            return found
        try:
            command = [npm, "install", *FLAGS, "--prefix", str(folder), package]
            done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
        except subprocess.TimeoutExpired:
            pytest.skip(f"npm could not install {package} in 240 s")
    if done.returncode != 0:
        pytest.skip(f"npm could not install {package}: {done.stderr.strip()[-300:]}")
    return found
