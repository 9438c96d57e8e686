package golden

import (
	"context"
	"errors"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/generator"
	"github.com/webapi-gen/webapi-gen/internal/lockfile"
)

const (
	examples = "../annotations/examples"
	samples  = "../annotations/samples"
)

// TestExamples checks that the wrong example of each code gives that code alone,
// in the words that the example has, and that the right one gives nothing.
func TestExamples(t *testing.T) {
	for _, m := range diag.Codes() {
		if onlyCheck[m.Code] {
			continue
		}
		t.Run(string(m.Code), func(t *testing.T) {
			t.Parallel()
			example, ok := annotations.ExampleOf(m.Code)
			if !ok {
				t.Fatal("the code has no example")
			}
			dir := newModule(t)
			if example.Before != nil {
				writeFiles(t, dir, example.Before)
				mustWrite(t, dir, "")
			}
			writeFiles(t, dir, example.Wrong.Files)
			got := say(t, dir, example.Wrong.Call)
			checkErrors(t, m.Code, example, got)
			if example.Right.Files != nil && example.Right.Call == "" {
				example.Right.Call = example.Wrong.Call
			}
			checkRight(t, dir, example.Right)
		})
	}
}

func checkErrors(t *testing.T, code diag.Code, example annotations.Example, got diag.List) {
	t.Helper()
	for _, d := range got {
		if d.Code != code {
			t.Errorf("the wrong example gives another code: %v", d)
		}
	}
	if got == nil {
		t.Fatal("the wrong example is right")
	}
	if *update {
		setErrors(t, filepath.Join(examples, string(code)+".txtar"), got.Error()+"\n")
	} else if diff := cmp.Diff(example.Errors, got.Error()); diff != "" {
		t.Errorf("the tool says something else about the wrong example (-want +got):\n%s", diff)
	}
}

// checkRight checks the right example: its files are right as they are, and
// where it is a command line, that mends the wrong one, in dir.
func checkRight(t *testing.T, dir string, right annotations.ExampleInput) {
	t.Helper()
	if right.Files != nil {
		dir = newModule(t)
		writeFiles(t, dir, right.Files)
	}
	mustWrite(t, dir, right.Call)
	result := mustGenerate(t, dir, right.Call)
	if findings := append(result.Stale(), result.Lint...); findings != nil {
		t.Errorf("after the right example, check says %v", findings)
	}
}

// TestExampleFiles checks that there is no example and no sample of what is not
// there, and that they have no section that nobody reads.
func TestExampleFiles(t *testing.T) {
	known := map[string]bool{filepath.Join(samples, "spec.txtar"): true, filepath.Join(samples, "operation.txtar"): true}
	for _, m := range diag.Codes() {
		known[filepath.Join(examples, string(m.Code)+".txtar")] = true
	}
	for _, d := range annotations.Directives() {
		known[filepath.Join(samples, "directives", d.Name+".txtar")] = true
		for _, k := range d.Keys {
			known[filepath.Join(samples, "keys", k.Name+".txtar")] = true
		}
	}
	section := regexp.MustCompile(`^((before|wrong|right|annotated|spec)/[\w./-]+|wrong|right|errors)$`)
	for _, path := range slices.Sorted(maps.Keys(readTrees(t, examples, samples))) {
		if !known[path] {
			t.Errorf("%s is of nothing that the language has", path)
		}
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			if !section.MatchString(f.Name) {
				t.Errorf("%s has the section %q, which nobody reads", path, f.Name)
			}
		}
	}
}

// say returns what a call, in dir, has to say against its input.
func say(t *testing.T, dir, call string) diag.List {
	t.Helper()
	cfg, check := configOf(t, dir, call)
	result, err := generator.Generate(context.Background(), cfg)
	if err == nil {
		err = lockfile.Update(dir, result)
	}
	var findings diag.List
	switch {
	case errors.As(err, &findings):
		return findings
	case err != nil:
		t.Fatal(err)
	case check:
		return result.Stale()
	}
	return result.Lint
}

func mustGenerate(t *testing.T, dir, call string) *generator.Result {
	t.Helper()
	cfg, _ := configOf(t, dir, call)
	result, err := generator.Generate(context.Background(), cfg)
	if err != nil {
		t.Fatalf("%s: %v", call, err)
	}
	return result
}

func mustWrite(t *testing.T, dir, call string) {
	t.Helper()
	if err := mustGenerate(t, dir, call).Write(); err != nil {
		t.Fatal(err)
	}
}

// configOf returns what a command line asks for, and whether it is one of check.
func configOf(t *testing.T, dir, call string) (cfg generator.Config, check bool) {
	t.Helper()
	flags := flag.NewFlagSet("webapi-gen", flag.ContinueOnError)
	spec := flags.String("spec", "", "")
	args, check := strings.CutPrefix(strings.TrimPrefix(call, "webapi-gen"), " check")
	if err := flags.Parse(strings.Fields(args)); err != nil {
		t.Fatalf("%s: %v", call, err)
	}
	return generator.Config{Dir: dir, Spec: *spec, Patterns: flags.Args()}, check
}

func newModule(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	writeFiles(t, dir, []annotations.ExampleFile{{Name: "go.mod", Text: "module notes\n"}})
	return dir
}

func writeFiles(t *testing.T, dir string, files []annotations.ExampleFile) {
	t.Helper()
	for _, f := range files {
		path := filepath.Join(dir, f.Name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(f.Text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// readTrees returns the files of some folders by their paths.
func readTrees(t *testing.T, dirs ...string) map[string]string {
	t.Helper()
	files := map[string]string{}
	for _, dir := range dirs {
		for name, text := range readTree(t, dir) {
			files[filepath.Join(dir, name)] = text
		}
	}
	return files
}

// setErrors rewrites what an example says the tool says.
func setErrors(t *testing.T, path, text string) {
	t.Helper()
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(archive.Files, func(f txtar.File) bool { return f.Name == reported })
	if i < 0 {
		t.Fatalf("%s has no section %s", path, reported)
	}
	archive.Files[i].Data = []byte(text)
	if err := os.WriteFile(path, txtar.Format(archive), 0o666); err != nil {
		t.Fatal(err)
	}
}
