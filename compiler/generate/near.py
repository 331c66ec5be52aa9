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
NO_SCALARS: tuple[Json, ...] = (None, True, False, [], {}, [None], [[]], [{}], ["a"], {"a": None}, {"a": 1}, {"": ""})
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
URLS: tuple[str, ...] = (
    *("https://a.b", "http://a.b/c", "https://a.b:8443/x/y:9", "http://a:80", "https://a:00443", "http://a:0"),
    *("http://[::1]", "https://[fe80::1]:444/", "https://a:99999", "https://a:123456", "https://a:", "https://a:b"),
    *("https://u@a:1", "https://a?b", "https://a#b", "HTTPS://a", "ftp://a:21", "https://", "https:///x", "//a:1"),
    *("a:1", "https://a_b-c:1", "https://a b:1", "https://a:1\n", "https://a/\n", " https://a", "https://é:1"),
)
"""URLs, and texts that parsers of URLs read differently."""
DURATIONS: tuple[str, ...] = (
    *(
        "0s",
        "1s",
        "59s",
        "60s",
        "1m",
        "90m",
        "1h",
        "1.5h",
        "0.001h",
        "1.999s",
        "2160h0m0s",
        "2160h",
        "999999.999h",
        "007m",
    ),
    *("1h1s", "1h2m3.5s", "1m1h", "1s1s", "1000000h", "1.0000s", "1.h", ".5h", "1ms", "1us", "1ns", "1d", "1H", "1 h"),
    *("", "0", "h", "-1h", "+1h", "1h ", "1h\n", "1h\n1m", "\u0661h", "1e3h", "1_0h", "P1D"),
)
"""Durations, and texts that parsers of durations read differently."""
SHARES: tuple[Json, ...] = (
    *("0%", "1%", "33%", "34%", "50%", "66%", "67%", "99%", "100%", "101%", "9999%", "05%", "10000%", "1.5%", "-1%"),
    *("50", "50 %", " 50%", "50%\n", "%", "\u0665%", 0, 1, 2, 3, -1, 2.0, 2.5, 2**31 - 1, 2**31, 1e21),
)
"""What may be an int-or-percent, and its total."""
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
