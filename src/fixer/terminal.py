"""Takes text of any origin and gives it back fit for a terminal, a Markdown file or a log: no control codes in it."""

import re

_ESCAPES = re.compile(
    r"""
      (?:\x1b\[|\x9b) [0-?]* [ -/]* [@-~]?                      # CSI: colours, cursor
    | (?:\x1b\]|\x9d) [^\x07\x1b\x9c\n]* (?:\x07|\x1b\\|\x9c)?  # OSC: titles, links, clipboard
    | (?:\x1b[PX^_]|[\x90\x98\x9e\x9f]) [^\x1b\x9c\n]* (?:\x1b\\|\x9c)?  # DCS, SOS, PM, APC
    | \x1b [ -/]* [0-~]?                                        # every other escape
    """,
    re.VERBOSE,
)
_CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 but tab and line feed, DEL, C1
    "\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff"  # what reorders or hides text
    "\ufff9-\ufffb\U000e0000-\U000e007f"
    "]"
)
_SURROGATES = re.compile("[\ud800-\udfff]")


def clean(text: str) -> str:
    """Return `text` without escape sequences, control bytes and characters that reorder or hide text.

    Tab and line feed stay; carriage returns become line feeds; bytes that were not UTF-8 become U+FFFD.
    Sequences: ECMA-48, 5th edition, section 5.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _SURROGATES.sub("\ufffd", _CONTROLS.sub("", _ESCAPES.sub("", text)))


def clean_line(text: str) -> str:
    """Return `text` cleaned and on one line, with runs of white space made one space."""
    return " ".join(clean(text).split())
