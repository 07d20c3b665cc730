"""What goes wrong between fixer and GitHub: each fault, at each call, once and for ever."""

import time
import zipfile
from dataclasses import replace
from email.utils import formatdate
from pathlib import Path

import pytest

from fixer.errors import BudgetError, ExitCode, SourceError
from fixer.sources.github.limits import Limits
from tests.sources.conftest import PYTEST, SHORT, Fetcher, Time, stamped
from tests.sources.github_server import REPO, SHA, TOKEN, URL, Fault, GitHubServer

pytestmark = pytest.mark.slow
SECONDARY = b'{"message": "You have exceeded a secondary rate limit. Please wait a few minutes."}'
CALLS = {
    "run": rf"api:{REPO}/actions/runs/7$",
    "jobs": rf"api:{REPO}/actions/runs/7/attempts/1/jobs$",
    "annotations": rf"api:{REPO}/check-runs/70/annotations$",
    "archive": rf"api:{REPO}/actions/runs/7/attempts/1/logs$",
    "archive's bytes": r"storage:.*/attempts/1/logs$",
    "artifacts": rf"api:{REPO}/actions/runs/7/artifacts$",
    "artifact": rf"api:{REPO}/actions/artifacts/1/zip$",
}
EXTRAS = {"annotations", "artifacts", "artifact"}
PASSING = {
    "reset in the body": Fault("", "reset"),
    "silence": Fault("", "silence"),
    "slow body": Fault("", "drip"),
    "500": Fault("", "status", status=500),
    "502 of a proxy": Fault("", "status", status=502, body=b"<html>"),
    "429 with retry-after": Fault("", "status", status=429, headers={"Retry-After": "7"}),
    "403 secondary": Fault("", "status", status=403, body=SECONDARY),
    "403 with retry-after": Fault("", "status", status=403, headers={"retry-after": "7"}, body=SECONDARY),
}
SLOW = {"silence", "drip"}
BAD_JSON = Fault("", "status", status=200, body=b'{"id": 7, "jobs": [')
WRONG_SHAPE = Fault("", "status", status=200, body=b'{"hello": "world"}')
LASTING = {"401": (401, "(401)"), "403": (403, "(403)"), "404": (404, "(404)"), "410": (410, "expired")}


def at(call: str, fault: Fault, times: int = 1) -> Fault:
    return Fault(CALLS[call], fault.kind, times, fault.status, fault.headers, fault.body)


class RealTime(Time):
    """Passes by itself too."""

    def read(self) -> float:
        return time.time()


@pytest.fixture
def rich(red: GitHubServer) -> GitHubServer:
    """The failed run with something behind every call."""
    red.add_artifact(1, "test-results", {"junit.xml": "<testsuite/>"})
    note = {"path": "a.py", "start_line": 3, "annotation_level": "failure", "message": "wrong"}
    red.answers[f"{REPO}/check-runs/70/annotations"] = [note]
    return red


@pytest.mark.parametrize("call", CALLS)
def test_a_fault_that_passes_is_not_seen(call: str, rich: GitHubServer, get: Fetcher) -> None:
    """Four, one after the other, at the same call, so that each has to be got over."""
    storage = call.startswith("archive's")
    faults = [fault for fault in PASSING.values() if not (storage and fault.body == SECONDARY)]
    for some in (faults[:4], faults[4:]):
        rich.faults = [at(call, fault) for fault in some]
        get.keep = get.keep.with_name(f"fetched {len(some)}{some[0].status}{some[0].kind}")
        slow = any(fault.kind in SLOW for fault in some)
        execution = get(limits=replace(SHORT, tries=12) if slow else None)
        assert [fault.times for fault in rich.faults] == [0] * len(some)
        assert (execution.commit, len(execution.annotations), len(execution.reports)) == (SHA, 1, 1)
        assert PYTEST in Path(execution.log_path or "").read_text()
    # A machine that stands still is one more slow answer.
    assert len(get.time.slept) >= len(faults)
    assert len([line for line in get.said if "trying again" in line]) == len(get.time.slept)
    assert not rich.leaks()


@pytest.mark.parametrize("call", ["run", "jobs", "annotations", "artifacts"])
def test_answers_that_are_not_json_or_of_another_shape(call: str, rich: GitHubServer, get: Fetcher) -> None:
    rich.faults = [at(call, BAD_JSON), at(call, WRONG_SHAPE)]
    execution = get()
    assert (len(execution.annotations), len(execution.reports)) == (1, 1)
    assert len(get.time.slept) == 2


def test_a_list_with_an_entry_of_another_shape(rich: GitHubServer, get: Fetcher) -> None:
    rich.answers[f"{REPO}/actions/runs/7/attempts/1/jobs"]["jobs"].append({"id": "none"})
    with pytest.raises(SourceError, match="cannot be read"):
        get()


@pytest.mark.parametrize("call", CALLS)
def test_a_fault_that_stays(call: str, rich: GitHubServer, get: Fetcher) -> None:
    """What is needed ends with its own message; an extra is left aside, and that is said."""
    for name, (status, words) in LASTING.items():
        if call.startswith("archive's") and status in {401, 403}:
            continue
        rich.faults = [at(call, Fault("", "status", status=status), times=99)]
        if call.startswith("archive") and status == 404:
            assert get().commit == SHA, "the logs of the jobs are read one by one"
        elif call in EXTRAS:
            assert get().commit == SHA
            assert any("left aside" in line and words in line for line in get.said), name
        else:
            with pytest.raises(SourceError) as caught:
                get()
            assert words in caught.value.message
            assert caught.value.hint
            assert not list(get.keep.rglob(".draft-*"))
        get.keep, get.said = get.keep.with_name(f"fetched {name}"), []
    assert not get.time.slept


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (PASSING["reset in the body"], "broke off"),
        (PASSING["silence"], "did not answer"),
        (PASSING["slow body"], "too slowly"),
        (PASSING["500"], "failed (500)"),
        (BAD_JSON, "cannot be read"),
        (Fault("", "loop"), "redirected"),
        (Fault("", "elsewhere"), "another host"),
    ],
)
def test_a_fault_at_every_try(fault: Fault, words: str, rich: GitHubServer, get: Fetcher) -> None:
    rich.faults = [at("run", fault, times=99)]
    with pytest.raises(SourceError) as caught:
        get(limits=SHORT if fault.kind in SLOW else None)
    assert words in caught.value.message
    assert caught.value.code is ExitCode.DEPENDENCY
    assert TOKEN not in caught.value.message + caught.value.hint
    assert rich.asked("actions/runs/7$") <= 6
    assert not rich.leaks()


def test_a_log_host_that_loops(rich: GitHubServer, get: Fetcher) -> None:
    rich.faults = [at("archive's bytes", Fault("", "loop"), times=99)]
    with pytest.raises(SourceError, match="redirected"):
        get()


def test_an_address_of_a_log_that_has_run_out_is_asked_for_again(rich: GitHubServer, get: Fetcher) -> None:
    rich.faults = [at("archive's bytes", Fault("", "status", status=403, body=b"<Error>AuthenticationFailed</Error>"))]
    assert get().commit == SHA
    assert rich.asked("attempts/1/logs") == 4


def test_a_cut_archive_is_downloaded_again(rich: GitHubServer, get: Fetcher) -> None:
    rich.faults = [at("archive's bytes", Fault("", "cut"))]
    assert PYTEST in Path(get().log_path or "").read_text()
    rich.faults = [at("archive's bytes", Fault("", "cut"), times=99)]
    get.keep = get.keep.with_name("fetched anew")
    with pytest.raises(SourceError, match="cut or damaged"):
        get()


def test_nobody_listens(get: Fetcher) -> None:
    with pytest.raises(SourceError, match=r"127\.0\.0\.1:9 cannot be reached") as caught:
        get(env={"GITHUB_API_URL": "http://127.0.0.1:9"})
    assert "HTTPS_PROXY" in caught.value.hint
    assert len(get.time.slept) == 4


def test_waits_are_as_long_as_told(rich: GitHubServer, get: Fetcher) -> None:
    reset = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(get.time.now) + 1800)}
    rich.faults = [
        at("run", Fault("", "status", status=429, headers={"Retry-After": "7"})),
        at("run", Fault("", "status", status=403, headers=reset)),
        at("jobs", Fault("", "status", status=403, body=SECONDARY), times=2),
    ]
    get()
    told, until_reset, first, second = get.time.slept
    assert (told, first, second) == (7, 60, 120)
    assert 1790 <= until_reset <= 1802
    assert [line for line in get.said if "secondary rate limit" in line and "trying again in 7 s" in line]
    assert [line for line in get.said if "rate limit is used up" in line]


def test_a_date_to_come_back_after(rich: GitHubServer, get: Fetcher) -> None:
    later = formatdate(get.time.now + 300, usegmt=True)
    rich.faults = [at("run", Fault("", "status", status=429, headers={"Retry-After": later}))]
    get()
    assert 290 <= get.time.slept[0] <= 301


def test_a_wait_that_is_longer_than_the_time_left(rich: GitHubServer, get: Fetcher) -> None:
    reset = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(get.time.now) + 1800)}
    rich.faults = [at("run", Fault("", "status", status=403, headers=reset))]
    with pytest.raises(BudgetError) as caught:
        get(seconds=600)
    assert caught.value.code is ExitCode.BUDGET
    assert "longer than the time left" in caught.value.message
    assert "try again after" in caught.value.hint
    assert not get.time.slept


def test_no_time_left_at_all(rich: GitHubServer, get: Fetcher) -> None:
    with pytest.raises(BudgetError):
        get(seconds=0)
    assert not rich.seen


def test_an_answer_takes_no_longer_than_the_budget(rich: GitHubServer, get: Fetcher) -> None:
    rich.faults = [at("run", PASSING["slow body"], times=99)]
    get.time = RealTime()
    # Whether it is seen while the bytes drip or between two calls is a matter of chance.
    with pytest.raises(BudgetError, match=r"too slowly|the time ended"):
        get(seconds=0.7, limits=Limits())


def test_a_limit_that_never_ends(rich: GitHubServer, get: Fetcher) -> None:
    rich.faults = [at("run", Fault("", "status", status=429, headers={"Retry-After": "1"}), times=999)]
    with pytest.raises(SourceError, match="secondary rate limit"):
        get()
    assert len(get.time.slept) == Limits().waits - 1


def test_what_breaks_after_many_waits_is_tried_as_often_as_ever(rich: GitHubServer, get: Fetcher) -> None:
    put_off = Fault("", "status", status=429, headers={"Retry-After": "1"})
    rich.faults = [at("run", put_off, times=6), at("run", PASSING["500"], times=3)]
    assert get().commit == SHA
    assert get.time.slept[:6] == [1] * 6
    assert all(told <= waited <= told + 0.5 for told, waited in zip([1, 2, 4], get.time.slept[6:], strict=True))


def test_an_answer_beyond_all_measure(rich: GitHubServer, get: Fetcher) -> None:
    rich.answers[f"{REPO}/actions/runs/7"] |= {"padding": "x" * 5000}
    with pytest.raises(SourceError, match="too large"):
        get.bounded(answer=4000)


@pytest.mark.usefixtures("rich")
def test_an_archive_beyond_all_measure(get: Fetcher) -> None:
    with pytest.raises(SourceError, match="too large"):
        get.bounded(download=100)


def test_a_bomb(rich: GitHubServer, get: Fetcher) -> None:
    rich.add_archive({"test/3_Run tests.txt": "0" * 3_000_000})
    with pytest.raises(SourceError, match="unpacks to more than"):
        get.bounded(unpacked=1 << 20)
    assert not list(get.keep.rglob("*.txt"))


def test_binary_instead_of_a_log(rich: GitHubServer, get: Fetcher) -> None:
    rich.add_archive({"0_test.txt": "PK\x03\x04 nested"})
    with pytest.raises(SourceError, match="cannot be read") as caught:
        get()
    assert str(get.keep) not in caught.value.message


def test_an_encrypted_archive(rich: GitHubServer, get: Fetcher) -> None:
    path = f"{REPO}/actions/runs/7/attempts/1/logs"
    content = bytearray(rich.files[path])
    for at_ in [i for i in range(len(content)) if content[i : i + 4] == b"PK\x01\x02"]:
        content[at_ + 8] |= 1
    rich.files[path] = bytes(content)
    with pytest.raises(SourceError, match="encrypted"):
        get()


def test_names_that_would_leave_the_folder(rich: GitHubServer, get: Fetcher, tmp_path: Path) -> None:
    evil = {"../../evil/1_x.txt": "x", "/etc/1_x.txt": "x", "..\\..\\1_x.txt": "x", "../1_x.txt": "x"}
    rich.add_archive({**evil, "test/3_Run tests.txt": stamped(PYTEST + "\n")})
    before = {path for path in tmp_path.rglob("*") if get.keep not in path.parents}
    assert PYTEST in Path(get().log_path or "").read_text()
    after = {path for path in tmp_path.rglob("*") if get.keep not in path.parents}
    assert after - before <= {get.keep}


def test_the_zip_that_the_server_makes_is_a_zip(rich: GitHubServer, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(rich.files[f"{REPO}/actions/runs/7/attempts/1/logs"])
    assert zipfile.ZipFile(path).testzip() is None
    assert URL.endswith("/7")
