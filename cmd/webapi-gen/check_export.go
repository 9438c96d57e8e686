package main

import (
	"bytes"
	"context"
	"fmt"
	"go/token"
	"io"
	"path/filepath"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/generator"
	"github.com/webapi-gen/webapi-gen/internal/export"
	"github.com/webapi-gen/webapi-gen/model"
)

// An exportCheck is what check finds out about the files that an export has written.
type exportCheck struct {
	findings diag.List
	files    []generator.File // that an export would change
	left     []string         // that were not compared
	noRoutes bool             // the routes were not looked at
}

// checkExports compares the files that an export has written, in the modules of which the run
// has all packages, with what it would write now.
func (a *app) checkExports(ctx context.Context, result *generator.Result, checked *routeCheck) (*exportCheck, error) {
	base, err := filepath.Abs(a.cfg.Dir)
	if err == nil {
		base, err = filepath.EvalSymlinks(base)
	}
	if err != nil {
		return nil, err
	}
	c := &exportCheck{noRoutes: checked == nil || checked.found == nil || checked.err != nil}
	seen := map[string]bool{"": true}
	for _, f := range result.Folders {
		if seen[f.Root] || !f.EntireModule {
			continue
		}
		seen[f.Root] = true
		files, err := export.Find(ctx, f.Root)
		if err != nil {
			return nil, err
		}
		x := &exporter{root: f.Root, base: base}
		if f.Root == base && !c.noRoutes {
			x.read = []readPackages{{a.cfg.Spec, a.cfg.Patterns, packagesOf(result), checked.found}}
		}
		for _, file := range files {
			path, err := filepath.Rel(base, filepath.Join(f.Root, filepath.FromSlash(file.Path)))
			if err != nil {
				return nil, err
			}
			if err := c.compare(ctx, x, file, path); err != nil {
				return nil, err
			}
		}
	}
	return c, nil
}

// compare adds a finding if an export would write a file otherwise. The path is that of
// messages. The error is that of ctx.
func (c *exportCheck) compare(ctx context.Context, x *exporter, file export.File, path string) error {
	pos := token.Position{Filename: path, Line: 1, Column: 1}
	args, err := export.Arguments(file.Path, file.Text)
	var o exportOptions
	if err == nil {
		o, err = parseExport(args)
		args = o.arguments()
	}
	if err != nil {
		c.findings.Add(pos, diag.StaleExport, "it is not known how this file was written: %v; export it again", err)
		return nil
	}
	if bool(o.routes) && c.noRoutes {
		c.left = append(c.left, path)
		return nil
	}
	text, _, err := x.document(ctx, o)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		why, _, _ := strings.Cut(err.Error(), "\n")
		c.findings.Add(pos, diag.StaleExport, "this file cannot be compared with the source: %s", strings.TrimSuffix(why, ":"))
		return nil
	}
	out := generator.File{Path: path, Old: bytes.ReplaceAll(file.Text, []byte("\r\n"), []byte("\n")), Content: []byte(text), Status: generator.Changed}
	if string(out.Old) == text {
		return nil
	}
	pos = generator.NewResult("", []generator.File{out}).Stale()[0].Pos // where they differ
	c.findings.Add(pos, diag.StaleExport, "this file is not up to date: from this line on, an export would write something else; run go generate, or in the folder of go.mod webapi-gen export -o %s",
		export.CommandLine(append([]string{file.Path}, args[2:]...))) // without --format, which the name of the file says
	c.files = append(c.files, out)
	return nil
}

// note prints the files that were not compared.
func (c *exportCheck) note(w io.Writer) {
	if len(c.left) > 0 {
		fmt.Fprintf(w, "webapi-gen: %s not compared, since routes were not looked at: %s\n", count(len(c.left), "exported file"), visible(strings.Join(c.left, ", ")))
	}
}

// packagesOf returns the packages of a result.
func packagesOf(result *generator.Result) []*model.Package {
	var packages []*model.Package
	for _, f := range result.Folders {
		packages = append(packages, f.Packages...)
	}
	return packages
}
