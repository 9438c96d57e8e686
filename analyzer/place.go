package analyzer

import (
	"go/ast"
	"go/token"
	"path/filepath"
	"strings"
)

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
