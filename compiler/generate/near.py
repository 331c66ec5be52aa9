"""Values close to a constant, and values that no rule expects: what is put where a rule reads."""

from __future__ import annotations

from cmpolicy import ir
from cmpolicy.evaluate.quantity import quantity
from cmpolicy.evaluate.values import is_number
from cmpolicy.values import Json

TEXTS: tuple[str, ...] = (
    *("", " ", "*", "go?d", "a|b", "!x", ">5", "1-3", "(x)", "true", "false", "null", "<nil>", "%s %d %", "$(x)"),
    *("{{ request.object }}", "{{", "}}", "$(./../x)", "a\nb", "tab\t", "\"'`\\", "é", "😀", "\u212a", "\u0663"),
    *("0", "1", "3", "50%", "050%", "0%", "100%", "12345%", "-1%", "100m", "1Gi", "1024Mi", "1e3", "1E", "1E3", "1K"),
    *("1gi", " 1", "1h", "1_0", "+1", "1.", ".5", "8Ei", "1n", "1000m", "0.1", "--x", "--x=y", "Exists", "x" * 250),
)
NUMBERS: tuple[int | float, ...] = (
    *(0, 1, -1, 2, 3, 1.0, 0.1, 1.5, 1e3, 1000.0, 1e21, 1e-7, 8443, 1073741824, 2**31, 2**53 - 1, 2**53 + 1),
)
OTHERS: tuple[Json, ...] = (None, True, False, [], {}, [None], [[]], [{}], ["a"], {"a": None}, {"a": 1}, {"": ""})
IMAGES: tuple[str, ...] = (
    *(
        "nginx",
        "nginx:latest",
        "host:5000/x",
        "host:5000/x:1",
        "x@sha256:0123abcd",
        "x:1@sha256:0123abcd",
        "localhost/x",
    ),
    *("registry.k8s.io.evil.com/x:1", "registry.k8s.io/x:1", "Registry.K8s.io/x:1", ":latest", "a/b:"),
)
QUANTITIES: tuple[Json, ...] = (
    *(
        0.1,
        1,
        1000,
        1073741824,
        -1,
        "0.1",
        "1",
        "100m",
        "1000m",
        "1Gi",
        "1024Mi",
        "1e3",
        "1E",
        "1E3",
        "8Ei",
        "1n",
        "-1Gi",
    ),
    *(
        "1K",
        "1gi",
        " 1",
        "",
        "1h",
        "1_0",
        "1m\n",
        "+1Gi",
        "1.",
        ".5",
        ".",
        "0x1",
        "1e100",
        "1.0000000001",
        "0.0000000001",
    ),
)
"""Spellings of amounts that parsers of quantities, durations and numbers read differently."""
KEYS: tuple[str, ...] = ("a.b/c", "(x)", "=(x)", "*", "?", "1", "true", "", "{{", "$(x)", "é")
"""Keys of maps that engines read as something else."""


def near(constant: ir.Constant) -> list[Json]:
    """The constant, and values that differ from it as little as can be: by one, by type, by spelling."""
    match constant:
        case bool():
            return [constant, not constant, str(constant).lower(), int(constant)]
        case str():
            return [*_near_text(constant), *_near_quantity(constant)]
        case int() | float():
            return _near_number(constant)
        case _:
            return [list(constant), *(value for item in constant for value in near(item))]


def _near_text(text: str) -> list[Json]:
    others = (f"{text}\n", f"{text}x", f"x{text}", f" {text}", text.upper(), text.lower(), text[:-1], text.swapcase())
    return [text, *others, [text], {text: text}]


def _near_number(number: int | float) -> list[Json]:
    around: list[Json] = [number, number + 1, number - 1, number + 0.5, number - 0.5, float(number), -number]
    return [*around, str(number), f"{number}%", f"{number + 1}%", f"{number - 1}%", f"0{number}%", [number]]


SUFFIXES = ("n", "u", "m", "", "k", "Ki", "M", "Mi", "G", "Gi")


def _near_quantity(text: str) -> list[Json]:
    """Other spellings of the same amount, one a little below and one a little above, if it is a quantity."""
    amount = quantity(text)
    if amount is None:
        return []
    nanos = int(amount * 10**9)
    found: list[Json] = [f"{nanos}n", f"{nanos - 1}n", f"{nanos + 1}n"]
    for suffix in SUFFIXES:
        unit = quantity(f"1{suffix}")
        assert unit is not None
        if (count := amount / unit).denominator == 1 and abs(count) < 10**12:
            found += [f"{count}{suffix}", f"{count + 1}{suffix}", f"{count - 1}{suffix}", f"{count}.0{suffix}"]
    whole: list[Json] = []
    if abs(amount) < 2**53:
        whole = [int(amount), int(amount) + 1, float(amount), str(float(amount))]
    return [*found, *whole, text.lower(), text.upper(), f"{text}B"]


def scaled(value: Json) -> list[Json]:
    """What lies near a value found in an object, as `near` has it for constants; nothing for null, lists and maps."""
    return near(value) if isinstance(value, bool | str) or is_number(value) else []
