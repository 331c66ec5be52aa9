package main

import (
	"context"
	"encoding/json"
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// know makes these the objects in Gatekeeper's inventory, in the place of those before.
func (s *session) know(texts []json.RawMessage) error {
	objects := make([]*unstructured.Unstructured, len(texts))
	for i, text := range texts {
		objects[i] = &unstructured.Unstructured{}
		if err := objects[i].UnmarshalJSON(text); err != nil {
			return err
		}
		if objects[i].GetName() == "" {
			return fmt.Errorf("a known object has no name")
		}
	}
	for _, policy := range s.policies {
		if err := policy.know(s.known, objects); err != nil {
			return err
		}
	}
	s.known = objects
	return nil
}

// know takes the old objects out of the inventory of each client and puts the new ones in.
func (p *policy) know(old, new []*unstructured.Unstructured) error {
	for _, client := range p.clients() {
		for _, object := range old {
			if _, err := client.RemoveData(context.Background(), object); err != nil {
				return err
			}
		}
		for _, object := range new {
			if _, err := client.AddData(context.Background(), object); err != nil {
				return err
			}
		}
	}
	return nil
}
