"""The package list of the fixed folders; everything else is in pyproject.toml."""

from setuptools import find_namespace_packages, setup


def under(prefix: str, folder: str) -> list[str]:
    """`prefix` and every package below `folder`, under that prefix."""
    return [prefix, *(f"{prefix}.{name}" for name in find_namespace_packages(folder) if "__pycache__" not in name)]


setup(
    packages=[
        *under("cmpolicy", "compiler"),
        *under("cmpolicy.targets", "targets"),
        *under("cmpolicy.policies", "policies"),
    ]
)
