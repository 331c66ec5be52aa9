package main

import data.lib

deny contains msg if {
	some key in ["hostPID", "hostIPC"]
	lib.pod[key] == true
	msg := sprintf("%s %s shares its node's processes", [input.kind, input.metadata.name])
}
