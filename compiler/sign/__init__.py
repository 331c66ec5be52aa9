"""Signatures of what is published, and statements on how it was built. Pure functions on bytes; where they go is for others.

`keys` needs the packages of the extra `cmpolicy[sign]` and is imported when a signature is made or checked. Keyless
signing, which needs an identity provider and a log, is not here: `docs/signing.md`.
"""
