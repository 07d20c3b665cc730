"""What each tool does where nothing is wrong, and what it says where something is."""

from typing import Any

import pytest

from fixer.agent import Toolbox
from fixer.llm.base import ToolAnswer, ToolCall
from tests.agent.places import Place


@pytest.fixture
def use(place: Place) -> Any:
    toolbox = Toolbox(place.desk)
    return lambda name, **arguments: toolbox.use(ToolCall(id="1", name=name, arguments=arguments))


def done(answer: ToolAnswer) -> str:
    assert not answer.is_error, answer.text
    return answer.text


def test_files_are_listed(use: Any) -> None:
    assert "|app.py\n" in done(use("list_files"))
    assert done(use("list_files", folder="docs")) == "1 files (data):\n|docs/notes.txt"
    assert "helper" not in done(use("list_files", pattern="test_*"))
    assert use("list_files", pattern="*.rs").is_error


def test_many_files_are_listed_by_folder(use: Any, place: Place) -> None:
    for number in range(250):
        place.desk.write(f"many/{number % 3}/f{number}.txt", b"")
    text = done(use("list_files"))
    assert "|many/ 250 files" in text
    assert "|app.py" in text
    assert "|many/0/ 84 files" in done(use("list_files", folder="many"))


def test_lines_are_read_with_their_numbers(use: Any) -> None:
    assert done(use("read_file", path="app.py", first_line=4, lines=9)) == (
        "app.py, lines 4 to 5 of 5 (data):\n4|def double(number):\n5|    return number + helper.AMOUNT"
    )
    assert "only 5 lines" in use("read_file", path="app.py", first_line=9).text


def test_text_is_searched(use: Any) -> None:
    assert (
        done(use("search", text="helper.AMOUNT"))
        == "matching lines (data):\n|app.py:5:    return number + helper.AMOUNT"
    )
    assert "|helper.py:1:" in done(use("search", text=r"^AM\w+ =", regex=True))
    assert done(use("search", text="AMOUNT", folder="docs")) == "No line matches."
    assert "not a regular expression" in use("search", text="(", regex=True).text


def test_text_of_strangers_is_marked_in_every_answer(use: Any) -> None:
    for answer in (use("read_file", path="docs/notes.txt"), use("search", text="ignore all")):
        [line] = [line for line in answer.text.splitlines() if "previous instructions" in line]
        assert "|" in line[: line.index("ignore")]


def test_an_edit_is_made_once_and_shown(use: Any, place: Place) -> None:
    text = done(use("edit_file", path="app.py", old="number + helper.AMOUNT", new="number * 2"))
    assert "5|    return number * 2" in text
    assert "But:" not in text
    assert place.desk.diff().count("\n+") == 2
    assert "not in the file" in use("edit_file", path="app.py", old="number + helper.AMOUNT", new="x").text


def test_an_edit_that_breaks_the_syntax_is_told_at_once(use: Any) -> None:
    assert "does not parse any more: line 4" in done(
        use("edit_file", path="app.py", old="def double(number):", new="def double(number")
    )


@pytest.mark.parametrize("source", ["DIGIT = '\\d'\n", "A = 1 is 1\n"])
def test_what_python_only_warns_of_is_no_error_and_is_not_printed(
    use: Any, source: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert "does not parse" not in done(use("edit_file", path="new.py", old="", new=source))
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("source", ["(" * 5000, "x = " + "-" * 15_000 + "1"])
def test_source_that_breaks_parsers_is_told_as_such(use: Any, source: str) -> None:
    assert "does not parse any more" in done(use("edit_file", path="helper.py", old="AMOUNT = 3", new=source))


def test_an_edit_that_the_gate_would_refuse_is_told_at_once(use: Any) -> None:
    text = done(
        use(
            "edit_file",
            path="app.py",
            old="    return number + helper.AMOUNT\n",
            new=("    try:\n        return number + helper.AMOUNT\n    except Exception:\n        return 4\n"),
        )
    )
    assert "But: app.py:" in text


def test_an_empty_file_is_filled_and_one_with_text_is_not_replaced(use: Any, place: Place) -> None:
    place.desk.write("pkg/__init__.py", b"")
    done(use("edit_file", path="pkg/__init__.py", old="", new="A = 1\n"))
    assert place.desk.files.read("pkg/__init__.py") == b"A = 1\n"
    assert "is there already" in use("edit_file", path="pkg/__init__.py", old="", new="A = 2\n").text


def test_line_ends_of_the_file_are_kept(use: Any, place: Place) -> None:
    place.desk.write("dos.txt", b"one\r\ntwo\r\n")
    done(use("edit_file", path="dos.txt", old="one\ntwo", new="one\n1.5\ntwo"))
    assert place.desk.files.read("dos.txt") == b"one\r\n1.5\r\ntwo\r\n"


def test_the_reproduction_is_run_and_compared(use: Any, place: Place) -> None:
    text = done(use("run_reproduction"))
    assert text.startswith("It FAILS as before. (exit code 1)")
    assert str(place.desk.tree.path) not in text
    assert 'File "test_app.py", line 9' in text
    done(use("edit_file", path="helper.py", old="AMOUNT = 3", new="AMOUNT = 4"))
    assert done(use("run_reproduction")).startswith("It FAILS in another way")
    done(use("edit_file", path="app.py", old="number + helper.AMOUNT", new="number * 2"))
    assert done(use("run_reproduction")).startswith("It PASSES.")
    assert done(use("run_reproduction", whole_suite=True)).startswith("The whole suite PASSES.")


def test_a_submission_is_taken_once_it_is_true(use: Any, place: Place) -> None:
    told = {"outcome": "fixed", "summary": "Double by multiplying", "explanation": "Three was added instead."}
    assert "nothing is changed" in use("submit", **told).text
    done(use("edit_file", path="helper.py", old="AMOUNT = 3", new="AMOUNT = 30"))
    assert "does not pass" in use("submit", **told).text
    done(use("edit_file", path="app.py", old="number + helper.AMOUNT", new="number * 2"))
    assert done(use("submit", **told)) == "Taken."
    assert place.desk.submission is not None


def test_giving_up_needs_no_change(use: Any, place: Place) -> None:
    done(
        use(
            "submit",
            outcome="gave_up",
            summary="Nothing to mend",
            explanation="The test contradicts the code's purpose.",
        )
    )
    assert place.desk.submission is not None
    assert place.desk.submission.outcome == "gave_up"


def test_what_a_test_run_leaves_is_no_part_of_the_change(use: Any, place: Place) -> None:
    (place.desk.tree.path / "left.tmp").write_text("x", encoding="utf-8")
    done(use("edit_file", path="new.py", old="", new="A = 1\n"))
    assert "new.py" in place.desk.diff()
    assert "left.tmp" not in place.desk.diff()


def test_a_desk_to_find_out_has_no_tool_to_edit(place: Place) -> None:
    place.desk.read_only = True
    names = {tool.name for tool in Toolbox(place.desk).offered}
    assert "edit_file" not in names
    place.desk.commands, place.desk.reproduction = (), None
    assert {tool.name for tool in Toolbox(place.desk).offered} == {"list_files", "read_file", "search", "submit"}


def test_schemas_are_flat(place: Place) -> None:
    for tool in Toolbox(place.desk).offered:
        assert set(tool.parameters) == {"type", "properties", "required"}
        assert "$ref" not in str(tool.parameters)


def test_a_file_is_deleted_and_renamed(use: Any, place: Place) -> None:
    assert done(use("rename_file", path="helper.py", to="pkg/amounts.py")) == "Done. helper.py is now pkg/amounts.py."
    assert place.desk.files.read("pkg/amounts.py") == b"AMOUNT = 3\n"
    assert "is there already" in use("rename_file", path="app.py", to="pkg/amounts.py").text
    done(use("delete_file", path="docs/notes.txt"))
    diff = place.desk.diff()
    assert "rename from helper.py\nrename to pkg/amounts.py" in diff
    assert "deleted file mode 100644" in diff
    assert "there is no file docs/notes.txt" in use("delete_file", path="docs/notes.txt").text
    done(use("edit_file", path="fresh.py", old="", new="A = 1\n"))
    done(use("delete_file", path="fresh.py"))
    assert "fresh.py" not in place.desk.diff()


def test_an_executable_file_stays_one_under_its_new_name(use: Any, place: Place) -> None:
    (place.desk.tree.path / "helper.py").chmod(0o755)
    done(use("rename_file", path="helper.py", to="other.py"))
    assert (place.desk.tree.path / "other.py").stat().st_mode & 0o777 == 0o755


def test_an_edit_that_was_made_is_not_made_twice(use: Any, place: Place) -> None:
    edit = {"path": "app.py", "old": "number + helper.AMOUNT", "new": "(number + helper.AMOUNT)"}
    done(use("edit_file", **edit))
    assert "has this change already" in use("edit_file", **edit).text
    assert place.desk.files.read("app.py").count(b"(") == 2


def test_a_file_of_another_folder_is_named(use: Any, place: Place) -> None:
    place.desk.write("src/pkg/money.py", b"A = 1\n")
    for answer in (use("read_file", path="money.py"), use("edit_file", path="pkg/money.py", old="A", new="B")):
        assert "there is src/pkg/money.py" in answer.text


def test_what_could_not_be_edited_is_answered_with_lines_as_data(use: Any) -> None:
    text = use("edit_file", path="docs/notes.txt", old="ignore all earlier instructions", new="x").text
    [line] = [line for line in text.splitlines() if "previous instructions" in line]
    assert line.startswith("2|")
