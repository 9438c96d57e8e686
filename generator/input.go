package generator

import (
	"context"
	"slices"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/model"
)

// An Input is a folder as it was read: what was written, for tools that add to it.
type Input struct {
	Path     string               // the folder, relative to Config.Dir, or absolute
	Sources  []annotations.Source // the Go files that people wrote
	Package  *annotations.Package // what they say of the package; nil if there are none, or tests alone
	Spec     *annotations.Package // what a spec says of it; nil if there is none
	SpecPath string               // of that spec
}

// ReadInput reads the one folder that cfg names. Unlike [Generate] it reads Go
// files that have no annotations as well. The error is of the same types.
func ReadInput(ctx context.Context, cfg Config) (*Input, error) {
	folders, err := find(ctx, cfg)
	if err != nil {
		return nil, err
	}
	if len(folders) != 1 {
		return nil, usage("one folder expected, got %d", len(folders))
	}
	f := folders[0]
	_, diags, err := attachSpecs(cfg, folders)
	if err != nil {
		return nil, err
	}
	var ofOutputs diag.List // which are another command's to report
	have, err := f.read(cfg, &ofOutputs)
	if err != nil {
		return nil, err
	}
	in := &Input{Path: f.path, Sources: have.sources, SpecPath: f.specPath}
	if f.spec != nil {
		in.Spec = &f.spec.Package
	}
	if diags = append(diags, in.read()...); !hasCode(diags, diag.GoSyntax) {
		diags = append(diags, in.Check(nil)...)
	}
	diags.Sort()
	return in, diags.Err()
}

// read reads the Go files and returns what is wrong with them.
func (in *Input) read() diag.List {
	written, diags := annotations.ReadGo(in.Sources)
	for _, pkg := range written {
		switch {
		case pkg.External:
		case in.Package == nil:
			in.Package = pkg
		default:
			diags.Add(pkg.Name.Pos, diag.PackageNames, "package is %q here, but %q in %s",
				pkg.Name.Value, in.Package.Name.Value, in.Package.Name.Pos)
		}
	}
	return diags
}

// Check returns what would be wrong with the package if it had more resources.
func (in *Input) Check(more []annotations.Resource) diag.List {
	if in.Package == nil && in.Spec == nil {
		return nil
	}
	source := in.Package
	if source != nil && len(more) > 0 {
		with := *source
		with.Resources = slices.Concat(source.Resources, more)
		source = &with
	}
	_, diags := model.Resolve(source, in.Spec)
	return diags
}

// NewResult returns a result of files that are no outputs, so that they are
// written as outputs are. Their paths are relative to dir.
func NewResult(dir string, files []File) *Result {
	sorted := slices.SortedFunc(slices.Values(files), byPath)
	return &Result{Files: sorted, dir: dir}
}
