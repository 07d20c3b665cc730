"""The closed list of root causes (spec E3)."""

from enum import StrEnum


class RootCause(StrEnum):
    """Why an execution failed; each has its own kind of fix."""

    MISSING_TEMPLATE = "missing_template"
    MISSING_INTEGRATION = "missing_integration"
    RATE_LIMIT = "rate_limit"
    INVALID_DATA = "invalid_data"
    MISSING_FIELD = "missing_field"
    LOGIC_ERROR = "logic_error"
    AUTH_ERROR = "auth_error"
    NETWORK_ERROR = "network_error"
    MISSING_DEPENDENCY = "missing_dependency"
    COMPILE_ERROR = "compile_error"
    MISSING_TOOL = "missing_tool"
    ENVIRONMENT = "environment"
    TEST_FAILURE = "test_failure"
    LINT = "lint"
    TIMEOUT = "timeout"
    OUT_OF_MEMORY = "out_of_memory"
    INFRASTRUCTURE = "infrastructure"
    FLAKY = "flaky"
    UNKNOWN = "unknown"
