"""What came after cert-manager's Best Practice page of v1.15: its later text, the hardening guide, and advisories."""

from cmpolicy.dsl import Pack

PACK = Pack(
    prefix="cm",
    title="cert-manager hardening",
    category="cert-manager hardening",
    docs="https://cert-manager.io/docs/installation/best-practice/",
    profiles={
        "hardening": "installs that are held to cert-manager's hardening guide, beyond the Best Practice page",
        "hardening-relations": "the same, held against other objects, which Kyverno and `gatekeeper` can do",
        "approver-policy": "clusters in which a policy approver decides which certificates are issued",
        "least-functionality": "installs that do without some of the components",
    },
)
