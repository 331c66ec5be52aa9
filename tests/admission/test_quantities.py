"""Quantities are spelled as a server spells them. The expected texts are those of kube-apiserver 1.37.2."""

from __future__ import annotations

import pytest
from cmpolicy.admission.quantities import spelled, spelled_in_list
from cmpolicy.evaluate.quantity import quantity
from cmpolicy.values import Json


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (1, "1"),
        (0, "0"),
        (1.5, "1500m"),
        (1000000.0, "1M"),
        ("1000m", "1"),
        ("1000", "1k"),
        ("0.5", "500m"),
        ("1.0", "1"),
        ("1024Mi", "1Gi"),
        ("1000Mi", "1000Mi"),
        ("1500Ki", "1500Ki"),
        ("1536Ki", "1536Ki"),
        ("0.5Gi", "512Mi"),
        ("0.5Ki", "512"),
        ("1e3", "1e3"),
        ("1E3", "1E3"),
        ("1000e3", "1e6"),
        ("12e2", "1200"),
        (" 1 ", "1"),
        ("+5", "+5"),
        ("0100m", "0100m"),
        ("1.500", "1.500"),
        ("0.500", "500m"),
        ("100Ei", "9223372036854775807"),
        ("9999u", "9999u"),
        ("1500000E", "1500"),
        ("much", "much"),
        (True, True),
        (None, None),
        ([], []),
    ],
)
def test_spelling(given: Json, expected: Json) -> None:
    assert spelled(given) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [("9999u", "10m"), ("8999u", "9m"), ("1n", "1m"), ("1m", "1m"), ("1.0005", "1001m"), ("0u", "0")],
)
def test_amounts_of_resources_are_rounded_up_to_thousandths(given: Json, expected: Json) -> None:
    assert spelled_in_list(given) == expected


@pytest.mark.parametrize("number", ["7", "8", "1000", "1.5", "0.001", "1048576", "999999999999999999"])
@pytest.mark.parametrize("suffix", ["", "m", "k", "G", "Ki", "Mi", "e3", "E2"])
def test_the_amount_stays(number: str, suffix: str) -> None:
    assert quantity(spelled(number + suffix)) == quantity(number + suffix)
