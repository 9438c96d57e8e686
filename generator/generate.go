package generator

import (
	"context"
	"slices"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/generator/internal/lint"
	"github.com/webapi-gen/webapi-gen/internal/lockfile"
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
	// OnProgress, if it is not nil, is told how far a run is. It is called by
	// one goroutine at a time.
	OnProgress func(Progress)
	// Timings, if it is not nil, is told where a run and Write of its result
	// spend their time.
	Timings *Timings

	phase   phase             // in which files are read
	room    *room             // where their texts are kept; nil if they are wanted for longer
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
	result := &Result{dir: cfg.Dir, out: cfg.Out, onProgress: cfg.OnProgress, timings: cfg.Timings}
	if cfg.Out != "" {
		err = cfg.onePackage(folders, parts)
	} else {
		err = result.lockFiles(cfg, folders, parts, &diags)
	}
	if err != nil {
		return nil, err
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
		result.Files = append(result.Files, part.files...)
		result.strays = append(result.strays, part.strays...)
		part.files = nil // they are in the result
	}
	slices.SortFunc(result.Files, byPath)
	if result.Lint, err = cfg.lint(ctx, parts); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return result, nil
}

// Packages reads what cfg names and returns what is meant by it, in the order of
// the folders. Its errors are those of [Generate], less those about outputs.
func Packages(ctx context.Context, cfg Config) ([]*model.Package, error) {
	_, parts, diags, err := eachFolder(ctx, cfg, resolveFolder)
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
	lock     lockfile.File // what a lock file says of the folder, if its module has one
}

// count keeps of the packages what is asked for in the end, and lets go of them:
// a run over many packages need not hold them all.
func (p *part) count(cfg Config, f *folder) {
	defer cfg.Timings.clock(keeping)()
	cfg.Timings.count(keeping, len(p.packages), 0)
	for _, pkg := range p.packages {
		if f.locks {
			p.lock.Add(lockfile.Of(f.below, pkg))
		}
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
	p.packages = nil
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
	defer cfg.Timings.clock(working)()
	progress := cfg.progress("packages", len(folders))
	parts, err := inParallel(ctx, folders, func(ctx context.Context, f *folder) (part, error) {
		defer progress.step()
		return do(ctx, cfg, f)
	})
	for _, part := range parts {
		diags = append(diags, part.diags...)
	}
	return folders, parts, diags, err
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
	data, err := readFile(open(cfg.Dir, path), cfg.room)
	if err == nil {
		cfg.Timings.count(cfg.phase, 1, len(data))
	}
	return data, err
}
