package generator

import (
	"context"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/generator/internal/lint"
	"github.com/webapi-gen/webapi-gen/model"
	"github.com/webapi-gen/webapi-gen/templates"
)

// resolveFolder returns what is meant by the packages of one folder.
func resolveFolder(_ context.Context, cfg Config, f *folder) (part, error) {
	var p part
	have, err := f.read(cfg, &p.diags)
	if err != nil {
		return p, err
	}
	p.diags = slices.DeleteFunc(p.diags, func(d diag.Diagnostic) bool { return d.Code == diag.ForeignOutput })
	p.resolve(cfg, f, have)
	return p, nil
}

// generateFolder does all that is to be done for one folder, in memory.
func generateFolder(ctx context.Context, cfg Config, f *folder, emitter *templates.Emitter) (part, error) {
	p := part{folder: f}
	cfg.room = rooms.Get().(*room)
	defer rooms.Put(cfg.room)
	defer cfg.room.clear()
	have, err := f.read(cfg, &p.diags)
	if err != nil {
		return p, err
	}
	if !p.resolve(cfg, f, have) {
		have.refuseAnnotated(f.path, &p.diags)
		return p, nil
	}
	to := destination{path: f.path, dir: f.dir, contents: have, strays: strays(f.path, f.names), removes: f.only == nil}
	if cfg.Out != "" {
		have.refuseAnnotated(f.path, &p.diags)
		if to, err = outside(cfg, &p.diags); err != nil {
			return p, err
		}
	}
	wanted, err := emit(ctx, cfg, emitter, p.packages, p.withTests(cfg, to))
	if err != nil {
		return p, err
	}
	p.files, p.strays = to.plan(cfg, wanted, &p.diags), to.strays
	p.count(cfg, f)
	if len(have.aside) > 0 {
		p.lint = append(p.lint, lint.OfFiles(have.aside))
	}
	if f.spec == nil && len(p.diags) == 0 {
		f.refuseRemoval(p.files, &p.diags)
	}
	return p, nil
}

// resolve adds the packages of a folder, and reports whether they are right.
func (p *part) resolve(cfg Config, f *folder, have contents) bool {
	if !have.annotated && f.spec == nil {
		return true
	}
	var found diag.List
	p.packages = f.packages(cfg, have, &found)
	cfg.Timings.count(working, len(p.packages), 0)
	clashes(p.packages, &found)
	p.diags = append(p.diags, found...)
	return len(found) == 0
}

// packages returns what is meant by the packages of the folder: those of its Go
// files, of which one may have a spec, or that of the spec alone.
func (f *folder) packages(cfg Config, have contents, diags *diag.List) []*model.Package {
	cfg.Timings.count(parsing, len(have.sources), 0)
	end := cfg.Timings.clock(parsing)
	written, found := annotations.ReadGo(have.sources)
	end()
	*diags = append(*diags, found...)
	if len(found) > 0 && hasCode(found, diag.GoSyntax) {
		return nil // what cannot be read would be missed everywhere else
	}
	written = withoutAside(written)
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
		defer cfg.Timings.clock(resolving)()
		pkg, found := model.Resolve(source, spec)
		cfg.Timings.count(resolving, len(pkg.Resources), 0)
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

// withoutAside leaves out packages that stand in the folder of another one and
// say nothing: files that no ordinary build takes, such as a tools.go that holds
// dependencies or a program for go run, often have a package name of their own.
func withoutAside(packages []*annotations.Package) []*annotations.Package {
	ordinary := slices.ContainsFunc(packages, func(p *annotations.Package) bool { return !p.External && !p.Constrained })
	return slices.DeleteFunc(packages, func(p *annotations.Package) bool {
		return ordinary && !p.External && p.Constrained && p.Silent()
	})
}

func hasCode(list diag.List, code diag.Code) bool {
	return slices.ContainsFunc(list, func(d diag.Diagnostic) bool { return d.Code == code })
}

// withTests reports whether the guards that go to a folder get contract tests.
// Where one is there, all are kept up to date, so that a run which does not say
// that it wants them agrees with one that does.
func (p *part) withTests(cfg Config, to destination) bool {
	if cfg.Tests == TestsDropped || cfg.Tests == TestsKept && !to.hasContracts() {
		return false
	}
	for _, pkg := range p.packages {
		for _, r := range pkg.Resources {
			checkLength(r, r.File.Contract(), &p.diags)
		}
	}
	return true
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
				diags.Add(r.Pos, diag.FileClash, "file %s, to be generated for type %s, is one of package %s too",
					r.File.Name, r.Type, other.Name)
			}
			owners[name] = pkg
			checkLength(r, r.File.Name, diags)
		}
	}
}

func checkLength(r *model.Resource, name string, diags *diag.List) {
	if n := len(name); n > maxName {
		diags.Add(r.Pos, diag.BadName, "the file to be generated for this type would have a name of %d bytes, and %d is the most; write a shorter type name",
			n, maxName)
	}
}

// emit returns the files of the packages, with contract tests or without.
func emit(ctx context.Context, cfg Config, emitter *templates.Emitter, packages []*model.Package, tests bool) ([]templates.File, error) {
	defer cfg.Timings.clock(emitting)()
	var files []templates.File
	for _, pkg := range packages {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		some, err := emitter.Files(pkg)
		if err != nil {
			return nil, err
		}
		files = append(files, some...)
		if !tests {
			continue
		}
		contracts, err := inParallel(ctx, pkg.Contracted(), func(_ context.Context, r *model.Resource) (templates.File, error) {
			return templates.Contract(pkg, r)
		})
		if err != nil {
			return nil, err
		}
		files = append(files, contracts...)
	}
	cfg.Timings.count(emitting, len(files), 0)
	return files, nil
}
