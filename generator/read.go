package generator

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"go/scanner"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/generator/internal/lint"
	"github.com/webapi-gen/webapi-gen/model"
	"github.com/webapi-gen/webapi-gen/templates"
)

// contents are the Go files of a folder.
type contents struct {
	sources   []annotations.Source // hand-written files
	annotated bool                 // a source may have a directive
	excluded  []lint.ExcludedFile  // sources that have one, and that every build excludes
	outputs   map[string][]byte    // files that an earlier run wrote, by name
	damaged   map[string]bool      // outputs without their first line, by name
	emptied   []string             // names of outputs that a run under go generate has emptied
	mounting  mounting
}

// outputNames returns the names of all outputs, damaged ones included.
func (c *contents) outputNames() []string {
	return slices.AppendSeq(slices.Collect(maps.Keys(c.outputs)), maps.Keys(c.damaged))
}

// read reads the Go files of the folder.
func (f *folder) read(cfg Config, diags *diag.List) (contents, error) {
	c := contents{outputs: map[string][]byte{}, damaged: map[string]bool{}}
	if f.irregular != "" {
		return c, fmt.Errorf("%s is not a regular file", filepath.Join(f.path, f.irregular))
	}
	for _, name := range f.names {
		if !isGoFile(name) {
			continue
		}
		path := filepath.Join(f.path, name)
		data, err := cfg.read(path)
		if err != nil && isOutputName(name) && isGone(open(cfg.Dir, path)) {
			continue // another run has removed it since
		}
		if err != nil {
			return c, err
		}
		switch originOf(path, name, data, diags) {
		case generated:
			if isEmptied(data) {
				c.emptied = append(c.emptied, name)
			} else {
				c.outputs[name] = data
			}
			continue
		case damaged:
			c.damaged[name] = true
			continue
		}
		// One is enough to read the folder, so the others need not be searched.
		mayHaveDirective := f.only == nil && c.annotated || annotations.MayHaveDirective(data)
		if mayHaveDirective && f.only != nil && !slices.Contains(f.only, name) {
			diags.Add(token.Position{Filename: path}, diag.FilesNotNamed,
				"this file has annotations too; name all annotated files of the package, or its folder")
			continue
		}
		src := annotations.Source{Path: path, Data: data}
		if mayHaveDirective {
			c.annotated = true
			if pos, why := annotations.NeverBuilt(src); why != "" {
				c.excluded = append(c.excluded, lint.ExcludedFile{Pos: pos, Why: why})
			}
		}
		c.sources = append(c.sources, src)
		if !strings.HasSuffix(name, "_test.go") {
			c.mounting = max(c.mounting, mountingIn(data))
		}
	}
	return c, nil
}

// A mounting is what the text of hand-written files says of guards.
type mounting int

const (
	noRoutes   mounting = iota
	routesOnly          // it sets up routes
	mayMount            // it has a word without which no guard is mounted
)

// mountWords are the words of which code that mounts a guard has one, unless a package of another
// module does it. routeWords are those of which code that sets up routes mostly has one.
var (
	mountWords = [][]byte{
		[]byte("github.com/webapi-gen/webapi-gen/webapi"), []byte("github.com/webapi-gen/webapi-gen/adapters/"),
		[]byte("CallMethodView"), []byte(model.CatalogFunc),
	}
	routeWords = [][]byte{
		[]byte("ListenAndServe"), []byte("http.NewServeMux"), []byte("github.com/go-chi/chi"), []byte("github.com/gorilla/mux"),
		[]byte("github.com/gin-gonic/gin"), []byte("github.com/labstack/echo"), []byte("github.com/julienschmidt/httprouter"),
	}
)

// mountingIn searches a file for words, without parsing it: in a comment they count as well.
func mountingIn(data []byte) mounting {
	has := func(word []byte) bool { return bytes.Contains(data, word) }
	switch {
	case slices.ContainsFunc(mountWords, has):
		return mayMount
	case slices.ContainsFunc(routeWords, has):
		return routesOnly
	}
	return noRoutes
}

// read returns the text of a file, by the path that diagnostics have.
func (cfg Config) read(path string) ([]byte, error) {
	if text, ok := cfg.overlay[path]; ok {
		return text, nil
	}
	return ReadFile(open(cfg.Dir, path))
}

// isGoFile reports whether the go command reads a file of that name.
func isGoFile(name string) bool {
	return strings.HasSuffix(name, ".go") && name[0] != '_' && name[0] != '.'
}

// isGone reports whether nothing has that path, not even a broken link.
func isGone(path string) bool {
	_, err := os.Lstat(path)
	return errors.Is(err, fs.ErrNotExist)
}

// An origin is how a file was written.
type origin int

const (
	byHand    origin = iota
	generated        // by an earlier run; this one may replace or remove it
	damaged          // by an earlier run, but its generated line is missing
)

// originOf returns the origin of a file by its name and its generated line. It reports one
// that is damaged.
func originOf(path, name string, data []byte, diags *diag.List) origin {
	if !isOutputName(name) {
		return byHand
	}
	if _, _, ok := splitHeader(data); !ok {
		if !hasOurLines(data) {
			return byHand
		}
		diags.Add(token.Position{Filename: path}, diag.NotGenerated,
			"this file looks like an output of webapi-gen, but its first line is not %q; restore that line or delete the file", templates.Header)
		return damaged
	}
	return generated
}

// hasAnnotation reports whether an output has an annotation, and adds a diagnostic. It
// takes long, so it is not called for outputs that are up to date.
func hasAnnotation(path string, data []byte, diags *diag.List) bool {
	line, column := directive(data)
	if line > 0 {
		diags.Add(token.Position{Filename: path, Line: line, Column: column}, diag.NotGenerated,
			"this file has an annotation below webapi-gen's header: it is edited by hand or the header was copied; move the annotation or remove the header")
	}
	return line > 0
}

// isOutputName reports whether outputs have such a name: <x>_webapi.go with suffixes for
// a platform and for tests, that of its contract test, or that of the catalogue.
func isOutputName(name string) bool {
	if name == model.CatalogFile {
		return true
	}
	base, ok := strings.CutSuffix(name, ".go")
	i := strings.LastIndex(base, "_webapi")
	if !ok || i <= 0 {
		return false
	}
	suffix, isTest := strings.CutSuffix(base[i+len("_webapi"):], "_test")
	if isTest {
		suffix = strings.TrimPrefix(strings.TrimPrefix(suffix, "_test_contract"), "_contract")
	}
	return annotations.PlatformSuffix("x"+suffix) == suffix
}

// isContractName reports whether the name of an output is that of a contract
// test.
func isContractName(name string) bool {
	return strings.Contains(name[max(0, strings.LastIndex(name, "_webapi")):], "_contract")
}

// The beginnings of lines that an output without its header has.
var (
	generatedLine = []byte("// Code generated by webapi-gen")
	handshakeLine = []byte("const _ = webapi.IsAtLeastVersion")
	guardLine     = []byte("\treturn webapi.CallMethodView(x, w, r, method, view)")
	contractLine  = []byte("func TestWebAPIContract_")
)

func hasOurLines(data []byte) bool {
	for line := range bytes.Lines(data) {
		line = bytes.TrimPrefix(line, []byte("\ufeff"))
		for _, ours := range [][]byte{generatedLine, handshakeLine, guardLine, contractLine} {
			if bytes.HasPrefix(line, ours) {
				return true
			}
		}
	}
	return false
}

// directive returns the position of the first comment that is an annotation or nearly
// one, 0 if there is none. A description can quote one, but outputs have descriptions in
// strings and in comments that begin with "// ".
func directive(data []byte) (line, column int) {
	if !annotations.MayHaveDirective(data) {
		return 0, 0
	}
	file := token.NewFileSet().AddFile("", -1, len(data))
	var s scanner.Scanner
	s.Init(file, data, func(token.Position, string) {}, scanner.ScanComments)
	for {
		pos, tok, text := s.Scan()
		switch {
		case tok == token.EOF:
			return 0, 0
		case tok == token.COMMENT && !strings.HasPrefix(text, "// ") && annotations.MayHaveDirective([]byte(text)):
			at := file.PositionFor(pos, false)
			return at.Line, at.Column
		}
	}
}

// An Input is a folder with its annotations as written, for tools that add some.
type Input struct {
	Path     string               // of the folder, relative to Config.Dir, or absolute
	Sources  []annotations.Source // the hand-written Go files
	Package  *annotations.Package // of these files; nil if there are none, or tests alone
	Spec     *annotations.Package // of the spec; nil if there is none
	SpecPath string
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
	var ofOutputs diag.List // which Generate reports
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

// NewResult returns a result for files that are not generated, so that Write writes them
// as it writes outputs. Their paths are relative to dir.
func NewResult(dir string, files []File) *Result {
	sorted := slices.SortedFunc(slices.Values(files), byPath)
	return &Result{Files: sorted, dir: dir}
}
