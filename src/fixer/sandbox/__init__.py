"""Runs commands: in their own process group, limited, without credentials, shut in where the machine can."""

from fixer.sandbox.own_program import OwnProgram
from fixer.sandbox.sandbox import PRIVATE_PREFIX, ProcessEvent, Sandbox, choose_rung

__all__ = ["PRIVATE_PREFIX", "OwnProgram", "ProcessEvent", "Sandbox", "choose_rung"]
