"""cert-manager's Best Practice page as rules."""

from cmpolicy.dsl import Pack

PACK = Pack(
    prefix="cm",
    title="cert-manager best practice",
    category="cert-manager",
    docs="https://cert-manager.io/docs/installation/best-practice/",
    profiles={
        "relations": "who wants several objects held against each other, which Kyverno and `gatekeeper` can do",
        "best-practice": "installs with the page's own Helm values: what those values set, cainjector flags included",
        "isolation": "clusters with nodes that are reserved for the platform",
        "gke": "GKE, and other clusters that admit critical priority classes only under a ResourceQuota",
        "topology": "clusters whose scheduler has no constraints of its own that spread pods over nodes and zones",
        "effective-automount": "installs whose ServiceAccounts, and not their pods, switch the mounting of tokens off",
        "dns01": "installs that check ACME challenges against chosen DNS servers",
    },
)
