"""docker build's output, written after its documentation: the tool is not on every machine that runs these tests."""

from fixer.parsers import failures_in, lines_of

LOG = """ERROR: failed to solve: process "/bin/sh -c make" did not complete successfully: exit code: 2
Error response from daemon: pull access denied for nothing, repository does not exist
Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?"""


def test_says_what_the_log_says() -> None:
    told = [
        (f.tool, f.kind, f.test, f.file, f.line, f.message, f.root_cause)
        for f in failures_in(lines_of(LOG.split("\n")))
    ]
    assert told == [
        (
            "docker",
            "infrastructure",
            None,
            None,
            None,
            "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
            "infrastructure",
        ),
        (
            "docker",
            "dependency",
            None,
            None,
            None,
            "pull access denied for nothing, repository does not exist",
            "missing_dependency",
        ),
        (
            "docker",
            "other",
            None,
            None,
            None,
            'process "/bin/sh -c make" did not complete successfully: exit code: 2',
            "unknown",
        ),
    ]
