package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
)

// line is a line that was read: a question, or with "load" a folder to load.
type line struct {
	Load string `json:"load"`
	question
}

// question asks what the policy named Rule says of an object. Object and Old are JSON, and may be null.
type question struct {
	Rule        string          `json:"rule"`
	Object      json.RawMessage `json:"object"`
	Old         json.RawMessage `json:"old"`
	Operation   string          `json:"operation"`
	Subresource string          `json:"subresource"`
}

type answer struct {
	Verdict string `json:"verdict"`
	Message string `json:"message"`
}

// judge answers the questions to one policy. It returns an error for a question that breaks the protocol.
type judge func(question) (answer, error)

// policies are the judges by the names of their policies.
type policies map[string]judge

// loader makes the judges of the policies of a target's folder.
type loader func(folder string) (policies, error)

// serve answers every line of in, until there are none or one breaks the protocol.
func serve(load loader, in io.Reader, out io.Writer) error {
	lines := bufio.NewReaderSize(in, 1<<20)
	buffered := bufio.NewWriter(out)
	answers := json.NewEncoder(buffered)
	session := session{load: load}
	for {
		text, err := lines.ReadBytes('\n')
		if err == io.EOF && len(text) == 0 {
			return buffered.Flush()
		} else if err != nil {
			return errors.Join(fmt.Errorf("reading a line: %w", err), buffered.Flush())
		}
		reply, err := session.reply(text)
		if err != nil {
			return errors.Join(err, buffered.Flush())
		}
		if err := answers.Encode(reply); err != nil {
			return err
		}
		// Whoever asks may write its next line only after this answer.
		if lines.Buffered() == 0 {
			if err := buffered.Flush(); err != nil {
				return err
			}
		}
	}
}

type session struct {
	load   loader
	loaded policies
}

// reply is what to answer to a line.
func (s *session) reply(text []byte) (any, error) {
	read, err := parse(text)
	if err != nil {
		return nil, fmt.Errorf("the line %.200q: %w", text, err)
	}
	if read.Load != "" {
		return s.replace(read.Load), nil
	}
	asked, known := s.loaded[read.Rule]
	if !known {
		return nil, fmt.Errorf("no policy %q is loaded", read.Rule)
	}
	return guarded(asked, read.question)
}

func parse(text []byte) (line, error) {
	var read line
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&read); err != nil {
		return line{}, err
	}
	if _, err := decoder.Token(); err != io.EOF {
		return line{}, errors.New("there is more than one question")
	}
	return read, nil
}

// replace loads a folder; a load that fails leaves nothing loaded.
func (s *session) replace(folder string) any {
	loaded, err := guardedLoad(s.load, folder)
	if err != nil {
		s.loaded = nil
		return map[string]string{"error": err.Error()}
	}
	s.loaded = loaded
	names := slices.AppendSeq([]string{}, maps.Keys(loaded))
	slices.Sort(names)
	return map[string][]string{"loaded": names}
}

// guarded is the judge's answer; a panic in Kyverno is an error of Kyverno.
func guarded(asked judge, about question) (given answer, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			given, err = failedToJudge(fmt.Errorf("panic: %v", cause)), nil
		}
	}()
	return asked(about)
}

func guardedLoad(load loader, folder string) (loaded policies, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			loaded, err = nil, fmt.Errorf("panic: %v", cause)
		}
	}()
	return load(folder)
}
