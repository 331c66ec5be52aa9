"""Options that all tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("cmpolicy")
    group.addoption("--manifests", type=Path, metavar="DIR", help="also test on the real manifests in this folder")
    group.addoption("--update-golden", action="store_true", help="write the golden files anew instead of comparing")
    group.addoption(
        "--engines",
        choices=("auto", "require"),
        default="require" if os.environ.get("CI") == "true" else "auto",
        help="skip tests whose engine is not built, or fail them; `require` is the default where CI=true",
    )
    group.addoption(
        "--mutations",
        type=int,
        default=int(os.environ.get("CMPOLICY_MUTATIONS", "200")),
        metavar="N",
        help="hostile variants per rule put to the fast engines, a fifth of them to Kyverno ($CMPOLICY_MUTATIONS)",
    )
    group.addoption(
        "--volume",
        type=int,
        default=int(os.environ.get("CMPOLICY_VOLUME", "200000")),
        metavar="N",
        help="verdicts of generated objects to ask the engines for ($CMPOLICY_VOLUME)",
    )
    group.addoption(
        "--random-rules",
        type=int,
        default=int(os.environ.get("CMPOLICY_RANDOM_RULES", "2000")),
        metavar="N",
        help="random rules to put to every engine ($CMPOLICY_RANDOM_RULES)",
    )
