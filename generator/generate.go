package generator

import (
	"bytes"
	"cmp"
	"context"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/generator/internal/lint"
	"github.com/webapi-gen/webapi-gen/model"
	"github.com/webapi-gen/webapi-gen/templates"
)

// A Config is the input and the options of a run. The zero value is the package in the
// current folder.
type Config struct {
	// Dir is the folder that Patterns, Spec and Out are relative to, by default the
	// current one.
	Dir string
	// Patterns are folders, folders followed by /... for those below them as well, or
	// Go files; by default the folder ".". Go files must be all files of their package
	// that have annotations. If files are named, no output is removed.
	Patterns []string
	// Spec is the YAML file of one package. The default for each folder is its file
	// webapi.yaml.
	Spec string
	// Out is the folder for the outputs of one package, for builds that cannot write to
	// sources. By default outputs go beside the types that they guard, the only place
	// where they compile. Write makes the folder if it is missing, and removes no output
	// from it.
	Out string
	// GoGenerate says that the run is one of go generate, which lists the files of all
	// packages when it begins, and fails at one that is gone when it comes to it
	// (golang.org/issue/36068). Outputs that are not wanted any more are not removed then,
	// but emptied: what is left has no declaration, and no build includes it. The next run
	// that is not one of go generate removes it.
	GoGenerate bool
	// Lint selects the warnings, by default all.
	Lint lint.Checks
	// Tests selects the guards that get a contract test.
	Tests Tests

	overlay map[string][]byte // texts to read instead of files, by the path that diagnostics have
}

// Tests selects the packages whose guards get contract tests. A contract test has all
// answers of the guard as a literal table. It fails if the runtime or the guard, edited
// by hand, answers a method or a caller otherwise. It cannot notice a guard that depends
// on what is not in the table, such as a header, the query or the subject of a token; see
// webapitest.Contract. A type with type parameters gets none, nor one whose super is such
// a type behind a pointer.
type Tests int

// The values of Tests.
const (
	TestsKept Tests = iota // packages that have contract tests already
	TestsAll               // all packages
	TestsNone              // none; existing contract tests are removed
)

// Generate reads what cfg names and returns the files to be generated. Its result does
// not depend on the number of processors, the system, the time or the version of Go.
// Goroutines may call it at the same time.
//
// Input that is allowed and probably a mistake is no error; [Result.Lint] reports it.
//
// The error is a [diag.List] if the input is wrong, a [*UsageError] if cfg is,
// and of another type if a file cannot be read or ctx has ended. With a [diag.List]
// the result has the folders that were read, without packages and files.
func Generate(ctx context.Context, cfg Config) (*Result, error) {
	folders, diags, err := findFolders(ctx, cfg)
	if err != nil {
		return nil, err
	}
	var emitter templates.Emitter
	results, err := eachFolder(ctx, folders, func(f *folder) (folderResult, error) {
		return generateFolder(ctx, cfg, f, &emitter)
	})
	if err != nil {
		return nil, err
	}
	if err := cfg.checkOut(results); err != nil {
		return nil, err
	}
	for _, r := range results {
		diags = append(diags, r.diags...)
	}
	if diags.Sort(); len(diags) > 0 {
		for i, f := range folders {
			results[i] = folderResult{folder: f}
		}
		return newResult(cfg, results), diags
	}
	result := newResult(cfg, results)
	if result.Lint, err = cfg.lint(ctx, folders, results); err != nil {
		return nil, err
	}
	return result, nil
}

// eachFolder calls do for each folder, on all processors, and returns what do returned in
// the order of the folders. The error is that of the first folder that has one.
func eachFolder[Out any](ctx context.Context, folders []*folder, do func(*folder) (Out, error)) ([]Out, error) {
	outs, errs := make([]Out, len(folders)), make([]error, len(folders))
	err := orCanceled(ctx, func() error {
		group := newGroup()
		for i, f := range folders {
			group.Go(func() error {
				if errs[i] = ctx.Err(); errs[i] == nil {
					outs[i], errs[i] = do(f)
				}
				return errs[i]
			})
		}
		if group.Wait() != nil {
			return cmp.Or(errs...)
		}
		return ctx.Err()
	})
	if err != nil {
		return nil, err
	}
	return outs, nil
}

// orCanceled returns what do returns, or the error of ctx as soon as it has ended. It does
// not wait for do then, which may take seconds: what do sets must not be used.
func orCanceled(ctx context.Context, do func() error) error {
	done := make(chan error, 1)
	go func() { done <- do() }()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case err := <-done:
		return err
	}
}

// newGroup returns a group that uses all processors.
func newGroup() *errgroup.Group {
	group := new(errgroup.Group)
	group.SetLimit(runtime.GOMAXPROCS(0))
	return group
}

// A folderResult is the result of one folder.
type folderResult struct {
	folder    *folder
	diags     diag.List
	packages  []*model.Package
	excluded  []lint.ExcludedFile
	mounting  mounting
	files     []File
	leftovers []string // temporary and emptied files where the outputs go
}

// generateFolder resolves the packages of one folder, makes their outputs in memory,
// and compares these with the disk.
func generateFolder(ctx context.Context, cfg Config, f *folder, emitter *templates.Emitter) (folderResult, error) {
	result := folderResult{folder: f}
	have, err := f.read(cfg, &result.diags)
	if err != nil {
		return result, err
	}
	result.mounting = have.mounting
	if !result.resolve(have) {
		have.reportAnnotated(f.path, &result.diags)
		return result, nil
	}
	to := destination{path: f.path, dir: f.dir, contents: have, leftovers: leftovers(f.path, f.names), removes: f.only == nil}
	if cfg.Out != "" {
		have.reportAnnotated(f.path, &result.diags)
		if to, err = outside(cfg, &result.diags); err != nil {
			return result, err
		}
	}
	if len(result.packages) > 0 {
		if to.header, err = f.header(); err != nil {
			return result, err
		}
	}
	tests := result.withTests(cfg, to)
	outputs, err := emit(ctx, emitter, result.packages, tests)
	if err != nil {
		return result, err
	}
	result.files, result.leftovers = to.plan(outputs, &result.diags), to.leftovers
	result.excluded = have.excluded
	if f.spec == nil && len(result.diags) == 0 {
		f.checkRemoval(result.files, &result.diags)
	}
	if cfg.GoGenerate {
		emptyRemoved(result.files)
	} else {
		result.leftovers = append(result.leftovers, to.emptiedPaths(result.files)...)
	}
	return result, nil
}

// withTests reports whether the guards that go to a folder get contract tests. By
// default they do if one of them has one already, so that a run without --tests agrees
// with one that has it.
func (r *folderResult) withTests(cfg Config, to destination) bool {
	if cfg.Tests == TestsNone || cfg.Tests == TestsKept && !to.hasContracts() {
		return false
	}
	for _, pkg := range r.packages {
		r.diags = append(r.diags, pkg.TestClashes...)
		for _, res := range pkg.Resources {
			checkLength(res, res.File.Contract(), &r.diags)
		}
	}
	return true
}

// maxName is the length in bytes of the longest file name on common file systems.
const maxName = 255

// reportFileNames reports files whose name both a package and its external tests would
// have, or whose name is too long. The files of one package are compared when it is
// resolved.
func reportFileNames(packages []*model.Package, diags *diag.List) {
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
func emit(ctx context.Context, emitter *templates.Emitter, packages []*model.Package, tests bool) ([]templates.File, error) {
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

// checkOut returns an error if outputs of several packages would go to Config.Out,
// where they would overwrite each other.
func (cfg Config) checkOut(results []folderResult) error {
	var first *folder
	for _, r := range results {
		switch {
		case cfg.Out == "" || len(r.files) == 0:
		case first == nil:
			first = r.folder
		default:
			return usage("the outputs of one package alone can go to %s, but there are those of %s and %s", cfg.Out, first.path, r.folder.path)
		}
	}
	return nil
}

// A Status is what Write does with a file.
type Status int

// The statuses.
const (
	Unchanged Status = iota // nothing: it has the content, apart from line ends
	Created                 // write it: it does not exist
	Changed                 // replace it: it has another content
	Removed                 // remove it: an earlier run wrote it, and it is orphaned
	Emptied                 // replace it by a file without declarations: it would be removed, but for [Config.GoGenerate]
)

// String returns the status in lower case.
func (s Status) String() string {
	return [...]string{"unchanged", "created", "changed", "removed", "emptied"}[s]
}

// A File is an output.
type File struct {
	Path    string // relative to Config.Dir, unless the pattern was absolute
	Content []byte // nil if it is to be removed, or left alone
	Old     []byte // what it has now, if that is to be changed or removed; outputs without carriage returns at line ends
	Status  Status
}

func byPath(a, b File) int { return strings.Compare(a.Path, b.Path) }

// A Result has the outputs of a run, and the packages that they are for.
type Result struct {
	Packages  int    // with annotations or a spec
	Resources int    // types with a guard
	Scopes    int    // scopes that the packages declare, in each package by itself
	Files     []File // all outputs, sorted by path
	Folders   []Folder

	// Lint has the warnings, sorted. The files are right in spite of them.
	Lint diag.List

	// Unmounted reports whether there are resources, and no guard of them is mounted in the
	// modules of the run: hand-written files set up routes, and none has a word without
	// which no guard is mounted. It is false if the run does not read entire modules. A
	// package of another module may mount the guards all the same.
	Unmounted bool

	dir       string
	out       string                                      // the folder that Config.Out names
	updates   map[string]func(old []byte) ([]byte, error) // of the files that Add added, by path
	leftovers []string                                    // temporary and emptied files that Generate saw
}

// A Folder is a folder that a run has read.
type Folder struct {
	Root         string // of its module, absolute and without symbolic links; "" if it is in none
	RelPath      string // relative to Root, with slashes; "." for Root itself
	EntireModule bool   // the patterns name all folders of the module
	Packages     []*model.Package
}

// Add adds a file that is not generated code, such as webapi.lock: update returns the
// new text for an old one. Both are without carriage returns. Write replaces added files
// after all others. It calls update again if another run has replaced the file since.
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

// newResult joins the results of folders.
func newResult(cfg Config, results []folderResult) *Result {
	result := &Result{dir: cfg.Dir, out: cfg.Out}
	mounts, entire := noRoutes, true
	for _, r := range results {
		f := r.folder
		mounts = max(mounts, r.mounting)
		entire = entire && f.allFiles && (f.entireModule || f.relPath == "." && f.module.root != "" && !f.hasBelow)
		result.Folders = append(result.Folders, Folder{Root: r.folder.module.root, RelPath: r.folder.relPath, EntireModule: r.folder.entireModule, Packages: r.packages})
		result.Files = append(result.Files, r.files...)
		result.leftovers = append(result.leftovers, r.leftovers...)
		result.Packages += len(r.packages)
		for _, pkg := range r.packages {
			types, scopes := map[string]bool{}, map[string]bool{}
			for _, s := range pkg.Scopes {
				scopes[s.Value] = true
			}
			for _, res := range pkg.Resources {
				types[res.Type] = true
				for _, s := range res.Scopes {
					scopes[s.Value] = true
				}
			}
			result.Resources += len(types)
			result.Scopes += len(scopes)
		}
	}
	slices.SortFunc(result.Files, byPath)
	result.Unmounted = result.Resources > 0 && entire && mounts == routesOnly
	return result
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
