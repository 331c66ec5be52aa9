"""The safe regular expressions: a subset that RE2 (every engine) and Python read alike.

Literals, `.`, classes, `\\d` and `\\w` (ASCII), `\\n`, groups, `|`, `*`, `+`, `?`, `{m}`, `{m,}`, `{m,n}` up to 1000, `^` and `$`.
A pattern is searched for anywhere; `^` and `$` are the ends of the text only; `.` is any code point but a line feed.
"""

from __future__ import annotations

import re
import warnings
from functools import lru_cache

from cmpolicy.automaton import Automaton, parse

_TOKEN = re.compile(
    r"""
    \\[dwn]                              # ASCII digit, word character, line feed
  | \\[\\.^$|()\[\]{}*+?/-]              # an escaped character
  | \[\^?\]?(?:[^\[\]\\]|\\[\\dwn^\]\[.-])*\]   # a class
  | \((?!\?)                             # a group
  | [)|.^$]
  | (?:[*+?]|\{[0-9]{1,4}(?:,(?:[0-9]{1,4})?)?\})(?![*+?{])
  | [^\\\[\](){}*+?|.^$]                 # a literal
    """,
    re.VERBOSE,
)


@lru_cache(maxsize=1024)
def problem(pattern: str) -> str | None:
    """Why a pattern is outside the safe subset, or None if it is inside."""
    position = 0
    while position < len(pattern):
        token = _TOKEN.match(pattern, position)
        if token is None:
            return f"`{pattern[position : position + 8]}` is outside the safe subset"
        position = token.end()
    if _repeated(tokens(pattern)) > MAX_REPEAT:
        return f"a repetition is over {MAX_REPEAT}, with those around it"
    try:
        with warnings.catch_warnings():
            # Doubled marks in a class may be operators to a later Python; here they are what they are to RE2.
            warnings.simplefilter("ignore", FutureWarning)
            re.compile(pattern, re.ASCII)
    except re.error as error:
        return str(error)
    return None


MAX_REPEAT = 1000
"""What RE2 allows a bounded repetition, multiplied by those that it stands in."""


def tokens(pattern: str) -> list[str]:
    """The tokens of a pattern inside the subset: one for a character, class, repetition, parenthesis, `|`, `^` or `$`."""
    return [found.group() for found in _TOKEN.finditer(pattern)]


def _repeated(parts: list[str]) -> int:
    """The largest product of bounded repetitions inside each other."""
    groups, last = [1], 1
    for token in parts:
        if token.startswith("{"):
            last *= max(map(int, re.findall("[0-9]+", token)))
            groups[-1] = max(groups[-1], last)
        elif token == "(":
            groups.append(1)
        elif token == ")" and len(groups) > 1:
            last = groups.pop()
            groups[-1] = max(groups[-1], last)
        elif token not in "*+?":
            last = 1
    return groups[0]


@lru_cache(maxsize=1024)
def compile_pattern(pattern: str) -> Automaton:
    """The pattern, to be searched for in time linear in the text."""
    return Automaton(parse(tokens(pattern)))


def quote(text: str) -> str:
    """A pattern that matches exactly this text."""
    return re.sub(r"([\\.^$|()\[\]{}*+?])", r"\\\1", text)


def glob(pattern: str) -> str:
    """The regular expression of a wildcard: `*` is any run of code points, `?` exactly one."""
    special = {"*": r"(.|\n)*", "?": r"(.|\n)"}
    return "^" + "".join(special.get(character, quote(character)) for character in pattern) + "$"
