package main

import data.lib

deny contains msg if {
	some container in lib.containers
	container.securityContext.privileged == true
	msg := sprintf("%s %s has a privileged container", [input.kind, input.metadata.name])
}
