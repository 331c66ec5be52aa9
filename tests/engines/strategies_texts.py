"""Texts that mean something to the languages and engines that they pass through, and constants made of them."""

from __future__ import annotations

from cmpolicy import regex
from hypothesis import strategies as st

WORDS = ("a", "b", "main", "app", "kube-system", "owner", "ClusterIP", "NET_ADMIN", "--v=2", "registry.example/app:1")
PARTS = (
    *("{{", "}}", "{{ request.object }}", "{{x}}", "$(", "$(x)", "${x}", "\\{{", "{{{", "}}}", "\\$("),
    *("*", "?", "|", "&", "!", ">", "<", ">=5", "<=5", "!x", "1-3", "10!-20", "a|b", "a & b", "go?d", "(x)", "=(x)"),
    *("'", '"', "'''", '"""', "\\", "\\\\", "`", "\\n", "\\u{61}", "\\u0061", "\\x41", "\\", "\\'", '\\"'),
    *(
        "%",
        "%s",
        "%d",
        "%v",
        "%!",
        "%41",
        "~0",
        "~1",
        "/",
        "//",
        "#",
        "#/a",
        "a.b/c",
        "@",
        "^",
        "$",
        ".*",
        "[a]",
        "(?i)",
    ),
    *("object.spec", "object.metadata", "request.object", "variables.x", "input.review.object", "data.x", "params.x"),
    *("true", "null", "~", "yes", "012", "1e3", "1.0", "0x1F", ".inf", "-", "- a", "a: b", "a #b", "? a", "---", "..."),
    *("&a", "*a", "!!str", "!t", "|", ">", "[]", "{}", "[", "]", "{", "}", ",", ":", "<<", "%YAML", "\\p{L}"),
    *("package a", "import data", "violation", "} else {", "not x", "x := 1", "import rego.v1", "_", "some x", "with"),
    *("$ref", "const", "__proto__", "regoDefinition", "CELDefinition", "$schema", "0", "-1", "1Gi", "50%"),
    *("é", "e\u0301", "ß", "K", "\u212a", "\u0663", "\u0130", "\ufb03", "日本", "😀", "\U0010ffff", "👩\u200d💻"),
    *("\u200b", "\ufeff", "\u202e", "\u2060", "\ufffd", "\ufffe", "\uffff", "\ue000", "\u00ad", "\u061c"),
)
SPACES = (" ", "  ", "\u00a0", "\u3000", "\u2003", "\u1680")
CONTROLS = (
    "\t",
    "\0",
    "\x01",
    "\x07",
    "\x08",
    "\x0b",
    "\x0c",
    "\x1b",
    "\x1b[31m",
    "\x1c",
    "\x1f",
    "\x7f",
    "\x80",
    "\x9f",
)
BREAKS = ("\n", "\n\n", "\r", "\r\n", "\x85", "\u2028", "\u2029", "\n  ", " \n", "\n# x", "\n- x", "\n---\n", "\n\t")

_ANY_CHARACTER = st.characters(codec="utf-8")
_IN_A_LINE = st.characters(codec="utf-8", exclude_characters="\r\n")


def _joined(*pieces: st.SearchStrategy[str], most: int) -> st.SearchStrategy[str]:
    return st.lists(st.one_of(*pieces), min_size=1, max_size=most).map("".join)


def lines(most: int = 4) -> st.SearchStrategy[str]:
    """Hostile texts without a line feed or carriage return, as messages are."""
    breaks = [text for text in BREAKS if not {"\n", "\r"} & set(text)]
    pieces = st.sampled_from((*WORDS, *PARTS, *PARTS, *SPACES, *CONTROLS, *breaks))
    return _joined(pieces, pieces, pieces, _IN_A_LINE, most=most)


def texts(most: int = 4) -> st.SearchStrategy[str]:
    """Hostile texts, several lines long at times, and now and then long."""
    pieces = st.sampled_from((*WORDS, *PARTS, *PARTS, *SPACES, *CONTROLS, *BREAKS, *BREAKS))
    short = _joined(pieces, pieces, pieces, _ANY_CHARACTER, most=most)
    long = st.builds(lambda text, times: text * times, short, st.integers(40, 120))
    return st.one_of(short, short, short, short, short, short, short, long)


_ATOMS = ("a", "b", "app", "-", ":", "/", "@", "é", "😀", ".", r"\.", r"\d", r"\w", r"\n", r"\$", r"\\", "[a-z0-9]")
_CLASSES = (
    "[^a]",
    "[^/@:]",
    r"[\w.-]",
    r"[^\d]",
    r"[]a]",
    r"[^]a]",
    r"[\]\\^-]",
    "(a|b)",
    "(a|)",
    "(app|main)",
    "^",
    "$",
)
_REPEATS = ("", "", "", "*", "+", "?", "{2}", "{0,3}", "{1,}")


def _repeated(atom: str, repeat: str) -> str:
    return atom if atom in ("^", "$") else atom + repeat


_PIECES = st.builds(_repeated, st.sampled_from((*_ATOMS, *_CLASSES)), st.sampled_from(_REPEATS))
_COMPOSED = st.builds(
    lambda start, pieces, end: start + "".join(pieces) + end,
    st.sampled_from(("", "^")),
    st.lists(_PIECES, max_size=4),
    st.sampled_from(("", "$")),
)


def patterns() -> st.SearchStrategy[str]:
    """Regular expressions of the safe subset: composed ones, wildcards, and hostile texts quoted."""
    wildcards = st.sampled_from(("*", "a*", "*:latest", "registry.example/*", "kube-?*", "*é*", "a.b?"))
    found = st.one_of(_COMPOSED, _COMPOSED, wildcards.map(regex.glob), texts(2).map(regex.quote))
    return found.filter(lambda pattern: regex.problem(pattern) is None)
