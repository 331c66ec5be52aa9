"""cert-manager's Best Practice page as rules on the chart's values, before Helm renders them.

What they say is advice: values of other files, of `--set` and of the chart itself are not known here, and what comes out is
only seen in the manifests, which the rules of the same names with `cm-` judge. Each asks of a file by itself that it sets
what the page sets.
"""

from cmpolicy.dsl import Pack

PACK = Pack(
    prefix="cmv",
    title="cert-manager best practice, in Helm values",
    category="cert-manager values",
    docs="https://cert-manager.io/docs/installation/best-practice/",
)
