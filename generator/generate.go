package generator

import (
	"bytes"
	"cmp"
	"context"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/generator/internal/lint"
	"github.com/webapi-gen/webapi-gen/model"
	"github.com/webapi-gen/webapi-gen/templates"
)

// Config says what to generate. The zero value is the package in the current
// directory.
type Config struct {
	// Dir is the directory that Patterns, Spec and Out are relative to. It is
	// the current one by default.
	Dir string
	// Patterns are folders, folders followed by /... for all below them as
	// well, or Go files; the folder "." by default. Go files must be all files
	// of their package that have annotations. Where files are named, no output
	// is removed.
	Patterns []string
	// Spec is the YAML file of one package. By default a folder's is the file
	// webapi.yaml in it.
	Spec string
	// Out is the folder to which the outputs of one package go, for builds in
	// which sources cannot be written to. By default they go beside the types
	// that they guard, and nowhere else do they compile. Write makes the folder
	// if it is missing. No output is removed from it.
	Out string
	// Lint says which warnings are wanted; all by default.
	Lint lint.Checks
	// Tests says whether each guard gets a contract test beside it.
	Tests Tests

	overlay map[string][]byte // texts that stand for those of files, by the path that diagnostics show
}

// Tests says of which packages the guards get contract tests: a test with
// everything that the guard must answer as a literal table, which fails when the
// guard, edited by hand, or the runtime answers a method or a caller otherwise. It
// cannot notice a guard that goes by what the table does not have, such as a header,
// the query or the subject of a token; see webapitest.Contract. A type with type
// parameters gets none, nor one whose super is such a type behind a pointer.
type Tests int

// The values of Tests.
const (
	TestsKept    Tests = iota // of packages that have contract tests already
	TestsWanted               // of all packages
	TestsDropped              // of none, and those that are there are removed
)

// Generate reads what cfg names and returns the files to be generated. Its
// result does not depend on the order or number of processors, the system, the
// time or the version of Go. It has no state: any number of goroutines may call
// it.
//
// What is allowed and was probably not meant is no error: [Result.Lint] has it,
// see package [lint].
//
// The error is a [diag.List] if the input is wrong, a [*UsageError] if cfg is,
// and of another type if a file cannot be read or ctx has ended.
func Generate(ctx context.Context, cfg Config) (*Result, error) {
	var emitter templates.Emitter
	folders, parts, diags, err := eachFolder(ctx, cfg, func(ctx context.Context, cfg Config, f *folder) (part, error) {
		return generateFolder(ctx, cfg, f, &emitter)
	})
	if err != nil {
		return nil, err
	}
	result := &Result{dir: cfg.Dir, out: cfg.Out}
	if cfg.Out != "" {
		if err := cfg.onePackage(folders, parts); err != nil {
			return nil, err
		}
	}
	if diags.Sort(); len(diags) > 0 {
		return nil, diags
	}
	files := 0
	for i := range parts {
		files += len(parts[i].files)
	}
	result.Files = slices.Grow(result.Files, files)
	for i := range parts {
		part := &parts[i]
		result.Packages += part.counts.packages
		result.Resources += part.counts.resources
		result.Scopes += part.counts.scopes
		result.Folders = append(result.Folders, Folder{Root: part.folder.root, RelPath: part.folder.below, AllOfModule: part.folder.full, Packages: part.packages})
		result.Files = append(result.Files, part.files...)
		result.strays = append(result.strays, part.strays...)
		part.files = nil // they are in the result
	}
	slices.SortFunc(result.Files, byPath)
	if result.Lint, err = cfg.lint(ctx, parts); err != nil {
		return nil, err
	}
	return result, nil
}

// Packages reads what cfg names and returns what is meant by it, in the order of
// the folders. Its errors are those of [Generate], less those about outputs.
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
func packages(ctx context.Context, cfg Config, resolve func(context.Context, Config, *folder) (part, error)) ([]*model.Package, error) {
	_, parts, diags, err := eachFolder(ctx, cfg, resolve)
	if err != nil {
		return nil, err
	}
	if diags.Sort(); len(diags) > 0 {
		return nil, diags
	}
	var packages []*model.Package
	for _, part := range parts {
		packages = append(packages, part.packages...)
	}
	return packages, nil
}

// A part is what comes of one folder.
type part struct {
	diags    diag.List
	packages []*model.Package
	files    []File
	strays   []string // temporary files where the outputs go
	counts   struct{ packages, resources, scopes int }
	folder   *folder
	lint     []lint.Package
}

// count counts what the packages have, and prepares them for lint.
func (p *part) count(cfg Config, f *folder) {
	for _, pkg := range p.packages {
		p.lint = append(p.lint, lint.Of(pkg, f.real, f.full))
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
		p.counts.packages++
		p.counts.resources += len(types)
		p.counts.scopes += len(scopes)
	}
}

// eachFolder calls do for each folder that cfg names, and returns the folders,
// what do returned for each, and all diagnostics.
func eachFolder(ctx context.Context, cfg Config, do func(context.Context, Config, *folder) (part, error)) ([]*folder, []part, diag.List, error) {
	folders, err := find(ctx, cfg)
	if err != nil {
		return nil, nil, nil, err
	}
	folders, diags, err := attachSpecs(cfg, folders)
	if err != nil {
		return nil, nil, nil, err
	}
	parts, errs := make([]part, len(folders)), make([]error, len(folders))
	group := newGroup()
	for i, f := range folders {
		group.Go(func() error {
			if errs[i] = ctx.Err(); errs[i] == nil {
				parts[i], errs[i] = do(ctx, cfg, f)
			}
			return errs[i]
		})
	}
	if group.Wait() != nil {
		return nil, nil, nil, cmp.Or(errs...) // the first in the order of the folders
	}
	for _, part := range parts {
		diags = append(diags, part.diags...)
	}
	return folders, parts, diags, ctx.Err()
}

// newGroup returns a group that uses all processors.
func newGroup() *errgroup.Group {
	group := new(errgroup.Group)
	group.SetLimit(runtime.GOMAXPROCS(0))
	return group
}

// onePackage refuses outputs of several packages for one folder: they would
// overwrite each other.
func (cfg Config) onePackage(folders []*folder, parts []part) error {
	var first *folder
	for i, part := range parts {
		switch {
		case len(part.files) == 0:
		case first == nil:
			first = folders[i]
		default:
			return usage("the outputs of one package alone can go to %s, but there are those of %s and %s", cfg.Out, first.path, folders[i].path)
		}
	}
	return nil
}

// read returns the text of a file, by the path that diagnostics show.
func (cfg Config) read(path string) ([]byte, error) {
	if text, ok := cfg.overlay[path]; ok {
		return text, nil
	}
	return os.ReadFile(open(cfg.Dir, path))
}

// A Status says what becomes of a file.
type Status int

// The statuses.
const (
	Unchanged Status = iota // it has its content already, whatever its line ends, and is left alone
	Created                 // it is not there yet
	Changed                 // it has another content
	Removed                 // an earlier run wrote it, and no resource wants it any more
)

// String returns the status in lower case.
func (s Status) String() string {
	return [...]string{"unchanged", "created", "changed", "removed"}[s]
}

// A File is an output.
type File struct {
	Path    string // relative to Config.Dir, unless the pattern was absolute
	Content []byte // nil if it is to be removed, or left alone
	Old     []byte // what it has now, if that is to be changed or removed; outputs without carriage returns at line ends
	Status  Status
}

func byPath(a, b File) int { return strings.Compare(a.Path, b.Path) }

// A Result is what a run found and what is to become of the outputs.
type Result struct {
	Packages  int    // with annotations or a spec
	Resources int    // types with a guard
	Scopes    int    // scopes that the packages declare, in each package by itself
	Files     []File // all outputs, sorted by path
	Folders   []Folder

	// Lint has the warnings, sorted. They say nothing against the files.
	Lint diag.List

	dir     string
	out     string                                      // the folder that Config.Out names
	updates map[string]func(old []byte) ([]byte, error) // of the files that Add added, by path
	strays  []string                                    // temporary files that Generate saw
}

// A Folder is a folder that a run has read.
type Folder struct {
	Root        string // of its module, absolute and without symbolic links; "" if it is in none
	RelPath     string // relative to Root, with slashes; "." for Root itself
	AllOfModule bool   // the patterns name all folders of the module
	Packages    []*model.Package
}

// Add adds a file that is not generated, such as webapi.lock, which is old and is to
// become what update returns for that. Carriage returns at line ends do not count.
// Write replaces such files when all else is done. It calls update again if another
// run has replaced the file in the meantime.
func (r *Result) Add(path string, old []byte, update func(old []byte) ([]byte, error)) error {
	file := File{Path: path}
	content, err := update(old)
	if err != nil {
		return err
	}
	if !bytes.Equal(content, old) {
		file.Status, file.Old, file.Content = Changed, old, content
	}
	r.Files = append(r.Files, file)
	slices.SortFunc(r.Files, byPath)
	if r.updates == nil {
		r.updates = map[string]func([]byte) ([]byte, error){}
	}
	r.updates[path] = update
	return nil
}

// Count returns the number of files of some statuses.
func (r *Result) Count(statuses ...Status) int {
	n := 0
	for _, f := range r.Files {
		if slices.Contains(statuses, f.Status) {
			n++
		}
	}
	return n
}

// resolveFolder returns what is meant by the packages of one folder.
func resolveFolder(_ context.Context, cfg Config, f *folder) (part, error) {
	var p part
	have, err := f.read(cfg, &p.diags)
	if err != nil {
		return p, err
	}
	p.diags = slices.DeleteFunc(p.diags, func(d diag.Diagnostic) bool { return d.Code == diag.NotGenerated })
	p.resolve(f, have)
	return p, nil
}

// resolveGuarded is resolveFolder, but reports a package that has outputs, and
// neither resources nor scopes that they could be for: its spec is not known.
func resolveGuarded(ctx context.Context, cfg Config, f *folder) (part, error) {
	p, err := resolveFolder(ctx, cfg, f)
	if err != nil || len(p.diags) > 0 || f.spec != nil || !slices.ContainsFunc(f.names, isOutputName) {
		return p, err
	}
	have, err := f.read(cfg, &diag.List{})
	if err != nil {
		return p, err
	}
	files := map[string]File{}
	for _, names := range []iter.Seq[string]{maps.Keys(have.outputs), maps.Keys(have.damaged)} {
		for name := range names {
			files[name] = File{Path: filepath.Join(f.path, name), Status: Removed}
		}
	}
	for _, pkg := range p.packages {
		for _, r := range pkg.Resources {
			files[r.File.Name] = File{Path: filepath.Join(f.path, r.File.Name)}
		}
		if len(pkg.Scopes) > 0 {
			files[model.CatalogFile] = File{Path: filepath.Join(f.path, model.CatalogFile)}
		}
	}
	f.refuseRemoval(slices.Collect(maps.Values(files)), &p.diags)
	return p, nil
}

// generateFolder does all that is to be done for one folder, in memory.
func generateFolder(ctx context.Context, cfg Config, f *folder, emitter *templates.Emitter) (part, error) {
	p := part{folder: f}
	have, err := f.read(cfg, &p.diags)
	if err != nil {
		return p, err
	}
	if !p.resolve(f, have) {
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
	p.files, p.strays = to.plan(wanted, &p.diags), to.strays
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
func (p *part) resolve(f *folder, have contents) bool {
	if !have.annotated && f.spec == nil {
		return true
	}
	var found diag.List
	p.packages = f.packages(have, &found)
	clashes(p.packages, &found)
	p.diags = append(p.diags, found...)
	return len(found) == 0
}

// packages returns what is meant by the packages of the folder: those of its Go
// files, of which one may have a spec, or that of the spec alone.
func (f *folder) packages(have contents, diags *diag.List) []*model.Package {
	written, found := annotations.ReadGo(have.sources)
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

// withoutAside leaves out packages that stand in the folder of another one and
// say nothing: files that no ordinary build takes, such as a tools.go that holds
// dependencies or a program for go run, often have a package name of their own.
func withoutAside(packages []*annotations.Package) []*annotations.Package {
	ordinary := slices.ContainsFunc(packages, func(p *annotations.Package) bool { return !p.External && !p.Constrained })
	return slices.DeleteFunc(packages, func(p *annotations.Package) bool {
		return ordinary && !p.External && p.Constrained && p.Unannotated()
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
		resources := pkg.Contracted()
		contracts := make([]templates.File, len(resources))
		group := newGroup()
		for i, r := range resources {
			group.Go(func() (err error) {
				contracts[i], err = templates.Contract(pkg, r)
				return err
			})
		}
		if err := group.Wait(); err != nil {
			return nil, err
		}
		files = append(files, contracts...)
	}
	return files, nil
}
