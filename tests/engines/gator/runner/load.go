package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/open-policy-agent/frameworks/constraint/pkg/apis"
	templatesv1 "github.com/open-policy-agent/frameworks/constraint/pkg/apis/templates/v1"
	regoschema "github.com/open-policy-agent/frameworks/constraint/pkg/client/drivers/rego/schema"
	"github.com/open-policy-agent/frameworks/constraint/pkg/core/templates"
	celschema "github.com/open-policy-agent/gatekeeper/v3/pkg/drivers/k8scel/schema"
	"github.com/open-policy-agent/gatekeeper/v3/pkg/gator/reader"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
)

// load makes a policy of each constraint in folder/constraints and its template in folder/templates, as gator does.
// What gator passes over without a word is refused too: it would look like a policy that allows everything.
func load(folder string, cel bool) (policies map[string]*policy, err error) {
	defer func() {
		if panicked := recover(); panicked != nil {
			policies, err = nil, fmt.Errorf("panic: %v", panicked)
		}
	}()
	byName, err := readTemplates(filepath.Join(folder, "templates"))
	if err != nil {
		return nil, err
	}
	constraints, err := read(filepath.Join(folder, "constraints"), reader.IsConstraint)
	if err != nil {
		return nil, err
	}
	if err := unused(byName, constraints); err != nil {
		return nil, err
	}
	return newPolicies(byName, constraints, cel)
}

type templatesByName map[string]*templates.ConstraintTemplate

// templateName is where Gatekeeper looks the template of a constraint up.
func templateName(constraint *unstructured.Unstructured) string {
	return strings.ToLower(constraint.GetKind())
}

func unused(byName templatesByName, constraints []*unstructured.Unstructured) error {
	used := map[string]bool{}
	for _, constraint := range constraints {
		used[templateName(constraint)] = true
	}
	for name := range byName {
		if !used[name] {
			return fmt.Errorf("template %q has no constraint", name)
		}
	}
	return nil
}

func newPolicies(
	byName templatesByName, constraints []*unstructured.Unstructured, cel bool,
) (map[string]*policy, error) {
	policies := map[string]*policy{}
	for _, constraint := range constraints {
		name := constraint.GetName()
		if _, twice := policies[name]; twice {
			return nil, fmt.Errorf("two constraints are named %q", name)
		}
		made, err := newPolicy(byName[templateName(constraint)], constraint, cel)
		if err != nil {
			return nil, fmt.Errorf("constraint %q: %w", name, err)
		}
		policies[name] = made
	}
	return policies, nil
}

// read is every object below the folder, each of which must be wanted; there must be some in each file.
func read(folder string, wanted func(*unstructured.Unstructured) bool) ([]*unstructured.Unstructured, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	var all []*unstructured.Unstructured
	for _, entry := range entries {
		objects, err := readFile(filepath.Join(folder, entry.Name()), wanted)
		if err != nil {
			return nil, err
		}
		all = append(all, objects...)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s: no input data identified", folder)
	}
	return all, nil
}

func readFile(path string, wanted func(*unstructured.Unstructured) bool) ([]*unstructured.Unstructured, error) {
	objects, err := reader.ReadSources([]string{path}, nil, "")
	if err != nil {
		return nil, err
	}
	if len(objects) == 0 {
		return nil, fmt.Errorf("%s: no input data identified", path)
	}
	for _, object := range objects {
		if !wanted(object) {
			return nil, fmt.Errorf("%s: %s does not belong there", path, object.GroupVersionKind())
		}
	}
	return objects, nil
}

func readTemplates(folder string) (templatesByName, error) {
	scheme := runtime.NewScheme()
	if err := apis.AddToScheme(scheme); err != nil {
		return nil, err
	}
	objects, err := read(folder, reader.IsTemplate)
	if err != nil {
		return nil, err
	}
	byName := templatesByName{}
	for _, object := range objects {
		template, err := toTemplate(scheme, object)
		if err != nil {
			return nil, fmt.Errorf("template %q: %w", object.GetName(), err)
		}
		if _, twice := byName[template.Name]; twice {
			return nil, fmt.Errorf("two templates are named %q", template.Name)
		}
		byName[template.Name] = template
	}
	return byName, nil
}

func toTemplate(scheme *runtime.Scheme, object *unstructured.Unstructured) (*templates.ConstraintTemplate, error) {
	if err := strictly(object.Object, &templatesv1.ConstraintTemplate{}); err != nil {
		return nil, err
	}
	template, err := reader.ToTemplate(scheme, object)
	if err != nil {
		return nil, err
	}
	for _, code := range code(template) {
		if err := strictly(code.Source.Value, source(code.Engine)); err != nil {
			return nil, fmt.Errorf("code of %s: %w", code.Engine, err)
		}
	}
	return template, nil
}

// code is what the drivers look at: they refuse a template with more targets or fewer.
func code(template *templates.ConstraintTemplate) []templates.Code {
	if len(template.Spec.Targets) != 1 {
		return nil
	}
	return template.Spec.Targets[0].Code
}

func source(engine string) any {
	switch engine {
	case celschema.Name:
		return &celschema.Source{}
	case regoschema.Name:
		return &regoschema.Source{}
	default:
		return &struct{}{}
	}
}

// strictly refuses fields that the type does not have: gator drops them, `matchConditions` of CEL code among them.
func strictly(value, into any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}
