package golden

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"go/format"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/generator"
	"github.com/webapi-gen/webapi-gen/internal/lockfile"
)

var update = flag.Bool("update", false, "rewrite what the cases want")

// The sections of a case that hold inputs.
const (
	single    = "in/"
	annotated = "annotated/"
	spec      = "spec/"
)

// The sections of a case that say what must come of it.
const (
	want     = "want/"
	removed  = "removed"
	reported = "errors"
	fixes    = "fixes"
	fixed    = "fixed/"
	left     = "left"
	stale    = "stale"
	linted   = "lint"
)

// onlyCheck has what the command check finds by types or the day, which the generator does not
// read: see TestCheckExamples and check-lock.txtar of the command.
var onlyCheck = map[diag.Code]bool{diag.StaleRoute: true, diag.StaleExport: true, diag.NotMounted: true, diag.UnguardedRoute: true, diag.AliasOver: true, diag.UnfitRoute: true}

func TestGolden(t *testing.T) {
	for _, file := range caseFiles(t) {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			runCase(t, file, archive)
		})
	}
}

func runCase(t *testing.T, file string, archive *txtar.Archive) {
	var got []txtar.File
	inputs := inputsOf(archive)
	if len(inputs) == 0 {
		t.Fatal("the case has no input")
	}
	for i, prefix := range inputs {
		outcome := generate(t, archive, prefix)
		if i > 0 {
			if diff := cmp.Diff(show(got), show(outcome)); diff != "" {
				t.Errorf("%s and %s differ (-%[1]s +%s):\n%s", inputs[0], prefix, diff)
			}
		}
		got = outcome
	}
	if *update {
		rewrite(t, file, archive, got)
		return
	}
	if diff := cmp.Diff(show(outcomeOf(archive)), show(got)); diff != "" {
		t.Errorf("outcome differs (-want +got):\n%s", diff)
	}
}

// generate runs the tool on one of the inputs of a case, on disk, and returns
// the sections that say what came of it.
func generate(t *testing.T, archive *txtar.Archive, prefix string) []txtar.File {
	t.Helper()
	dir := t.TempDir()
	module := "module golden/" + path.Base(t.Name()) + "/" + strings.TrimSuffix(prefix, "/") + "\n" // as TestOutputsBuild has it
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte(module), 0o666); err != nil {
		t.Fatal(err)
	}
	unpack(t, archive, prefix, dir)
	before := readTree(t, dir)
	result, err := generator.Generate(context.Background(), generator.Config{Dir: dir, Patterns: patterns(archive), Tests: tests(t, archive)})
	if err == nil {
		err = lockfile.Update(dir, result)
	}
	if diags := (diag.List)(nil); errors.As(err, &diags) {
		files := []txtar.File{{Name: reported, Data: []byte(diags.Error() + "\n")}}
		return append(files, fix(t, dir, patterns(archive))...)
	} else if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, readTree(t, dir)); diff != "" {
		t.Errorf("Generate changed the disk:\n%s", diff)
	}
	if err := result.Write(); err != nil {
		t.Fatal(err)
	}
	files := changes(result, before, readTree(t, dir))
	if result.Count(generator.Created) < len(result.Files) { // there were outputs before
		files = append(files, txtar.File{Name: stale, Data: []byte(result.Stale().Error() + "\n")})
	}
	if len(result.Lint) > 0 {
		files = append(files, txtar.File{Name: linted, Data: []byte(result.Lint.Error() + "\n")})
	}
	return files
}

// fix mends the input on disk and returns the sections that say how it is then.
// What is mended must stay so, and formatted if it was.
func fix(t *testing.T, dir string, patterns []string) []txtar.File {
	t.Helper()
	before := readTree(t, dir)
	cfg := generator.Config{Dir: dir, Patterns: patterns}
	mending, err := generator.Fix(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, readTree(t, dir)); diff != "" {
		t.Errorf("Fix changed the disk:\n%s", diff)
	}
	if err := mending.Write(); err != nil {
		t.Fatal(err)
	}
	again, err := generator.Fix(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	if len(again.Files)+len(again.Fixed) > 0 || again.Left.Error() != mending.Left.Error() {
		t.Errorf("a second Fix mends %v\nand leaves %v\nnot %v", again.Fixed, again.Left, mending.Left)
	}
	var files []txtar.File
	if len(mending.Files) > 0 {
		files = append(files, txtar.File{Name: fixes, Data: []byte(mending.Done().Error() + "\n")})
	}
	for _, f := range mending.Files {
		if isFormatted(f.Path, f.Old) && !isFormatted(f.Path, f.Content) {
			t.Errorf("%s is not formatted any more", f.Path)
		}
		files = append(files, plain(fixed+filepath.ToSlash(f.Path), f.Content))
	}
	if len(files) > 0 && len(mending.Left) > 0 {
		files = append(files, txtar.File{Name: left, Data: []byte(mending.Left.Error() + "\n")})
	}
	return files
}

// plain returns a section, with escapes if it has what a text file cannot show.
func plain(name string, data []byte) txtar.File {
	if !bytes.ContainsAny(data, "\r\ufeff") {
		return txtar.File{Name: name, Data: data}
	}
	var out []byte
	for line := range strings.Lines(string(data)) {
		text := strconv.Quote(strings.TrimSuffix(line, "\n"))
		out = append(append(out, strings.ReplaceAll(text[1:len(text)-1], `\"`, `"`)...), '\n')
	}
	return txtar.File{Name: name + ".quoted", Data: out}
}

func isFormatted(path string, text []byte) bool {
	formatted, err := format.Source(text)
	return filepath.Ext(path) == ".go" && err == nil && bytes.Equal(formatted, text)
}

// changes returns the sections for what is on disk after a run.
func changes(result *generator.Result, before, after map[string]string) []txtar.File {
	var files []txtar.File
	for _, f := range result.Files {
		name := filepath.ToSlash(f.Path)
		if data, ok := after[name]; ok {
			files = append(files, txtar.File{Name: want + name, Data: []byte(data)})
		}
	}
	var gone []string
	for _, name := range slices.Sorted(maps.Keys(before)) {
		if _, ok := after[name]; !ok {
			gone = append(gone, name+"\n")
		}
	}
	if gone != nil {
		files = append(files, txtar.File{Name: removed, Data: []byte(strings.Join(gone, ""))})
	}
	return files
}

// TestCases checks the cases as a whole: that they are many, that about half of
// them are errors, and that they have every diagnostic of the tool.
func TestCases(t *testing.T) {
	seen := map[string]bool{}
	failing := 0
	files := caseFiles(t)
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			if !slices.Contains([]string{reported, stale, linted}, f.Name) {
				continue
			}
			if f.Name == reported {
				failing++
			}
			for line := range strings.Lines(string(f.Data)) {
				_, code, _ := strings.Cut(strings.TrimSpace(line), " [WA")
				seen["WA"+strings.TrimSuffix(code, "]")] = true
			}
		}
	}
	if len(files) < 60 || failing < len(files)*2/5 || failing > len(files)*3/4 {
		t.Errorf("%d cases, %d of them errors; at least 60 and about half of them errors are wanted", len(files), failing)
	}
	for _, m := range diag.Codes() {
		if !onlyCheck[m.Code] && !seen[string(m.Code)] {
			t.Errorf("no case reports %s, %s", m.Code, m.Title)
		}
	}
}

// TestFixes checks that each kind of fix is in a case.
func TestFixes(t *testing.T) {
	kinds := []string{
		`write [a-z]+ \[WA010\]`,
		`write //webapi:[a-z]+ \[WA011\]`,
		`move it to the doc comment of type \w+ \[WA012\]`,
		`move it to the doc comment of func \w+ \[WA012\]`,
		`move it to the doc comment of package \w+ \[WA012\]`,
		`take out the blanks around = \[WA013\]`,
		`take out the blanks after the commas \[WA013\]`,
		`write the method first \[WA013\]`,
		`write commas between the elements \[WA013\]`,
		`join it to //webapi:[a-z]+ \[WA013\]`,
		`write [a-z2]+ \[WA014\]`,
		`write version: 1 \[WA021\]`,
		`write \[[A-Za-z, ]+\] \[WA021\]`,
		`take away the quotes \[WA021\]`,
		`write [A-Z,]+ \[WA030\]`,
		`write [A-Z,]+/[a-z_]+ \[WA030\]`,
		`write none \[WA030\]`,
		`write (allow|deny) \[WA033\]`,
		`write [a-z:]+ \[WA036\]`,
	}
	form := regexp.MustCompile(`^[^ ]+:\d+:\d+: (` + strings.Join(kinds, "|") + `)$`)
	var all strings.Builder
	for _, file := range caseFiles(t) {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			if f.Name != fixes {
				continue
			}
			for line := range strings.Lines(string(f.Data)) {
				all.WriteString(line)
				if !form.MatchString(strings.TrimSpace(line)) {
					t.Errorf("%s: a fix of no kind that this test knows: %s", file, line)
				}
			}
		}
	}
	for _, kind := range kinds {
		if !regexp.MustCompile(": " + kind + "\n").MatchString(all.String()) {
			t.Errorf("no case has the fix %s", kind)
		}
	}
}

func caseFiles(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob("cases/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	return files
}

// inputsOf returns the prefixes of a case's inputs.
func inputsOf(archive *txtar.Archive) []string {
	var list []string
	for _, prefix := range []string{single, annotated, spec} {
		if slices.ContainsFunc(archive.Files, func(f txtar.File) bool { return strings.HasPrefix(f.Name, prefix) }) {
			list = append(list, prefix)
		}
	}
	return list
}

func outcomeOf(archive *txtar.Archive) []txtar.File {
	return slices.DeleteFunc(slices.Clone(archive.Files), isInput)
}

func isInput(f txtar.File) bool {
	return !strings.HasPrefix(f.Name, want) && !strings.HasPrefix(f.Name, fixed) &&
		!slices.Contains([]string{removed, reported, fixes, left, stale, linted}, f.Name)
}

func patterns(archive *txtar.Archive) []string { return setting(archive, "patterns:") }

// tests returns what the case says of contract tests.
func tests(t *testing.T, archive *txtar.Archive) generator.Tests {
	t.Helper()
	switch words := strings.Join(setting(archive, "tests:"), " "); words {
	case "":
		return generator.TestsKept
	case "wanted":
		return generator.TestsAll
	case "dropped":
		return generator.TestsNone
	default:
		t.Fatalf("tests: %s", words)
		return 0
	}
}

// setting returns the words of a line before the first file.
func setting(archive *txtar.Archive, name string) []string {
	for line := range strings.Lines(string(archive.Comment)) {
		if list, ok := strings.CutPrefix(line, name); ok {
			return strings.Fields(list)
		}
	}
	return nil
}

// unpack writes the files of one input.
func unpack(t *testing.T, archive *txtar.Archive, prefix, dir string) {
	t.Helper()
	for _, f := range archive.Files {
		name, ok := strings.CutPrefix(f.Name, prefix)
		if !ok {
			continue
		}
		data := f.Data
		if plain, ok := strings.CutSuffix(name, ".quoted"); ok {
			name, data = plain, unquote(t, data)
		}
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

func unquote(t testing.TB, data []byte) []byte {
	t.Helper()
	var out []byte
	for line := range strings.Lines(string(data)) {
		text, err := strconv.Unquote(`"` + strings.ReplaceAll(strings.TrimSuffix(line, "\n"), `"`, `\"`) + `"`)
		if err != nil {
			t.Fatalf("line %q: %v", line, err)
		}
		out = append(append(out, text...), '\n')
	}
	return out
}

func readTree(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
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

func show(files []txtar.File) string {
	return string(txtar.Format(&txtar.Archive{Files: files}))
}

func rewrite(t *testing.T, file string, archive *txtar.Archive, got []txtar.File) {
	t.Helper()
	inputs := slices.DeleteFunc(slices.Clone(archive.Files), func(f txtar.File) bool { return !isInput(f) })
	archive = &txtar.Archive{Comment: archive.Comment, Files: append(inputs, got...)}
	if err := os.WriteFile(file, txtar.Format(archive), 0o666); err != nil {
		t.Fatal(err)
	}
}
