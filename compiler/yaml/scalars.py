"""What a YAML scalar means to Kubernetes clients.

They read through sigs.k8s.io/yaml, so by the resolver of go.yaml.in/yaml/v2 (its `resolve.go`), and then through JSON,
where `1.0` and `1e3` become integers again. Neither timestamps nor numbers to base 60 exist.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
from ctypes import c_float
from decimal import Decimal

from cmpolicy.values import Json

TAG = "tag:yaml.org,2002:"

_WORDS: dict[str, Json] = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
}
_INTEGER = re.compile(
    r"[+-]?(?:0[xX](?P<hex>[0-9a-fA-F]+)|0[bB](?P<binary>[01]+)|0[oO]?(?P<octal>[0-7]+)|(?P<decimal>0|[1-9][0-9]*))"
)
_BASES = {"hex": 16, "binary": 2, "octal": 8, "decimal": 10}
_FLOAT = re.compile(r"[+-]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][+-]?[0-9]+)?")
_DOT_FLOAT = re.compile(r"\.[0-9]+(_[0-9]+)*([eE][+-]?[0-9]+(_[0-9]+)*)?")
_INT64 = range(-(2**63), 2**63)
_UINT64 = range(2**64)


class RefusedError(Exception):
    """What Kubernetes clients refuse at one place: a code, a message and a remedy."""

    def __init__(self, code: str, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.remedy = code, message, remedy


class PlainScalars(dict[str, Json]):
    """The values of plain scalars, remembered; one without a JSON value is refused."""

    def __missing__(self, text: str) -> Json:
        value = self[text] = as_json(resolve(text))
        return value


class PlainKeys(dict[str, str]):
    """The map keys that plain scalars make, remembered; null is refused."""

    def __missing__(self, text: str) -> str:
        key = self[text] = key_text(resolve(text))
        return key


def resolve(text: str) -> Json:
    """The value of a plain scalar before it goes through JSON: `1.0` is a float, and infinities are returned."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] == ".":
        return _float(text.replace("_", ""), text) if _DOT_FLOAT.fullmatch(text) else text
    return _number(text) if text[0] in "+-0123456789" else text


def _number(text: str) -> Json:
    plain = text.replace("_", "")
    found = _INTEGER.fullmatch(plain)
    if found and found.lastgroup:
        value = int(found[found.lastgroup][:400], _BASES[found.lastgroup])
        signed = -value if plain[0] == "-" else value
        if signed in _INT64 or (plain[0] in "0123456789" and value in _UINT64):
            return signed
    return _float(plain, text) if _FLOAT.fullmatch(plain) else text


def _float(plain: str, text: str) -> Json:
    """The float, or the text itself if it is beyond a double's range."""
    value = float(plain)
    return value if math.isfinite(value) else text


def as_json(value: Json) -> Json:
    """The value as it comes back from JSON text: an integral num that fits in 64 bits is an int, any other a float."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    if isinstance(value, int):
        return value if value in _INT64 else float(value)
    if not math.isfinite(value):
        raise RefusedError("number", f"`{value}` is not a number that JSON knows", "quote it if it is meant as text")
    if not value.is_integer():
        return value
    integer = _shortest_integer(value)
    return integer if integer in _INT64 else value


def _shortest_integer(value: float) -> int:
    """The integer that a float's shortest digits spell, `1152921504606847000` for 2^60."""
    return int(value) if abs(value) < 2**53 else int(Decimal(repr(value)))


def resolve_tagged(tag: str, text: str) -> Json:
    """The value of a scalar with an explicit tag, quoted or not. Tags other than YAML's own make strings."""
    name = tag.removeprefix(TAG) if tag.startswith(TAG) else ""
    match name, resolve(text):
        case "binary", _:
            return _binary(text)
        case ("null", None) as found:
            return found[1]
        case "bool", bool(value):
            return value
        case "int", int(value) if not isinstance(value, bool):
            return value
        case "float", (int() | float()) as value if not isinstance(value, bool):
            return as_json(float(value))
        case "null" | "bool" | "int" | "float", _:
            raise RefusedError("tag", f"`{text}` cannot be read as `!!{name}`", "remove the tag, or correct the value")
        case _:
            return text


def _binary(text: str) -> str:
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode(errors="replace")
    except binascii.Error:
        raise RefusedError("tag", "a `!!binary` value is not valid base64") from None


def key_text(value: Json) -> str:
    """The map key that a value makes, as sigs.k8s.io/yaml writes it; null, lists and maps are refused."""
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int() if value in _INT64:
            return str(value)
        case int():
            raise RefusedError("key", f"`{value}` cannot be a key, it does not fit in 64 bits", "quote it")
        case float():
            return _float_key(value)
        case None:
            raise RefusedError("key", "null cannot be a key", 'quote it: `"null"`, `"~"`')
        case _:
            what = "a list" if isinstance(value, list) else "a map"
            raise RefusedError("key", f"{what} cannot be a key", "quote a value that starts with `{` or `[`")


def _float_key(value: float) -> str:
    """Go's `FormatFloat(value, 'g', -1, 32)`: the shortest digits that tell it from other 32-bit floats."""
    single = _single(value)
    if not math.isfinite(single):
        return ".nan" if math.isnan(single) else f"{'-' if single < 0 else ''}.inf"
    shortest = next(text for text in (f"{single:.{digits}e}" for digits in range(17)) if _single(float(text)) == single)
    mantissa, _, exponent = shortest.partition("e")
    if not -4 <= int(exponent) < 6:
        return shortest
    decimals = len(mantissa.partition(".")[2]) - int(exponent)
    return f"{float(shortest):.{max(decimals, 0)}f}"


def _single(value: float) -> float:
    """The nearest 32-bit float."""
    return c_float(value).value
