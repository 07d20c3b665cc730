"""People to ask, from real blame, history and CODEOWNERS."""

import subprocess
from pathlib import Path

from fixer.diagnosis.people import people_to_ask
from fixer.git import AUTHOR, Git
from tests.diagnosis.conftest import History


def author(name: str, mail: str, day: str = "2026-05-02") -> dict[str, str]:
    return {"GIT_AUTHOR_NAME": name, "GIT_AUTHOR_EMAIL": mail, "GIT_AUTHOR_DATE": f"{day}T12:00:00+0000"}


ADA = author("Ada", "ada@example.com")
BEN = author("Ben", "ben@example.com", "2026-06-03")


def test_who_wrote_the_failing_line_comes_first(history: History) -> None:
    first = history.commit("Start", {"cart.py": "one\ntwo\nthree\n", "README": "x"}, **ADA)
    second = history.commit("Change two", {"cart.py": "one\nTWO\nthree\n"}, **BEN)
    people = people_to_ask(history.git, "HEAD", [("cart.py", 2)], [])
    assert [(p.name, p.contact) for p in people] == [("Ben", "ben@example.com"), ("Ada", "ada@example.com")]
    assert people[0].reasons == (
        f"wrote line 2 of cart.py in {second[:7]} (2026-06-03)",
        f"changed cart.py in {second[:7]} (2026-06-03)",
    )
    assert people[1].reasons == (f"changed cart.py in {first[:7]} (2026-05-02)",)


def test_whitespace_changes_nobody(history: History) -> None:
    history.commit("Start", {"cart.py": "if x:\n  total()\n"}, **ADA)
    history.commit("Indent", {"cart.py": "if x:\n    total()\n"}, **BEN)
    people = people_to_ask(history.git, "HEAD", [("cart.py", 2)], [])
    assert people[0].name == "Ada"


def test_machines_and_fixer_are_left_out(history: History) -> None:
    bots = [
        author("dependabot[bot]", "49699333+dependabot[bot]@users.noreply.github.com"),
        author("renovate-bot", "r@example.com"),
        author("CI", "noreply@example.com"),
        author(AUTHOR["GIT_AUTHOR_NAME"], AUTHOR["GIT_AUTHOR_EMAIL"]),
    ]
    for number, bot in enumerate(bots):
        history.commit("Bump", {"a.py": f"{number}\n"}, **bot)
    history.commit("Ask Abbott", {"b.py": "x\n"}, **author("Abbott", "12+abbott@users.noreply.github.com"))
    people = people_to_ask(history.git, "HEAD", [("a.py", 1)], ["a.py", "b.py"])
    assert [p.name for p in people] == ["Abbott"]


def test_one_person_under_two_addresses(history: History) -> None:
    names = "Ada L <ada@example.com>\nAda L <ada@example.com> <old@example.com>\n"
    history.commit("Start", {"a.py": "1\n", ".mailmap": names}, **ADA)
    history.commit("More", {"a.py": "1\n2\n"}, **author("ada", "old@example.com", "2026-05-04"))
    people = people_to_ask(history.git, "HEAD", [("a.py", 1), ("a.py", 2)], ["a.py"])
    (ada,) = people
    assert (ada.name, ada.contact) == ("Ada L", "ada@example.com")
    assert len(ada.reasons) == 3
    assert "and 1 more of the last" in ada.reasons[-1]


def test_owners_in_each_of_the_three_places(history: History) -> None:
    for place in ("docs/CODEOWNERS", "CODEOWNERS", ".github/CODEOWNERS"):
        team = "@org/" + place.split("/", maxsplit=1)[0].strip(".").lower()
        history.commit("Owners", {place: f"*.py {team} eva@example.com\n", "a.py": place}, **ADA)
        people = {p.name: p for p in people_to_ask(history.git, "HEAD", [], ["a.py"])}
        assert people[team].reasons == (f"owns a.py ({place})",)
        assert people["eva@example.com"].contact == "eva@example.com"


def test_broken_owners_file_names_nobody(history: History) -> None:
    history.commit("Owners", {"CODEOWNERS": "[a-z @org/team\n", "a.py": "1\n"}, **ADA)
    assert [p.name for p in people_to_ask(history.git, "HEAD", [], ["a.py"])] == ["Ada"]


def test_what_is_not_there_is_passed_over(history: History) -> None:
    history.commit("Start", {"a.py": "1\n", "-L1.py": "1\n", "empty": ""}, **ADA)
    lines = [("gone.py", 1), ("a.py", 99), ("a.py", 0), ("-L1.py", 1), ("empty", 1)]
    people = people_to_ask(history.git, "HEAD", lines, ["gone.py"])
    assert [p.name for p in people] == ["Ada"]
    assert people[0].reasons[0].startswith("wrote line 1 of -L1.py")
    assert people_to_ask(history.git, "no-such-commit", lines, ["a.py"]) == ()


def test_the_end_of_a_shallow_clone_blames_nobody(history: History, tmp_path: Path) -> None:
    history.commit("Start", {"a.py": "1\n"}, **ADA)
    history.commit("Elsewhere", {"b.py": "1\n"}, **BEN)
    history.commit("Here", {"c.py": "1\n"}, **author("Eva", "eva@example.com"))
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", "--depth", "2", f"file://{history.path}", clone], check=True)
    assert [p.name for p in people_to_ask(Git(clone), "HEAD", [("a.py", 1), ("c.py", 1)], [])] == ["Eva"]


def test_the_limit_holds(history: History) -> None:
    for number in range(8):
        history.commit("Change", {"a.py": f"{number}\n"}, **author(f"P{number}", f"p{number}@example.com"))
    assert len(people_to_ask(history.git, "HEAD", [], ["a.py"], limit=3)) == 3
