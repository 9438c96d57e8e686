package main

import (
	"bytes"
	"errors"
	"fmt"
	"go/build"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/generator"
	"github.com/webapi-gen/webapi-gen/internal/export"
	"github.com/webapi-gen/webapi-gen/model"
)

const long = `Import reads FILE, a description of an API, and writes a spec for webapi-gen: one
resource for each kind of thing that the paths name, with the operations and the scopes
that the description gives them. The types are declared by the tool, so that the spec
generates and compiles at once.

FILE is OpenAPI 2.0, 3.0, 3.1 or 3.2, in YAML or JSON, of one file or of several, or a
file of Google's API discovery service.

/notes and /notes/{id} are the resource notes. A path that ends with a word, has one
method and leads nowhere else is a named operation of what stands before it, as in
POST /notes/{id}/archive. Operations of a resource that have the same method and the
same requirement are one. In the spec, each has its paths beside it. HEAD follows GET.

Where a description can be read in two ways, import stops, shows examples and writes
nothing, until it is told:

  --lists any|all      An operation lists several scopes of one scheme. The
                       specification says that all are needed, and many documents
                       mean that any one is enough. any=OPERATION and all=OPERATION
                       are for one operation, by 'METHOD /path' or its operationId,
                       and @FILE has such values, one in a line.
  --scheme NAME=ROLE   A security scheme is not evidently one of OAuth2 tokens.
                       ROLE is oauth2 for tokens whose scopes the guards check,
                       apitoken for tokens of the API's own, which have policies
                       instead of scopes, login for another login of the server, which
                       no guard looks at, and ignored for what is needed beside
                       others and that neither of them looks at, such as a key that
                       a gateway checks.
  --skip OPERATION     HEAD needs something else than GET, which no guard can do.

No security at all, [] and an only {} make an operation public, {} beside others makes it
anonymous, and OAuth2 without scopes makes it authenticated. What a guard cannot say, such
as a cookie and a token that are needed together, stays closed. All of this is printed.

Exit status: 0 success, 1 the description is wrong or the spec of --check is not up to
date, 2 the command line is wrong or lacks an answer.`

const examples = `  # A spec for the package api:
  webapi-gen import -o api/webapi.yaml --lists=any openapi.yaml

  # Where most lists mean any scope, and one means all:
  webapi-gen import --lists=any --lists='all=POST /v2/droplets' openapi.yaml

  # In CI: is the spec still that of the description?
  webapi-gen import --check --lists=any openapi.yaml`

// The exit codes.
const (
	exitDone       = 0
	exitWrongInput = 1
	exitWrongCall  = 2
)

// options are the flags.
type options struct {
	lists   []string
	schemes []string
	skip    []string
	group   string
	pkg     string
	out     string
	dir     string
	check   bool
}

// errUsage is an error of the command line.
type errUsage struct{ error }

// errReported means that the reason of a failure is printed.
var errReported = errors.New("reported already")

func run(args []string, stdout, stderr io.Writer) int {
	var opts options
	cmd := &cobra.Command{
		Use:           "webapi-gen import [flags] FILE",
		Short:         "Write a spec from a description of an API",
		Long:          long,
		Example:       examples,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return errUsage{fmt.Errorf("import takes one file, got %d", len(args))}
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error { return opts.run(args[0], stdout, stderr) },
	}
	flags := cmd.Flags()
	flags.StringArrayVar(&opts.lists, "lists", nil, "what a list of several scopes `means`: any, all, any=OPERATION, all=OPERATION or @FILE")
	flags.StringArrayVar(&opts.schemes, "scheme", nil, "what a security scheme is: `NAME=ROLE`, with oauth2, apitoken, login or ignored")
	flags.StringArrayVar(&opts.skip, "skip", nil, "leave an `operation` out, 'METHOD /path' or an operationId")
	flags.StringVar(&opts.group, "group", "path", "make resources by `path or tag`")
	flags.StringVar(&opts.pkg, "package", "", "the `name` of the Go package (default: that of the spec's folder)")
	flags.StringVarP(&opts.out, "output", "o", "webapi.yaml", "write this `file`")
	flags.StringVarP(&opts.dir, "dir", "C", "", "change to this `folder` first")
	flags.BoolVar(&opts.check, "check", false, "write nothing, and fail if the spec is not up to date")
	cmd.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return errUsage{err} })
	cmd.SetArgs(args)
	cmd.SetOut(stdout)
	cmd.SetErr(stderr)
	err := cmd.Execute()
	var usage errUsage
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &usage):
		fmt.Fprintf(stderr, "webapi-gen: %v\nRun webapi-gen import --help for usage.\n", err)
		return exitWrongCall
	case !errors.Is(err, errReported):
		fmt.Fprintf(stderr, "webapi-gen: %v\n", err)
	}
	return exitWrongInput
}

// run reads, groups, writes and reports, in this order. Nothing is written before the end.
func (opts *options) run(file string, stdout, stderr io.Writer) error {
	if opts.dir != "" {
		if err := os.Chdir(opts.dir); err != nil {
			return errUsage{err}
		}
	}
	doc, err := read(file, stderr)
	if err != nil {
		return err
	}
	ans, err := opts.answers(doc)
	if err != nil {
		return errUsage{err}
	}
	if err := ans.questions(doc); err != nil {
		return errUsage{err}
	}
	routes, rep, errs := ans.routes(doc)
	if len(errs) > 0 {
		return printed(errs, stderr)
	}
	if opts.group == "tag" {
		byTag(routes)
	} else {
		byPath(routes)
	}
	resources := group(routes)
	pkg, err := opts.packageName()
	if err != nil {
		return err
	}
	command, err := opts.command(file)
	if err != nil {
		return err
	}
	text := write(command, pkg, doc, resources)
	if err := resolves(opts.out, text); err != nil {
		return err
	}
	status, err := opts.save(text, stdout)
	if err != nil {
		return err
	}
	rep.print(stdout, doc, resources, fmt.Sprintf("%s %s", opts.out, status))
	return nil
}

// read reads a description of an API. It recognizes the format by the content.
func read(file string, stderr io.Writer) (*document, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	parse := readOpenAPI
	if isDiscovery(data) {
		parse = readDiscovery
	}
	doc, errs, err := parse(file, data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if len(errs) > 0 {
		return nil, printed(errs, stderr)
	}
	return doc, nil
}

// printed prints errors of the document.
func printed(errs findings, stderr io.Writer) error {
	errs = errs.sorted()
	for _, e := range errs {
		fmt.Fprintln(stderr, e)
	}
	fmt.Fprintf(stderr, "webapi-gen: %s; nothing was written\n", count(len(errs), "error"))
	return errReported
}

// resolves checks that the tool takes the spec that is about to be written.
func resolves(path string, text []byte) error {
	spec, diags := annotations.ReadSpec(annotations.Source{Path: path, Data: text})
	if len(diags) == 0 {
		_, diags = model.Resolve(nil, &spec.Package)
	}
	if len(diags) == 0 {
		return nil
	}
	diags.Sort()
	hint := ""
	if slices.ContainsFunc(diags, isClash) {
		hint = "\nLeave the operations of one of two names out with --skip, or rename it in the document."
	}
	return fmt.Errorf("webapi-gen would not take the spec, which was not written:\n%w%s", diags, hint)
}

// isClash reports whether two names of the document make one identifier of Go, or one file, such as
// the scopes a.b and a-b.
func isClash(d diag.Diagnostic) bool {
	return d.Code == diag.IdentifierClash || d.Code == diag.FileClash
}

// packageName returns the name of the package of the spec's folder.
func (opts *options) packageName() (string, error) {
	if opts.pkg != "" {
		return opts.pkg, nil
	}
	dir, err := filepath.Abs(filepath.Dir(opts.out))
	if err != nil {
		return "", err
	}
	if pkg, err := build.ImportDir(dir, 0); err == nil && pkg.Name != "main" {
		return pkg.Name, nil
	}
	if name := strings.ReplaceAll(snake(filepath.Base(dir)), "_", ""); name != "" {
		return name, nil
	}
	return "api", nil
}

// command returns the arguments that write the spec again when its folder is the current one.
func (opts *options) command(file string) (string, error) {
	folder, err := filepath.Abs(filepath.Dir(opts.out))
	if err != nil {
		return "", err
	}
	relative := func(path string) string {
		if abs, err := filepath.Abs(path); err == nil {
			path = abs
		}
		if rel, err := filepath.Rel(folder, path); err == nil {
			path = rel
		}
		return filepath.ToSlash(path)
	}
	var args []string
	if name := filepath.Base(opts.out); name != "webapi.yaml" {
		args = append(args, "--output="+name)
	}
	if opts.pkg != "" {
		args = append(args, "--package="+opts.pkg)
	}
	if opts.group != "path" {
		args = append(args, "--group="+opts.group)
	}
	for _, v := range opts.lists {
		if name, isFile := strings.CutPrefix(v, "@"); isFile {
			v = "@" + relative(name)
		}
		args = append(args, "--lists="+v)
	}
	for _, v := range opts.schemes {
		args = append(args, "--scheme="+v)
	}
	for _, v := range opts.skip {
		args = append(args, "--skip="+v)
	}
	return export.CommandLine(append(args, relative(file))), nil
}

// save writes the spec, or compares it, and returns what became of it. It replaces no file
// that import has not written.
func (opts *options) save(text []byte, stdout io.Writer) (generator.Status, error) {
	out := generator.File{Path: opts.out, Content: text, Status: generator.Changed}
	old, err := os.ReadFile(opts.out)
	out.Old = bytes.ReplaceAll(old, []byte("\r\n"), []byte("\n"))
	switch {
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return 0, err
	case err != nil && opts.check:
		return 0, fmt.Errorf("there is no %s", opts.out)
	case err != nil:
		out.Status = generator.Created
	case bytes.Equal(out.Old, text):
		return generator.Unchanged, nil
	case opts.check:
		stdout.Write(diff.Diff(opts.out, out.Old, opts.out+" from the description", text))
		return 0, fmt.Errorf("%s is not up to date", opts.out)
	case !bytes.Contains(old, []byte(generatedBy)):
		return 0, fmt.Errorf("%s was not written by webapi-gen import; remove it, or name another file with -o", opts.out)
	}
	if err := os.MkdirAll(filepath.Dir(opts.out), 0o777); err != nil {
		return 0, err
	}
	return out.Status, generator.NewResult("", []generator.File{out}).Write()
}

// count returns "1 error", "2 errors".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// find returns the operations that a word names: METHOD path, or an operationId.
func (d *document) find(word string) bool {
	return slices.ContainsFunc(d.operations, func(o *operation) bool { return o.String() == word || o.id == word && word != "" })
}
