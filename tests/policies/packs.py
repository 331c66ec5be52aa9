"""The pack under test, loaded once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import cmpolicy.policies
from cmpolicy import ir
from cmpolicy.load import Loaded, load_pack

PACK = Path(cmpolicy.policies.__path__[0]) / "cert_manager"


@cache
def cert_manager() -> Loaded:
    """The cert-manager pack."""
    return load_pack(PACK)


def rule(rule_id: str) -> ir.Rule:
    """The pack's rule of this id."""
    return next(each for each in cert_manager().rules if each.id == rule_id)
