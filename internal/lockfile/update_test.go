package lockfile_test

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/webapi-gen/webapi-gen/generator"
	"github.com/webapi-gen/webapi-gen/internal/lockfile"
)

// noteGo is a package with one resource.
const noteGo = `package p

//webapi:resource methods=GET,DELETE
//webapi:require DELETE note:destroy note:read
type Note struct{}
`

// A tree is the text of files by path, with slashes.
type tree map[string]string

// writeTree writes files below a folder.
func writeTree(t *testing.T, dir string, files tree) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// readTree reads all files below a folder.
func readTree(t *testing.T, dir string) tree {
	t.Helper()
	files := tree{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		files[filepath.ToSlash(name)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// run generates and updates lock files as the command does, in memory.
func run(cfg generator.Config) (*generator.Result, error) {
	result, err := generator.Generate(context.Background(), cfg)
	if err == nil {
		err = lockfile.Update(cfg.Dir, result)
	}
	return result, err
}

// generate is run on correct input.
func generate(t *testing.T, cfg generator.Config) *generator.Result {
	t.Helper()
	result, err := run(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// generateAndWrite brings the disk up to date.
func generateAndWrite(t *testing.T, dir string, patterns ...string) *generator.Result {
	t.Helper()
	result := generate(t, generator.Config{Dir: dir, Patterns: patterns})
	if err := result.Write(); err != nil {
		t.Fatal(err)
	}
	return result
}

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
		t.Errorf("a run over all has something to write: %v", result.Files)
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
	_, ofGenerate := run(cfg)
	_, ofLock := lockfile.New(t.Context(), cfg, false)
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
				result, err := lockfile.New(t.Context(), cfg, false)
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
		t.Errorf("there is something to write: %v", result.Files)
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
	result, err := lockfile.New(t.Context(), generator.Config{Dir: dir}, false)
	if err != nil {
		t.Fatal(err)
	}
	text := string(result.Files[0].Content)
	result, err = generator.Generate(t.Context(), generator.Config{Dir: dir, Patterns: []string{"./..."}})
	if err != nil {
		t.Fatal(err)
	}
	writeTree(t, dir, tree{"webapi.lock": text})
	if err := lockfile.Update(dir, result); err != nil {
		t.Fatal(err)
	}
	if err := result.Write(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(text, readTree(t, dir)["webapi.lock"]); diff != "" {
		t.Errorf("lock file (-want +got):\n%s", diff)
	}
}
