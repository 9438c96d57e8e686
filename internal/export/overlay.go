package export

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/webapi-gen/webapi-gen/internal/scaffold"
	"github.com/webapi-gen/webapi-gen/model"
)

// OverlayOptions are those of [Overlay].
type OverlayOptions struct {
	Scheme         string // the name of the security scheme for OAuth2 tokens
	APITokenScheme string // that for API tokens; "" to leave them out
	Version2       bool   // the document is one of version 2.0; else it is one of version 3
	// UpdateScopes sets the scopes of Scheme. With the URLs, it is defined if it is missing.
	UpdateScopes               bool
	AuthorizationURL, TokenURL string
}

// ErrNoAction means that there is nothing that an overlay could say, which has at least one
// action.
var ErrNoAction = errors.New("no operation is known of which an overlay could say what it requires")

// An Endpoint is an operation of an OpenAPI document.
type Endpoint struct {
	Path   string // a key of its paths
	Method string // in capitals
	Routes []Route
}

// An Exception is an endpoint of which an overlay does not say what it requires, or not
// all.
type Exception struct {
	Endpoint
	Kind ExceptionKind
	Why  string
}

// An ExceptionKind is what an overlay does with an endpoint that is an exception.
type ExceptionKind int

// The kinds.
const (
	NotKnown   ExceptionKind = iota // it leaves it as it is: what it requires is not known
	Elsewhere                       // it leaves it as it is: what guards it is not a resource, or accepts no token
	NotSecured                      // it describes it as open: nothing that is known guards it
	Incomplete                      // it describes it, and what it requires may be more
)

// Overlay returns an OpenAPI Overlay 1.1 that sets the security of endpoints: it removes what a
// document has, since an update would add to it. It returns the exceptions too. The error
// is [ErrNoAction], or says that an endpoint accepts API tokens alone, and that these have no
// scheme.
func Overlay(api *API, endpoints []Endpoint, opts OverlayOptions) (text string, exceptions []Exception, err error) {
	o := overlay{opts: opts, calls: map[Call]operationOf{}, powers: newPowers(api)}
	for i := range api.Resources {
		r := &api.Resources[i]
		for n := range r.Operations {
			o.calls[Call{r.ID, r.Operations[n].Name}] = operationOf{r, &r.Operations[n]}
		}
	}
	if opts.UpdateScopes {
		o.scheme(api.Scopes)
	}
	for _, e := range endpoints {
		o.endpoint(e)
	}
	if len(o.tokensOnly) > 0 {
		return "", nil, fmt.Errorf("%s accepts API tokens alone, for which no security scheme is named", strings.Join(o.tokensOnly, ", "))
	}
	if o.actions.Len() == 0 {
		return "", o.exceptions, ErrNoAction
	}
	var b strings.Builder
	b.WriteString("overlay: 1.1.0\ninfo:\n")
	fmt.Fprintf(&b, "  title: %s\n  version: 1.0.0\n", scalar("Who may call "+cmp.Or(api.Module, "what")))
	for _, x := range o.exceptions {
		fmt.Fprintf(&b, "# %s\n", oneLine(x.String()))
	}
	if o.leftOut > 0 {
		b.WriteString("# API tokens are left out: no security scheme is named for them.\n")
	}
	b.WriteString("actions:\n" + o.actions.String())
	return b.String(), o.exceptions, nil
}

// String returns the exception as a message and a comment have it.
func (x Exception) String() string {
	return fmt.Sprintf("%s %s %s: %s", x.Method, x.Path, [...]string{
		"is not described", "is left as it is", "is described as open", "is described, and may need more",
	}[x.Kind], x.Why)
}

type overlay struct {
	opts       OverlayOptions
	calls      map[Call]operationOf
	powers     *powers
	actions    strings.Builder
	exceptions []Exception
	tokensOnly []string // endpoints
	leftOut    int      // alternatives of API tokens, which have no scheme
}

// An alternative is a Security Requirement Object. The zero value is any OAuth2 token.
type alternative struct {
	none     bool // no credentials: the empty object
	apiToken bool
	scopes   []string
}

// security is what an endpoint requires.
type security struct {
	alternatives []alternative // none if it is open
	about        string
}

// endpoint writes the actions of an endpoint.
func (o *overlay) endpoint(e Endpoint) {
	var all []security
	var texts []string
	var exceptions []Exception
	for i := range e.Routes {
		s, x := o.route(&e.Routes[i])
		if x != nil {
			x.Endpoint = e
			exceptions = append(exceptions, *x)
		}
		if text := o.yaml(s); s != nil && !slices.Contains(texts, text) {
			all, texts = append(all, *s), append(texts, text)
		}
	}
	first := func(kind ExceptionKind) *Exception {
		if i := slices.IndexFunc(exceptions, func(x Exception) bool { return x.Kind == kind }); i >= 0 {
			return &exceptions[i]
		}
		return nil
	}
	switch bare, unknown, elsewhere := first(NotSecured), first(NotKnown), first(Elsewhere); {
	case len(e.Routes) == 0:
		o.except(Exception{e, NotKnown, "no route that could be read serves it"})
	case bare != nil:
		o.except(*bare)
		o.action(e, security{about: "nothing that is known guards it"})
	case unknown != nil:
		o.except(*unknown)
	case elsewhere != nil:
		o.except(*elsewhere)
	case len(all) > 1:
		o.except(Exception{e, NotKnown, "several routes serve it, which require different things"})
	default:
		if x := first(Incomplete); x != nil {
			o.except(*x)
		}
		o.action(e, all[0])
	}
}

// except adds an exception, but not of HEAD if GET has the same.
func (o *overlay) except(x Exception) {
	same := func(y Exception) bool {
		return y.Path == x.Path && y.Method == "GET" && y.Kind == x.Kind && y.Why == x.Why
	}
	if x.Method != "HEAD" || !slices.ContainsFunc(o.exceptions, same) {
		o.exceptions = append(o.exceptions, x)
	}
}

// route returns what a route requires, nil if it is not known.
func (o *overlay) route(r *Route) (*security, *Exception) {
	exception := func(kind ExceptionKind, why string) *Exception { return &Exception{Kind: kind, Why: why} }
	switch r.Guard {
	case Public:
		return &security{about: "public"}, nil
	case Unguarded:
		return nil, exception(NotSecured, "nothing that is known stands before its handler "+r.Handler)
	case Wrapped:
		return nil, exception(Elsewhere, "it is guarded by "+r.By)
	case Unknown:
		return nil, exception(NotKnown, "it is not readable: "+r.Reason)
	}
	s, ok := o.guards(r.Guards)
	switch {
	case !ok:
		return nil, exception(Elsewhere, "no token opens it")
	case r.Reason != "":
		return s, exception(Incomplete, r.Reason)
	case r.By != "":
		return s, exception(Incomplete, "it is guarded by "+r.By+" too")
	}
	return s, nil
}

// guards returns what several guards require together, and false if no request gets through
// all of them. Credentials of several kinds are no help: a request is checked as one of them.
func (o *overlay) guards(calls []Call) (*security, bool) {
	s := &security{}
	var abouts []string
	open := true
	for _, call := range calls {
		of, known := o.calls[call]
		if !known {
			return nil, false
		}
		about := call.Operation + ":" + call.Resource
		if len(of.ACR) > 0 {
			about += ", after a login by " + strings.Join(of.ACR, " or ")
		}
		if of.MaxAge > 0 {
			about += ", after a login within " + model.FormatAge(time.Duration(of.MaxAge)*time.Second)
		}
		abouts = append(abouts, about)
		switch own := of.alternatives(); {
		case of.Public:
		case open:
			s.alternatives, open = own, false
		default:
			s.alternatives = both(s.alternatives, own)
		}
	}
	s.about, s.alternatives = strings.Join(abouts, " and "), minimal(s.alternatives)
	return s, open || len(s.alternatives) > 0
}

// alternatives returns what an operation requires, if it is not public.
func (of operationOf) alternatives() []alternative {
	var list []alternative
	if of.Anonymous {
		list = append(list, alternative{none: true})
	}
	if of.Authenticated && of.OAuth2 {
		list = append(list, alternative{})
	}
	for _, all := range of.Requires {
		list = append(list, alternative{scopes: all})
	}
	if of.Operation.APITokens {
		list = append(list, alternative{apiToken: true})
	}
	return list
}

// both returns what opens two operations.
func both(some, others []alternative) []alternative {
	var list []alternative
	for _, a := range some {
		for _, b := range others {
			if a.none != b.none || a.apiToken != b.apiToken {
				continue
			}
			scopes := slices.Concat(a.scopes, b.scopes)
			slices.Sort(scopes)
			list = append(list, alternative{a.none, a.apiToken, slices.Compact(scopes)})
		}
	}
	return list
}

// minimal returns the alternatives that require no more than another one, each once.
func minimal(list []alternative) []alternative {
	var least []alternative
	for _, a := range list {
		if slices.ContainsFunc(least, a.includes) {
			continue
		}
		least = append(slices.DeleteFunc(least, func(b alternative) bool { return b.includes(a) }), a)
	}
	return least
}

// includes reports whether a requires what b does, or more.
func (a alternative) includes(b alternative) bool {
	return a.none == b.none && a.apiToken == b.apiToken &&
		!slices.ContainsFunc(b.scopes, func(s string) bool { return !slices.Contains(a.scopes, s) })
}

// action writes the actions that set the security of an endpoint.
func (o *overlay) action(e Endpoint, s security) {
	text := o.yaml(&s)
	if text == "" {
		o.tokensOnly = append(o.tokensOnly, e.Method+" "+e.Path)
		return
	}
	target := fmt.Sprintf("$.paths[%s].%s", pathString(e.Path), strings.ToLower(e.Method))
	fmt.Fprintf(&o.actions, "  - target: %s\n    remove: true\n", scalar(target+".security"))
	fmt.Fprintf(&o.actions, "  - target: %s\n    description: %s\n    update:\n      security:%s", scalar(target), scalar(s.about), text)
}

// yaml returns the value of the field security, "" if nothing is left without API tokens.
func (o *overlay) yaml(s *security) string {
	if s == nil {
		return ""
	}
	if len(s.alternatives) == 0 {
		return " []\n"
	}
	var none, oauth2, apiToken string
	var requires [][]string
	for _, a := range s.alternatives {
		switch {
		case a.none:
			none = "        - {}\n"
		case !a.apiToken:
			requires = append(requires, a.scopes)
		case o.opts.APITokenScheme == "":
			o.leftOut++
		default:
			apiToken = fmt.Sprintf("        - %s: []\n", scalar(o.opts.APITokenScheme))
		}
	}
	o.powers.sort(requires)
	for _, all := range requires {
		marked := make([]string, len(all))
		for i, scope := range all {
			marked[i] = scalar(scope)
		}
		oauth2 += fmt.Sprintf("        - %s: [%s]\n", scalar(o.opts.Scheme), strings.Join(marked, ", "))
	}
	if none+oauth2+apiToken == "" {
		return ""
	}
	return "\n" + none + oauth2 + apiToken
}

// scheme writes the actions that set the scopes of the scheme, and that define it.
func (o *overlay) scheme(scopes []Scope) {
	name := pathString(o.opts.Scheme)
	if o.opts.AuthorizationURL != "" {
		place, flow := "components:\n        securitySchemes:\n          %s:\n            type: oauth2\n            flows:\n              authorizationCode:\n", "                "
		if o.opts.Version2 {
			place, flow = "securityDefinitions:\n        %s:\n          type: oauth2\n          flow: accessCode\n", "          "
		}
		fmt.Fprintf(&o.actions, "  - target: $\n    update:\n      "+place, scalar(o.opts.Scheme))
		fmt.Fprintf(&o.actions, "%sauthorizationUrl: %s\n%[1]stokenUrl: %[3]s\n%[1]sscopes: {}\n", flow, scalar(o.opts.AuthorizationURL), scalar(o.opts.TokenURL))
	}
	target := "$.components.securitySchemes[" + name + "].flows.*"
	if o.opts.Version2 {
		target = "$.securityDefinitions[" + name + "]"
	}
	fmt.Fprintf(&o.actions, "  - target: %s\n    remove: true\n  - target: %s\n    update:\n      scopes:", scalar(target+".scopes"), scalar(target))
	if len(scopes) == 0 {
		o.actions.WriteString(" {}\n")
		return
	}
	o.actions.WriteString("\n")
	for _, s := range scopes {
		fmt.Fprintln(&o.actions, scaffold.Entry("        ", s.Name, s.Text))
	}
}

// pathString returns a string literal of a JSONPath (RFC 9535).
func pathString(text string) string {
	inner := strings.ReplaceAll(strings.Trim(literal(text), `"`), `\"`, `"`)
	return "'" + strings.ReplaceAll(inner, "'", `\'`) + "'"
}

// plainPath matches JSONPaths that need no quotes in YAML.
var plainPath = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^\$[\w.*]*(\['[\w/{}.~:+-]*'\][\w.*]*)?$`)
})

// scalar returns a text or a JSONPath as YAML, also between brackets.
func scalar(text string) string {
	if plainPath().MatchString(text) {
		return text
	}
	return scaffold.Scalar(text)
}
