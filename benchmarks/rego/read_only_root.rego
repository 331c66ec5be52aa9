package main

import data.lib

deny contains msg if {
	some container in lib.containers
	not container.securityContext.readOnlyRootFilesystem == true
	msg := sprintf("%s %s has a container that can write to its root file system", [input.kind, input.metadata.name])
}
