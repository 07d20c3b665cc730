"""What is known about a failure goes in, the texts for a prompt's placeholders come out, each bounded."""

from dataclasses import astuple, dataclass

from fixer.agent import marking
from fixer.agent.desk import Desk, plain_output
from fixer.agent.localisation import Place, lines_of_test, places
from fixer.agent.refusal import Refused
from fixer.agent.tools.list_files import project_files
from fixer.schema.diagnosis import Diagnosis
from fixer.schema.failure import Failure
from fixer.schema.report import Attempt
from fixer.schema.reproduction import Reproduction
from fixer.schema.verification import Verdict
from fixer.terminal import clean_line

MAX_PLACES = 5


@dataclass(frozen=True)
class Room:
    """Characters of each part."""

    output: int = 2_600
    change: int = 2_000
    code: int = 3_800
    test: int = 1_600
    tried: int = 1_800
    around: int = 9
    """Lines of code before and after a place."""

    def scaled(self, part: float) -> "Room":
        """Return so much of it."""
        return Room(*(max(2, int(size * part)) for size in astuple(self)))


BESIDE_TOOLS = Room()
"""Together with the prompt and the tools below 6,000 tokens; what is missing the model reads."""
ALONE = Room(output=2_200, change=1_600, code=7_000, test=1_600, tried=1_200, around=40)
"""For a model that reads little more than this."""


@dataclass(frozen=True)
class Known:
    """Everything that is known when a model is asked."""

    failure: Failure
    reproduction: Reproduction | None
    """None: the failure does not show here yet."""
    diagnosis: Diagnosis | None
    desk: Desk
    """Where its files are."""
    root: str = ""
    """The folder that the reproduction's log calls the project's."""
    log: str = ""
    """What the failing run of the CI printed, where there is no reproduction."""
    prompt: str = ""
    """What the user said."""
    attempts: tuple[Attempt, ...] = ()
    """Patches that were tried before, with their verdicts."""
    notes: tuple[str, ...] = ()
    """What earlier conversations came to."""
    steps: int = 0
    minutes: float = 0

    @property
    def test_files(self) -> tuple[str, ...]:
        """The files that say what is right."""
        return self.reproduction.test_files if self.reproduction else ()

    def look(self, path: str) -> str | None:
        """Return a file's text as it is, to find lines in it: nothing of it may be shown."""
        try:
            return self.desk.files.read(path).decode("utf-8", "replace")
        except (Refused, OSError):
            return None

    def read(self, path: str) -> str | None:
        """Return a file's text, masked; None where it cannot be read."""
        try:
            return self.desk.read(path)
        except (Refused, OSError):
            return None


def values(known: Known, room: Room = BESIDE_TOOLS) -> dict[str, str]:
    """Return the text for each placeholder that prompts about a failure may have; all of it is masked."""
    change = known.diagnosis.minimal_change if known.diagnosis else None
    found = places(known.failure, change, known.test_files, project_files(known.desk), known.look)
    parts = {
        "failure": _failure(known),
        "output": _output(known, room.output),
        "test": _test(known, room.test),
        "places": _places(known, found, room),
        "change": _change(known, room.change),
        "tried": _tried(known, room.tried),
        "commands": _commands(known),
        "steps": str(known.steps),
        "minutes": f"{known.minutes:.0f}",
    }
    return {name: known.desk.mask(text) for name, text in parts.items()}


def _failure(known: Known) -> str:
    failure, reproduction = known.failure, known.reproduction
    how = "not shown here yet"
    if reproduction is not None:
        rate = f"in {reproduction.failure_rate:.0%} of {reproduction.runs} runs"
        how = "always" if reproduction.deterministic else rate
    own = reproduction.test if reproduction else None
    lines = [
        f"tool: {failure.tool}",
        f"test: {failure.test or own or 'none: the command itself fails'}",
        f"message: {failure.message}",
        f"reported at: {failure.file}:{failure.line}" if failure.file else "",
        f"fails: {how}",
        f"cause as far as rules can tell: {known.diagnosis.root_cause.value}" if known.diagnosis else "",
        f"the user says: {known.prompt}" if known.prompt else "",
    ]
    return marking.data("the failure", "\n".join(line for line in lines if line), limit=1_200)


def _output(known: Known, limit: int) -> str:
    files = known.reproduction.files if known.reproduction else {"logs/ci.log": known.log}
    log = files.get("logs/reproduction.log") or next((files[name] for name in sorted(files) if name[:5] == "logs/"), "")
    if not log:
        return "Nothing was kept of it: use run_reproduction."
    return marking.data("output of the failing run", plain_output(log, *filter(None, [known.root])), limit=limit)


def _test(known: Known, limit: int) -> str:
    for path in known.test_files[:1]:
        text = known.read(path)
        span = lines_of_test(text, known.failure.test) if text else None
        if text and span:
            lines = text.split("\n")[span[0] - 1 : span[1]]
            shown = marking.numbered(lines, span[0])
            return f"{path} (data):\n{shown[:limit]}"
    return "Read it with read_file: " + (", ".join(known.test_files[:5]) or "there is no file of tests")


def _places(known: Known, found: list[Place], room: Room) -> str:
    if not found:
        return "Nothing points to a line. Search for what the failing test uses."
    parts = []
    left = room.code
    for place in found[:MAX_PLACES]:
        header = f"{clean_line(place.path)}:{place.line}: {clean_line(place.why)}"
        window = _window(known, place, min(left, room.code // 2), room.around)
        left -= len(window)
        parts.append(f"{header}\n{window}" if window else header)
    return "\n".join(parts)


def _window(known: Known, place: Place, room: int, most: int) -> str:
    """Return the code around a place as data, as much as there is room for."""
    if place.path in known.test_files:
        return ""
    text = known.read(place.path)
    if text is None or room < 200:
        return ""
    lines = text.rstrip("\n").split("\n")
    for around in range(max(2, most), 1, -2):
        # Of a definition its own lines say more than those before it.
        first = max(0, place.line - 1 - (2 if place.last else around))
        end = min(place.last, place.line + 2 * around) if place.last else place.line + around
        shown = marking.numbered(lines[first:end], first + 1)
        if len(shown) <= room:
            return shown
    return ""


def _change(known: Known, limit: int) -> str:
    change = known.diagnosis.minimal_change if known.diagnosis else None
    if change is None:
        reason = known.diagnosis.no_minimal_change if known.diagnosis else ""
        return f"Not known: {clean_line(reason) or 'it was not looked for'}."
    title = f"smallest part of commit {change.culprit[:12]} that makes it fail, subject and diff"
    text = "\n".join([change.culprit_subject, *(hunk.strip("\n") for hunk in change.hunks)])
    return marking.data(title, text, limit=limit)


def _tried(known: Known, limit: int) -> str:
    """Say what was tried and why it failed, the newest last: that is what must not be done again."""
    refused = [one for one in known.attempts if one.verification.verdict is not Verdict.VERIFIED][-4:]
    if not refused and not known.notes:
        return "Nothing yet."
    room = limit // max(1, len(refused) + len(known.notes))
    parts = [
        marking.data(
            f"refused patch by {one.patch.strategy}",
            f"{one.patch.summary}\nwhy it was refused: {one.verification.reason}\n{_changed_lines(one.patch.diff)}",
            limit=room,
            keep="start",
        )
        for one in refused
    ]
    parts += [marking.data("an earlier conversation", note, limit=room, keep="start") for note in known.notes[-3:]]
    return "\n".join(parts)


def _changed_lines(diff: str) -> str:
    """Return a diff without the lines that stay as they are."""
    return "\n".join(line for line in diff.split("\n") if line.startswith(("+", "-", "@@")))


def _commands(known: Known) -> str:
    shown = [" ".join(one.shown) for one in known.desk.commands]
    return "; ".join(shown) if shown else "none"
