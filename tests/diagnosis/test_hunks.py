"""Parts of a diff: whatever is chosen, git takes back exactly that."""

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fixer.diagnosis.hunks import FileDiff, Part, by_hunk, by_run, parts_of, read_diff, render
from fixer.git import Git
from tests.diagnosis.conftest import History

WORDS = st.lists(st.sampled_from(["a", "b", "c\r", "-- x", "++ y", "", " ", "\x0c", "é\u2028", "\\ No"]), max_size=24)


def text(words: list[str], end: str) -> str:
    return "\n".join(words) + (end if words else "")


def expected(new: str, file: FileDiff, chosen: set[Part]) -> str:
    """Take runs back by hand: walk over the new text and put the old lines in the place of chosen ones."""
    rest = new.split("\n")
    keep = [line + "\n" for line in rest[:-1]] + ([rest[-1]] if rest[-1] else [])
    result: list[str] = []
    at = 0
    for place, hunk in enumerate(file.hunks):
        first = max(hunk.new_start - 1, 0)
        result += keep[at:first]
        at = first
        stripped = {i for i, line in enumerate(hunk.lines[1:]) if line.mark == "\\"}
        for i, line in enumerate(hunk.lines):
            value = line.text.removesuffix("\n") if i in stripped else line.text
            taken = line.run is not None and Part(0, place, line.run) in chosen
            if line.mark == " " or (line.mark == "+" and not taken) or (line.mark == "-" and taken):
                result.append(value)
            at += line.mark in " +"
    return "".join(result + keep[at:])


def repository(tmp_path: Path) -> Git:
    place = tmp_path / "repository"
    if place.exists():
        return Git(place)
    return History(place).git


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(old=WORDS, new=WORDS, ends=st.tuples(st.sampled_from(["", "\n"]), st.sampled_from(["", "\n"])), choice=st.data())
def test_any_choice_is_taken_back_exactly(
    tmp_path: Path, old: list[str], new: list[str], ends: tuple[str, str], choice: st.DataObject
) -> None:
    git = repository(tmp_path)
    before, after = text(old, ends[0]), text(new, ends[1])
    trees = []
    for content in (before, after):
        (git.folder / "f x.txt").write_bytes(content.encode())
        git.run("add", "--all")
        trees.append(git.line("write-tree"))
    files = read_diff(git.diff(*trees))
    parts = parts_of(files)
    if not parts:
        assert before == after
        return
    chosen = choice.draw(st.lists(st.sampled_from(parts), min_size=1, unique=True))
    git.run("apply", "--whitespace=nowarn", "--reverse", "-", stdin=render(files, chosen))
    left = (git.folder / "f x.txt").read_bytes().decode()
    assert left == expected(after, files[0], set(chosen))
    if set(chosen) == set(parts):
        assert left == before


def test_everything_is_the_diff_itself(history: History) -> None:
    old = history.commit(
        "Start", {"a": "1\n2\n", "d": "x", "b.bin": b"\0\1", 'we"ird\tname': "1\n", "moved": "m\n" * 9}
    )
    (history.path / "moved").rename(history.path / "new place")
    files = {
        "a": "1\n3\n",
        "d": None,
        "b.bin": b"\0\2",
        'we"ird\tname': "2\n",
        "n": "n",
        "new place": "m\n" * 9 + "k\n",
    }
    new = history.commit("Change", files)
    diff = read_diff(history.git.diff(old, new))
    assert len(diff) == 6
    history.git.run("apply", "--reverse", "-", stdin=render(diff, parts_of(diff)))
    history.git.run("add", "--all")
    assert history.git.run("diff", "--cached", "--stat", old).stdout == ""


def test_content_without_the_rename(history: History) -> None:
    old = history.commit("Start", {"a b": "m\n" * 9})
    (history.path / "a b").rename(history.path / "c d")
    new = history.commit("Change", {"c d": "m\n" * 9 + "k\n"})
    diff = read_diff(history.git.diff(old, new))
    rename, content = parts_of(diff)
    history.git.run("apply", "--reverse", "-", stdin=render(diff, [content]))
    assert (history.path / "c d").read_text() == "m\n" * 9
    history.git.run("apply", "--reverse", "-", stdin=render(diff, [rename]))
    assert (history.path / "a b").read_text() == "m\n" * 9


def test_groups() -> None:
    parts = [Part(0, 0, 0), Part(0, 0, 1), Part(0, 1, 0), Part(1, 0, 0)]
    assert [len(group) for group in by_hunk(parts)] == [2, 1, 1]
    assert [len(group) for group in by_run(parts)] == [1, 1, 1, 1]


def test_hunks_are_found_among_lines_that_repeat(history: History) -> None:
    before = ["x\n"] * 300
    after = before[:5] + ["new\n"] * 31 + before[5:150] + ["y\n"] + before[151:]
    old = history.commit("Start", {"a": "".join(before)})
    new = history.commit("Change", {"a": "".join(after)})
    diff = read_diff(history.git.diff(old, new))
    first, second = parts_of(diff)
    assert first.hunk != second.hunk
    assert "@@ -148,7 +179,7 @@" in render(diff, [first, second])
    assert "@@ -179,7 +179,7 @@" in render(diff, [second])
    history.git.run("apply", "--reverse", "-", stdin=render(diff, [first, second]))
    assert (history.path / "a").read_text() == "".join(before)
