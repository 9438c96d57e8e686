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
	"github.com/webapi-gen/webapi-gen/model"
)

const needsLong = `Needs prints the fewest scopes with which an OAuth2 token can make all the
calls, on one line in the form of the scope parameter of OAuth2.

A call names one or several methods, separated by commas, and a resource: by its
name, by its type, or by one of these after the name or the folder of its package
and a dot. * stands for every method that the resource answers, or for every
resource that answers the method; methods that no scope opens are reported and
left out. HEAD follows GET.

Of several sets of the same size, the one with the scopes that are named first is
preferred, in the order of folders, resources and methods; the order of the calls
makes no difference. If comparing all sets would take too long, the scopes suffice
but may not be the fewest, and needs reports that.

The fewest scopes are not those that open the least: where admin is an
alternative to two others, it is fewer. --without keeps scopes out of the answer.

A client sends its token with every call, and the token must meet the requirement
of the method even if the method is open without credentials. So such a method
counts like any other as soon as one of the calls needs a token; calls that are
all open need no scope. Needs reports these methods. Where no OAuth2 token is
accepted (oauth2=deny), no scope helps: send no token there.

--json prints an object: scopes, a sorted list, empty if all calls are open
without credentials; least, false if there may be a
smaller set; calls and closed (those that a * stands for and no scope opens),
lists of objects with method, resource, type, package, dir, anonymous, oauth2 and
requires, a list of alternatives, each a list of scopes.

Exit status: 0 success, 1 the input is wrong or no scope opens one of the calls, 2
the command line is wrong, for example by an unknown resource.`

const needsExamples = `  # The scopes of a client that reads and deletes notes:
  webapi-gen needs GET,DELETE:note

  # A client that only reads:
  webapi-gen needs 'GET:*'

  # A resource whose name is in several packages, and why:
  webapi-gen needs -v DELETE:billing.account

  # Without a scope that opens much more:
  webapi-gen needs --without admin DELETE:note

  # In a script:
  scope=$(webapi-gen needs POST:review GET:review_request)`

func (a *app) needsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "needs [flags] METHOD:RESOURCE ...",
		Short:   "Print the least set of scopes for a set of calls",
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
		if len(words) == 0 {
			return &generator.UsageError{Message: "no call is named; a call is METHOD:resource, as in DELETE:note"}
		}
		a.readModule(*in)
		return a.needs(cmd.Context(), needsOptions{words, *without, *verbose, *asJSON})
	}
	_ = cmd.RegisterFlagCompletionFunc("without", a.completeWords(func([]string) { a.readModule(*in) }, catalogue.scopes))
	return cmd
}

// needsOptions are the arguments and flags of needs.
type needsOptions struct {
	words   []string // calls
	without []string // scopes
	verbose bool
	asJSON  bool
}

func (a *app) needs(ctx context.Context, opts needsOptions) error {
	c, err := a.catalogue(ctx)
	if err != nil {
		return err
	}
	calls, closed, errs := c.calls(opts.words)
	if err := usageErrors(append(errs, c.unknownScopes("without", opts.without)...)); err != nil {
		return err
	}
	requirements, err := opts.requirements(calls)
	if err != nil {
		return err
	}
	found, ok := fewestScopes(requirements)
	if !ok {
		return errors.New("one of the calls requires what no token can hold")
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if opts.verbose {
		if err := explainCalls(a.stderr, calls); err != nil {
			return err
		}
	}
	a.needsNotes(calls, closed, found)
	if opts.asJSON {
		return a.printJSON(needsJSON{nonNil(found.scopes), found.least, callsJSON(calls), callsJSON(closed)})
	}
	if len(found.scopes) > 0 {
		fmt.Fprintln(a.stdout, strings.Join(found.scopes, " "))
	}
	return nil
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
		if !call.OAuth2 || call.method.Anonymous && !token {
			continue
		}
		left := call.method.Requires.Without(opts.without)
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
	return slices.ContainsFunc(calls, func(c methodCall) bool { return !c.method.Anonymous })
}

// whatNeeded returns what a client needs for a call that some scope opens.
func whatNeeded(call methodCall) string {
	if call.method.Anonymous {
		return call.method.Requires.String() + ", or no credentials at all"
	}
	return call.method.Requires.String()
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
		what := "no credentials"
		if call.OAuth2 {
			what = whatNeeded(call)
		}
		fmt.Fprintf(table, "%s\tneeds %s\n", call.name, what)
	}
	return table.Flush()
}

// needsNotes prints notes about the answer: calls that are left out or need no
// token, and whether it may not be the smallest.
func (a *app) needsNotes(calls, closed []methodCall, found solution) {
	for _, call := range closed {
		fmt.Fprintf(a.stderr, "webapi-gen: %s is left out, no scope opens it: %s\n", call.name, whyClosed(call))
	}
	counts := ""
	if needToken(calls) {
		counts = ", so that counts"
	}
	for _, call := range calls {
		switch {
		case call.method.Anonymous && call.OAuth2:
			fmt.Fprintf(a.stderr, "webapi-gen: %s is open without credentials; a token that is sent all the same must hold %s%s\n", call.name, call.method.Requires, counts)
		case call.method.Anonymous:
			fmt.Fprintf(a.stderr, "webapi-gen: %s is open without credentials; an OAuth2 token that is sent all the same is refused\n", call.name)
		}
	}
	if !found.least {
		fmt.Fprintln(a.stderr, "webapi-gen: these scopes suffice; whether fewer would, takes too long to say")
	}
}

// wildcard stands for every method, or for every resource.
const wildcard = "*"

// A methodCall is a request for a method of a resource.
type methodCall struct {
	resource
	method model.Method
	name   string // METHOD:resource, with a word that means no other resource
}

// closed reports whether no scope opens the call.
func (c methodCall) closed() bool { return !c.OAuth2 && !c.method.Anonymous }

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
			errs = append(errs, fmt.Errorf("a call is METHOD:resource, as in DELETE:note; got %q", word))
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
		if err := checkMethod(m); err != nil && m != wildcard {
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
