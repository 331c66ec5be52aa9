// Command datree-engine judges objects with a Datree policy file, as Datree v1.9.19 does, on the libraries it pins.
//
// Usage: datree-engine POLICIES.yaml < requests > answers. A request is one JSON line {"rule": IDENTIFIER, "object": ANY};
// the answer to it is {"verdict": "pass", "fail" or "error", "message": TEXT}. A keyword that cannot be evaluated is an
// error wherever it stands in the schema, where Datree would count a violation or, below "not", nothing at all.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
)

type request struct {
	Rule   string `json:"rule"`
	Object any    `json:"object"`
}

type answer struct {
	Verdict string `json:"verdict"`
	Message string `json:"message"`
}

func main() {
	if len(os.Args) != 2 {
		exit(fmt.Errorf("usage: datree-engine POLICIES.yaml"))
	}
	text, err := os.ReadFile(os.Args[1])
	exit(err)
	rules, err := load(text)
	exit(err)
	exit(serve(rules, os.Stdin, os.Stdout))
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve(rules map[string]*rule, in io.Reader, out io.Writer) error {
	requests := json.NewDecoder(bufio.NewReader(in))
	buffered := bufio.NewWriter(out)
	answers := json.NewEncoder(buffered)
	for {
		var next request
		if err := requests.Decode(&next); err == io.EOF {
			return buffered.Flush()
		} else if err != nil {
			return err
		}
		asked, known := rules[next.Rule]
		if !known {
			return fmt.Errorf("no rule %q", next.Rule)
		}
		if err := answers.Encode(asked.judge(next.Object)); err != nil {
			return err
		}
		if err := buffered.Flush(); err != nil {
			return err
		}
	}
}
