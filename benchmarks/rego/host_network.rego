package main

import data.lib

deny contains msg if {
	lib.pod.hostNetwork == true
	msg := sprintf("%s %s shares its node's network", [input.kind, input.metadata.name])
}
