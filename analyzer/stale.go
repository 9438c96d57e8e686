package analyzer

import (
	"context"
	"errors"
	"go/ast"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"

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

The go command and golangci-lint keep what they found until a Go file of the package
or of its imports changes. A change of webapi.yaml alone passes unseen by them;
webapi-gen check, and webapi-vet by itself, look each time.`,
	URL:      home,
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
		var mistakes diag.List
		switch {
		case errors.As(err, &mistakes):
			for _, m := range mistakes {
				s.mistake(m)
			}
		case err != nil:
			return nil, err
		default:
			s.outputs(result)
		}
		return nil, nil
	},
}

// hasInput reports whether the generator may find something in the folder.
func hasInput(pass *analysis.Pass, dir string) (bool, error) {
	switch {
	case dir == "":
		return false, nil
	case mentioned(pass) || hasSpec(dir) || hasOutput(pass):
		return true, nil
	}
	return ignoredMention(pass)
}

func hasOutput(pass *analysis.Pass) bool {
	for _, file := range pass.Files {
		if isOutput(pass, file) {
			return true
		}
	}
	return false
}

// stale reports on one package.
type stale struct {
	*declarations
	pass *analysis.Pass
	dir  string
}

// mistake reports what the generator says of its input, with the fix that it has.
func (s *stale) mistake(m diag.Diagnostic) {
	at, file := s.place(m.Pos)
	if !at.IsValid() {
		if s.isSecond() {
			return
		}
		s.pass.Reportf(s.clause(), "%s", m.Error())
		return
	}
	d := analysis.Diagnostic{Pos: at, Message: m.Message + " [" + string(m.Code) + "]"}
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

// outputs reports the outputs that are not as they should be.
func (s *stale) outputs(result *generator.Result) {
	lines := map[string]int{}
	for _, d := range result.Stale() {
		lines[d.Pos.Filename] = d.Pos.Line
	}
	for _, f := range result.Files {
		if f.Status != generator.Unchanged {
			s.file(f, lines[f.Path])
		}
	}
}

// file reports an output, which differs from a line on if it is there.
func (s *stale) file(f generator.File, line int) {
	name := filepath.Base(f.Path)
	at := s.owner(name)
	if !at.IsValid() {
		if s.isSecond() || strings.HasSuffix(name, "_test.go") && s.isOfResource(name) {
			return
		}
		at = s.clause()
	}
	report := analysis.Diagnostic{Pos: at}
	switch f.Status {
	case generator.Created:
		report.Message = name + " is missing: run go generate, or webapi-gen, in this folder"
	case generator.Removed:
		report.Message = name + " is wanted by no resource any more: run go generate, or webapi-gen, in this folder"
	default:
		report.Message = name + " is not what webapi-gen would write, from line " + strconv.Itoa(line) + " on: run go generate, or webapi-gen, in this folder"
		if strings.HasSuffix(name, ".go") { // drivers format what they mend
			report.SuggestedFixes = []analysis.SuggestedFix{s.rewrite(f)}
		}
	}
	s.pass.Report(report)
}

// rewrite returns the fix that gives a file its new text. It adds the file to the
// file set by itself: other builds may have it, and drivers do not apply fixes to
// what they have parsed as generated code.
func (s *stale) rewrite(f generator.File) analysis.SuggestedFix {
	file := s.pass.Fset.AddFile(filepath.Join(s.dir, f.Path), -1, len(f.Old))
	file.SetLinesForContent(f.Old)
	return analysis.SuggestedFix{
		Message: "Generate " + filepath.Base(f.Path) + " again",
		TextEdits: []analysis.TextEdit{{
			Pos: file.Pos(0), End: file.Pos(len(f.Old)), NewText: f.Content.Bytes(),
		}},
	}
}

// owner returns where the type is declared that an output is generated for, if
// people have written that in a file of the pass.
func (s *stale) owner(output string) token.Pos {
	for _, pkg := range s.packages {
		for _, r := range pkg.Resources {
			if r.File.Name != output || !isOwn(s.pass, pkg) {
				continue
			}
			if obj := s.pass.Pkg.Scope().Lookup(r.Type); obj != nil && s.written(obj.Pos()) != nil {
				return obj.Pos()
			}
		}
	}
	return token.NoPos
}

// written returns the file at a place, if it is one that people write.
func (s *stale) written(at token.Pos) *ast.File {
	for _, file := range s.pass.Files {
		if file.FileStart <= at && at <= file.FileEnd && !isOutput(s.pass, file) {
			return file
		}
	}
	return nil
}

// place returns where the pass has a place of the generator's, in a file that
// people write.
func (s *stale) place(pos token.Position) (token.Pos, *token.File) {
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

// isSecond reports whether another pass over the same folder speaks for what is
// in no file of this one: that over the package, if this is of external tests.
func (s *stale) isSecond() bool {
	return strings.HasSuffix(s.pass.Pkg.Name(), "_test") && isTest(s.pass, s.pass.Files[0])
}

// isOfResource reports whether an output is the guard of a resource, which another
// pass over the same folder may have.
func (s *stale) isOfResource(output string) bool {
	for _, pkg := range s.packages {
		for _, r := range pkg.Resources {
			if r.File.Name == output {
				return true
			}
		}
	}
	return false
}

// clause returns where a file that people write has the package's name.
func (s *stale) clause() token.Pos {
	for _, file := range s.pass.Files {
		if !isOutput(s.pass, file) && original(s.pass, file) != "" {
			return file.Name.Pos()
		}
	}
	return s.pass.Files[0].Name.Pos()
}
