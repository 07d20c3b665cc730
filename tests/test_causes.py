"""The words of an error, and the root cause that they name."""

import pytest

from fixer.causes import cause_of, faint_cause, hinted_cause


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("ModuleNotFoundError: No module named 'shop'", "missing_dependency"),
        ("/usr/bin/ld: there is no package called 'shop'", "missing_dependency"),
        ("fetch failed: 429 Too Many Requests", "rate_limit"),
        ("terminate called after throwing an instance of 'std::bad_alloc'", "out_of_memory"),
        ("connect ETIMEDOUT 10.0.0.1:443", "network_error"),
        ("Could not GET 'x'. Received status code 502 from server: Bad Gateway", "network_error"),
        ("Error response from daemon: unauthorized: HTTP Basic: Access denied", "auth_error"),
        ('Error response from daemon: Get "https://r.example.org/v2/": denied: denied', "auth_error"),
        ("bash: line 1: DEPLOY_KEY: unbound variable", "environment"),
        ("AssertionError: Timed out retrying after 4000ms: expected 'a' to be 'b'", "unknown"),
        ("Could NOT find Shop (missing: SHOP_LIBRARY)", "missing_dependency"),
        ("Response status code does not indicate success: 403 (Forbidden).", "auth_error"),
        ("No binary for the Shop browser on your platform", "missing_tool"),
        ("lib.ResolveException: Error downloading org.shop:cart:1.2", "missing_dependency"),
        ('failed to calculate checksum of ref 1a::2b: "/cart.txt": not found', "environment"),
        ("Make 3.28 or higher is required.  You are running version 3.22.1", "environment"),
        ("https://a.example/b: Not Found", "unknown"),
        ("AssertionError: 2 != 3", "unknown"),
    ],
)
def test_words_of_any_error(text: str, cause: str) -> None:
    assert cause_of(text) == cause


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("upload failed: POST returned error: 503", "network_error"),
        ("Unable to establish SSL connection.", "network_error"),
        ("the token has expired", "auth_error"),
        ("google-cloud auth failed with: no secret", "auth_error"),
        ("Error: error:0308010C:digital envelope routines::unsupported", "environment"),
        ("ValueError: mapping values are not allowed here", "invalid_data"),
        ("The version in setup.py does not match the tag", "invalid_data"),
        ("s.sh: line 3: syntax error near unexpected token", "compile_error"),
        ('a.md:3:8: "recieve" is a misspelling of "receive"', "lint"),
        ("error: unrecognized argument: --fast", "environment"),
        ("No profiles for 'org.a.b' were found: no matching provisioning profile", "environment"),
        ("aborted because of the quality gate: ERROR", "lint"),
        ("Error: The given token is not valid.", "auth_error"),
        ("make sure that your account has permission to see it", "auth_error"),
        ("1 of 4 benchmarks exceeded the failure threshold", "test_failure"),
        ("thresholds on metrics 'duration' have been crossed", "test_failure"),
        ("Could not submit coverage: 500 Server Error: Internal Server Error", "network_error"),
        ("Unable to resolve the account to use", "auth_error"),
        ("The client 'a' does not have authorization to perform this", "auth_error"),
        ("a.tgz: 1 computed checksum did NOT match", "invalid_data"),
        ("configure: error: libshop headers not found; install libshop-dev", "missing_dependency"),
        ("error: failed to push some refs to 'https://git.example.org/a'", "environment"),
        ("Cargo.lock needs to be updated: the lock file Cargo.lock needs to be updated", "missing_dependency"),
        ("the moon is in the wrong phase", "unknown"),
    ],
)
def test_words_that_count_only_where_no_tool_is_known(text: str, cause: str) -> None:
    assert cause_of(text) == "unknown"
    assert hinted_cause(text) == cause


def test_words_that_say_little() -> None:
    assert faint_cause("NAME is missing from the list") == "environment"
    assert faint_cause("Error: No number provided") == "environment"
    assert faint_cause("validation failed") == "invalid_data"
    assert faint_cause("no") == "unknown"
