package main

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/ghodss/yaml"
	"github.com/santhosh-tekuri/jsonschema/v5"
	"github.com/xeipuuv/gojsonschema"
)

//go:embed policyfile.schema.json
var policyFileSchema string

type policyFile struct {
	Policies []struct {
		Name      string
		IsDefault bool
		Rules     []struct{ Identifier, MessageOnFailure string }
	}
	CustomRules []customRule
}

type customRule struct {
	Identifier string
	Schema     json.RawMessage
	JSONSchema string `json:"jsonSchema"`
}

// rule is a custom rule of the default policy, ready to judge.
type rule struct {
	message  string
	schema   *jsonschema.Schema
	keywords *keywords
}

func (r *rule) judge(object any) answer {
	r.keywords.errors = nil
	err := r.schema.Validate(object)
	var violation *jsonschema.ValidationError
	switch {
	case len(r.keywords.errors) > 0:
		return answer{"error", errors.Join(r.keywords.errors...).Error()}
	case errors.As(err, &violation):
		return answer{"fail", r.message}
	case err != nil:
		return answer{"error", err.Error()}
	}
	return answer{"pass", ""}
}

// names are the ids of the rules, in order.
func names(rules map[string]*rule) []string {
	ids := make([]string, 0, len(rules))
	for id := range rules {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	return ids
}

// load reads a folder's policy file with Datree's checks, in Datree's order, and compiles the rules of the default
// policy, each under its id. An error gives no rules.
func load(folder string) (map[string]*rule, error) {
	text, err := os.ReadFile(filepath.Join(folder, "policies.yaml"))
	if err != nil {
		return nil, err
	}
	document, err := yaml.YAMLToJSON(text)
	if err != nil {
		return nil, err
	}
	if err := checkShape(document); err != nil {
		return nil, err
	}
	var file policyFile
	if err := json.Unmarshal(document, &file); err != nil {
		return nil, err
	}
	custom, err := customRules(file.CustomRules)
	if err != nil {
		return nil, err
	}
	messages, err := defaultPolicy(file, custom)
	if err != nil {
		return nil, err
	}
	rules := map[string]*rule{}
	for identifier, message := range messages {
		words := &keywords{}
		schema, err := compile(custom[identifier], words)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", identifier, err)
		}
		id := strings.ToLower(strings.ReplaceAll(identifier, "_", "-"))
		if _, twice := rules[id]; twice {
			return nil, fmt.Errorf("two identifiers are spelled %s as a rule's id", id)
		}
		rules[id] = &rule{message, schema, words}
	}
	return rules, nil
}

func checkShape(document []byte) error {
	var value any
	if err := json.Unmarshal(document, &value); err != nil {
		return err
	}
	return jsonschema.MustCompileString("policyfile.json", policyFileSchema).Validate(value)
}

// customRules gives the schema text of each custom rule, checked with gojsonschema as Datree does at load.
func customRules(listed []customRule) (map[string]string, error) {
	texts := map[string]string{}
	for _, custom := range listed {
		if _, known := texts[custom.Identifier]; known {
			return nil, fmt.Errorf("custom rule %s is defined twice", custom.Identifier)
		}
		text := custom.JSONSchema
		if text == "" {
			text = string(custom.Schema)
		}
		checked, err := checkSchema(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", custom.Identifier, err)
		}
		texts[custom.Identifier] = checked
	}
	return texts, nil
}

// checkSchema gives the text back as Datree hands it on: its numbers have been doubles in between.
func checkSchema(text string) (string, error) {
	var root map[string]any
	if err := json.Unmarshal([]byte(text), &root); err != nil {
		return "", err
	}
	again, err := json.Marshal(root)
	if err != nil {
		return "", err
	}
	_, err = gojsonschema.NewSchema(gojsonschema.NewBytesLoader(again))
	return string(again), err
}

// defaultPolicy gives the message of each rule of the one default policy.
func defaultPolicy(file policyFile, custom map[string]string) (map[string]string, error) {
	var chosen map[string]string
	for _, policy := range file.Policies {
		messages := map[string]string{}
		for _, listed := range policy.Rules {
			if _, twice := messages[listed.Identifier]; twice {
				return nil, fmt.Errorf("policy %s lists %s twice", policy.Name, listed.Identifier)
			}
			if _, known := custom[listed.Identifier]; !known {
				return nil, fmt.Errorf("policy %s lists %s, which is no custom rule", policy.Name, listed.Identifier)
			}
			messages[listed.Identifier] = listed.MessageOnFailure
		}
		if policy.IsDefault && chosen != nil {
			return nil, errors.New("two policies are the default")
		}
		if policy.IsDefault {
			chosen = messages
		}
	}
	if chosen == nil {
		return nil, errors.New("no policy is the default")
	}
	return chosen, nil
}

func compile(text string, words *keywords) (*jsonschema.Schema, error) {
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat = true
	words.register(compiler)
	if err := compiler.AddResource("rule.json", strings.NewReader(text)); err != nil {
		return nil, err
	}
	return compiler.Compile("rule.json")
}
