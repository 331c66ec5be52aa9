package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/kyverno/kyverno/cmd/cli/kubectl-kyverno/policy"
	extyaml "github.com/kyverno/kyverno/ext/yaml"
)

// named is a policy of any type.
type named interface{ GetName() string }

// readPolicies reads every file of the folder's policies as Kyverno's command line does, which checks them against the
// schemas that the API server has. What that leaves out without a word is an error here: files that it does not read, and
// documents that pick does not return.
func readPolicies[P named](folder string, pick func(*policy.LoaderResults) []P) ([]P, error) {
	files, err := os.ReadDir(filepath.Join(folder, "policies"))
	if err != nil {
		return nil, err
	}
	var found []P
	for _, file := range files {
		path := filepath.Join(folder, "policies", file.Name())
		read, err := readFile(path, pick)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		found = append(found, read...)
	}
	return found, nil
}

func readFile[P named](path string, pick func(*policy.LoaderResults) []P) ([]P, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	documents, err := extyaml.SplitDocuments(text)
	if err != nil {
		return nil, err
	}
	results, err := policy.Load(nil, "", path)
	if err != nil {
		return nil, err
	}
	if err := dropped(results); err != nil {
		return nil, err
	}
	found := pick(results)
	if len(found) == 0 || len(found) != len(documents) {
		return nil, fmt.Errorf("%d documents, but %d policies of the type asked for are taken", len(documents), len(found))
	}
	return found, nil
}

// dropped is what was wrong with the documents that the command line leaves out.
func dropped(results *policy.LoaderResults) error {
	var errs []error
	for _, each := range results.NonFatalErrors {
		errs = append(errs, each.Error)
	}
	return errors.Join(errs...)
}

// prepared makes a judge of every policy.
func prepared[P named](found []P, prepare func(P) (judge, error)) (policies, error) {
	made := policies{}
	for _, each := range found {
		name := each.GetName()
		if _, twice := made[name]; twice {
			return nil, fmt.Errorf("two policies are named %q", name)
		}
		judge, err := prepare(each)
		if err != nil {
			return nil, fmt.Errorf("policy %q: %w", name, err)
		}
		made[name] = judge
	}
	return made, nil
}
