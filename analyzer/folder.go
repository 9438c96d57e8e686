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
	"github.com/webapi-gen/webapi-gen/model"
	"github.com/webapi-gen/webapi-gen/templates"
)

// specName is the name of a folder's spec.
const specName = "webapi.yaml"

// folderOf returns the folder of a package, or "" if it has no file.
func folderOf(pass *analysis.Pass) (string, error) {
	for _, file := range pass.Files {
		if name := original(pass, file); name != "" {
			abs, err := filepath.Abs(name)
			return filepath.Dir(abs), err
		}
	}
	return "", nil
}

// original returns the name of the file that a person or another tool wrote, or
// "" for one of cgo's own. What cgo has made of a file lies elsewhere, under
// whatever name, but says where that one is.
func original(pass *analysis.Pass, file *ast.File) string {
	name := fileName(pass, file.Package)
	if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, ".cgo1.go") {
		name = pass.Fset.Position(file.Package).Filename
	}
	if !strings.HasSuffix(name, ".go") || filepath.Base(name) == "_cgo_gotypes.go" {
		return ""
	}
	return name
}

// directed reports whether a comment of the package is a directive of ours.
func directed(pass *analysis.Pass) bool {
	return anyComment(pass, func(text string) bool { return strings.HasPrefix(text, "//"+annotations.Tool+":") })
}

// mentioned reports whether a comment of the package may be a directive, or a near
// miss, which the generator reports. This takes longer.
func mentioned(pass *analysis.Pass) bool {
	return anyComment(pass, func(text string) bool { return annotations.Mentions([]byte(text)) })
}

func anyComment(pass *analysis.Pass, holds func(string) bool) bool {
	for _, file := range pass.Files {
		for _, group := range file.Comments {
			for _, c := range group.List {
				if holds(c.Text) {
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

// resolved returns what is to be generated in a folder. If the input is
// wrong nothing is known but what the directives themselves say; [Stale] reports
// the mistakes.
func resolved(dir string) ([]*model.Package, error) {
	packages, err := generator.Packages(context.Background(), generator.Config{Dir: dir})
	var mistakes diag.List
	if errors.As(err, &mistakes) {
		return nil, nil
	}
	return packages, err
}

// isOwn reports whether a package of the folder is that of the pass, and not its
// external tests or the other way round.
func isOwn(pass *analysis.Pass, p *model.Package) bool { return p.Name == pass.Pkg.Name() }

// isOutput reports whether webapi-gen has written a file, by its name and its
// first line as the generator does.
func isOutput(pass *analysis.Pass, file *ast.File) bool {
	name := filepath.Base(fileName(pass, file.FileStart))
	if len(file.Comments) == 0 || name != model.CatalogFile && !strings.Contains(name, "_webapi") {
		return false
	}
	first := file.Comments[0].List[0]
	return first.Slash == file.FileStart && strings.TrimSuffix(first.Text, "\r") == templates.Header
}
