package analyzer

import (
	"context"
	"errors"
	"go/ast"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/generator"
	"github.com/webapi-gen/webapi-gen/generator/model"
	"github.com/webapi-gen/webapi-gen/templates"
)

// specName is the name of a folder's spec.
const specName = "webapi.yaml"

// folderOf returns the folder of a package, or "" if it has no file. Files that
// cgo has rewritten lie elsewhere, but their positions name the original.
func folderOf(pass *analysis.Pass) string {
	for _, file := range pass.Files {
		if name := pass.Fset.Position(file.Package).Filename; filepath.IsAbs(name) && name != "_cgo_gotypes.go" {
			return filepath.Dir(name)
		}
	}
	return ""
}

// mentioned reports whether a comment of the package may be a directive.
func mentioned(pass *analysis.Pass) bool {
	for _, file := range pass.Files {
		for _, group := range file.Comments {
			for _, c := range group.List {
				if annotations.Mentions([]byte(c.Text)) {
					return true
				}
			}
		}
	}
	return false
}

// ignoredMention reports whether a file that this build leaves out may have a
// directive.
func ignoredMention(pass *analysis.Pass) (bool, error) {
	for _, name := range pass.IgnoredFiles {
		if !strings.HasSuffix(name, ".go") {
			continue
		}
		data, err := pass.ReadFile(name)
		if err != nil {
			return false, err
		}
		if annotations.Mentions(data) {
			return true, nil
		}
	}
	return false, nil
}

// hasSpec reports whether a folder, or one above it in its module, has a spec.
func hasSpec(dir string) bool {
	for dir != "" {
		if exists(filepath.Join(dir, specName)) {
			return true
		}
		above := filepath.Dir(dir)
		if above == dir || exists(filepath.Join(dir, "go.mod")) {
			break
		}
		dir = above
	}
	return false
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// config is what the generator runs with: the folder of the package by itself.
func config(pass *analysis.Pass) generator.Config {
	return generator.Config{Dir: folderOf(pass)}
}

// resolved returns what is to be generated for the package and its external tests. If the input is
// wrong nothing is known but what the directives themselves say; [Stale] reports
// the mistakes.
func resolved(pass *analysis.Pass) ([]*model.Package, error) {
	packages, err := generator.Packages(context.Background(), config(pass))
	var mistakes diag.List
	if errors.As(err, &mistakes) {
		return nil, nil
	}
	return packages, err
}

// isOwn reports whether a package of the folder is that of the pass, and not its
// external tests or the other way round.
func isOwn(pass *analysis.Pass, p *model.Package) bool { return p.Name == pass.Pkg.Name() }

// isOutput reports whether webapi-gen has written a file.
func isOutput(file *ast.File) bool {
	if len(file.Comments) == 0 {
		return false
	}
	first := file.Comments[0].List[0]
	return first.Slash == file.FileStart && strings.TrimSuffix(first.Text, "\r") == templates.Header
}
