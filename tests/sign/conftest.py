"""Names of tests that are the same in every process which shares them."""

from __future__ import annotations

LONGEST = 99


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Keys, and tokens that are signed with them, are new in each process, so they name no test."""
    is_made = isinstance(val, bytes) or (isinstance(val, str) and len(val) > LONGEST)
    return argname if is_made else None
