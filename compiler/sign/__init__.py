"""Signatures of what is published, and statements on how it was built. Pure functions on bytes; where they go is for others.

`keys` needs the packages of the extra `cmpolicy[sign]`, and `keyless`, which asks services on the network, that of
`cmpolicy[keyless]`; each is imported when a signature is made or checked.
"""
