"""A path as a build machine printed it in, the path inside the repository out."""

from collections.abc import Iterable

from fixer import lazy_re as re

# Where the services and usual images check a repository out; the names in between are the project's.
_CHECKOUTS = re.compile(
    r"""(?:
      (?:/home/runner/work|/Users/runner/work|/__w|(?:/[\w.-]+){0,3}/_work)/(?!_)[^/]+/[^/]+/
    | [A-Za-z]:/a/(?!_)[^/]+/[^/]+/
    | /github/workspace/
    | (?:/home/gitlab-runner)?/builds/(?:[\w.-]+/\d+/)?[^/]+/[^/]+/
    | /home/travis/build/[^/]+/[^/]+/ | /Users/travis/build/[^/]+/[^/]+/
    | /home/circleci/(?:project|repo)/ | /root/(?:project|repo)/ | ~/(?:project|repo)/
    | /home/vsts/work/\d+/s/ | /Users/vsts/agent/[^/]+/work/\d+/s/ | [A-Za-z]:/agent/_work/\d+/s/
    | /(?:var/lib/jenkins|var/jenkins_home|home/jenkins(?:/agent)?)/workspace/[^/]+/
    | /var/lib/buildkite-agent/builds/[^/]+/[^/]+/[^/]+/ | /buildkite/builds/[^/]+/[^/]+/[^/]+/
    | /opt/atlassian/pipelines/agent/build/ | /drone/src/ | /woodpecker/src/[^/]+/[^/]+/[^/]+/
    | [A-Za-z]:/projects/[^/]+/ | /tmp/cirrus-ci-build/ | /usr/src/app/ | /workspaces?/(?=[^/]) | /app/ | /code/
    | /build/source/
    )""",
    re.VERBOSE,
)


def in_repository(path: str, roots: tuple[str, ...] = ()) -> str:
    """Return `path` relative to the repository where that can be told, with forward slashes; else unchanged.

    Args:
        path: as a tool printed it.
        roots: folders that the log itself names as the checkout, absolute.
    """
    slashed = path.replace("\\", "/") if "\\" in path else path
    for root in roots:
        if slashed.startswith(root.rstrip("/") + "/"):
            return slashed[len(root.rstrip("/")) + 1 :]
    if slashed.startswith("./"):
        return slashed[2:]
    found = _CHECKOUTS.match(slashed) if slashed[:1] in "/~" or slashed[1:3] == ":/" else None
    return slashed[found.end() :] if found and found.end() < len(slashed) else slashed


def checkout_of(test: str, files: Iterable[str]) -> str | None:
    """Return the folder of the checkout where a test's own name shows up as the end of one of the absolute paths.

    Args:
        test: `tests/test_x.py::test_a` or `tests.test_x.Case.test_a`.
        files: paths of stack frames.
    """
    if "::" in test or "/" in test or test.endswith(".py"):
        inner = [test.split("::", maxsplit=1)[0]]
    else:
        parts = test.split(".")
        inner = ["/".join(parts[:end]) + ".py" for end in range(len(parts), 0, -1)]
    for file in files:
        slashed = file.replace("\\", "/")
        for name in inner:
            if slashed.endswith("/" + name) and len(slashed) > len(name) + 1:
                return slashed[: -len(name) - 1]
    return None
