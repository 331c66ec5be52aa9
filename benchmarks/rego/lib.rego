package lib

default pod := {}

pod := input.spec if input.kind == "Pod"

pod := input.spec.template.spec if input.kind == "Deployment"

containers := [container |
	some key in ["containers", "initContainers", "ephemeralContainers"]
	some container in pod[key]
]
