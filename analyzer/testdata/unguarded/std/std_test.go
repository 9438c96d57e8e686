package std

import (
	"net/http"
	"testing"

	"example.com/notes"
)

func TestRaw(t *testing.T) {
	http.HandleFunc("/test", new(notes.NoteResource).Raw) // a test may
}
