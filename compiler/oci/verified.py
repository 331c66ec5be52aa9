"""Verify what was published: the signature of the bundle, its files, its provenance, and the manifests that it locks.

Everything is checked and every failure told. Nothing is taken for good that was not checked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, TypeVar

from cmpolicy.content import is_digest
from cmpolicy.oci.attached import Read, Statement, classics, read_bundle, statements
from cmpolicy.oci.built import Built
from cmpolicy.oci.lock import Locked
from cmpolicy.oci.pulled import Published, pull
from cmpolicy.oci.pulled import read_bundle as read_published
from cmpolicy.oci.store import NotAsSaid, NotThere, Store, telling
from cmpolicy.oci.transfer import in_parallel
from cmpolicy.sign.classic import Signed, verify_classic
from cmpolicy.sign.identity import Identity
from cmpolicy.sign.provenance import Traced, check_provenance
from cmpolicy.sign.statement import PROVENANCE, SIGNED
from cmpolicy.sign.strict import NotVerified, first_verified, require
from cmpolicy.sign.trusted import verify_statement

if TYPE_CHECKING:
    from cmpolicy.sign.keys import PublicKey
    from cmpolicy.sign.trusted import Trusted

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was checked, and of which artifact; the problem is empty if it is good.

    They are `bundle` (that there is one to read), `signature`, `files`, `provenance`, and `digest` for each artifact.
    """

    what: str
    artifact: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Verified:
    """What came of all checks. `built` is the bundle, all its files held to their digests; None if one is not as it was.

    `traced` is what the provenance says; None if it was not asked for, or is not good.
    """

    digest: str | None
    checks: tuple[Check, ...]
    built: Built | None = None
    traced: Traced | None = None

    @property
    def problems(self) -> tuple[Check, ...]:
        """What failed. The bundle is verified if nothing did."""
        return tuple(each for each in self.checks if each.problem)

    @property
    def good(self) -> tuple[str, Built] | None:
        """The digest and the bundle, if nothing failed."""
        if self.problems or self.digest is None or self.built is None:
            return None
        return self.digest, self.built


def verify(store: Store, version: str, who: Trusted, *, provenance: bool = True) -> Verified:
    """Verify the bundle of this tag or digest. Raises `CmpolicyError` if it cannot be reached, or there is none."""
    try:
        published = read_published(store, version)
    except NotAsSaid as error:
        return Verified(None, (Check("bundle", "", str(error)),))
    signature, _ = _checked("signature", partial(_signature, store, published.digest, who))
    files, built = _checked("files", lambda: pull(store, published.digest)[1])
    checks, traced = [signature, files], None
    if provenance and built is not None:
        check, traced = _checked("provenance", partial(_provenance, store, published.digest, who, built))
        checks.append(check)
    checks.extend(_digests(store, published, None if is_digest(version) else version))
    return Verified(published.digest, tuple(checks), built, traced)


def _checked(what: str, function: Callable[[], T], artifact: str = "") -> tuple[Check, T | None]:
    try:
        found = function()
    except (NotVerified, NotThere, NotAsSaid) as error:
        return Check(what, artifact, str(error)), None
    return Check(what, artifact), found


def _signature(store: Store, digest: str, who: Trusted) -> None:
    """Raise `NotVerified` unless they have signed the manifest; a key may have done that in the format before bundles."""
    bundles = (partial(_bundle, store, digest, who, SIGNED, read) for read in statements(store, "", digest, SIGNED))
    before = () if isinstance(who, Identity) else _classics(store, digest, who)
    first_verified(chain[Callable[[], object]](bundles, before), f"no signature is attached to {digest}")


def _bundle(store: Store, digest: str, who: Trusted, kind: str, read: Read[Statement]) -> object:
    return verify_statement(read_bundle(store, "", read()), who, digest, kind)


def _classics(store: Store, digest: str, key: PublicKey) -> Iterator[Callable[[], object]]:
    return (partial(_classic, digest, key, read) for read in classics(store, "", digest))


def _classic(digest: str, key: PublicKey, read: Read[Signed]) -> object:
    return verify_classic(read(), key, digest)


def _provenance(store: Store, digest: str, who: Trusted, built: Built) -> Traced:
    def check(read: Read[Statement]) -> Traced:
        statement = verify_statement(read_bundle(store, "", read()), who, digest, PROVENANCE)
        return check_provenance(statement, built.record, built.files)

    checks = (partial(check, read) for read in statements(store, "", digest, PROVENANCE))
    return first_verified(checks, f"no provenance is attached to {digest}")


def _digests(store: Store, published: Published, tag: str | None) -> Iterator[Check]:
    """Hold the manifests that the bundle locks to their digests; they stand under its tag too, where it has one."""

    def one(locked: Locked) -> Check:
        return _checked("digest", partial(_locked, store, locked, tag), locked.name)[0]

    return in_parallel(one, published.lock, store.stop)


def _locked(store: Store, locked: Locked, tag: str | None) -> None:
    with telling(locked.name):
        locked.descriptor.check(store.manifest(locked.name, locked.digest))
    # Where no such tag is, nobody takes something else for it.
    found = None if tag is None else store.digest(locked.name, tag)
    require(
        found in (None, locked.digest),
        f"the tag `{tag}` of `{locked.name}` stands for {found}, and the bundle locks {locked.digest}",
    )
