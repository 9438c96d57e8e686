package generator

import (
	"bytes"
	"context"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/annotations/language"
	"github.com/webapi-gen/webapi-gen/generator/model"
	"github.com/webapi-gen/webapi-gen/templates"
)

// contents are the files of a folder, as far as they matter.
type contents struct {
	sources   []annotations.Source // Go files that people wrote
	annotated bool                 // one of them may have a directive
	outputs   map[string][]byte    // Go files that an earlier run wrote, by name
	damaged   map[string]bool      // outputs that were reported, by name
}

// generateFolder does all that is to be done for one folder, in memory.
func generateFolder(ctx context.Context, f *folder) (part, error) {
	var p part
	have, err := f.read(&p.diags)
	if err != nil {
		return p, err
	}
	var wanted []templates.File
	if have.annotated || f.spec != nil {
		var found diag.List
		packages := f.packages(have, &found)
		p.packages = len(packages)
		for _, pkg := range packages {
			p.count(pkg)
		}
		clashes(packages, &found)
		if p.diags = append(p.diags, found...); len(found) > 0 {
			return p, nil
		}
		if wanted, err = emit(ctx, packages); err != nil {
			return p, err
		}
	}
	p.files = f.plan(wanted, have, &p.diags)
	if f.spec == nil && len(p.diags) == 0 {
		f.refuseRemoval(p.files, &p.diags)
	}
	return p, nil
}

// read reads the Go files of the folder.
func (f *folder) read(diags *diag.List) (contents, error) {
	c := contents{outputs: map[string][]byte{}, damaged: map[string]bool{}}
	for _, name := range f.names {
		if !strings.HasSuffix(name, ".go") || name[0] == '_' || name[0] == '.' {
			continue
		}
		data, err := os.ReadFile(filepath.Join(f.dir, name))
		if err != nil {
			return c, err
		}
		path := filepath.Join(f.path, name)
		switch originOf(path, name, data, diags) {
		case byUs:
			c.outputs[name] = data
			continue
		case damaged:
			c.damaged[name] = true
			continue
		}
		mentions := annotations.Mentions(data)
		if mentions && f.only != nil && !slices.Contains(f.only, name) {
			diags.Add(token.Position{Filename: path}, language.FilesNotNamed,
				"this file has annotations too; name all annotated files of the package, or its folder")
			continue
		}
		c.annotated = c.annotated || mentions
		c.sources = append(c.sources, annotations.Source{Path: path, Data: data})
	}
	return c, nil
}

// packages returns what is meant by the packages of the folder: those of its Go
// files, of which one may have a spec, or that of the spec alone.
func (f *folder) packages(have contents, diags *diag.List) []*model.Package {
	written, found := annotations.ReadGo(have.sources)
	*diags = append(*diags, found...)
	if len(found) > 0 && hasCode(found, language.GoSyntax) {
		return nil // what cannot be read would be missed everywhere else
	}
	var own *annotations.Package
	for _, pkg := range written {
		switch {
		case pkg.External:
		case own == nil:
			own = pkg
		default:
			diags.Add(pkg.Name.Pos, language.PackageNames, "package is %q here, but %q in %s", pkg.Name.Value, own.Name.Value, own.Name.Pos)
		}
	}
	var list []*model.Package
	resolve := func(source, spec *annotations.Package) {
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

func hasCode(list diag.List, code language.Code) bool {
	return slices.ContainsFunc(list, func(d diag.Diagnostic) bool { return d.Code == code })
}

// maxName is how long the name of a file can be on common file systems, in bytes.
const maxName = 255

// clashes reports files that cannot have their names: that a package and its
// external tests would both have, or that are too long. Those of one package
// were compared when it was resolved.
func clashes(packages []*model.Package, diags *diag.List) {
	owners := map[string]*model.Package{}
	for _, pkg := range packages {
		for _, r := range pkg.Resources {
			name := strings.ToLower(r.File.Name)
			if other := owners[name]; other != nil && other != pkg {
				diags.Add(r.Pos, language.FileClash, "file %s, to be generated for type %s, is one of package %s too",
					r.File.Name, r.Type, other.Name)
			}
			owners[name] = pkg
			if n := len(r.File.Name); n > maxName {
				diags.Add(r.Pos, language.BadName, "the file to be generated for this type would have a name of %d bytes, and %d is the most; write a shorter type name",
					n, maxName)
			}
		}
	}
}

// count adds the resources and scopes of a package.
func (p *part) count(pkg *model.Package) {
	types, scopes := map[string]bool{}, map[string]bool{}
	for _, s := range pkg.Scopes {
		scopes[s.Value] = true
	}
	for _, r := range pkg.Resources {
		types[r.Type] = true
		for _, s := range r.Scopes {
			scopes[s.Value] = true
		}
	}
	p.resources += len(types)
	p.scopes += len(scopes)
}

// emit writes the files of the packages.
func emit(ctx context.Context, packages []*model.Package) ([]templates.File, error) {
	var files []func() (templates.File, error)
	for _, pkg := range packages {
		for _, r := range pkg.Resources {
			files = append(files, func() (templates.File, error) { return templates.Guard(pkg, r) })
		}
		if !pkg.External && len(pkg.Catalogued())+len(pkg.Scopes) > 0 {
			files = append(files, func() (templates.File, error) { return templates.Catalog(pkg) })
		}
	}
	return inParallel(ctx, files, func(_ context.Context, file func() (templates.File, error)) (templates.File, error) {
		return file()
	})
}

// plan compares what is wanted with what is there.
func (f *folder) plan(wanted []templates.File, have contents, diags *diag.List) []File {
	var files []File
	for _, w := range wanted {
		file := File{Path: filepath.Join(f.path, w.Name), Content: w.Content, Status: Written}
		old, ours := have.outputs[w.Name]
		switch {
		case ours && bytes.Equal(old, w.Content):
			file.Status = Unchanged
		case !ours && !have.damaged[w.Name] && f.occupied(w.Name):
			diags.Add(token.Position{Filename: file.Path}, language.ForeignOutput,
				"this file is in the way: webapi-gen writes a file of its name, but did not write this one; rename or remove it")
		}
		delete(have.outputs, w.Name)
		files = append(files, file)
	}
	if f.only != nil {
		return files
	}
	for name := range have.outputs {
		files = append(files, File{Path: filepath.Join(f.path, name), Status: Removed})
	}
	return files
}

// refuseRemoval reports the outputs of a folder that has no resource any more, or
// none that this run knows of: their spec may be one that was named when they
// were written, and a guard that goes by mistake is an API without protection. A
// resource of the tests does not speak for those of the package.
func (f *folder) refuseRemoval(files []File, diags *diag.List) {
	var ofPackage, ofTests bool // there is a resource
	for _, file := range files {
		if file.Status != Removed && filepath.Base(file.Path) != model.CatalogFile {
			ofTests = true
			ofPackage = ofPackage || !strings.HasSuffix(file.Path, "_test.go")
		}
	}
	var names []string
	for _, file := range files {
		if file.Status == Removed && !ofPackage && !(ofTests && strings.HasSuffix(file.Path, "_test.go")) {
			names = append(names, filepath.Base(file.Path))
		}
	}
	if len(names) == 0 {
		return
	}
	slices.Sort(names)
	diags.Add(token.Position{Filename: filepath.Join(f.path, names[0])}, language.StrayOutput,
		"this package has outputs, but neither a webapi:resource nor a %s; name their spec with --spec, or delete them by hand if they are not wanted any more: %s",
		specName, strings.Join(names, " "))
}

// occupied reports whether something of that name, which is no output, is in
// the folder, a folder included.
func (f *folder) occupied(name string) bool {
	_, err := os.Lstat(filepath.Join(f.dir, name))
	return err == nil
}
