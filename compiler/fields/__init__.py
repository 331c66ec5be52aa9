"""What kinds Kubernetes has and which fields their types have, for every supported version."""
