"""An external agent that turned hostile reaches nothing of the user's; an honest one finds what it needs.

The hostile one also runs where it is not shut in, over things that the test made: there its attempts work, so what
they show in the sandbox is the sandbox.
"""

import hashlib
import json
import os
import socketserver
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from fixer.journal import open_journal
from fixer.schema.command import Rung
from fixer.schema.settings import AgentSettings
from fixer.strategies import command
from fixer.strategies.base import NotMine
from tests.agent.places import SECRET, Place, open_place
from tests.sandbox.conftest import alive, needs
from tests.strategies.outside import Around, case_around

HOSTILE = Path(__file__).with_name("hostile_agent.py").read_text(encoding="utf-8")
SECRETS = (
    ".ssh/id_x", ".aws/credentials", ".netrc", ".config/gh/hosts.yml", ".docker/config.json", ".npmrc", ".pypirc",
    ".local/share/keyrings/login.keyring", ".mozilla/profile/logins.json", ".gitconfig", ".bash_history", ".env",
    "other-repository/settings.py", ".codex/auth.json", ".claude/projects/other/session.jsonl",
)  # fmt: skip
"""Files below the home folder that are none of the agent's business."""
LOGIN = {"account": {"accessToken": "own-login", "baseUrl": "https://own.example"}}
MEND = "p = 'app.py'; t = open(p).read(); open(p, 'w').write(t.replace('number + helper.AMOUNT', 'number * 2'))"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """A user's folder, and the user's home folder beside it."""
    home = tmp_path / "home"
    write(home / ".claude/.credentials.json", json.dumps(LOGIN))
    write(home / ".claude/settings.json", '{"model": "own"}')
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("PATH", f"{home / '.local/bin'}{os.pathsep}{os.environ['PATH']}")
    with open_place(tmp_path, monkeypatch) as made:
        yield made


@pytest.fixture
def port() -> Iterator[int]:
    """A server on this machine, as a model may have one."""

    class Hello(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.sendall(b"hello")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Hello) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def write(path: Path, text: str, mode: int = 0o644) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


def program(path: Path, text: str, interpreter: str = sys.executable) -> Path:
    return write(path, f"#!{interpreter}\n{text}", 0o755)


def files(folder: Path) -> dict[str, str]:
    """Every file of the user's, with what is in it; loose objects and bookkeeping of worktrees aside."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if not path.is_dir() and "/.git/worktrees/" not in name and "/.git/objects/" not in name:
            content = str(path.readlink()).encode() if path.is_symlink() else path.read_bytes()
            found[name] = hashlib.sha256(content).hexdigest()
    return found


def hostile(place: Place, port: int, rung: Rung) -> tuple[Around, dict[str, bool], set[str]]:
    """Run the hostile agent under the name of a known one; give what it reached, and which files it changed."""
    home, project = place.outside.parent / "home", place.outside / "project"
    for name in SECRETS:
        write(home / name, SECRET)
    open_journal(project / ".fixer").close()
    note = f"note-{uuid.uuid4().hex}"
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], env={"TOKEN": SECRET}) as users:
        facts = {"home": str(home), "secrets": SECRETS, "project": str(project), "pid": users.pid}
        given = json.dumps({**facts, "port": port, "secret": SECRET, "note": note})
        program(home / ".local/bin/claude", f"import sys\nsys.argv[1:] = [{given!r}]\n{HOSTILE}")
        made = case_around(place, agent=AgentSettings(external="claude"), rung=rung)
        before = files(place.outside.parent)
        [patch] = command.propose(made.case)
        after = files(place.outside.parent)
        users.kill()
    assert SECRET not in patch.diff
    assert not alive(note)
    assert not made.left()
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    return made, json.loads(made.commands[0].stdout), changed


def test_a_hostile_agent_reaches_nothing(place: Place, port: int) -> None:
    needs(Rung.BUBBLEWRAP)
    made, reached, changed = hostile(place, port, Rung.BUBBLEWRAP)
    assert made.commands[0].rung is Rung.BUBBLEWRAP
    assert {name for name, done in reached.items() if done} == {"network", "own login"}
    assert not changed


def test_the_same_agent_reaches_all_of_that_where_it_is_not_shut_in(place: Place, port: int) -> None:
    _, reached, changed = hostile(place, port, Rung.PROCESS_GROUP)
    assert all(reached.values()), reached
    wanted = ("home/.ssh/authorized_keys", "home/.claude/settings.json", "home/.claude/.credentials.json")
    assert {*wanted, "user/project/.git/hooks/post-checkout", "user/project/.fixer/fixer.db"} <= changed


def run_one(place: Place, agent: AgentSettings) -> tuple[Around, str]:
    """Run an agent that mends the place; give what it printed."""
    needs(Rung.BUBBLEWRAP)
    made = case_around(place, agent=agent)
    [patch] = command.propose(made.case)
    assert "+    return number * 2" in patch.diff
    assert made.commands[0].rung is Rung.BUBBLEWRAP
    return made, made.commands[0].stdout


def test_a_node_program_finds_its_packages_and_the_network(
    place: Place, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As `npm install -g` leaves it below a prefix in the home folder."""
    prefix = place.outside.parent / "home/.npm-global"
    write(prefix / "lib/node_modules/dep/index.js", "module.exports = 'dep was found'")
    script = (
        "const fs = require('fs'), t = fs.readFileSync('app.py', 'utf8')\n"
        "fs.writeFileSync('app.py', t.replace('number + helper.AMOUNT', 'number * 2'))\n"
        "console.log(require('dep'), fs.readFileSync(0, 'utf8').includes('# What failed'))\n"
        f"require('net').connect({port}, '127.0.0.1').on('data', d => console.log(String(d)))\n"
    )
    cli = program(prefix / "lib/node_modules/@own/agent/bin/cli.js", script, "/usr/bin/env node")
    (prefix / "bin").mkdir()
    (prefix / "bin/own-agent").symlink_to(os.path.relpath(cli, prefix / "bin"))
    monkeypatch.setenv("PATH", f"{prefix / 'bin'}{os.pathsep}{os.environ['PATH']}")
    _, said = run_one(place, AgentSettings(external="own-agent"))
    assert said == "dep was found true\nhello\n"


def test_a_python_program_finds_its_environment(place: Place) -> None:
    """As pipx and uv leave it: a link to a script whose first line names the interpreter of its environment."""
    home = place.outside.parent / "home"
    venv = home / ".local/share/tools/own"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)
    [packages] = venv.glob("lib/python*/site-packages")
    write(packages / "own_agent.py", f"def main():\n    {MEND}\n    print('package was found')\n")
    script = program(venv / "bin/own-agent", "import own_agent\nown_agent.main()\n", str(venv / "bin/python"))
    (home / ".local/bin").mkdir()
    (home / ".local/bin/own-agent").symlink_to(script)
    assert run_one(place, AgentSettings(external="own-agent --yes"))[1] == "package was found\n"


REFRESHING = f"""\
import json, os, pathlib
folder = pathlib.Path.home() / '.claude'
login = json.loads((folder / '.credentials.json').read_text())
print(json.loads((folder / 'settings.json').read_text())['model'], sorted(os.listdir(folder)))
login['account'].update(accessToken='refreshed', expiresAt=17)
(folder / 'new').write_text(json.dumps(login))
(folder / 'new').replace(folder / '.credentials.json')
(folder / 'settings.json').write_text('planted')
(folder / 'projects').mkdir()
(folder / 'projects' / 'session').write_text('x')
{MEND}
"""


def test_a_refreshed_login_is_kept_and_nothing_else(place: Place) -> None:
    home = place.outside.parent / "home"
    login = home / ".claude/.credentials.json"
    login.chmod(0o600)
    write(home / ".claude/projects/other", "of another project")
    program(home / ".local/bin/claude", REFRESHING)
    before = files(home)
    _, said = run_one(place, AgentSettings(external="claude"))
    assert said == "own ['.credentials.json', 'settings.json']\n"
    changed = {name for name, what in files(home).items() if before.get(name) != what}
    assert changed == {".claude/.credentials.json"}
    kept = json.loads(login.read_text(encoding="utf-8"))
    assert kept == {"account": {**LOGIN["account"], "accessToken": "refreshed", "expiresAt": 17}}
    assert login.stat().st_mode & 0o777 == 0o600


def test_folders_that_the_user_names_are_seen(place: Place) -> None:
    home = place.outside.parent / "home"
    write(home / ".config/own/login", "mine")
    write(home / ".config/gh/hosts.yml", SECRET)
    write(home / "models/one", "weights")
    script = (
        f"import pathlib\n{MEND}\nhome = pathlib.Path.home()\n(home / '.config/own/login').write_text('new')\n"
        "print((home / 'models/one').read_text(), (home / '.config/gh').exists())\n"
        "(home / 'models/one').write_text('x')"
    )
    program(home / ".local/bin/own-agent", script)
    folders = (f"{home}/.config/own:rw", "~/models")
    made, said = run_one(place, AgentSettings(external="own-agent", external_folders=folders))
    assert said == "weights False\n"
    assert "Read-only file system" in made.commands[0].stderr
    assert (home / ".config/own/login").read_text(encoding="utf-8") == "new"
    assert (home / "models/one").read_text(encoding="utf-8") == "weights"


def test_a_folder_that_is_no_place_is_said(place: Place) -> None:
    agent = AgentSettings(external="true", external_folders=("models",))
    with pytest.raises(NotMine, match="external_folders: 'models' is not absolute"):
        list(command.propose(case_around(place, agent=agent).case))
