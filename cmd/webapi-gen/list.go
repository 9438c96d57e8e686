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

const listLong = `List prints each method of each resource, and each named operation, such as
POST/archive: its action, whom the guard allows, where the resource is declared,
and its routes. HEAD has a line of its own only where it differs from GET, for
example in its routes. Resources of test files are left out. A method is listed if
all filters match it; if nothing is left, list reports that.

The column REQUIREMENT shows whom the guard allows:
  note:read             an OAuth2 token with the scope
  (a and b) or c        one with both scopes, or with the third
  authenticated         any valid OAuth2 token, whatever its scopes
  API token             an API token whose policy allows it
  anonymous             a request without credentials
  public                every request: no credentials are looked at
  nobody                no token (but requests that the server admits otherwise)
  ..., acr=gold|silver  of a user who has logged in in one of these ways
  ..., maxage=5m        of a user who has logged in that recently
On a terminal that is too narrow for the table, the routes of a line stand below
it, and if that is not enough, positions are left out.

--scope shows what a token with all the named scopes can do: of the methods that
require one of them, those that it opens, and the fewest further scopes that
would open the others, even if they are an alternative to the named ones.

--method shows a method with its named operations; POST/archive is that operation
alone.

--route shows what serves a path (/notes/42) or a pattern (/notes/{id} or
/notes/:id), guarded or not, optionally with a method before it. Routes of
net/http are chosen as net/http does; of those of other routers the most specific
pattern counts. It is an error if no route is found.

The column ROUTES has the patterns of the routes behind the guard, - if none is
found, ? if a pattern is not known or routes were not looked at. Where a handler
asks the guard for another method than that of the request, the latter stands
behind the pattern: /search (POST). A second table
has the routes that no guard of a resource protects, with * for every method. Its
column GUARD says of a route that it is:
  unguarded             nothing that is known stands before the handler
  public                its handler is webapi:public, or its guard is that of a
                        public operation in a package that the patterns do not name
  guarded by ...        a wrapper that is webapi:guarded stands before it, the
                        guard of Connect, which has a table of procedures, or that
                        of a resource in a package that the patterns do not name
  not readable          the handler, or its guard, is not known; a note says why

Routes are those of net/http, chi, gorilla/mux, gin, echo, httprouter, huma and
Connect in the packages that the patterns name, except tests, and in what these call
of others in the module, its workspace, and folders that replace modules: list runs the
code that sets the server up, as far as it can be known from the source. Guards are those
of the runtime and the adapters, and functions that ask them, on a route, a group
or a router. What cannot be followed is reported with the reason, since routes may
be missing, and so are resources that no route mounts. List needs the go command
to load the packages. Where it cannot, or where they do not compile, list says so.

--json prints an object: methods, a list of objects with method, resource, type,
package, dir, action, public, anonymous, authenticated, oauth2, apitokens, requires
(a list of alternatives, each a list of scopes; none if oauth2 is false, and if any
token will do or none is needed), acr (a list) and maxage (in seconds) where the
login matters, position (file, line, column) and routes, a list of objects with
pattern, list (whether it is the route of a collection) and position. With --scope,
missing lists the fewest further scopes that are needed. HEAD has an object of its
own. Routes lists the routes of the second table: methods (none for all), pattern, guard, by, handler,
reason and position; it is null if routes were not looked at, and notLookedAt
says why. Unmounted lists resources, and unread the places that could not be
read, with their reasons.

Exit status: 0 success, 1 the input is wrong or no route serves --route, 2 the
command line is wrong, for example by an unknown scope.`

const listExamples = `  # The whole API:
  webapi-gen list ./...

  # What can a token with these scopes do, and what with further ones?
  webapi-gen list --scope repository:read,review:write ./...

  # What serves this URL, guarded or not?
  webapi-gen list --route 'DELETE /notes/42' ./...

  # Who may delete?
  webapi-gen list --method DELETE ./...

  # Who may archive?
  webapi-gen list --method POST/archive ./...`

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
	flags.StringVar(&f.route, "route", "", "show what serves a `path` or pattern, or METHOD and one of them")
	flags.StringSliceVar(&f.methods, "method", nil, "show these `methods` only, with their named operations, or these operations")
	flags.StringSliceVar(&f.resources, "resource", nil, "show these `resources` only, by name or type")
	asJSON := flags.Bool("json", false, "print a JSON object")
	a.inputFlags(cmd)
	// Without a pattern the completions are words of the entire module, as a pattern
	// may follow. RegisterFlagCompletionFunc fails for an unknown flag only.
	short := func(c catalogue) []string { return c.short(c) }
	_ = cmd.RegisterFlagCompletionFunc("scope", a.completeWords(a.readModule, catalogue.scopes))
	_ = cmd.RegisterFlagCompletionFunc("resource", a.completeWords(a.readModule, short))
	_ = cmd.RegisterFlagCompletionFunc("method", a.completeWords(a.readModule, catalogue.operations))
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
	routes  []askedRoute
	missing []string // the fewest further scopes that open the method
}

// An askedRoute is a route, and the methods of requests that ask for what a row says.
type askedRoute struct {
	*routes.Route
	methods []string
}

func (a *app) list(ctx context.Context, f filter, asJSON bool) error {
	packages, err := generator.Packages(ctx, a.cfg)
	if err != nil {
		return err
	}
	c := catalogueOf(packages)
	if err := f.check(c); err != nil {
		return err
	}
	found, notLooked := a.routes(ctx, packages)
	if notLooked != nil {
		found = &routes.Table{}
	}
	rows := a.rows(c, f, found)
	bare := f.bare(found, c)
	var notMounted []string
	if notLooked == nil {
		notMounted = unmounted(rows, found)
	}
	if asJSON {
		out := listJSON{Methods: rowsJSON(found, rows, f), Unmounted: nonNil(notMounted), Unread: unreadJSON(found)}
		if notLooked == nil {
			out.Routes = bareRoutesJSON(found, bare)
		} else {
			out.NotLookedAt = notLooked.Error()
		}
		err = a.printJSON(out)
	} else {
		err = a.printList(found, rows, bare, f, notLooked == nil)
	}
	switch {
	case len(c) == 0:
		fmt.Fprintf(a.stderr, "webapi-gen: %v\n", errNothing(a.cfg))
	case f.route == "" && len(rows)+len(bare) == 0:
		fmt.Fprintln(a.stderr, "webapi-gen: nothing matches")
	}
	a.unmountedNote(notMounted, found)
	unreadNote(a.stderr, found)
	if notLooked != nil {
		notLooked = fmt.Errorf("routes were not looked at: %w", notLooked)
	}
	switch {
	case err != nil:
		return err
	case notLooked != nil && f.route != "":
		return notLooked
	case notLooked != nil:
		fmt.Fprintf(a.stderr, "webapi-gen: %v\n", notLooked)
	case f.route != "" && len(rows)+len(bare) == 0 && len(c) > 0:
		return a.notServed(f, found)
	}
	return nil
}

// printList prints the table of methods, and below it that of the routes that no guard of
// a resource protects.
func (a *app) printList(found *routes.Table, rows []row, bare []bareRoute, f filter, looked bool) error {
	if len(rows) > 0 {
		if err := printRows(a.stdout, rows, f, looked, a.columns); err != nil {
			return err
		}
	}
	if len(bare) == 0 {
		return nil
	}
	if len(rows) > 0 {
		fmt.Fprintln(a.stdout)
	}
	return printBare(a.stdout, found, bare)
}

// notServed returns the error that no route is found for --route.
func (a *app) notServed(f filter, found *routes.Table) error {
	var why []string
	if len(unread(found))+len(found.Problems) > 0 {
		why = append(why, "what could not be read may serve it")
	}
	if slices.ContainsFunc(found.Routes, func(r *routes.Route) bool { return r.Free != "" }) {
		why = append(why, "routers that functions take as parameters may be below a prefix, which a path leaves out then")
	}
	return fmt.Errorf("no route in %s serves %s%s", a.where(), visible(f.route), strings.Join(append([]string{""}, why...), "; "))
}

func (a *app) rows(c catalogue, f filter, found *routes.Table) []row {
	short := c.shortInPackage()
	var rows []row
	for _, call := range c.all() {
		r := row{methodCall: call, short: short[call.Resource]}
		for _, route := range found.Routes {
			methods := slices.DeleteFunc(found.Asks(route, call.Resource, call.method.Name), func(m string) bool {
				return f.method != "" && m != f.method || f.route != "" && !slices.Contains(f.reached(found, m), route)
			})
			if len(methods) > 0 {
				r.routes = append(r.routes, askedRoute{route, methods})
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

	method, path string                     // of route
	only         map[*model.Resource]bool   // the resources
	matches      map[string][]*routes.Route // the routes that --route reaches, by method
}

// reached returns the routes that requests with the method get to: with --route those that
// serve it, else all.
func (f *filter) reached(found *routes.Table, method string) []*routes.Route {
	if f.route == "" {
		return found.Routes
	}
	reached, known := f.matches[method]
	if !known {
		all := slices.DeleteFunc(slices.Clone(found.Routes), func(r *routes.Route) bool { return r.Pattern == "" })
		reached = routes.Match(all, method, f.path)
		f.matches[method] = reached
	}
	return reached
}

// bare returns the routes that no guard of a resource of the catalogue protects and that the
// filter selects.
func (f *filter) bare(found *routes.Table, c catalogue) []bareRoute {
	methods := annotations.Methods()
	if f.method != "" {
		methods = []string{f.method}
	}
	if len(f.methods) > 0 {
		methods = slices.DeleteFunc(methods, func(m string) bool { return !slices.Contains(f.methods, m) })
	}
	var list []bareRoute
	for _, b := range bareRoutes(found, c) {
		if len(f.resources) > 0 && !f.only[found.Resources[b.Handler.Resource]] {
			continue
		}
		var answered []string
		for _, m := range methods {
			if b.Answers(m) && (f.route == "" || slices.Contains(f.reached(found, m), b.Route)) {
				answered = append(answered, m)
			}
		}
		if len(answered) == 0 {
			continue
		}
		if f.route != "" || len(f.methods) > 0 {
			b.methods = answered
		}
		list = append(list, b)
	}
	return list
}

// unmounted returns the words for the resources of rows that no route mounts.
func unmounted(rows []row, found *routes.Table) []string {
	mounted, _ := found.Mounted()
	var names []string
	for _, r := range rows {
		if !mounted[r.Resource] {
			_, name, _ := strings.Cut(r.name, ":")
			names = append(names, name)
		}
	}
	return slices.Compact(names)
}

// check resolves the words of a filter. It returns an error if one names nothing.
func (f *filter) check(c catalogue) error {
	if len(c) == 0 { // every name would be unknown
		f.scopes, f.resources = nil, nil
	}
	errs := c.unknownScopes("scope", f.scopes)
	for _, m := range f.methods {
		if err := checkOperation(m); err != nil {
			errs = append(errs, fmt.Errorf("--method: %w", err))
		}
	}
	f.only, f.matches = map[*model.Resource]bool{}, map[string][]*routes.Route{}
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
	method, _ := annotations.CutOperation(r.method.Name)
	switch {
	case len(f.methods) > 0 && !slices.Contains(f.methods, r.method.Name) && !slices.Contains(f.methods, method),
		len(f.resources) > 0 && !f.only[r.Resource],
		f.route != "" && len(r.routes) == 0:
		return false
	case len(f.scopes) == 0:
		return true
	}
	r.missing = r.Missing(r.method, f.scopes)
	return len(r.method.Requires.Naming(f.scopes)) > 0
}
