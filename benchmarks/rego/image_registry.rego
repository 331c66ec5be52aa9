package main

import data.lib

deny contains msg if {
	some container in lib.containers
	not startswith(container.image, "registry.example.com/")
	msg := sprintf("%s %s has an image from elsewhere", [input.kind, input.metadata.name])
}
