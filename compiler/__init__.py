"""Write a Kubernetes policy once; get the same verdict from every engine that enforces it.

Rules import what they need from `cmpolicy.dsl` and their kinds from `cmpolicy.kinds`.
"""

__version__ = "0.1.0"
