package main

import data.lib

deny contains msg if {
	some container in lib.pod.containers
	some each in container.env
	regex.match(`(PASSWORD|TOKEN|SECRET)$`, each.name)
	each.value
	msg := sprintf("%s %s has a secret in its environment", [input.kind, input.metadata.name])
}
