package main

import data.lib

deny contains msg if {
	some container in lib.containers
	some added in container.securityContext.capabilities.add
	added != "NET_BIND_SERVICE"
	msg := sprintf("%s %s has a container that adds capabilities", [input.kind, input.metadata.name])
}
