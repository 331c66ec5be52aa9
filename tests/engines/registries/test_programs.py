"""A program that does not serve is told, with what it printed."""

from __future__ import annotations

import sys

import pytest

from tests.engines.registries.programs import NotServing, Program


def test_a_program_that_ends_is_told() -> None:
    command = [sys.executable, "-c", "print('no such file'); raise SystemExit(1)"]
    with Program(command, {}) as program, pytest.raises(NotServing, match="no such file"):
        _ = program.host
