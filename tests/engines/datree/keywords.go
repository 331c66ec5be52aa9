package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/google/cel-go/cel"
	"github.com/open-policy-agent/opa/rego"
	"github.com/santhosh-tekuri/jsonschema/v5"
	"k8s.io/apimachinery/pkg/api/resource"
)

// keywords are Datree's own schema keywords; errors are what they met in the current evaluation.
type keywords struct{ errors []error }

// A test tells whether an instance satisfies a keyword.
type test func(instance any) (bool, error)

// A keyword makes a test of the value that the schema gives it.
type keyword struct {
	name string
	meta string
	test func(value any) (test, error)
}

var all = []keyword{
	{"resourceMinimum", `{"type": "string"}`, quantityTest(func(value, bound float64) bool { return value >= bound })},
	{"resourceMaximum", `{"type": "string"}`, quantityTest(func(value, bound float64) bool { return value <= bound })},
	{"regoDefinition", `{"type": "object", "required": ["code"]}`, regoTest},
	{"CELDefinition", `{"type": "array", "minItems": 1, "items": {"type": "object", "required": ["expression"]}}`, celTest},
}

func (k *keywords) register(compiler *jsonschema.Compiler) {
	for _, word := range all {
		meta := fmt.Sprintf(`{"properties": {%q: %s}}`, word.name, word.meta)
		compiler.RegisterExtension(word.name, jsonschema.MustCompileString(word.name+".json", meta), extension{k, word})
	}
}

type extension struct {
	keywords *keywords
	word     keyword
}

// Compile implements jsonschema.ExtCompiler.
func (e extension) Compile(_ jsonschema.CompilerContext, schema map[string]any) (jsonschema.ExtSchema, error) {
	value, ok := schema[e.word.name]
	if !ok {
		return nil, nil
	}
	made, err := e.word.test(value)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", e.word.name, err)
	}
	return assertion{e, made}, nil
}

type assertion struct {
	extension
	test test
}

// Validate implements jsonschema.ExtSchema.
func (a assertion) Validate(ctx jsonschema.ValidationContext, instance any) error {
	holds, err := a.test(instance)
	if err != nil {
		a.keywords.errors = append(a.keywords.errors, fmt.Errorf("%s: %w", a.word.name, err))
	}
	if !holds {
		return ctx.Error(a.word.name, "does not hold")
	}
	return nil
}

// quantityTest compares as Datree does: both sides become float64, by way of their decimal text.
func quantityTest(compare func(value, bound float64) bool) func(any) (test, error) {
	return func(bound any) (test, error) {
		limit, err := quantity(bound)
		if err != nil {
			return nil, err
		}
		return func(instance any) (bool, error) {
			value, err := quantity(instance)
			return err == nil && compare(value, limit), err
		}, nil
	}
}

func quantity(value any) (float64, error) {
	text, ok := value.(string)
	if !ok {
		return 0, fmt.Errorf("%v must be a string", value)
	}
	parsed, err := resource.ParseQuantity(text)
	if err != nil {
		return 0, fmt.Errorf("%q: %w", text, err)
	}
	return strconv.ParseFloat(parsed.AsDec().String(), 64)
}

func regoTest(value any) (test, error) {
	definition, err := remarshal[struct {
		Code string
		Libs []string
	}](value)
	if err != nil {
		return nil, err
	}
	name, err := packageName(definition.Code)
	if err != nil {
		return nil, err
	}
	options := []func(*rego.Rego){rego.Query("data." + name + ".violation"), rego.Module("main.rego", definition.Code)}
	for i, library := range definition.Libs {
		options = append(options, rego.Module(fmt.Sprintf("lib%d.rego", i), library))
	}
	query, err := rego.New(options...).PrepareForEval(context.Background())
	if err != nil {
		return nil, err
	}
	return func(instance any) (bool, error) {
		results, err := query.Eval(context.Background(), rego.EvalInput(instance))
		if err != nil {
			return false, err
		}
		return noViolation(results)
	}, nil
}

// packageName is the word after the first "package" in the text, even in a comment: so Datree finds it.
func packageName(code string) (string, error) {
	_, after, found := strings.Cut(code, "package")
	words := strings.Fields(after)
	if !found || len(words) == 0 {
		return "", errors.New("the code has no package")
	}
	return words[0], nil
}

func noViolation(results rego.ResultSet) (bool, error) {
	if len(results) != 1 || len(results[0].Expressions) != 1 {
		return false, errors.New("violation is undefined")
	}
	elements, ok := results[0].Expressions[0].Value.([]any)
	if !ok {
		return false, errors.New("violation is not a partial set")
	}
	for _, element := range elements {
		violated, ok := element.(bool)
		if !ok {
			return false, errors.New("violation holds a value that is not a boolean")
		}
		if violated {
			return false, nil
		}
	}
	return true, nil
}

func celTest(value any) (test, error) {
	definitions, err := remarshal[[]struct{ Expression string }](value)
	if err != nil {
		return nil, err
	}
	environment, err := cel.NewEnv(cel.Variable("object", cel.DynType))
	if err != nil {
		return nil, err
	}
	programs := make([]cel.Program, len(definitions))
	for i, definition := range definitions {
		tree, issues := environment.Compile(definition.Expression)
		if issues.Err() != nil {
			return nil, issues.Err()
		}
		if programs[i], err = environment.Program(tree); err != nil {
			return nil, err
		}
	}
	return func(instance any) (bool, error) { return allTrue(programs, instance) }, nil
}

func allTrue(programs []cel.Program, instance any) (bool, error) {
	for _, program := range programs {
		result, _, err := program.Eval(map[string]any{"object": instance})
		if err != nil {
			return false, err
		}
		holds, ok := result.Value().(bool)
		if !ok {
			return false, fmt.Errorf("the result is no boolean but %v", result.Type())
		}
		if !holds {
			return false, nil
		}
	}
	return true, nil
}

func remarshal[T any](value any) (T, error) {
	var typed T
	text, err := json.Marshal(value)
	if err == nil {
		err = json.Unmarshal(text, &typed)
	}
	return typed, err
}
