"""What is published, on real registries and in the hands of the tools that people run."""
