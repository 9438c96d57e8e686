package generator_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/webapi-gen/webapi-gen/generator"
)

// Runs over different packages of a module write the same lock file. What one
// has written while the other was at work must not be lost.
func TestLockFileOfRunsAtTheSameTime(t *testing.T) {
	dir := t.TempDir()
	writeTree(t, dir, tree{"go.mod": "module m\n", "a/a.go": noteGo, "b/b.go": noteGo, "webapi.lock": ""})
	first := generate(t, generator.Config{Dir: dir, Patterns: []string{"a"}})
	second := generate(t, generator.Config{Dir: dir, Patterns: []string{"b"}})
	for _, result := range []*generator.Result{first, second} {
		if err := result.Write(); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, "webapi.lock"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for line := range strings.Lines(string(text)) {
		if strings.Contains(line, " GET ") {
			got = append(got, line)
		}
	}
	if diff := cmp.Diff([]string{"a.Note GET oauth2 note:read\n", "b.Note GET oauth2 note:read\n"}, got); diff != "" {
		t.Errorf("lock file (-want +got):\n%s", diff)
	}
	if result := generateAndWrite(t, dir, "./..."); result.Count(generator.Unchanged) != len(result.Files) {
		t.Errorf("a run over all has something to write: %v", statuses(result))
	}
}
