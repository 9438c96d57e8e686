// Package change compares two lock files: it finds which requests are allowed that
// were denied before, and which are denied that were allowed.
//
// That follows from the requirements by logic, whatever their spelling: a method
// is widened if some request is allowed that was not before, narrowed if some
// request is denied that was allowed before, and both may hold. A request comes
// without credentials, with an OAuth2 token, which is the set of its scopes, with an
// API token, or with a token that is rejected, which only a public method allows. Where a
// login must be recent or strong, a token is also how and when its user logged in, and a
// request can come with a login alone.
package change

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/internal/lockfile"
	"github.com/webapi-gen/webapi-gen/model"
)

// A Label classifies a change.
type Label = string

// The labels.
const (
	Unguarded = "unguarded" // a type has lost its guard, and is there still, or a route has none
	Widened   = "widened"   // some request is allowed that was denied
	Narrowed  = "narrowed"  // some request is denied that was allowed
	Anonymous = "anonymous" // a request without credentials is now allowed
	Unchecked = "unchecked" // less is checked than before
	Closed    = "closed"    // OAuth2 tokens were accepted, and now are not
	Renamed   = "renamed"   // the same under another name
	Added     = "added"     // the method was not answered
	Removed   = "removed"   // the method is no longer answered
	Text      = "text"      // a text for people; nobody's access
)

// Labels returns all labels, the most severe first.
func Labels() []Label {
	return []Label{Unguarded, Widened, Anonymous, Unchecked, Narrowed, Closed, Removed, Added, Renamed, Text}
}

// Access is a word for all labels of changes that a gate must not let through unseen: by
// each of them somebody may be let in who was not, or be let in one day because nobody
// checks.
const Access = "access"

// AccessLabels returns the labels that Access stands for.
func AccessLabels() []Label {
	return []Label{
		Unguarded,
		Widened,
		Anonymous,
		Added,
		Removed,
		Renamed,
		Unchecked,
	}
}

// A Change is the difference in one method, one resource or one scope.
type Change struct {
	Subject  string    `json:"subject"`          // "api.NoteResource DELETE", "resource api.NoteResource", "public api.Health", "scope note:read", "route GET /notes", "uses webapi.WithToken in api.login"
	Labels   []Label   `json:"labels"`           // in the order of Labels
	Before   string    `json:"before,omitempty"` // as a lock file has it; "" if it is new; with its type, if the new type may be that removed one
	After    string    `json:"after,omitempty"`  // "" if it is removed
	Examples []Example `json:"-"`                // requests that show how it is widened or narrowed
}

// Has reports whether the change has a label.
func (c Change) Has(label Label) bool { return slices.Contains(c.Labels, label) }

// A Report is the difference between two lock files.
type Report struct {
	Changes []Change // the most severe first
	Unused  []string // scopes that are still declared, that a method required before and none requires now
	Unknown []string // types of removed resources that may be there still, without a guard: "api.NoteResource"
	Unmet   []string // methods whose requirement no set of declared scopes meets, and could before: "api.NoteResource GET"
}

// Labels returns the labels that any change has.
func (r *Report) Labels() []Label {
	return slices.DeleteFunc(Labels(), func(l Label) bool {
		return !slices.ContainsFunc(r.Changes, func(c Change) bool { return c.Has(l) })
	})
}

// A Side is one of the two that are compared.
type Side struct {
	Packages []*model.Package // as [lockfile.Parse] returns them
	Routes   *lockfile.Routes // nil if they are not known
	Source   fs.FS            // the folders of the packages; nil if a lock file is all that is known
}

// Compare returns the changes between two sides. The error is that of ctx, or of a
// source, which is read only if a resource is removed.
func Compare(ctx context.Context, before, after Side) (*Report, error) {
	d := differ{before: indexOf(before.Packages), after: indexOf(after.Packages), report: &Report{}}
	d.types, d.removed = renamedTypes(d.before, d.after)
	d.groups = d.removedMethods()
	d.scopes = renamedScopes(d.before, d.after)
	if err := d.compareTypes(ctx, before.Source, after.Source); err != nil {
		return nil, err
	}
	d.compareMethods(ctx)
	d.compareResources()
	d.comparePublic()
	d.compareRoutes(before.Routes, after.Routes)
	d.compareTexts()
	d.compareCatalogues()
	d.report.Add()
	return d.report, ctx.Err()
}

// Add adds changes to the report.
func (r *Report) Add(changes ...Change) {
	r.Changes = append(r.Changes, changes...)
	severity := func(c Change) int { return slices.Index(Labels(), c.Labels[0]) }
	slices.SortStableFunc(r.Changes, func(a, b Change) int {
		return cmp.Or(cmp.Compare(severity(a), severity(b)), strings.Compare(a.Subject, b.Subject))
	})
}

// An index has the content of a lock file by the names that are used there.
type index struct {
	resources map[string]*model.Resource
	methods   []method          // by type, then method
	public    map[string]string // reasons
	scopes    []model.Scope
	users     map[string][]string // the methods whose requirement names a scope
}

// A method is one of a resource.
type method struct {
	model.Method
	typ      string
	resource *model.Resource
}

func indexOf(packages []*model.Package) index {
	x := index{resources: map[string]*model.Resource{}, public: map[string]string{}, users: map[string][]string{}}
	for _, pkg := range packages {
		for _, r := range pkg.Resources {
			typ := lockfile.QualifiedName(pkg, r.Type)
			x.resources[typ] = r
			for _, m := range r.Methods {
				x.methods = append(x.methods, method{m, typ, r})
			}
		}
		for _, p := range pkg.Public {
			x.public[lockfile.QualifiedName(pkg, p.Name)] = p.Reason
		}
		x.scopes = append(x.scopes, pkg.Scopes...)
	}
	slices.SortFunc(x.methods, func(a, b method) int {
		return cmp.Or(strings.Compare(a.typ, b.typ), strings.Compare(a.Name, b.Name))
	})
	for _, m := range x.methods {
		for _, s := range slices.Concat(m.Requires...) {
			if users := x.users[s.Value]; len(users) == 0 || users[len(users)-1] != m.subject() {
				x.users[s.Value] = append(users, m.subject())
			}
		}
	}
	return x
}

func (m method) subject() string { return m.typ + " " + m.Name }

// takesAnyToken reports whether an OAuth2 token needs no scope.
func (m method) takesAnyToken() bool { return m.Public || m.Authenticated }

// access returns what the method accepts, as a lock file has it.
func (m method) access() string { return lockfile.Access(m.resource, m.Method) }

// A differ compares two lock files.
type differ struct {
	before, after index
	types         map[string]string         // the types of before, by renamed types of after
	removed       []string                  // types of before that are none of after
	groups        map[string][]*methodGroup // methods of removed, by name
	scopes        map[string]string         // the scopes of before, by renamed scopes of after
	report        *Report
}

// add adds a change to the report, unless it has no label.
func (d *differ) add(c Change, labels ...Label) {
	for _, l := range Labels() {
		if slices.Contains(labels, l) {
			c.Labels = append(c.Labels, l)
		}
	}
	if c.Labels != nil {
		d.report.Changes = append(d.report.Changes, c)
	}
}

func (d *differ) oldType(typ string) string { return cmp.Or(d.types[typ], typ) }

// compareMethods compares the methods, until ctx ends.
func (d *differ) compareMethods(ctx context.Context) {
	old := map[string]method{}
	for _, b := range d.before.methods {
		old[b.subject()] = b
	}
	for _, a := range d.after.methods {
		if ctx.Err() != nil {
			return
		}
		subject := d.oldType(a.typ) + " " + a.Name
		b, answered := old[subject]
		delete(old, subject)
		if !answered {
			d.addMethod(a)
			continue
		}
		c := Change{Subject: a.subject(), Before: b.access(), After: a.access(), Examples: examples(b, a)}
		labels := labelsOf(c.Examples)
		if b.resource.OAuth2 && !a.resource.OAuth2 && !a.Public {
			labels = append(labels, Closed)
		}
		if more, than := d.widening(a); more != nil {
			labels = append(labels, labelsOf(more)...)
			if !slices.ContainsFunc(c.Examples, Example.isAllowed) {
				c.Examples, c.Before = append(more, c.Examples...), c.Before+" / "+than
			}
		}
		switch {
		case len(labels) > 0 && d.sameButScopes(b, a):
			labels = append(labels, Renamed)
		case len(labels) == 0 && !b.StepUp.Equal(a.StepUp): // in another order
			labels = append(labels, Text)
		}
		d.add(c, labels...)
	}
	for subject, b := range old {
		d.add(Change{Subject: subject, Before: b.access()}, Removed)
	}
}

// addMethod adds a method that was not answered before. It was denied to all, under
// any name, so it is added rather than widened, unless its type may be a removed
// one that allowed fewer requests.
func (d *differ) addMethod(a method) {
	c := Change{Subject: a.subject(), After: a.access()}
	labels := []Label{Added}
	if a.Public || a.Anonymous {
		labels = append(labels, Anonymous)
	}
	if c.Examples, c.Before = d.widening(a); c.Examples != nil {
		labels = append(labels, Widened)
	}
	d.add(c, labels...)
}

func labelsOf(examples []Example) []Label {
	var labels []Label
	for _, e := range examples {
		labels = append(labels, e.label())
		if e.Credentials == NoCredentials && e.Now {
			labels = append(labels, Anonymous)
		}
	}
	return labels
}

// Credentials are what a request comes with.
type Credentials string

// The credentials.
const (
	NoCredentials Credentials = "none"
	OAuth2Token   Credentials = "oauth2"
	APIToken      Credentials = "apitoken"
	RejectedToken Credentials = "rejected" // unknown, revoked or expired
	OtherLogin    Credentials = "login"    // without a token, as webapi.WithUnscopedAccess
)

// An Example is a request whose answer has changed.
type Example struct {
	Method      string      `json:"method"`
	Credentials Credentials `json:"credentials"`
	Scopes      []string    `json:"scopes,omitempty"`  // all scopes of an OAuth2 token
	ACR         *string     `json:"acr,omitempty"`     // of the user's login, "" if it has none; nil if it does not matter
	Age         string      `json:"age,omitempty"`     // of the login; "" if it does not matter
	Pattern     string      `json:"pattern,omitempty"` // of a route
	Handler     string      `json:"handler,omitempty"` // what the request reaches, by whatever route
	Now         bool        `json:"now"`               // the request is allowed now and was denied before; false for the opposite
}

func (e Example) isAllowed() bool { return e.Now }

func (e Example) label() Label {
	if e.Now {
		return Widened
	}
	return Narrowed
}

// String returns the example as a sentence.
func (e Example) String() string {
	format := "could %s, now cannot"
	if e.Now {
		format = "could not %s, now can"
	}
	what := strings.TrimSpace(e.Method + " " + e.Pattern)
	if e.Handler != "" {
		what = "reach " + e.Handler
	}
	return e.request() + e.login() + " " + fmt.Sprintf(format, what)
}

// login returns what is said about the user's login.
func (e Example) login() string {
	var about []string
	switch {
	case e.ACR == nil:
	case *e.ACR == "":
		about = append(about, "without acr")
	default:
		about = append(about, "with acr "+*e.ACR)
	}
	if e.Age != "" {
		about = append(about, e.Age+" old")
	}
	if about == nil {
		return ""
	}
	return ", from a login " + strings.Join(about, ", ") + ","
}

func (e Example) request() string {
	switch {
	case e.Credentials == NoCredentials:
		return "a request without credentials"
	case e.Credentials == RejectedToken:
		return "a request with a token that is rejected"
	case e.Credentials == OtherLogin:
		return "a session without a token"
	case e.Credentials == APIToken:
		return "an API token whose policy allows it"
	case len(e.Scopes) == 0:
		return "a token without scopes"
	case len(e.Scopes) == 1:
		return "a token with " + e.Scopes[0] + " alone"
	}
	return "a token with " + strings.Join(e.Scopes, " and ") + " and nothing else"
}

// examples returns a request of each kind of credentials whose answer has changed,
// none if both methods allow the same requests. Tokens have as few scopes as
// possible.
func examples(before, after method) []Example {
	var list []Example
	add := func(kind Credentials, was, is bool) {
		if was != is {
			list = append(list, Example{Method: after.Name, Credentials: kind, Now: is})
		}
	}
	add(NoCredentials, before.Public || before.Anonymous, after.Public || after.Anonymous)
	add(RejectedToken, before.Public, after.Public)
	add(APIToken, before.takesAPITokens(), after.takesAPITokens())
	for _, e := range after.beyond(before) {
		e.Method, e.Now = after.Name, true
		list = append(list, e)
	}
	for _, e := range before.beyond(after) {
		e.Method = after.Name
		list = append(list, e)
	}
	return list
}

// beyond returns requests with an OAuth2 token that m allows and other does not: one by its
// scopes and one by its login, or a session if m allows no token.
func (m method) beyond(other method) []Example {
	var list []Example
	if scopes, ok := m.scopesBeyond(other); ok {
		list = append(list, Example{Credentials: OAuth2Token, Scopes: scopes}.with(m.StepUp, model.StepUp{}))
	}
	login := Example{Credentials: OtherLogin}.with(m.StepUp, other.StepUp)
	if l := login.loginOf(); !m.StepUp.Accepts(l) || other.StepUp.Accepts(l) {
		return list
	}
	if scopes, ok := m.leastScopes(); ok {
		login.Credentials, login.Scopes = OAuth2Token, scopes
	}
	return append(list, login)
}

// with returns e with a login that one method needs and, if there is one, that another does
// not accept.
func (e Example) with(needed, other model.StepUp) Example {
	switch {
	case len(needed.ACR) > 0:
		acr := needed.ACR[max(0, slices.IndexFunc(needed.ACR, func(acr string) bool { return !slices.Contains(other.ACR, acr) }))]
		e.ACR = &acr
	case len(other.ACR) > 0:
		e.ACR = new(string)
	}
	switch {
	case needed.MaxAge > 0:
		e.Age = model.FormatAge(needed.MaxAge)
	case other.MaxAge > 0:
		e.Age = model.FormatAge(2 * other.MaxAge)
	}
	return e
}

// loginOf returns the login of e.
func (e Example) loginOf() model.Login {
	var l model.Login
	if e.ACR != nil {
		l.ACR = *e.ACR
	}
	l.Age, l.Known = model.ParseAge(e.Age)
	return l
}

// takesAPITokens reports whether an API token is accepted whose policy allows it.
func (m method) takesAPITokens() bool {
	return m.Public || m.resource.APITokens && !m.StepUp.Needed()
}

// scopesBeyond returns the smallest set of scopes of a token that m allows and other does
// not, and false if there is none.
func (m method) scopesBeyond(other method) ([]string, bool) {
	if m.takesAnyToken() || other.takesAnyToken() {
		return nil, !other.takesAnyToken()
	}
	scopes := onlyIn(m.Requires, other.Requires)
	return scopes, scopes != nil
}

// leastScopes returns the smallest set of scopes of a token that m allows, and false if it
// allows none.
func (m method) leastScopes() ([]string, bool) {
	if m.takesAnyToken() {
		return nil, true
	}
	scopes := onlyIn(m.Requires, nil)
	return scopes, scopes != nil
}

// onlyIn returns the smallest set of scopes that meets one requirement and not the
// other, or nil. Only the alternatives themselves need to be tried: a set that
// meets the requirement includes one of them, and if that one meets the other
// requirement, so does the set.
func onlyIn(requirement, other model.Requirement) []string {
	index := model.NewIndex([]model.Requirement{other})
	found := slices.DeleteFunc(requirement.Values(), func(scopes []string) bool {
		for range index.MetBy(scopes) {
			return true
		}
		return false
	})
	if len(found) == 0 {
		return nil
	}
	return slices.MinFunc(found, func(a, b []string) int {
		return cmp.Or(cmp.Compare(len(a), len(b)), slices.Compare(a, b))
	})
}
