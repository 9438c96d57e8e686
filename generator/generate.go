package generator

import (
	"context"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

// Config says what to generate. The zero value is the package in the current
// directory.
type Config struct {
	// Dir is the directory that Patterns and Spec are relative to. It is the
	// current one by default.
	Dir string
	// Patterns are folders, folders followed by /... for all below them as
	// well, or Go files; the folder "." by default. Go files must be all files
	// of their package that have annotations. Where files are named, no output
	// is removed.
	Patterns []string
	// Spec is the YAML file of one package. By default a folder's is the file
	// webapi.yaml in it.
	Spec string
}

// Generate reads what cfg names and returns the files to be generated. Its
// result does not depend on the order or number of processors, the system, the
// time or the version of Go.
//
// The error is a [diag.List] if the input is wrong, a [*UsageError] if cfg is,
// and of another type if a file cannot be read or ctx has ended.
func Generate(ctx context.Context, cfg Config) (*Result, error) {
	folders, err := find(cfg)
	if err != nil {
		return nil, err
	}
	folders, diags, err := attachSpecs(cfg, folders)
	if err != nil {
		return nil, err
	}
	parts, err := inParallel(ctx, folders, generateFolder)
	if err != nil {
		return nil, err
	}
	result := &Result{dir: cfg.Dir}
	for _, part := range parts {
		diags = append(diags, part.diags...)
		result.Packages += part.packages
		result.Resources += part.resources
		result.Scopes += part.scopes
		result.Files = append(result.Files, part.files...)
	}
	if diags.Sort(); len(diags) > 0 {
		return nil, diags
	}
	slices.SortFunc(result.Files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	return result, nil
}

// A part is what one folder adds to the result.
type part struct {
	diags                       diag.List
	packages, resources, scopes int
	files                       []File
}

// inParallel calls do for each item, on all processors, and returns what it
// returned in the order of the items. The error is that of the first item, in
// that order, of which there is one.
func inParallel[Item, Out any](ctx context.Context, items []Item, do func(context.Context, Item) (Out, error)) ([]Out, error) {
	outs, errs := make([]Out, len(items)), make([]error, len(items))
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(items)) {
		workers.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(items)); i = next.Add(1) - 1 {
				if errs[i] = ctx.Err(); errs[i] == nil {
					outs[i], errs[i] = do(ctx, items[i])
				}
			}
		})
	}
	workers.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return outs, nil
}
