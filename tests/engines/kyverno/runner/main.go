// Command kyverno-runner judges objects with Kyverno policies, on Kyverno's own packages, as a cluster with Kyverno does.
//
// Usage: kyverno-runner --policy=cluster|validating [--background] < requests > answers. The protocol stands in
// tests/engines/runners.py. The folder that is loaded holds a folder "policies" with ClusterPolicies (kyverno.io/v1), or with
// ValidatingPolicies (policies.kyverno.io/v1). An object is judged as the admission controller judges a request about it;
// with --background, as the reports controller scans an object that is there, which knows no old object and no operation.
// Policies of both kinds may list the known objects.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime/debug"

	"github.com/kyverno/kyverno/cmd/cli/kubectl-kyverno/log"
)

func main() {
	// Kyverno compiles a ClusterPolicy's CEL for every object and throws it away: a third of the time went into collecting it.
	debug.SetGCPercent(400)
	kind := flag.String("policy", "", "cluster or validating")
	background := flag.Bool("background", false, "judge as the background scan does")
	flag.Parse()
	exit(run(*kind, *background))
}

func run(kind string, background bool) error {
	// Kyverno's logs would fill standard error: a line for most errors that are also answers.
	if err := log.Configure(); err != nil {
		return err
	}
	if flag.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", flag.Arg(0))
	}
	mapper, err := newResourceMapper()
	if err != nil {
		return err
	}
	known := newKnownObjects(mapper)
	load, err := loaderOf(kind, mapper, known, background)
	if err != nil {
		return err
	}
	return serve(load, known, os.Stdin, os.Stdout)
}

func loaderOf(kind string, mapper resourceMapper, known *knownObjects, background bool) (loader, error) {
	switch kind {
	case "cluster":
		return newClusterPolicies(mapper, known, background).load, nil
	case "validating":
		return validatingPolicies{mapper, background}.load, nil
	}
	return nil, fmt.Errorf("--policy is %q, not cluster or validating", kind)
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
