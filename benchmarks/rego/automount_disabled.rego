package main

import data.lib

deny contains msg if {
	not lib.pod.automountServiceAccountToken == false
	msg := sprintf("%s %s mounts a token by itself", [input.kind, input.metadata.name])
}
