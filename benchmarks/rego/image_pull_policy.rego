package main

import data.lib

deny contains msg if {
	some container in lib.containers
	not container.imagePullPolicy in {"Always", "IfNotPresent"}
	msg := sprintf("%s %s has a container whose image is not pulled", [input.kind, input.metadata.name])
}
