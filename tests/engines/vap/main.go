// Command vap-runner judges objects with ValidatingAdmissionPolicies by the API server's own code; it takes no argument.
//
// It reads and writes the lines that tests/engines/runners.py describes. A load takes the files in the folder "policies"
// below the given one, and refuses what the API server would not store. An object is judged as it stands: nothing is
// defaulted, and its namespace exists. A line that is no request ends the process.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"k8s.io/klog/v2"
	kjson "sigs.k8s.io/json"
)

// question is a line: Load alone, or the other fields. Whole numbers in objects are int64, as in the API server.
type question struct {
	Load        string         `json:"load"`
	Rule        string         `json:"rule"`
	Object      map[string]any `json:"object"`
	Old         map[string]any `json:"old"`
	Operation   string         `json:"operation"`
	Subresource string         `json:"subresource"`
}

type loadedAnswer struct {
	Loaded []string `json:"loaded"`
}

type refusedAnswer struct {
	Error string `json:"error"`
}

type answer struct {
	Verdict string `json:"verdict"`
	Message string `json:"message"`
}

func main() {
	// What the server logs is not asked for; what goes wrong is in the answers.
	klog.LogToStderr(false)
	klog.SetOutput(io.Discard)
	if err := serve(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve(in io.Reader, out io.Writer) error {
	lines, buffered := bufio.NewReader(in), bufio.NewWriter(out)
	answers := json.NewEncoder(buffered)
	answers.SetEscapeHTML(false)
	runner := &runner{}
	for {
		line, err := lines.ReadBytes('\n')
		if err == io.EOF && len(line) == 0 {
			return buffered.Flush()
		}
		if err != nil {
			return fmt.Errorf("the last line does not end: %w", err)
		}
		reply, err := runner.reply(line)
		if err != nil {
			return errors.Join(err, buffered.Flush())
		}
		if err := answers.Encode(reply); err != nil {
			return err
		}
		if lines.Buffered() == 0 {
			if err := buffered.Flush(); err != nil {
				return err
			}
		}
	}
}

// runner holds what was loaded last; nil when nothing is.
type runner struct{ server *server }

// reply answers a line; an error means that the line is no request.
func (r *runner) reply(line []byte) (any, error) {
	var asked question
	strict, err := kjson.UnmarshalStrict(line, &asked)
	if err = errors.Join(append(strict, err)...); err != nil {
		return nil, fmt.Errorf("no request: %w", err)
	}
	if asked.Load != "" {
		return r.load(asked.Load), nil
	}
	if r.server == nil {
		return nil, errors.New("nothing is loaded")
	}
	return r.server.judge(asked)
}

func (r *runner) load(folder string) any {
	r.server = nil
	manifests, err := read(filepath.Join(folder, "policies"))
	if err != nil {
		return refusedAnswer{err.Error()}
	}
	server, err := start(folder, manifests)
	if err != nil {
		return refusedAnswer{err.Error()}
	}
	r.server = server
	return loadedAnswer{manifests.names()}
}
