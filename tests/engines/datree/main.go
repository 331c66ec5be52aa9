// Command datree-engine judges objects with a Datree policy file, as Datree v1.9.19 does, on the libraries it pins.
//
// It takes no argument, and reads and writes the lines that tests/engines/runners.py describes. A load takes
// "policies.yaml" in the given folder. A rule is named by its id, "my-rule" for the identifier MY_RULE; Datree knows
// nothing of requests, so the old object, the operation and the subresource are passed over. A keyword that cannot be
// evaluated is an error wherever it stands in the schema, where Datree would count a violation or, below "not", nothing
// at all. A line that is no request ends the program.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// question is a line: Load alone, or a rule and an object.
type question struct {
	Load   string `json:"load"`
	Rule   string `json:"rule"`
	Object any    `json:"object"`
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
	if err := serve(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve(in io.Reader, out io.Writer) error {
	lines, buffered := bufio.NewReader(in), bufio.NewWriter(out)
	answers := json.NewEncoder(buffered)
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
			buffered.Flush()
			return err
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

// runner holds the rules that were loaded last, by id; nil when nothing is.
type runner struct{ rules map[string]*rule }

// reply answers a line; an error means that the line is no request.
func (r *runner) reply(line []byte) (any, error) {
	var asked question
	if err := json.Unmarshal(line, &asked); err != nil {
		return nil, fmt.Errorf("no request: %w", err)
	}
	if asked.Load != "" {
		return r.load(asked.Load), nil
	}
	if r.rules == nil {
		return nil, errors.New("nothing is loaded")
	}
	rule, known := r.rules[asked.Rule]
	if !known {
		return nil, fmt.Errorf("no rule %q", asked.Rule)
	}
	return rule.judge(asked.Object), nil
}

func (r *runner) load(folder string) any {
	rules, err := load(folder)
	r.rules = rules
	if err != nil {
		return refusedAnswer{err.Error()}
	}
	return loadedAnswer{names(rules)}
}
