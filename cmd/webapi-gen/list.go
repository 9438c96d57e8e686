package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/generator"
	"github.com/webapi-gen/webapi-gen/internal/routes"
	"github.com/webapi-gen/webapi-gen/model"
)

const listLong = `List prints each method of each resource: its action, whom the guard allows,
where the resource is declared, and its routes. HEAD has a line of its own only
where it differs from GET, for example in its routes. Resources of test files are
left out. A method is listed if all filters match it; if none is left, list
reports that and succeeds.

The column REQUIREMENT shows whom the guard allows:
  note:read             an OAuth2 token with the scope
  (a and b) or c        one with both scopes, or with the third
  API token             an API token whose policy allows it
  anonymous             a request without credentials
  nobody                no token (but requests that the server admits otherwise)
On a terminal that is too narrow for the table, the routes of a line stand below
it, and if that is not enough, positions are left out.

--scope shows what a token with all the named scopes can do: of the methods that
require one of them, those that it opens, and the fewest further scopes that
would open the others, even if they are an alternative to the named ones.

--route shows what is behind a path (/notes/42) or a pattern (/notes/{id} or
/notes/:id), optionally with a method before it. For a path the most specific
pattern counts, as in net/http.

Routes are found in the source of the packages that the patterns name, except
tests, even if it does not compile: registrations by any method, or by
http.Handle and http.HandleFunc, with a constant pattern and the handler of
webapi.Handle or webapi.HandleList, which may be wrapped in further calls, held
in a variable, or returned by a function of the module. Constant prefixes of
groups and mounted routers are added. A method of any type counts, unless its
source is in the module and does nothing with the handler; code below if false
does not count. Handlers without a guard are not seen.

What depends on values of a running program cannot be read: computed patterns,
views that are no literal or whose map may be changed elsewhere, resources behind
an interface, handlers that are registered outside of these packages. List prints
how many there are and where, since their routes may be missing.

--json prints an object: methods, a list of objects with method, resource, type,
package, dir, action, anonymous, oauth2, apitokens, requires (a list of
alternatives, each a list of scopes; none if oauth2 is false), position (file,
line, column) and routes, a list of objects with pattern, list (whether it is
the route of a collection) and position. With --scope, missing lists the fewest
further scopes that are needed. HEAD has an object of its own. Unread lists the
positions of the registrations that could not be read.

Exit status: 0 success, 1 the input is wrong, 2 the command line is wrong, for
example by an unknown scope.`

const listExamples = `  # The whole API:
  webapi-gen list ./...

  # What can a token with these scopes do, and what with further ones?
  webapi-gen list --scope repository:read,review:write ./...

  # What guards this URL?
  webapi-gen list --route 'DELETE /notes/42' ./...

  # Who may delete?
  webapi-gen list --method DELETE ./...`

func (a *app) listCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "list [flags] [patterns]",
		Short:   "List who may call what, and by which routes",
		Long:    listLong,
		Example: listExamples,
	}
	var f filter
	flags := cmd.Flags()
	flags.StringSliceVar(&f.scopes, "scope", nil, "show what a token with these `scopes` opens, or would with others")
	flags.StringVar(&f.route, "route", "", "show what is behind a `path` or pattern, or METHOD and one of them")
	flags.StringSliceVar(&f.methods, "method", nil, "show these `methods` only")
	flags.StringSliceVar(&f.resources, "resource", nil, "show these `resources` only, by name or type")
	asJSON := flags.Bool("json", false, "print a JSON object")
	a.inputFlags(cmd)
	// Without a pattern the completions are words of the entire module, as a pattern
	// may follow. RegisterFlagCompletionFunc fails for an unknown flag only.
	short := func(c catalogue) []string { return c.short(c) }
	_ = cmd.RegisterFlagCompletionFunc("scope", a.completeWords(a.readModule, catalogue.scopes))
	_ = cmd.RegisterFlagCompletionFunc("resource", a.completeWords(a.readModule, short))
	_ = cmd.RegisterFlagCompletionFunc("method", list(annotations.Methods()))
	cmd.RunE = func(cmd *cobra.Command, patterns []string) error {
		a.cfg.Patterns = patterns
		return a.list(cmd.Context(), f, *asJSON)
	}
	return cmd
}

// A row is a method of a resource as list shows it.
type row struct {
	methodCall
	short   string // the shortest word that is none for another resource of the package
	routes  []*routes.Route
	missing []string // the fewest further scopes that open the method
}

func (a *app) list(ctx context.Context, f filter, asJSON bool) error {
	c, err := a.catalogue(ctx)
	if err != nil {
		return err
	}
	if err := f.check(c); err != nil {
		return err
	}
	found, err := a.routes(ctx, c)
	if err != nil {
		fmt.Fprintf(a.stderr, "webapi-gen: routes were not looked at: %v\n", err)
		found = &routes.Table{}
	}
	rows := a.rows(c, f, found)
	if asJSON {
		err = a.printJSON(listJSON{rowsJSON(found, rows, f), unreadJSON(found)})
	} else if len(rows) > 0 {
		err = printRows(a.stdout, rows, f, a.columns)
	}
	switch {
	case len(c) == 0:
		fmt.Fprintf(a.stderr, "webapi-gen: %v\n", errNothing(a.cfg))
	case len(rows) == 0:
		fmt.Fprintln(a.stderr, "webapi-gen: nothing matches")
	}
	unreadNote(a.stderr, found)
	return err
}

// routes returns the routes of the packages that the patterns name. An error says that
// they were not looked at.
func (a *app) routes(ctx context.Context, c catalogue) (*routes.Table, error) {
	if len(c) == 0 {
		return &routes.Table{}, nil
	}
	folders, err := generator.Folders(ctx, a.cfg)
	if err != nil {
		return nil, err
	}
	return routes.Read(ctx, a.cfg.Dir, folders, c.packages())
}

func (a *app) rows(c catalogue, f filter, found *routes.Table) []row {
	short := c.shortInPackage()
	matches := map[string][]*routes.Route{} // by method
	var rows []row
	for _, call := range c.all() {
		r := row{methodCall: call, short: short[call.Resource]}
		reached := found.Routes
		if f.route != "" {
			var known bool
			if reached, known = matches[call.method.Name]; !known {
				reached = routes.Match(found.Routes, call.method.Name, f.path)
				matches[call.method.Name] = reached
			}
		}
		for _, route := range reached {
			if route.Answers(call.method.Name) && slices.ContainsFunc(route.Guards, func(g routes.Guard) bool { return found.Resources[g.Resource] == call.Resource }) {
				r.routes = append(r.routes, route)
			}
		}
		if f.shows(&r) {
			rows = append(rows, r)
		}
	}
	return rows
}

// A filter has the flags that select methods.
type filter struct {
	scopes    []string
	methods   []string
	resources []string
	route     string

	method, path string                   // of route
	only         map[*model.Resource]bool // the resources
}

// check resolves the words of a filter. It returns an error if one names nothing.
func (f *filter) check(c catalogue) error {
	if len(c) == 0 { // every name would be unknown
		f.scopes, f.resources = nil, nil
	}
	errs := c.unknownScopes("scope", f.scopes)
	for _, m := range f.methods {
		if err := checkMethod(m); err != nil {
			errs = append(errs, fmt.Errorf("--method: %w", err))
		}
	}
	f.only = map[*model.Resource]bool{}
	for _, word := range f.resources {
		r, err := c.find(word)
		if err != nil {
			errs = append(errs, fmt.Errorf("--resource: %w", err))
			continue
		}
		f.only[r.Resource] = true
	}
	if f.route != "" {
		if err := f.splitRoute(); err != nil {
			errs = append(errs, fmt.Errorf("--route: %w", err))
		}
	}
	return usageErrors(errs)
}

func (f *filter) splitRoute() error {
	f.path = f.route
	if method, path, found := strings.Cut(f.route, " "); found {
		f.method, f.path = method, strings.TrimLeft(path, " ")
		if err := checkMethod(f.method); err != nil {
			return err
		}
	}
	if !strings.HasPrefix(f.path, "/") {
		return fmt.Errorf("%q does not begin with a slash: a route is a path or a pattern, as in /notes/42 and /notes/{id}, or a method, a space and one of them", f.path)
	}
	if strings.ContainsAny(f.path, "?#") {
		return errors.New("a route is a path, without a query and a fragment")
	}
	return nil
}

// shows reports whether the filter selects a row. With --scope it sets missing.
func (f *filter) shows(r *row) bool {
	switch {
	case len(f.methods) > 0 && !slices.Contains(f.methods, r.method.Name),
		len(f.resources) > 0 && !f.only[r.Resource],
		f.method != "" && r.method.Name != f.method,
		f.route != "" && len(r.routes) == 0:
		return false
	case len(f.scopes) == 0:
		return true
	}
	r.missing, _ = r.method.Requires.Missing(f.scopes)
	return len(r.method.Requires.Naming(f.scopes)) > 0
}
