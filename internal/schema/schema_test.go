package schema_test

import (
	"bytes"
	"flag"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/webapi-gen/webapi-gen/internal/schema"
)

var update = flag.Bool("update", false, "rewrite the committed schema")

// TestCommitted checks that the file to which URL leads is what JSON returns.
func TestCommitted(t *testing.T) {
	const path = "../../annotations/schema/webapi.schema.json"
	got := schema.JSON()
	if *update {
		if err := os.WriteFile(path, got, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s differs; go test ./internal/schema -update rewrites it (-want +got):\n%s", path, diff)
	}
}

func TestIsASCIIAndEndsInALine(t *testing.T) {
	got := schema.JSON()
	if i := bytes.IndexFunc(got, func(c rune) bool { return c > '~' || c < ' ' && c != '\n' }); i >= 0 {
		t.Errorf("byte %d is %q", i, got[i])
	}
	if !bytes.HasSuffix(got, []byte("\n}\n")) {
		t.Errorf("it ends in %q", got[len(got)-5:])
	}
}
