"""cert-manager's Best Practice page as rules."""

from cmpolicy.dsl import Pack

PACK = Pack(
    prefix="cm",
    title="cert-manager best practice",
    category="cert-manager",
    docs="https://cert-manager.io/docs/installation/best-practice/",
)
