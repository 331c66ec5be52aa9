package main

import data.lib

deny contains msg if {
	some container in lib.containers
	not container.securityContext.allowPrivilegeEscalation == false
	msg := sprintf("%s %s has a container that can gain privileges", [input.kind, input.metadata.name])
}
