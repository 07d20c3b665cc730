"""A failure that no command of the project shows goes in; a test of a model's that does, run by fixer, comes out."""

import asyncio
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from fixer.agent import Desk, Ending, Limits, Toolbox, Worked, marking, work
from fixer.agent.commands import Allowed
from fixer.agent.evidence import Known, values
from fixer.agent.tools.list_files import project_files
from fixer.agent.transcript import Transcript
from fixer.errors import FixerError
from fixer.prompts import PROMPT_OUTCOME, Prompt, load_prompt
from fixer.repair.draft import Draft
from fixer.repair.judging import MAX_LINES, another_failure, dishonest
from fixer.repair.workshop import Workshop
from fixer.repair.workspaces import Workspaces
from fixer.reproduction import Lab, NotReproduced, reproduce_by
from fixer.reproduction.proof.reproduction_files import name_for
from fixer.schema.command import CommandResult, Invocation
from fixer.schema.execution import Execution
from fixer.schema.failure import Failure
from fixer.schema.reproduction import Reproduction, Shown, WrittenTest
from fixer.strategies.base import Workspace

PROMPTS = {True: "reproduction_deterministic", False: "reproduction_non_deterministic"}
TOOLS = frozenset({"pytest", "unittest", "traceback"})
"""Tools that report failures of Python code."""
MAX_TRIES = 4
"""Submissions that are run."""
SHARE = 0.7
"""Of the phase's time; the rest is for running the test where it counts."""
MAX_TESTS_READ = 20
LOG_LINES = 60
"""Lines of the log before and after the failure that the model reads."""


def can_be_written(failure: Failure) -> bool:
    """Whether a failure is one that a small test in Python may show."""
    return failure.tool in TOOLS


def write_test(
    draft: Draft, shop: Workshop, failure: Failure, commit: str, reasons: tuple[str, ...]
) -> tuple[Failure, Reproduction] | NotReproduced:
    """Let a model write the test, and run it.

    Returns:
        The failure as the test shows it, and its reproduction on a commit of fixer's own that has the test; or why
        there is none.

    Raises:
        ModelError: the model has met a limit, and said when that is over.
    """
    if draft.execution is None:
        raise RuntimeError("nothing was read yet")
    prompt = load_prompt(PROMPTS[shop.given.request.deterministic], shop.repository)
    shop.talk("the model writes a test that shows the failure")
    try:
        with Workspaces(shop, commit).open() as space:
            author = _Author(draft.execution, shop, failure, space, prompt, reasons)
            worked = asyncio.run(author.converse())
    except FixerError as error:
        return NotReproduced(f"no test could be written: {error.message}", Shown.NONE)
    worked.put_off()
    found: tuple[Failure, Reproduction] | NotReproduced
    if worked.ending is Ending.SUBMITTED:
        found = _kept(author, worked, commit)
    else:
        found = NotReproduced(
            f"a model wrote no test that shows it ({worked.ending.value}): {worked.words}", Shown.NONE
        )
    shop.record(PROMPT_OUTCOME, {"prompt": prompt.mark, "succeeded": not isinstance(found, NotReproduced)})
    return found


@dataclass
class _Author:
    """One conversation about one test."""

    execution: Execution
    shop: Workshop
    failure: Failure
    space: Workspace
    prompt: Prompt
    reasons: tuple[str, ...]
    tries: int = 0
    shown: Failure | None = None
    """The failure as the accepted test shows it."""
    text: str = ""
    """The accepted test, as it was read before it ran."""
    desk: Desk = field(init=False)
    path: str = field(init=False)
    tool: str = field(init=False)
    """The runner that the test is written for."""

    def __post_init__(self) -> None:
        """Set the desk up: one file may be written, and everything may be read."""
        self.desk = Desk(
            tree=self.space.tree,
            run=self.space.run,
            mask=self.shop.masker.mask,
            refuses=lambda path: "" if path == self.path else f"only the new file {self.path} may be written",
            accepts=self.judge,
            seconds_left=lambda: self.shop.phase.left,
        )
        self.path = _place(self.failure, self.desk)
        self.tool = _tool(self.failure, self.desk)
        python = self.shop.python_for(self.tool)
        named = ("python", "-m", self.tool)
        self.desk.commands = (Allowed(named, (python, *named[1:]), names_tests=True),)

    async def converse(self) -> Worked:
        """Talk until the test shows the failure, or the model, the steps or the time give up."""
        shop, settings = self.shop, self.shop.given.settings
        end = time.monotonic() + shop.phase.left * SHARE
        limits = Limits.of(settings, self.prompt.model, lambda: end - time.monotonic())
        system, first = self.prompt.filled(await asyncio.to_thread(self.told, limits))
        client = shop.models.open("")
        try:
            transcript = Transcript(shop.record, shop.talk, shop.masker.mask, "test writer")
            return await work(client, system, first, Toolbox(self.desk), limits, transcript)
        finally:
            self.space.cancel()
            await client.close()

    def told(self, limits: Limits) -> dict[str, str]:
        """Return the text for each placeholder."""
        known = Known(
            failure=self.failure,
            reproduction=None,
            diagnosis=None,
            desk=self.desk,
            log=_part_of_log(self.execution, self.failure),
            prompt=self.shop.given.request.prompt,
            steps=limits.steps,
            minutes=max(1.0, limits.seconds_left() / 60),
        )
        ran = marking.data("what fixer ran, and what it saw", "\n".join(self.reasons) or "nothing", limit=1_500)
        more = {"file": self.path, "form": self.tool, "lines": str(MAX_LINES)}
        return {**values(known), **more, "tries": str(MAX_TRIES), "ran": self.desk.mask(ran)}

    def judge(self) -> str:
        """Run the test as it is now; return why it is not taken, with what was seen, or nothing."""
        if self.tries >= MAX_TRIES:
            return f"{MAX_TRIES} versions were run and none was right; submit with the outcome gave_up"
        self.tries += 1
        text = self.desk.files.read(self.path).decode("utf-8", "replace")
        if reason := dishonest(text, self._is_module):
            return reason
        found = show(self, self.space, until_first=not self.shop.given.request.deterministic)
        if isinstance(found, NotReproduced):
            return self.desk.told(self.desk.mask(found.reason))
        output = found.files["logs/reproduction.log"]
        seen = self.shop.failures_in(output)
        if reason := another_failure(self.failure, seen, self.path, self._is_file):
            return self.desk.told(self.desk.mask(reason))
        self.shown, self.text = as_shown(self.failure, seen), text
        return ""

    def _is_file(self, path: str) -> bool:
        return any(name == path or path.endswith(f"/{name}") or name.endswith(f"/{path}") for name in self._files())

    def _is_module(self, name: str) -> bool:
        own = name.replace(".", "/")
        ends = (f"{own}.py", f"{own}/__init__.py")
        files = [file for file in self._files() if file != self.path]
        return any(file == end or file.endswith(f"/{end}") for file in files for end in ends)

    def _files(self) -> list[str]:
        return list(project_files(self.desk))


def show(author: _Author, space: Workspace, *, until_first: bool = False) -> Reproduction | NotReproduced:
    """Run the test by itself: every run has to show the failure, or a share of them where it comes and goes.

    With `until_first`, one that comes and goes is only looked for: its rate is measured once the test is taken.
    """
    shop = author.shop
    failed = threading.Event()

    def run(invocation: Invocation) -> CommandResult:
        result = space.run(invocation)
        if not result.passed:
            failed.set()
        return result

    lab = Lab(
        tree=space.tree,
        run=run,
        failures_in=shop.failures_in,
        python=shop.python_for(author.tool),
        stop=lambda: shop.phase.stop() or (until_first and failed.is_set()),
    )
    deterministic = shop.given.request.deterministic
    return reproduce_by(
        author.failure, author.execution, author.path, lab, tool=author.tool, deterministic=deterministic
    )


def as_shown(failure: Failure, seen: list[Failure]) -> Failure:
    """Return the log's failure, in the place where the test shows it."""
    alike = next(one for one in seen if one.fingerprint == failure.fingerprint)
    names = ("test", "shown_as", "file", "line", "column", "message", "frames", "exception")
    return failure.model_copy(update={name: getattr(alike, name) for name in names})


def _kept(author: _Author, worked: Worked, commit: str) -> tuple[Failure, Reproduction] | NotReproduced:
    """Put the accepted test on top of the commit, in the run's own tree, and run it there once more."""
    shop, path, text = author.shop, author.path, author.text
    if author.shown is None:
        raise RuntimeError("a submission was taken that shows nothing")
    put(shop, path, text, commit)
    own = Workspace(tree=shop.tree, run=shop.run, scratch=shop.sandbox.scratch, cancel=lambda: None)
    found = show(author, own)
    if isinstance(found, NotReproduced):
        return found
    by = f"{worked.model}, prompt {author.prompt.name} version {author.prompt.version}"
    written = WrittenTest(path=path, text=text, on=commit, by=by)
    files = {**found.files, f"tests/{PurePosixPath(path).name}": text}
    return author.shown, found.model_copy(update={"written": written, "files": files})


def put(shop: Workshop, path: str, text: str, commit: str) -> str:
    """Commit the test on top of `commit`, on no branch, and leave it checked out in the run's tree."""
    shop.tree.reset(commit)
    target = shop.tree.path / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    shop.tree.git.run("add", "--force", "--", path)
    return shop.tree.commit_all(f"Add a test that shows the failure\n\n{path} fails until the failure is mended.\n")


def _place(failure: Failure, desk: Desk) -> str:
    """Return where the test goes: beside the failing test, else beside the first one, else at the top."""
    files = list(project_files(desk))
    tests = [name for name in files if PurePosixPath(name).name.startswith("test_") and name.endswith(".py")]
    own = [name for name in tests if failure.file and (name == failure.file or failure.file.endswith(f"/{name}"))]
    folder = PurePosixPath((own or tests or ["top"])[0]).parent
    slug = name_for(failure).replace("-", "_")
    return str(folder / f"test_{slug.removeprefix('test_')}.py")


def _tool(failure: Failure, desk: Desk) -> str:
    """Return the runner of the project's tests: pytest, unless all of them do without it."""
    if failure.tool != "traceback":
        return failure.tool
    tests = [name for name in project_files(desk) if PurePosixPath(name).match("test_*.py")]
    plain = all("unittest" in desk.read(name) for name in tests[:MAX_TESTS_READ])
    return "unittest" if plain else "pytest"


def _part_of_log(execution: Execution, failure: Failure) -> str:
    if execution.log_path is None:
        return ""
    try:
        lines = Path(execution.log_path).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    at = failure.log_line or len(lines)
    return "\n".join(lines[max(0, at - LOG_LINES) : at + LOG_LINES])
