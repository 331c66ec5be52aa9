"""cert-manager's Best Practice page as rules on the values of its chart, before Helm renders them.

Each rule has the name, severity and profiles of the one in the pack `cert_manager` that judges what is rendered, and gives
the verdict that this one would give, as far as values tell.
"""

from cmpolicy.dsl import Pack

PACK = Pack(
    prefix="cmv",
    title="cert-manager best practice, in Helm values",
    category="cert-manager values",
    docs="https://cert-manager.io/docs/installation/best-practice/",
    profiles={
        "best-practice": "values that follow the page's own, flags of the cainjector included",
    },
)
