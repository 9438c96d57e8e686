// Package store has the notes that every server of the guide serves.
package store

import (
	"errors"
	"sync"
)

// ErrNotFound is the error for a note that is not there.
var ErrNotFound = errors.New("store: not found")

// Notes are notes by their IDs. They are safe for concurrent use.
type Notes struct {
	mu    sync.Mutex
	texts map[string]string
}

// New returns a store with note 1.
func New() *Notes { return &Notes{texts: map[string]string{"1": "buy milk"}} }

// List returns the number of notes.
func (n *Notes) List() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return len(n.texts)
}

// Add adds a note and returns its ID.
func (n *Notes) Add(text string) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.texts["2"] = text
	return "2"
}

// Get returns the text of a note, or ErrNotFound.
func (n *Notes) Get(id string) (string, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	text, ok := n.texts[id]
	if !ok {
		return "", ErrNotFound
	}
	return text, nil
}

// Remove removes a note, or returns ErrNotFound.
func (n *Notes) Remove(id string) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if _, ok := n.texts[id]; !ok {
		return ErrNotFound
	}
	delete(n.texts, id)
	return nil
}
