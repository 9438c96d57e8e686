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
		packages := f.packages(have, &p.diags)
		p.packages = len(packages)
		for _, pkg := range packages {
			p.count(pkg)
		}
		clashes(packages, &p.diags)
		if len(p.diags) > 0 {
			return p, nil
		}
		if wanted, err = emit(ctx, packages); err != nil {
			return p, err
		}
	}
	p.files = f.plan(wanted, have.outputs, &p.diags)
	return p, nil
}

// read reads the Go files of the folder.
func (f *folder) read(diags *diag.List) (contents, error) {
	c := contents{outputs: map[string][]byte{}}
	for _, name := range f.names {
		if !strings.HasSuffix(name, ".go") || name[0] == '_' || name[0] == '.' {
			continue
		}
		data, err := os.ReadFile(filepath.Join(f.dir, name))
		if err != nil {
			return c, err
		}
		if isOutput(name, data) {
			c.outputs[name] = data
			continue
		}
		mentions := annotations.Mentions(data)
		path := filepath.Join(f.path, name)
		if f.only != nil && !slices.Contains(f.only, name) {
			if mentions {
				diags.Add(token.Position{Filename: path}, language.FilesNotNamed,
					"this file has annotations too; name all annotated files of the package, or its folder")
			}
			continue
		}
		c.annotated = c.annotated || mentions
		c.sources = append(c.sources, annotations.Source{Path: path, Data: data})
	}
	return c, nil
}

// isOutput reports whether a file is one that this tool wrote: by its name and
// its first line.
func isOutput(name string, data []byte) bool {
	if name != model.CatalogFile && !strings.Contains(name, "_webapi") {
		return false
	}
	line, _, _ := bytes.Cut(data, []byte("\n"))
	return string(bytes.TrimSuffix(line, []byte("\r"))) == templates.Header
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

// clashes reports files that a package and its external tests would both have.
// Those of one package were compared when it was resolved.
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
func (f *folder) plan(wanted []templates.File, outputs map[string][]byte, diags *diag.List) []File {
	var files []File
	for _, w := range wanted {
		file := File{Path: filepath.Join(f.path, w.Name), Content: w.Content, Status: Written}
		old, ours := outputs[w.Name]
		switch {
		case ours && bytes.Equal(old, w.Content):
			file.Status = Unchanged
		case !ours && f.occupied(w.Name):
			diags.Add(token.Position{Filename: file.Path}, language.ForeignOutput,
				"this file is in the way: webapi-gen writes a file of its name, but did not write this one; rename or remove it")
		}
		delete(outputs, w.Name)
		files = append(files, file)
	}
	if f.only != nil {
		return files
	}
	for name := range outputs {
		files = append(files, File{Path: filepath.Join(f.path, name), Status: Removed})
	}
	return files
}

// occupied reports whether something of that name, which is no output, is in
// the folder, a folder included.
func (f *folder) occupied(name string) bool {
	_, err := os.Lstat(filepath.Join(f.dir, name))
	return err == nil
}
