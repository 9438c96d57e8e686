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

// A line that no declaration stands behind must not survive.
func TestLockFileSaysNothingElse(t *testing.T) {
	const forged = "api.Forged GET oauth2 a\nresource api.Forged name=n policy=p key=-\n"
	for folder, patterns := range map[string][]string{
		"empty": {"./..."}, "testdata": {"a", "./..."}, "a/_b": {"a", "./..."}, "nested": {"a", "./..."}, "nested/x": {"a", "./..."},
		"gone": {"a", "./..."}, "../m": {"a", "./..."}, "a/../empty": {"a", "./..."},
	} {
		for _, pattern := range patterns {
			dir := t.TempDir()
			writeTree(t, dir, tree{
				"go.mod": "module m\n", "a/a.go": noteGo, "a/_b/x": "", "empty/x": "", "testdata/x": "", "nested/go.mod": "module n\n", "nested/x/x": "",
				"webapi.lock": strings.ReplaceAll(forged, "api.", folder+"."),
			})
			generateAndWrite(t, dir, pattern)
			if text := readTree(t, dir)["webapi.lock"]; strings.Contains(text, "Forged") || !strings.Contains(text, "a.Note GET") {
				t.Errorf("%s, %s:\n%s", folder, pattern, text)
			}
		}
	}
}

func TestLockFileMustBeRegular(t *testing.T) {
	dir := t.TempDir()
	writeTree(t, dir, tree{"go.mod": "module m\n", "a/a.go": noteGo})
	if err := os.Symlink("nowhere", filepath.Join(dir, "webapi.lock")); err != nil {
		t.Skip(err)
	}
	cfg := generator.Config{Dir: dir, Patterns: []string{"./..."}}
	_, ofGenerate := generator.Generate(t.Context(), cfg)
	_, ofLock := generator.Lock(t.Context(), cfg)
	for _, err := range []error{ofGenerate, ofLock} {
		if err == nil || !strings.Contains(err.Error(), "webapi.lock is in the way: it is not a regular file") {
			t.Errorf("error %v", err)
		}
	}
}

// What somebody has written since the result was made must not be lost.
func TestWriteLosesNoUpdate(t *testing.T) {
	const guard = "a/note_webapi.go"
	for name, what := range map[string]struct {
		old   tree
		since tree // "gone" removes
		lock  bool
		want  string
	}{
		"created":        {nil, tree{guard: "package a\n"}, false, guard},
		"changed":        {tree{guard: ""}, tree{guard: "package a\n"}, false, guard},
		"removed":        {tree{guard: ""}, tree{guard: "gone"}, false, guard},
		"lock created":   {nil, tree{"webapi.lock": "# another\n"}, true, "webapi.lock"},
		"lock unchanged": {tree{"webapi.lock": ""}, tree{"webapi.lock": "# another\n"}, true, "webapi.lock"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			cfg := generator.Config{Dir: dir, Patterns: []string{"./..."}}
			writeTree(t, dir, tree{"go.mod": "module m\n", "a/a.go": noteGo})
			result := func() *generator.Result {
				if !what.lock {
					return generate(t, cfg)
				}
				result, err := generator.Lock(t.Context(), cfg)
				if err != nil {
					t.Fatal(err)
				}
				return result
			}
			if what.old != nil {
				if err := result().Write(); err != nil {
					t.Fatal(err)
				}
				writeTree(t, dir, tree{"a/a.go": strings.Replace(noteGo, "//webapi:resource", "//webapi:resource key=id", 1)})
			}
			found := result()
			for file, text := range what.since {
				if text == "gone" {
					if err := os.Remove(filepath.Join(dir, file)); err != nil {
						t.Fatal(err)
					}
					continue
				}
				writeTree(t, dir, tree{file: text})
			}
			before := readTree(t, dir)
			err := found.Write()
			if want := filepath.FromSlash(what.want) + " has changed since it was read; nothing was written, run again"; err == nil || err.Error() != want {
				t.Errorf("error %v, want %s", err, want)
			}
			if diff := cmp.Diff(before, readTree(t, dir)); diff != "" {
				t.Errorf("files (-before +after):\n%s", diff)
			}
		})
	}
}

// Git may have given the file the line ends of Windows.
func TestLockFileWithCarriageReturns(t *testing.T) {
	dir := t.TempDir()
	writeTree(t, dir, tree{"go.mod": "module m\n", "a.go": noteGo, "webapi.lock": ""})
	generateAndWrite(t, dir)
	path := filepath.Join(dir, "webapi.lock")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(strings.ReplaceAll(string(text), "\n", "\r\n")), 0o666); err != nil {
		t.Fatal(err)
	}
	result := generate(t, generator.Config{Dir: dir})
	if result.Count(generator.Unchanged) != len(result.Files) {
		t.Errorf("there is something to write: %v", statuses(result))
	}
	writeTree(t, dir, tree{"a.go": strings.Replace(noteGo, "GET,", "GET,POST,", 1)})
	generateAndWrite(t, dir)
}

// A lock file that somebody makes while a run is at work is that one's to fill: the
// run has not described the packages for it.
func TestLockFileThatAppears(t *testing.T) {
	dir := t.TempDir()
	writeTree(t, dir, tree{"go.mod": "module m\n", "a/a.go": noteGo, "b/b.go": noteGo})
	generateAndWrite(t, dir, "./...")
	result, err := generator.Lock(t.Context(), generator.Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	text := string(result.Files[0].Content)
	ctx := newHookContext(t, func(n int) {
		if n == 5 { // when the folders are listed
			writeTree(t, dir, tree{"webapi.lock": text})
		}
	})
	result, err = generator.Generate(ctx, generator.Config{Dir: dir, Patterns: []string{"./..."}})
	if err == nil {
		err = result.Write()
	}
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(text, readTree(t, dir)["webapi.lock"]); diff != "" {
		t.Errorf("lock file (-want +got):\n%s", diff)
	}
}
