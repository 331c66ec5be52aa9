// Command gatekeeper-runner judges admission requests by templates and constraints, on the packages of Gatekeeper 3.23.1.
//
// Usage: gatekeeper-runner --cel|--rego < questions > answers. Both are JSON lines, as tests/engines/runners.py says.
// With --cel there are the drivers that `gator test` has by default, with --rego those that it has with
// --enable-k8s-native-validation=false. A question that is none ends the process with status 1.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"runtime/debug"
	"slices"

	"github.com/go-logr/logr"
	admissionv1 "k8s.io/api/admission/v1"
	ctrllog "sigs.k8s.io/controller-runtime/pkg/log"
)

const (
	bufferBytes = 1 << 16
	// gcPercent saves a quarter of the time for 200 MB: what is loaded is small, and each verdict leaves much garbage.
	gcPercent = 400
)

// question asks for a load if it has Load, else for a verdict.
type question struct {
	Load        *string               `json:"load"`
	Rule        string                `json:"rule"`
	Object      json.RawMessage       `json:"object"`
	Old         json.RawMessage       `json:"old"`
	Operation   admissionv1.Operation `json:"operation"`
	Subresource string                `json:"subresource"`
}

type loaded struct {
	Names []string `json:"loaded"`
}

type refused struct {
	Error string `json:"error"`
}

func main() {
	cel, err := options(os.Args[1:])
	exit(err)
	debug.SetGCPercent(gcPercent)
	ctrllog.SetLogger(logr.Discard())
	in, err := takeStdin()
	exit(err)
	exit(serve(&session{cel: cel}, bufio.NewReaderSize(in, bufferBytes), bufio.NewWriterSize(os.Stdout, bufferBytes)))
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func options(arguments []string) (cel bool, err error) {
	if len(arguments) == 1 && (arguments[0] == "--cel" || arguments[0] == "--rego") {
		return arguments[0] == "--cel", nil
	}
	return false, fmt.Errorf("usage: gatekeeper-runner --cel|--rego")
}

// takeStdin leaves the null device in place of stdin, since gator's reader takes more files from stdin if it is a pipe.
func takeStdin() (io.Reader, error) {
	null, err := os.Open(os.DevNull)
	in := os.Stdin
	os.Stdin = null
	return in, err
}

// serve answers until the input ends. Answers are held back only while more questions are there already.
func serve(s *session, in *bufio.Reader, out *bufio.Writer) error {
	defer out.Flush()
	answers := json.NewEncoder(out)
	answers.SetEscapeHTML(false)
	for {
		line, err := in.ReadBytes('\n')
		if err == io.EOF && len(line) == 0 {
			return out.Flush()
		}
		if err != nil && err != io.EOF {
			return err
		}
		if err := s.answer(line, answers); err != nil {
			return fmt.Errorf("%w in %s", err, bytes.TrimSpace(line))
		}
		if in.Buffered() > 0 {
			continue
		}
		if err := out.Flush(); err != nil {
			return err
		}
	}
}

// session is what is loaded.
type session struct {
	cel      bool
	policies map[string]*policy
}

func (s *session) answer(line []byte, answers *json.Encoder) error {
	asked, err := parse(line)
	if err != nil {
		return err
	}
	if asked.Load != nil {
		return answers.Encode(s.load(*asked.Load))
	}
	constraint, known := s.policies[asked.Rule]
	if !known {
		return fmt.Errorf("no constraint %q is loaded", asked.Rule)
	}
	request, err := admission(asked)
	if err != nil {
		return err
	}
	return answers.Encode(constraint.judge(request))
}

func (s *session) load(folder string) any {
	var err error
	if s.policies, err = load(folder, s.cel); err != nil {
		return refused{err.Error()}
	}
	return loaded{slices.Sorted(maps.Keys(s.policies))}
}

func parse(line []byte) (*question, error) {
	asked := &question{}
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(asked); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, fmt.Errorf("more than one question")
	}
	return asked, nil
}
