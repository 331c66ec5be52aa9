"""Signatures: what we sign, what cosign signs, and everything near to it that is refused."""
