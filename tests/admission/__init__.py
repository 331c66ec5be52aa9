"""What an API server makes of manifests: the model."""
