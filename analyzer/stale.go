package analyzer

import (
	"context"
	"errors"
	"go/ast"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/generator"
)

// Stale reports generated files that are not what webapi-gen would write.
var Stale = &analysis.Analyzer{
	Name: "stale",
	Doc: `report generated files that are not what webapi-gen would write

A guard that is missing or older than the annotations of its type does not do what
they say. The generator is run on the package's folder, in memory, and what it
would write is compared with what is there. The report stands at the annotated
type. The fix gives a changed file its new text; a file that is missing, or is
wanted no more, needs a run of webapi-gen: go generate.

What is wrong with the annotations themselves is reported at their place. Packages
that are generated with flags such as --spec or --out are for webapi-gen check to
look at, with the same flags.

Golangci-lint keeps what it found until a Go file of the package or of its imports
changes. A change of webapi.yaml alone passes unseen by it; webapi-gen check, webapi-vet
and go vet look each time.`,
	URL:      docURL,
	Requires: []*analysis.Analyzer{declared},
	Run: func(pass *analysis.Pass) (any, error) {
		dir, err := folderOf(pass)
		if err != nil {
			return nil, err
		}
		if has, err := hasInput(pass, dir); !has || err != nil {
			return nil, err
		}
		s := &stale{pass: pass, dir: dir, declarations: declarationsOf(pass)}
		result, err := generator.Generate(context.Background(), generator.Config{Dir: dir})
		var diags diag.List
		switch {
		case errors.As(err, &diags):
			for _, m := range diags {
				s.diagnostic(m)
			}
		case err != nil:
			return nil, err
		default:
			s.outputs(result)
		}
		return nil, nil
	},
}

// hasInput reports whether the generator may have something to do in the folder.
func hasInput(pass *analysis.Pass, dir string) (bool, error) {
	isDirective := func(text string) bool { return annotations.MayHaveDirective([]byte(text)) }
	switch {
	case dir == "":
		return false, nil
	case anyComment(pass, isDirective) || hasSpec(dir):
		return true, nil
	case slices.ContainsFunc(pass.Files, func(file *ast.File) bool { return isOutput(pass, file) }):
		return true, nil
	}
	for _, name := range pass.IgnoredFiles { // those that the build leaves out
		if !strings.HasSuffix(name, ".go") {
			continue
		}
		data, err := pass.ReadFile(name)
		if err != nil || annotations.MayHaveDirective(data) {
			return err == nil, err
		}
	}
	return false, nil
}

// stale reports on one package.
type stale struct {
	*declarations
	pass *analysis.Pass
	dir  string
}

func (s *stale) diagnostic(m diag.Diagnostic) {
	pos, file := s.position(m.Pos)
	if !pos.IsValid() {
		if !s.isExternalTest() {
			s.pass.Reportf(s.clause(), "%s", m.Error())
		}
		return
	}
	d := analysis.Diagnostic{Pos: pos, Message: m.Message + " [" + string(m.Code) + "]"}
	if m.Fix != nil {
		fix := analysis.SuggestedFix{Message: m.Fix.Message}
		for _, e := range m.Fix.Edits {
			fix.TextEdits = append(fix.TextEdits, analysis.TextEdit{
				Pos: file.Pos(e.Offset), End: file.Pos(e.End), NewText: []byte(e.New),
			})
		}
		d.SuggestedFixes = []analysis.SuggestedFix{fix}
	}
	s.pass.Report(d)
}

func (s *stale) outputs(result *generator.Result) {
	lines := map[string]int{}
	for _, d := range result.Stale() {
		lines[d.Pos.Filename] = d.Pos.Line
	}
	for _, f := range result.Files {
		if f.Status != generator.Unchanged {
			s.output(f, lines[f.Path])
		}
	}
}

// output reports one output. If the file exists, line is the first that differs.
func (s *stale) output(f generator.File, line int) {
	name := filepath.Base(f.Path)
	pos, isGuard := s.owner(name)
	if !pos.IsValid() {
		// Another pass over the same folder reports it.
		if s.isExternalTest() || isGuard && strings.HasSuffix(name, "_test.go") {
			return
		}
		pos = s.clause()
	}
	report := analysis.Diagnostic{Pos: pos}
	switch f.Status {
	case generator.Created:
		report.Message = name + " is missing: run go generate, or webapi-gen, in this folder"
	case generator.Removed:
		report.Message = name + " is wanted by no resource any more: run go generate, or webapi-gen, in this folder"
	default:
		report.Message = name + " is not what webapi-gen would write, from line " + strconv.Itoa(line) + " on: run go generate, or webapi-gen, in this folder"
		if strings.HasSuffix(name, ".go") { // drivers format the files that they fix
			report.SuggestedFixes = []analysis.SuggestedFix{s.rewrite(f)}
		}
	}
	s.pass.Report(report)
}

// rewrite returns the fix that gives a file its new text. It adds the file to the
// file set again: the file may belong to another build, and drivers do not apply
// fixes to files that they have parsed as generated code.
func (s *stale) rewrite(f generator.File) analysis.SuggestedFix {
	file := s.pass.Fset.AddFile(filepath.Join(s.dir, f.Path), -1, len(f.Old))
	file.SetLinesForContent(f.Old)
	return analysis.SuggestedFix{
		Message: "Generate " + filepath.Base(f.Path) + " again",
		TextEdits: []analysis.TextEdit{{
			Pos: file.Pos(0), End: file.Pos(len(f.Old)), NewText: f.Content,
		}},
	}
}

// owner returns the position of the type that an output is the guard of, if a
// source file of the pass declares it, and whether the output is a guard.
func (s *stale) owner(output string) (pos token.Pos, isGuard bool) {
	for _, pkg := range s.packages {
		for _, r := range pkg.Resources {
			if r.File.Name != output {
				continue
			}
			isGuard = true
			if obj := s.pass.Pkg.Scope().Lookup(r.Type); obj != nil && isOwn(s.pass, pkg) && s.inSource(obj.Pos()) {
				return obj.Pos(), true
			}
		}
	}
	return token.NoPos, isGuard
}

// inSource reports whether a position is in a file of the pass that webapi-gen has
// not written.
func (s *stale) inSource(pos token.Pos) bool {
	return slices.ContainsFunc(s.pass.Files, func(file *ast.File) bool {
		return file.FileStart <= pos && pos <= file.FileEnd && !isOutput(s.pass, file)
	})
}

// position returns the position in the pass that one of the generator stands for,
// if it is in a source file.
func (s *stale) position(pos token.Position) (token.Pos, *token.File) {
	for _, f := range s.pass.Files {
		file := s.pass.Fset.File(f.FileStart)
		if isOutput(s.pass, f) || filepath.Clean(file.Name()) != filepath.Join(s.dir, pos.Filename) {
			continue
		}
		if pos.Line < 1 || pos.Line > file.LineCount() {
			return f.Package, file
		}
		return file.LineStart(pos.Line) + token.Pos(max(pos.Column, 1)-1), file
	}
	return token.NoPos, nil
}

// isExternalTest reports whether the pass is over the external tests of a folder.
// The pass over the package itself reports what is in no file of this one.
func (s *stale) isExternalTest() bool {
	return strings.HasSuffix(s.pass.Pkg.Name(), "_test") && isTest(s.pass, s.pass.Files[0])
}

// clause returns the position of the package's name in a source file.
func (s *stale) clause() token.Pos {
	for _, file := range s.pass.Files {
		if !isOutput(s.pass, file) && original(s.pass, file) != "" {
			return file.Name.Pos()
		}
	}
	return s.pass.Files[0].Name.Pos()
}
