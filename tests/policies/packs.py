"""The packs under test, each loaded once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import cmpolicy.policies
from cmpolicy import ir
from cmpolicy.load import Loaded, load_pack

PACK = Path(cmpolicy.policies.__path__[0]) / "cert_manager"
HARDENING = PACK.with_name("cert_manager_hardening")


@cache
def cert_manager() -> Loaded:
    """The cert-manager pack."""
    return load_pack(PACK)


@cache
def hardening() -> Loaded:
    """The second cert-manager pack."""
    return load_pack(HARDENING)


def rule(rule_id: str) -> ir.Rule:
    """The packs' rule of this id."""
    return next(each for each in (*cert_manager().rules, *hardening().rules) if each.id == rule_id)
