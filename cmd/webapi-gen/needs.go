package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/webapi-gen/webapi-gen/generator"
	"github.com/webapi-gen/webapi-gen/internal/routes"
	"github.com/webapi-gen/webapi-gen/model"
)

const needsLong = `Needs prints the scopes with which an OAuth2 token can make all the calls, on one
line in the form of the scope parameter of OAuth2. Of several sets that suffice it
is the least powerful: the one that opens the fewest other operations of the
packages; of several, that with the fewest scopes, then that without scopes that
webapi:scope declares, such as admin, then the first by name. Standard error has
all sets with how many other operations each opens. Operations that are open
without credentials or to any token do not count, nor does HEAD, which follows
GET. If comparing all sets would take too long, the scopes suffice but may not be
the least powerful, and needs reports that.

A call names one or several operations, separated by commas, each an HTTP method
or a named operation such as POST/archive, and a resource: by its name, by its
type, or by one of these after the name or the folder of its package and a dot.
* stands for every operation that the resource answers, or for every resource that
answers the operation; those that no scope opens are reported and left out.

A call can be a route too: a path (/notes/42) or a pattern (/notes/{id}) with a
method and a space before it, or without for all methods. Needs finds what serves
it as list --route does, and prints to standard error which route that is. The
token must get through all guards of the route. It is an error if a route is
unguarded, guarded by a wrapper or not readable, since what its handler needs is
not known then, or if nothing serves it; a public one needs no token. A word that
begins with a dot, such as ./..., is a pattern of packages as for --in.

--without keeps scopes out of the answer.

A client sends its token with every call, and the token must meet the requirement
of the method even if the method is open without credentials. So such a method
counts like any other as soon as one of the calls needs a token; calls that are
all open need no scope. Of public methods nothing is required in any case, and of
authenticated ones any valid token, without a scope. Needs reports these methods,
and those that need a strong or a recent login of the user (acr=, maxage=).
Where no OAuth2 token is accepted (oauth2=deny), no scope helps: send no token
there.

--json prints an object: scopes, a sorted list, empty if no call needs one, null
if it is not known what serves a route needs; token, whether one is needed; least,
false if there may be a less powerful set; sets, a list of objects with scopes and
opens, how many other operations they open, the first of them that of scopes;
allSets, false if sets has not all that suffice; calls and closed (those that a *
stands for and no scope opens), lists of objects with method, resource, type,
package, dir, public, anonymous, authenticated, oauth2 and requires, a list of
alternatives, each a list of scopes, and, where there are any, accepts, the same
with what implications and aliases add, acr and maxage (in seconds); and routes, a
list of objects with route (the word), methods, pattern,
guard (guarded, public, unguarded, not readable, or guarded by a wrapper), by,
guards (METHOD:resource), handler, reason and position.

Exit status: 0 success, 1 the input is wrong, no scope opens one of the calls, or
what a route needs is not known, 2 the command line is wrong, for example by an
unknown resource.`

const needsExamples = `  # The scopes of a client that reads and deletes notes:
  webapi-gen needs GET,DELETE:note

  # A named operation:
  webapi-gen needs POST/archive:note

  # What a request needs, by its URL:
  webapi-gen needs 'DELETE /notes/42'

  # A client that only reads:
  webapi-gen needs 'GET:*'

  # A resource whose name is in several packages, and why:
  webapi-gen needs -v DELETE:billing.account

  # Without a scope that the client must not have:
  webapi-gen needs --without admin DELETE:note

  # In a script:
  scope=$(webapi-gen needs POST:review GET:review_request)`

func (a *app) needsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "needs [flags] METHOD:RESOURCE|ROUTE ... [patterns]",
		Short:   "Print the least powerful scopes for some calls",
		Long:    needsLong,
		Example: needsExamples,
	}
	asJSON := cmd.Flags().Bool("json", false, "print a JSON object")
	verbose := cmd.Flags().BoolP("verbose", "v", false, "print to standard error what each call requires")
	without := cmd.Flags().StringSlice("without", nil, "find a set without these `scopes`")
	in := cmd.Flags().StringArray("in", nil, "read these `patterns` (default: ./..., or nothing but the spec)")
	a.inputFlags(cmd)
	cmd.ValidArgsFunction = func(cmd *cobra.Command, _ []string, word string) ([]string, cobra.ShellCompDirective) {
		a.readModule(*in)
		return a.completeCall(cmd, word)
	}
	cmd.RunE = func(cmd *cobra.Command, words []string) error {
		opts := needsOptions{without: *without, verbose: *verbose, asJSON: *asJSON}
		patterns := *in
		for _, word := range words {
			switch {
			case strings.HasPrefix(word, "."):
				patterns = append(patterns, word)
			case isRoute(word):
				opts.routes = append(opts.routes, word)
			default:
				opts.words = append(opts.words, word)
			}
		}
		if len(opts.words)+len(opts.routes) == 0 {
			return &generator.UsageError{Message: "no call is named; a call is METHOD:resource, as in DELETE:note, or a route, as in 'DELETE /notes/42'"}
		}
		a.readModule(patterns)
		return a.needs(cmd.Context(), opts)
	}
	_ = cmd.RegisterFlagCompletionFunc("without", a.completeWords(func([]string) { a.readModule(*in) }, catalogue.scopes))
	return cmd
}

// needsOptions are the arguments and flags of needs.
type needsOptions struct {
	words   []string // METHOD:resource
	routes  []string
	without []string // scopes
	verbose bool
	asJSON  bool
}

func (a *app) needs(ctx context.Context, opts needsOptions) error {
	packages, err := generator.Packages(ctx, a.cfg)
	if err != nil {
		return err
	}
	c := catalogueOf(packages)
	filters, errs := routeFilters(opts.routes)
	errs = append(errs, c.unknownScopes("without", opts.without)...)
	found := &routes.Table{}
	if len(filters) > 0 && len(errs) == 0 {
		if found, err = a.routes(ctx, packages); err != nil {
			return fmt.Errorf("routes were not looked at: %w", err)
		}
		c = catalogueOf(append(packages, found.Imported...))
	}
	x, err := unlessDone(ctx, func() *needed { return c.needed(opts, filters, found, errs) })
	if err != nil {
		return err
	}
	if err := usageErrors(x.errs); err != nil {
		return err
	}
	a.servedNotes(found, x.served)
	if len(filters) > 0 {
		unreadNote(a.stderr, found)
	}
	if opts.verbose {
		if err := explainCalls(a.stderr, x.calls); err != nil {
			return err
		}
	}
	if x.err == nil {
		x.err = a.unknownRoutes(found, x.served, filters)
	}
	known := x.err == nil
	if known {
		a.needsNotes(x)
	}
	switch {
	case opts.asJSON && (known || len(filters) > 0):
		if err := a.printJSON(x.json(found, known)); err != nil {
			return err
		}
	case known && len(x.sets) > 0 && len(x.sets[0].Scopes) > 0:
		fmt.Fprintln(a.stdout, strings.Join(x.sets[0].Scopes, " "))
	}
	return x.err
}

// unlessDone returns what do returns, or the error of ctx as soon as it has ended. It does
// not wait for do then.
func unlessDone[T any](ctx context.Context, do func() T) (T, error) {
	done := make(chan T, 1)
	go func() { done <- do() }()
	select {
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	case v := <-done:
		return v, nil
	}
}

// needed is what the words of a command line need.
type needed struct {
	calls, closed []methodCall
	served        []servedRoute
	solution
	errs []error // about the command line
	err  error   // what no scope helps with
}

// needed finds out what a token needs. Errs are those about the command line so far.
func (c catalogue) needed(opts needsOptions, filters []filter, found *routes.Table, errs []error) *needed {
	var x needed
	words := opts.words
	for i := range filters {
		for _, s := range c.served(found, &filters[i]) {
			x.served = append(x.served, s)
			words = append(words, s.guards...)
		}
	}
	calls, closed, wrong := c.calls(words)
	if x.errs = append(wrong, errs...); len(x.errs) > 0 {
		return &x
	}
	x.calls, x.closed = calls, closed
	requirements, err := opts.requirements(calls)
	if err != nil {
		x.err = err
		return &x
	}
	var ok bool
	if x.solution, ok = leastScopes(requirements, c.others(calls), c.ofResources()); !ok {
		x.err = errors.New("one of the calls requires what no token can hold")
	}
	return &x
}

// ofResources returns whether a scope is that of an action of a resource, and not one that
// is declared by itself, such as admin.
func (c catalogue) ofResources() func(scope string) bool {
	own := map[string]bool{}
	for _, r := range c {
		for _, s := range r.Scopes {
			own[s.Value] = true
		}
	}
	return func(scope string) bool { return own[scope] }
}

// others returns the requirements of the operations that are no calls and that a token opens.
func (c catalogue) others(calls []methodCall) []model.Requirement {
	type operation struct {
		of     *model.Resource
		method string
	}
	called := map[operation]bool{}
	for _, call := range calls {
		method := call.method.Name
		if method == "HEAD" {
			method = "GET"
		}
		called[operation{call.Resource, method}] = true
	}
	var list []model.Requirement
	for _, r := range c {
		for _, m := range r.Methods {
			if r.OAuth2 && !m.Public && !m.Anonymous && !m.Authenticated && m.Name != "HEAD" && !called[operation{r.Resource, m.Name}] {
				list = append(list, m.Requires)
			}
		}
	}
	return list
}

// requirements returns what a token must meet for the calls. The error names the
// calls that no scope opens, or only scopes of --without.
func (opts needsOptions) requirements(calls []methodCall) ([]model.Requirement, error) {
	var requirements []model.Requirement
	var impossible []string
	token := needToken(calls)
	for _, call := range calls {
		if call.closed() {
			impossible = append(impossible, fmt.Sprintf("no scope opens %s: %s", call.name, whyClosed(call)))
		}
		m := call.method
		if !call.OAuth2 || m.Public || m.Authenticated || m.Anonymous && !token {
			continue
		}
		left := m.Requires.Without(opts.without)
		for _, alias := range call.pkg.Aliases { // which clients are not told of
			left = left.Without([]string{alias.Old})
		}
		if len(left) == 0 {
			impossible = append(impossible, fmt.Sprintf("--without leaves nothing that opens %s: it needs %s", call.name, whatNeeded(call)))
		}
		requirements = append(requirements, left)
	}
	if len(impossible) > 0 {
		return nil, errors.New(strings.Join(impossible, "\nwebapi-gen: "))
	}
	return requirements, nil
}

// needToken reports whether one of the calls cannot be made without a token. A client
// then sends the token with all of them.
func needToken(calls []methodCall) bool {
	return slices.ContainsFunc(calls, func(c methodCall) bool { return !c.method.Anonymous && !c.method.Public })
}

// whatNeeded returns what a client needs for a call that is not closed.
func whatNeeded(call methodCall) string {
	m := call.method
	needed := m.Declared().String()
	switch {
	case m.Public:
		return "no token"
	case m.Authenticated:
		needed = "any valid token"
	case !call.OAuth2:
		return "no credentials"
	case m.Anonymous:
		return needed + ", or no credentials at all"
	}
	return strings.Join(append([]string{needed}, m.StepUp.Words()...), ", ")
}

func whyClosed(call methodCall) string {
	if call.APITokens {
		return "its resource takes API tokens and no OAuth2 tokens (oauth2=deny)"
	}
	return "its resource takes no OAuth2 tokens (oauth2=deny)"
}

func explainCalls(w io.Writer, calls []methodCall) error {
	table := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	for _, call := range calls {
		fmt.Fprintf(table, "%s\tneeds %s\n", call.name, whatNeeded(call))
	}
	return table.Flush()
}

// needsNotes prints notes about the answer: calls that are left out or need no
// token, and how powerful the sets of scopes are.
func (a *app) needsNotes(x *needed) {
	for _, call := range x.closed {
		fmt.Fprintf(a.stderr, "webapi-gen: %s is left out, no scope opens it: %s\n", call.name, whyClosed(call))
	}
	counts := ""
	if needToken(x.calls) {
		counts = ", so that counts"
	}
	for _, call := range x.calls {
		switch {
		case call.method.Public:
			fmt.Fprintf(a.stderr, "webapi-gen: %s is public: it needs no token\n", call.name)
		case call.method.Authenticated:
			fmt.Fprintf(a.stderr, "webapi-gen: %s is open to any valid token, whatever its scopes\n", call.name)
		case call.method.Anonymous && call.OAuth2:
			fmt.Fprintf(a.stderr, "webapi-gen: %s is open without credentials; a token that is sent all the same must hold %s%s\n", call.name, call.method.Declared(), counts)
		case call.method.Anonymous:
			fmt.Fprintf(a.stderr, "webapi-gen: %s is open without credentials; an OAuth2 token that is sent all the same is refused\n", call.name)
		}
	}
	for _, call := range x.calls {
		if call.method.StepUp.Needed() {
			fmt.Fprintf(a.stderr, "webapi-gen: %s needs %s of the user's login as well, whatever the scopes\n", call.name, strings.Join(call.method.StepUp.Words(), " and "))
		}
	}
	if len(x.sets) == 0 || len(x.sets[0].Scopes) == 0 {
		return
	}
	const most = 10
	opens := otherOperations(x.sets[0])
	switch {
	case !x.least:
		fmt.Fprintf(a.stderr, "webapi-gen: these scopes suffice and open %s; whether others would open fewer takes too long to say\n", opens)
	case !x.all:
		fmt.Fprintf(a.stderr, "webapi-gen: these scopes open %s; of more than %d sets that suffice none opens fewer\n", opens, maxSets)
	case len(x.sets) == 1:
		fmt.Fprintf(a.stderr, "webapi-gen: these scopes open %s\n", opens)
	default:
		fmt.Fprintf(a.stderr, "webapi-gen: %d sets of scopes suffice; the first opens the fewest other operations:\n", len(x.sets))
		for _, set := range x.sets[:min(most, len(x.sets))] {
			fmt.Fprintf(a.stderr, "\t%s (%s)\n", strings.Join(set.Scopes, " "), otherOperations(set))
		}
		if n := len(x.sets) - most; n > 0 {
			fmt.Fprintf(a.stderr, "\tand %d more\n", n)
		}
	}
}

// otherOperations returns how many operations a set of scopes opens beside the calls.
func otherOperations(set choice) string {
	if set.Opens == 0 {
		return "no other operation"
	}
	return count(set.Opens, "other operation")
}

// wildcard stands for every method, or for every resource.
const wildcard = "*"

// A methodCall is a request for a method or a named operation of a resource.
type methodCall struct {
	resource
	method model.Method
	name   string // METHOD:resource, with a word that means no other resource
}

// closed reports whether no scope opens the call.
func (c methodCall) closed() bool { return !c.OAuth2 && !c.method.Anonymous && !c.method.Public }

// calls returns the calls that the words METHOD[,METHOD]:RESOURCE stand for, each
// once and in the order of the catalogue, so that the order of the words makes no
// difference. closed are those of a wildcard that no scope opens.
func (c catalogue) calls(words []string) (calls, closed []methodCall, errs []error) {
	named := map[string]bool{}
	requested, seen := map[string]bool{}, map[string]bool{}
	x := c.index()
	for _, word := range words {
		if seen[word] {
			continue
		}
		seen[word] = true
		if methods, of, _ := strings.Cut(word, ":"); methods == "" || of == "" {
			errs = append(errs, fmt.Errorf("a call is METHOD:resource, as in DELETE:note, or a route, as in 'DELETE /notes/42'; got %q", word))
			continue
		}
		names, wild, wrong := x.expand(word)
		for _, err := range wrong {
			errs = append(errs, fmt.Errorf("%s: %w", word, err))
		}
		for _, n := range names {
			requested[n] = true
			named[n] = named[n] || !wild
		}
	}
	if len(errs) > 0 {
		return nil, nil, errs
	}
	for _, call := range c.all() {
		switch {
		case !requested[call.name]:
		case call.closed() && !named[call.name]:
			closed = append(closed, call)
		default:
			calls = append(calls, call)
		}
	}
	return calls, closed, nil
}

func (c catalogue) all() []methodCall {
	var calls []methodCall
	short := c.short(c)
	for i, r := range c {
		for _, m := range r.Methods {
			calls = append(calls, methodCall{r, m, m.Name + ":" + short[i]})
		}
	}
	return calls
}

// expand returns the names of the calls that a word stands for, and whether it has
// a wildcard.
func (x *index) expand(word string) (names []string, wild bool, errs []error) {
	methods, of, _ := strings.Cut(word, ":")
	list := strings.Split(methods, ",")
	for _, m := range list {
		if err := checkOperation(m); err != nil && m != wildcard {
			errs = append(errs, err)
		}
	}
	resources := x.catalogue
	if of != wildcard {
		r, err := x.find(of)
		if err != nil {
			return nil, false, append(errs, err)
		}
		resources = catalogue{r}
	}
	if len(errs) > 0 {
		return nil, false, errs
	}
	short := x.short(resources)
	for _, m := range list {
		before := len(names)
		for i, r := range resources {
			for _, answered := range r.Methods {
				// HEAD follows GET, so a wildcard need not name both.
				if m == answered.Name || m == wildcard && answered.Name != "HEAD" {
					names = append(names, answered.Name+":"+short[i])
				}
			}
		}
		if len(names) == before {
			errs = append(errs, notAnswered(m, resources, of))
		}
		wild = wild || m == wildcard
	}
	return names, wild || of == wildcard, errs
}

func notAnswered(method string, resources catalogue, of string) error {
	if of == wildcard || len(resources) != 1 {
		return fmt.Errorf("no resource answers %s", method)
	}
	var answered []string
	for _, m := range resources[0].Methods {
		answered = append(answered, m.Name)
	}
	return fmt.Errorf("%s does not answer %s; it answers %s", of, method, cmp.Or(strings.Join(answered, ", "), "nothing"))
}
