package generator

import (
	"cmp"
	"context"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/model"
)

// Packages reads and resolves what cfg names. It returns the packages in the order of the
// folders. Its errors are those of [Generate], apart from those about outputs.
func Packages(ctx context.Context, cfg Config) ([]*model.Package, error) {
	return packages(ctx, cfg, resolveFolder)
}

// ModulePackages returns the packages of the module in which cfg.Dir is, or of
// cfg.Dir and the folders below it if that is in no module, whatever cfg.Patterns is.
// Package.Dir is relative to the root of the module. Its errors are those of
// [Packages], and outputs of a package that has neither resources nor scopes: its
// spec may be one that cfg does not name.
func ModulePackages(ctx context.Context, cfg Config) ([]*model.Package, error) {
	root, err := ModuleRoot(cfg.Dir)
	if err != nil {
		return nil, err
	}
	if cfg.Spec != "" {
		spec, err := filepath.Abs(open(cfg.Dir, cfg.Spec))
		if err != nil {
			return nil, err
		}
		if cfg.Spec, err = filepath.Rel(root, spec); err != nil {
			return nil, err
		}
	}
	cfg.Dir, cfg.Patterns = root, []string{"./..."}
	return packages(ctx, cfg, resolveGuarded)
}

// packages returns the packages that resolve returns for each folder.
func packages(ctx context.Context, cfg Config, resolve func(Config, *folder) (folderResult, error)) ([]*model.Package, error) {
	folders, diags, err := findFolders(ctx, cfg)
	if err != nil {
		return nil, err
	}
	results, err := eachFolder(ctx, folders, func(f *folder) (folderResult, error) { return resolve(cfg, f) })
	if err != nil {
		return nil, err
	}
	var packages []*model.Package
	for _, r := range results {
		diags = append(diags, r.diags...)
		packages = append(packages, r.packages...)
	}
	if diags.Sort(); len(diags) > 0 {
		return nil, diags
	}
	return packages, nil
}

// resolveFolder resolves the packages of one folder. It does not report what is wrong
// with outputs.
func resolveFolder(cfg Config, f *folder) (folderResult, error) {
	result := folderResult{folder: f}
	have, err := f.read(cfg, &result.diags)
	if err != nil {
		return result, err
	}
	result.diags = slices.DeleteFunc(result.diags, func(d diag.Diagnostic) bool { return d.Code == diag.NotGenerated })
	result.resolve(have)
	return result, nil
}

// resolveGuarded is resolveFolder, but reports a package that has outputs, and
// neither resources nor scopes that they could be for: its spec is not known.
func resolveGuarded(cfg Config, f *folder) (folderResult, error) {
	result, err := resolveFolder(cfg, f)
	if err != nil || len(result.diags) > 0 || f.spec != nil || !slices.ContainsFunc(f.names, isOutputName) {
		return result, err
	}
	have, err := f.read(cfg, &diag.List{})
	if err != nil {
		return result, err
	}
	files := map[string]File{}
	for _, name := range have.outputNames() {
		files[name] = File{Path: filepath.Join(f.path, name), Status: Removed}
	}
	for _, pkg := range result.packages {
		for _, r := range pkg.Resources {
			files[r.File.Name] = File{Path: filepath.Join(f.path, r.File.Name)}
		}
		if len(pkg.Scopes) > 0 {
			files[model.CatalogFile] = File{Path: filepath.Join(f.path, model.CatalogFile)}
		}
	}
	f.checkRemoval(slices.Collect(maps.Values(files)), &result.diags)
	return result, nil
}

// resolve adds the packages of a folder, and reports whether they are right.
func (r *folderResult) resolve(have contents) bool {
	if !have.annotated && r.folder.spec == nil {
		return true
	}
	var found diag.List
	r.packages = r.folder.packages(have, &found)
	reportFileNames(r.packages, &found)
	r.diags = append(r.diags, found...)
	return len(found) == 0
}

// packages resolves the packages of the folder: those of its Go files, of which one may
// have a spec, or that of the spec alone.
func (f *folder) packages(have contents, diags *diag.List) []*model.Package {
	written, found := annotations.ReadGo(have.sources)
	*diags = append(*diags, found...)
	if len(found) > 0 && hasCode(found, diag.GoSyntax) {
		return nil // a partial syntax tree may lack declarations, which would cause cascading errors
	}
	written = withoutExcluded(written)
	var own *annotations.Package
	for _, pkg := range written {
		switch {
		case pkg.External:
		case own == nil:
			own = pkg
		default:
			diags.Add(pkg.Name.Pos, diag.PackageNames, "package is %q here, but %q in %s", pkg.Name.Value, own.Name.Value, own.Name.Pos)
		}
	}
	var list []*model.Package
	resolve := func(source, spec *annotations.Package) {
		if source != nil {
			source.Imports = f.declaredBy(source.Imports)
		}
		pkg, found := model.Resolve(source, spec)
		*diags = append(*diags, found...)
		list = append(list, pkg)
	}
	var spec *annotations.Package
	if f.spec != nil {
		spec = &f.spec.Package
	}
	if own != nil || spec != nil {
		resolve(own, spec)
	}
	for _, pkg := range written {
		if pkg.External {
			resolve(pkg, nil)
		}
	}
	return list
}

// declaredBy returns the names that imports declare: for a dot import of a package of the module
// those that it exports, and for an import without a name that of the package. What packages of
// other modules export is not known, and their names are guessed.
func (f *folder) declaredBy(imports []annotations.Import) []annotations.Import {
	var list []annotations.Import
	for _, imp := range imports {
		isDot := imp.Name.Value == "."
		if !isDot && !imp.Guessed {
			list = append(list, imp)
			continue
		}
		folder, ok := f.module.folderOf(imp.Path)
		if !ok {
			if !isDot {
				list = append(list, imp)
			}
			continue
		}
		names := []string{cmp.Or(packageName(folder), imp.Name.Value)}
		if isDot {
			names = exported(folder)
		}
		for _, name := range names {
			list = append(list, annotations.Import{Name: annotations.Text{Pos: imp.Name.Pos, Value: name}, Path: imp.Path})
		}
	}
	return list
}

// packageName returns the name of the package in a folder, "" if no file has it.
func packageName(folder string) string {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return "" // the compiler reports it
	}
	for _, e := range entries {
		if !isGoFile(e.Name()) || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		data, err := ReadFile(filepath.Join(folder, e.Name()))
		if err != nil {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), "", data, parser.PackageClauseOnly)
		if err == nil && tree.Name.Name != "main" { // as a file for go run
			return tree.Name.Name
		}
	}
	return ""
}

// exported returns the names that the package in a folder exports: those of its Go files, and
// that of the catalogue that it has or gets.
func exported(folder string) []string {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil // the compiler reports it
	}
	var sources []annotations.Source
	for _, e := range entries {
		if isGoFile(e.Name()) && !strings.HasSuffix(e.Name(), "_test.go") {
			if data, err := ReadFile(filepath.Join(folder, e.Name())); err == nil {
				sources = append(sources, annotations.Source{Path: e.Name(), Data: data})
			}
		}
	}
	var names []string
	packages, _ := annotations.ReadGo(sources)
	for _, pkg := range packages {
		if !pkg.Unannotated() {
			names = append(names, model.CatalogFunc)
		}
		for _, t := range pkg.Types {
			names = append(names, t.Name.Value)
		}
		for _, id := range pkg.Idents {
			names = append(names, id.Name.Value)
		}
	}
	return slices.DeleteFunc(names, func(name string) bool { return !token.IsExported(name) })
}

// withoutExcluded leaves out packages without annotations whose files a build constraint
// excludes, if the folder has another package: a tools.go that holds dependencies or a
// program for go run often has a package name of its own.
func withoutExcluded(packages []*annotations.Package) []*annotations.Package {
	ordinary := slices.ContainsFunc(packages, func(p *annotations.Package) bool { return !p.External && !p.Constrained })
	return slices.DeleteFunc(packages, func(p *annotations.Package) bool {
		return ordinary && !p.External && p.Constrained && p.Unannotated()
	})
}

func hasCode(list diag.List, code diag.Code) bool {
	return slices.ContainsFunc(list, func(d diag.Diagnostic) bool { return d.Code == code })
}
