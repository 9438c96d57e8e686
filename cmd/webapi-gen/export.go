package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/webapi-gen/webapi-gen/generator"
	"github.com/webapi-gen/webapi-gen/internal/export"
	"github.com/webapi-gen/webapi-gen/internal/routes"
	"github.com/webapi-gen/webapi-gen/model"
)

const exportLong = `Export describes who may call what for people and programs that read no Go:

  markdown         a page with a line for each operation and whom it allows, the
                   scopes with their texts, and the routes that are unguarded or
                   not readable
  html             the same as one page that needs no network, with search, and
                   with what a set of scopes opens
  typescript       constants and a type of all scopes, what each operation
                   requires, and a function that says whether scopes open it
  openapi-overlay  an OpenAPI Overlay 1.1, which sets the security of the
                   operations of a document and keeps all else: for documents
                   that swag, huma or people write

Several scopes that are all needed, and alternatives, are kept apart in each of them,
with the least powerful alternative first. Aliases of scopes are left out. Routes are
found as webapi-gen list finds them, which needs packages that compile.

The document goes to standard output, or to the file that -o names, which is
replaced at once, and only if it changes and an export has written it. An empty file
is replaced too: a program that embeds it does not compile before it is there. Its
first line has the arguments that write it again, with patterns relative to the folder
of go.mod: webapi-gen check finds the files of a module by that line, and reports one
that is not up to date. To keep a file current, put a line into the package:

  //go:generate go tool webapi-gen export -o API.md ./...

An overlay has, for each route whose pattern is known, an action that removes
$.paths['/notes/{id}'].delete.security and one that sets it: alternatives, {} for
requests without credentials, [] where everybody is allowed, and a scheme without
scopes where any valid token will do. A route behind several guards needs what all
of them need. A route that nothing known guards is described as open, never as secured.
What another wrapper guards, or no token opens, is left as it is. Standard error and
comments in the file say so.

With --document the overlay has the operations of that document, with its names of
path parameters: each is matched with the route that would answer it, as webapi-gen
list --route does it. It is an error if it is not known what an operation requires,
unless --keep-unknown leaves those as they are, and the routes that the document lacks
are listed. The document is OpenAPI 3 or 2.0, in YAML or JSON.

Exit status: 0 success, 1 the input is wrong, or it is not known what an operation
of --document requires, 2 the command line is wrong.`

const exportExamples = `  # A page for the repository, kept current by go generate and check:
  webapi-gen export -o docs/api.md ./...

  # For a client in TypeScript:
  webapi-gen export -o web/src/api.ts ./...

  # The security of a document that swag writes, and its scopes:
  webapi-gen export -o docs/security.yaml --document docs/swagger.yaml --update-scopes ./...

  # The same for API tokens too, whose scheme the document calls api_key:
  webapi-gen export --format openapi-overlay --api-token-scheme api_key ./...`

// exportOptions are what a document depends on, besides the source.
type exportOptions struct {
	format      string
	spec        string
	routes      lookAtRoutes
	document    string // a path, "" without one
	prefix      string // that paths of routes have before those of the document
	keepUnknown bool
	overlay     export.OverlayOptions
	patterns    []string
}

// defaultScheme is the security scheme of OAuth2 tokens in an overlay for no document.
const defaultScheme = "oauth2"

// flags adds the flags that stand in the first line of a document.
func (o *exportOptions) flags(flags *pflag.FlagSet) {
	flags.StringVar(&o.format, "format", "", "write this `format`: "+strings.Join(export.Formats(), ", ")+" (default: by the name of -o)")
	o.routes = true
	flags.Var(&o.routes, "routes", "read `which` routes: all, which needs the go command, or none to leave them out")
	flags.StringVar(&o.document, "document", "", "write the overlay for this OpenAPI `file`")
	flags.StringVar(&o.prefix, "strip-prefix", "", "take this `path` off those of routes, / for nothing (default: that of the server in --document, if routes have it)")
	flags.BoolVar(&o.keepUnknown, "keep-unknown", false, "leave operations of --document as they are of which nothing is known")
	flags.StringVar(&o.overlay.Scheme, "scheme", "", "use this `name` of the security scheme of OAuth2 tokens (default: the only one of --document, or oauth2)")
	flags.StringVar(&o.overlay.APITokenScheme, "api-token-scheme", "", "use this `name` of the security scheme of API tokens (default: leave them out)")
	flags.BoolVar(&o.overlay.UpdateScopes, "update-scopes", false, "set the scopes of --scheme too, with their texts")
	flags.StringVar(&o.overlay.AuthorizationURL, "authorization-url", "", "define --scheme with this `URL`, where users consent")
	flags.StringVar(&o.overlay.TokenURL, "token-url", "", "define --scheme with this `URL`, where clients get tokens")
}

// arguments returns the arguments of a command line with the options.
func (o *exportOptions) arguments() []string {
	var again exportOptions
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	again.flags(flags)
	args := []string{"--format", o.format}
	text := func(name, value string) {
		if f := flags.Lookup(name); f == nil && value != "" || f != nil && value != f.DefValue {
			args = append(args, "--"+name, value)
		}
	}
	set := func(name string, on bool) {
		if f := flags.Lookup(name); fmt.Sprint(on) != f.DefValue {
			args = append(args, strings.TrimSuffix(fmt.Sprintf("--%s=%t", name, on), "=true"))
		}
	}
	text("spec", o.spec)
	if !o.routes {
		args = append(args, "--routes="+o.routes.String())
	}
	text("document", o.document)
	text("strip-prefix", o.prefix)
	set("keep-unknown", o.keepUnknown)
	text("scheme", o.overlay.Scheme)
	text("api-token-scheme", o.overlay.APITokenScheme)
	set("update-scopes", o.overlay.UpdateScopes)
	text("authorization-url", o.overlay.AuthorizationURL)
	text("token-url", o.overlay.TokenURL)
	return append(args, o.patterns...)
}

// parseExport returns the options of the first line of a document.
func parseExport(args []string) (exportOptions, error) {
	var o exportOptions
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	flags.SetOutput(io.Discard)
	o.flags(flags)
	flags.StringVar(&o.spec, "spec", "", "")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	o.patterns = flags.Args()
	return o, o.check()
}

// check returns an error if options do not go together.
func (o *exportOptions) check() error {
	format := export.Format(o.format)
	switch {
	case format.Extensions() == nil:
		return fmt.Errorf("unknown format %q; allowed: %s", o.format, strings.Join(export.Formats(), ", "))
	case format != export.OverlayFormat && (o.document != "" || o.prefix != "" || o.keepUnknown || o.overlay != export.OverlayOptions{}):
		return fmt.Errorf("--document, --strip-prefix, --keep-unknown, --scheme, --api-token-scheme, --update-scopes, --authorization-url and --token-url are for --format %s", export.OverlayFormat)
	case format == export.OverlayFormat && !bool(o.routes):
		return errors.New("an overlay is made of routes, so --routes=none leaves nothing of it")
	case o.prefix != "" && o.prefix[0] != '/':
		return fmt.Errorf("--strip-prefix begins with a slash, as in /api, got %q", o.prefix)
	case o.keepUnknown && o.document == "":
		return errors.New("--keep-unknown is for --document")
	case (o.overlay.AuthorizationURL == "") != (o.overlay.TokenURL == ""):
		return errors.New("--authorization-url and --token-url go together")
	case o.overlay.AuthorizationURL != "" && !o.overlay.UpdateScopes:
		return errors.New("--authorization-url and --token-url need --update-scopes")
	case o.overlay.APITokenScheme != "" && o.overlay.APITokenScheme == cmp.Or(o.overlay.Scheme, defaultScheme):
		return fmt.Errorf("OAuth2 tokens and API tokens cannot have the same scheme %q", o.overlay.APITokenScheme)
	}
	return nil
}

// relative returns the options with paths that are relative to root in place of dir.
func (o exportOptions) relative(dir, root string) (exportOptions, error) {
	rel := func(path string) (string, error) {
		if !filepath.IsAbs(path) {
			path = filepath.Join(dir, path)
		}
		path, err := filepath.Rel(root, path)
		if err == nil && filepath.IsLocal(path) && path != "." {
			path = "." + string(filepath.Separator) + path
		}
		return filepath.ToSlash(path), err
	}
	patterns := o.patterns
	if len(patterns) == 0 && o.spec == "" {
		patterns = []string{"."}
	}
	o.patterns = nil
	for _, p := range patterns {
		folder, all := strings.CutSuffix(filepath.ToSlash(p), "...")
		p, err := rel(folder)
		if err != nil {
			return o, err
		}
		if all {
			p += "/..."
		}
		o.patterns = append(o.patterns, p)
	}
	for _, path := range []*string{&o.spec, &o.document} {
		if *path == "" {
			continue
		}
		var err error
		if *path, err = rel(*path); err != nil {
			return o, err
		}
	}
	return o, nil
}

func (a *app) exportCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "export [flags] [patterns]",
		Short:   "Write who may call what as Markdown, HTML, TypeScript or an OpenAPI overlay",
		Long:    exportLong,
		Example: exportExamples,
	}
	var o exportOptions
	a.inputFlags(cmd)
	o.flags(cmd.Flags())
	file := cmd.Flags().StringP("output", "o", "", "write this `file`, and not standard output")
	_ = cmd.RegisterFlagCompletionFunc("format", words(export.Formats()))
	_ = cmd.RegisterFlagCompletionFunc("routes", list([]string{routesAll, routesNone}))
	_ = cmd.RegisterFlagCompletionFunc("document", extensions("yaml", "yml", "json"))
	_ = cmd.RegisterFlagCompletionFunc("output", extensions("md", "html", "ts", "yaml", "yml"))
	cmd.RunE = func(cmd *cobra.Command, patterns []string) error {
		o.patterns, o.spec, a.cfg.Patterns = patterns, a.cfg.Spec, patterns
		if o.format == "" {
			if *file == "" {
				return wrongCall(cmd, fmt.Errorf("export needs --format, one of %s, or -o with the name of a file", strings.Join(export.Formats(), ", ")))
			}
			o.format = string(export.FormatOf(*file))
		}
		if *file != "" && (o.format == "" || export.Format(o.format).Extensions() != nil && export.FormatOf(*file) != export.Format(o.format)) {
			return wrongCall(cmd, fmt.Errorf("the name of %s does not say its format, by which check finds it; %s", visible(*file), endings(o.format)))
		}
		if err := o.check(); err != nil {
			return wrongCall(cmd, err)
		}
		return a.export(cmd.Context(), o, *file)
	}
	return cmd
}

// endings says how names of files of a format end, and of all formats if it is "".
func endings(format string) string {
	var list []string
	for _, name := range export.Formats() {
		if format == "" || format == name {
			list = append(list, name+" in "+strings.Join(export.Format(name).Extensions(), " or "))
		}
	}
	return "it ends for " + strings.Join(list, ", for ")
}

// export writes a document to standard output or, unless it is "", to a file.
func (a *app) export(ctx context.Context, o exportOptions, file string) error {
	dir, err := filepath.Abs(cmp.Or(a.cfg.Dir, "."))
	if err == nil {
		dir, err = filepath.EvalSymlinks(dir)
	}
	if err != nil {
		return &generator.UsageError{Message: fmt.Sprintf("no such folder: %s", a.cfg.Dir)}
	}
	beside := dir
	if file != "" {
		beside = filepath.Dir(a.path(file))
		for isMissing(beside) && filepath.Dir(beside) != beside {
			beside = filepath.Dir(beside)
		}
	}
	root, err := generator.ModuleRoot(beside)
	if err != nil {
		return err
	}
	inRoot, err := o.relative(dir, root)
	if err != nil {
		return err
	}
	x := exporter{root: root, base: dir}
	text, about, err := x.document(ctx, inRoot)
	if err != nil {
		if _, own := generator.Packages(ctx, a.cfg); own != nil { // with paths relative to the current folder
			return own
		}
		return err
	}
	a.exportNotes(about)
	if file == "" {
		_, err := io.WriteString(a.stdout, text)
		return err
	}
	return a.writeExport(file, []byte(text))
}

func isMissing(path string) bool {
	_, err := os.Stat(path)
	return errors.Is(err, fs.ErrNotExist)
}

// exportNotes prints what readers of a document should know.
func (a *app) exportNotes(about *exported) {
	if about.NotLookedAt == "" {
		var names []string
		for _, r := range about.Resources {
			if r.Unmounted {
				names = append(names, r.ID)
			}
		}
		a.unmountedNote(names, about.found)
		unreadNote(a.stderr, about.found)
	}
	for _, note := range about.notes {
		fmt.Fprintf(a.stderr, "webapi-gen: %s\n", visible(note))
	}
}

// writeExport replaces a file that an export has written, or creates it and its folder.
func (a *app) writeExport(file string, text []byte) error {
	out := generator.File{Path: file, Content: text, Status: generator.Changed}
	path := a.path(file)
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		out.Status = generator.Created
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s is in the way: it is not a regular file", visible(file))
	default:
		old, err := generator.ReadFile(path)
		if err != nil {
			return err
		}
		if len(old) > 0 && !export.IsExported(file, old) {
			return fmt.Errorf("%s is in the way: its first line does not say that webapi-gen export wrote it; remove it, or write another file", visible(file))
		}
		if out.Old = bytes.ReplaceAll(old, []byte("\r\n"), []byte("\n")); bytes.Equal(out.Old, text) {
			out = generator.File{Path: file, Status: generator.Unchanged}
		}
	}
	if out.Status == generator.Created {
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			return err
		}
	}
	if err := generator.NewResult(a.cfg.Dir, []generator.File{out}).Write(); err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "webapi-gen: %s %s\n", visible(file), out.Status)
	return nil
}

// An exporter writes documents of a module.
type exporter struct {
	root string // the folder of the module
	base string // the folder to which paths of messages are relative
	read []readPackages
}

// readPackages are packages that are read already, with their routes.
type readPackages struct {
	spec     string
	patterns []string
	packages []*model.Package
	found    *routes.Table // nil if they were not looked at
}

// exported is what a document was made of.
type exported struct {
	*description
	notes []string
}

// document returns a document with its first line. The paths of the options are relative to
// the module.
func (x *exporter) document(ctx context.Context, o exportOptions) (string, *exported, error) {
	read, err := x.packages(ctx, o)
	if err != nil {
		return "", nil, err
	}
	found, notLookedAt := read.found, ""
	if !o.routes {
		found, notLookedAt = &routes.Table{}, "the export leaves them out (--routes=none)"
	}
	about := &exported{description: describe(x.root, read.packages, found, notLookedAt)}
	var text string
	switch export.Format(o.format) {
	case export.MarkdownFormat:
		text = export.Markdown(about.API)
	case export.TypeScriptFormat:
		text = export.TypeScript(about.API)
	case export.OverlayFormat:
		text, err = x.overlay(about, o)
	default:
		var b strings.Builder
		err = export.HTML(&b, about.API)
		text = b.String()
	}
	return export.Format(o.format).Header(o.arguments()) + text, about, err
}

// packages returns the packages that the options name, with their routes.
func (x *exporter) packages(ctx context.Context, o exportOptions) (*readPackages, error) {
	i := slices.IndexFunc(x.read, func(r readPackages) bool { return r.spec == o.spec && slices.Equal(r.patterns, o.patterns) })
	if i < 0 {
		i = len(x.read)
		cfg := generator.Config{Dir: x.root, Patterns: o.patterns, Spec: o.spec}
		packages, err := generator.Packages(ctx, cfg)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(packages, declares) {
			return nil, errNothing(cfg)
		}
		x.read = append(x.read, readPackages{o.spec, o.patterns, packages, nil})
	}
	r := &x.read[i]
	if o.routes && r.found == nil {
		a := app{cfg: generator.Config{Dir: x.root, Patterns: o.patterns, Spec: o.spec}}
		found, err := a.routes(ctx, r.packages)
		if err != nil {
			return nil, fmt.Errorf("routes were not looked at: %w; --routes=none exports without them", err)
		}
		r.found = found
	}
	if o.routes && len(r.found.Problems) > 0 {
		return nil, fmt.Errorf("%s; packages have errors, so routes may be missing; --routes=none exports without them", r.found.Problems[0])
	}
	return r, nil
}
