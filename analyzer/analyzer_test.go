package analyzer_test

import (
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/webapi-gen/webapi-gen/analyzer"
)

func TestChecks(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	for _, test := range []struct {
		analyzer *analysis.Analyzer
		patterns []string
	}{
		{analyzer.Unguarded, []string{"./unguarded/...", "./former/..."}},
		{analyzer.Undeclared, []string{"./undeclared/..."}},
		{analyzer.WrongGuard, []string{"./wrongguard/..."}},
		{analyzer.Bypass, []string{"./bypass/..."}},
		{analyzer.Handmade, []string{"./handmade"}},
		{analyzer.ManualScopeCheck, []string{"./handroll/..."}},
	} {
		t.Run(test.analyzer.Name, func(t *testing.T) {
			analysistest.Run(t, workspace(t), test.analyzer, append(test.patterns, "./nothing")...)
		})
	}
}

func TestLiteral(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	analysistest.RunWithSuggestedFixes(t, workspace(t), analyzer.Literal, "./literal/...")
}

// TestFixesCompile applies all fixes of package fixes, and no import is removed for
// them: not every driver does that.
func TestFixesCompile(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	dir := filepath.Join(t.TempDir(), "module")
	if err := newModule(dir); err != nil {
		t.Fatal(err)
	}
	edits := map[string][]analysis.TextEdit{}
	var fset *token.FileSet
	for _, r := range analysistest.Run(t, dir, analyzer.Literal, "./fixes/...") {
		fset = r.Pass.Fset
		for _, d := range r.Diagnostics {
			for _, fix := range d.SuggestedFixes {
				name := fset.File(d.Pos).Name()
				edits[name] = append(edits[name], fix.TextEdits...)
			}
		}
	}
	for _, name := range []string{"text", "converted", "stringed"} {
		if file := filepath.Join(dir, "fixes", name+".go"); edits[file] != nil {
			t.Errorf("%s has a fix", file)
		}
	}
	for name, list := range edits {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		slices.SortFunc(list, func(a, b analysis.TextEdit) int { return int(b.Pos - a.Pos) })
		for _, e := range list {
			file := fset.File(e.Pos)
			text = slices.Concat(text[:file.Offset(e.Pos)], e.NewText, text[file.Offset(e.End):])
		}
		if err := writeFile(name, string(text)); err != nil {
			t.Fatal(err)
		}
	}
	build := exec.Command("go", "build", "./fixes/...")
	build.Dir = dir
	build.Env = append(os.Environ(), "GOWORK=off")
	if out, err := build.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	if len(edits) != 6 {
		t.Errorf("fixes of %d files, want 6", len(edits))
	}
}
