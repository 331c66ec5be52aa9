"""What to change so that findings go: Helm values, and manifests for what a chart cannot set."""
