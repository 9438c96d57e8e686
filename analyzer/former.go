package analyzer

import (
	"bytes"
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/webapi-gen/webapi-gen/generator"
	"github.com/webapi-gen/webapi-gen/internal/lockfile"
	"github.com/webapi-gen/webapi-gen/internal/routes"
	"github.com/webapi-gen/webapi-gen/model"
)

// findFormer adds the types of the package that a lock file has as resources and that
// are none any more, unless they are public: their handlers may still be mounted. What
// names them otherwise, such as a spec of another name, guards them.
func (d *declarations) findFormer(pass *analysis.Pass, dir string) {
	for _, name := range lockedTypes(dir) {
		d.declares = true
		t, ok := pass.Pkg.Scope().Lookup(name).(*types.TypeName)
		if !ok || strings.HasSuffix(fileName(pass, t.Pos()), "_test.go") {
			continue
		}
		if named := routes.NamedOf(t.Type()); named == nil || d.resources[named] || d.public[t] {
			continue
		}
		if guard := routes.MethodNamed(t.Type(), "CallMethodView"); guard == nil || guard.Pkg() != pass.Pkg || !inOutput(pass, guard.Pos()) {
			d.former = append(d.former, t)
		}
		if !t.IsAlias() {
			d.resources[t] = true
			pass.ExportObjectFact(t, new(resourceFact))
		}
	}
}

// lockedTypes returns the types of a folder that have lines in a lock file of its
// module, or of one around that: the folder may have been made a module of its own.
// Lines that cannot be read are for webapi-gen check to report.
func lockedTypes(dir string) []string {
	var list []string
	for root := dir; ; root = filepath.Dir(root) {
		folder, err := filepath.Rel(root, dir)
		text, noLock := generator.ReadFile(filepath.Join(root, lockfile.Name))
		prefix := lockfile.QualifiedName(&model.Package{Dir: folder}, "")
		if err == nil && noLock == nil && bytes.Contains(text, []byte(" "+prefix)) {
			packages, _ := lockfile.Parse(lockfile.Name, text)
			for _, pkg := range packages {
				if pkg.Dir == filepath.ToSlash(folder) {
					for _, r := range pkg.Resources {
						list = append(list, r.Type)
					}
				}
			}
		}
		if root == filepath.Dir(root) {
			return list
		}
	}
}

// inOutput reports whether a position is in a file that webapi-gen has written.
func inOutput(pass *analysis.Pass, pos token.Pos) bool {
	return slices.ContainsFunc(pass.Files, func(file *ast.File) bool {
		return file.FileStart <= pos && pos <= file.FileEnd && isOutput(pass, file)
	})
}
