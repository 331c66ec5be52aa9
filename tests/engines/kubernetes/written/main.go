// Command written prints how an API server writes the objects of every stable kind: of each type the fields that stay
// though they hold nothing, and those that are there though nobody set them. It reads the types of k8s.io/api.
//
// A field that is in neither list is left out where it is false, 0, "", [] or {}, and where nobody set it. No list or
// map is in one: an empty one is left out, or is lost when the object is stored.
package main

import (
	"encoding/json"
	"log"
	"os"
	"reflect"
	"regexp"
	"sort"
	"strings"

	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes/scheme"
	apiregistration "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"
)

// Type is how the fields of a type are written, each list sorted.
type Type struct {
	// Kept are fields that stay as they are set: pointers, which tell an empty value from none.
	Kept []string `json:"kept,omitempty"`
	// Always are fields that are there with an empty value though nobody set them.
	Always []string `json:"always,omitempty"`
}

type named interface{ OpenAPIModelName() string }

var stable = regexp.MustCompile(`^v[0-9]+$`)

func main() {
	types := map[string]Type{}
	for _, kind := range kinds() {
		add(types, kind)
	}
	encoder := json.NewEncoder(os.Stdout)
	if err := encoder.Encode(types); err != nil {
		log.Fatal(err)
	}
}

func kinds() []reflect.Type {
	for _, register := range []func(*runtime.Scheme) error{apiextensions.AddToScheme, apiregistration.AddToScheme} {
		if err := register(scheme.Scheme); err != nil {
			log.Fatal(err)
		}
	}
	found := []reflect.Type{}
	for kind, goType := range scheme.Scheme.AllKnownTypes() {
		if stable.MatchString(kind.Version) {
			found = append(found, goType)
		}
	}
	return found
}

// add adds the type and those that it is made of; one with no fields of its own to read has its own way of writing.
func add(types map[string]Type, goType reflect.Type) {
	switch goType.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		add(types, goType.Elem())
	case reflect.Struct:
		name, isNamed := nameOf(goType)
		if _, isKnown := types[name]; isKnown || !isNamed || writesItself(goType) {
			return
		}
		types[name] = Type{}
		types[name] = read(types, goType)
	}
}

func nameOf(goType reflect.Type) (string, bool) {
	model, ok := reflect.New(goType).Interface().(named)
	if !ok {
		return "", false
	}
	return model.OpenAPIModelName(), true
}

func writesItself(goType reflect.Type) bool {
	_, writes := reflect.New(goType).Interface().(json.Marshaler)
	return writes
}

func read(types map[string]Type, goType reflect.Type) Type {
	found := Type{}
	for index := range goType.NumField() {
		field := goType.Field(index)
		tag, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case tag == "-":
		case tag == "":
			inner := read(types, field.Type)
			found.Kept, found.Always = append(found.Kept, inner.Kept...), append(found.Always, inner.Always...)
		default:
			add(types, field.Type)
			place(&found, tag, options, field.Type)
		}
	}
	sort.Strings(found.Kept)
	sort.Strings(found.Always)
	return found
}

func place(found *Type, name, options string, goType reflect.Type) {
	switch goType.Kind() {
	case reflect.Pointer:
		found.Kept = append(found.Kept, name)
	case reflect.Slice, reflect.Map:
		// What is not left out is written as null, which is no value either.
	case reflect.Struct:
		if !strings.Contains(options, "omitzero") && !isNullWhenEmpty(goType) {
			found.Always = append(found.Always, name)
		}
	default:
		if !strings.Contains(options, "omitempty") && !strings.Contains(options, "omitzero") {
			found.Always = append(found.Always, name)
		}
	}
}

// isNullWhenEmpty says whether the empty value is written as null, as that of a time is.
func isNullWhenEmpty(goType reflect.Type) bool {
	text, err := json.Marshal(reflect.Zero(goType).Interface())
	if err != nil {
		log.Fatal(err)
	}
	return string(text) == "null"
}
