"""Every planted fault still finds the code that it changes, which the engines' own tests would say an hour later."""

from __future__ import annotations

import pytest

from tests.engines.faults import Fault
from tests.engines.faults_planted import FAULTS


def test_every_patch_finds_what_it_patches() -> None:
    assert [lost for fault in FAULTS if (lost := _lost(fault))] == []


def _lost(fault: Fault) -> str:
    """What hinders planting; empty if the patch applies."""
    try:
        with pytest.MonkeyPatch.context() as patch:
            if fault.patch is not None:
                fault.patch(patch)
    except (AttributeError, ImportError, KeyError) as error:
        return f"{fault}: {error}"
    return ""
