"""Who must have signed, if it is not a key: an identity, for whom somebody vouched."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Identity:
    """The name in a certificate, and who vouched for it. `root` is a file of what is trusted; Sigstore's own if None."""

    name: str
    issuer: str
    root: Path | None = None
