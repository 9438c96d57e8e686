package change_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/webapi-gen/webapi-gen/internal/change"
	"github.com/webapi-gen/webapi-gen/internal/lockfile"
	"github.com/webapi-gen/webapi-gen/model"
)

func parse(t testing.TB, text string) []*model.Package {
	t.Helper()
	packages, diags := lockfile.Parse("webapi.lock", []byte(text+missingResources(text)))
	if err := diags.Err(); err != nil {
		t.Fatal(err)
	}
	return packages
}

// missingResources returns a line of a resource for each type that has none in a
// text.
func missingResources(text string) string {
	more := ""
	for line := range strings.Lines(text) {
		typ, _, _ := strings.Cut(line, " ")
		if strings.Contains(typ, ".") && !strings.Contains(text+more, "resource "+typ+" ") {
			more += fmt.Sprintf("\nresource %s name=%[1]s policy=%[1]s key=-\n", typ)
		}
	}
	return more
}

func compare(t testing.TB, before, after []*model.Package) *change.Report {
	t.Helper()
	report, err := change.Compare(t.Context(), change.Side{Packages: before}, change.Side{Packages: after})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// describe returns a report as lines: the labels, the subject, and the examples.
func describe(r *change.Report) string {
	var b strings.Builder
	for _, c := range r.Changes {
		fmt.Fprintf(&b, "%v %s\n", c.Labels, c.Subject)
		if strings.Contains(c.After, " without a guard: ") {
			fmt.Fprintf(&b, "\t%s\n", c.After)
		}
		for _, e := range c.Examples {
			fmt.Fprintf(&b, "\t%v\n", e)
		}
	}
	for _, s := range r.Unknown {
		fmt.Fprintf(&b, "unknown %s\n", s)
	}
	for _, s := range r.Unused {
		fmt.Fprintf(&b, "unused %s\n", s)
	}
	for _, m := range r.Unmet {
		fmt.Fprintf(&b, "unmet %s\n", m)
	}
	return b.String()
}

func TestCompare(t *testing.T) {
	const note = "resource api.Note name=note policy=note key=-\n"
	const tokens = "api.Note GET apitokens\nresource api.Note name=note policy="
	tests := []struct{ name, before, after, want string }{
		{"nothing", "api.Note GET oauth2 a", "api.Note GET oauth2 a", ""},
		{"the same in other words", "api.Note GET oauth2 a or b + c", "api.Note GET oauth2 c + b or a", ""},
		{"a swallowed alternative", "api.Note GET oauth2 a", "api.Note GET oauth2 a or a + b", ""},
		{
			"AND made OR", "api.Note DELETE oauth2 note:destroy + note:write", "api.Note DELETE oauth2 note:destroy or note:write",
			"[widened] api.Note DELETE\n\ta token with note:destroy alone could not DELETE, now can\n",
		},
		{
			"a further alternative", "api.Note DELETE oauth2 a", "api.Note DELETE oauth2 a or b + c",
			"[widened] api.Note DELETE\n\ta token with b and c and nothing else could not DELETE, now can\n",
		},
		{
			"one more scope", "api.Note GET oauth2 a", "api.Note GET oauth2 a + b",
			"[narrowed] api.Note GET\n\ta token with a alone could GET, now cannot\n",
		},
		{
			"another scope", "api.Note GET oauth2 a", "api.Note GET oauth2 b",
			"[widened narrowed] api.Note GET\n\ta token with b alone could not GET, now can\n\ta token with a alone could GET, now cannot\n",
		},
		{
			"now anonymous", "api.Note GET oauth2 a", "api.Note GET anonymous,oauth2 a",
			"[widened anonymous] api.Note GET\n\ta request without credentials could not GET, now can\n",
		},
		{
			"closed to OAuth2", "api.Note GET apitokens,oauth2 a", "api.Note GET apitokens",
			"[narrowed closed] api.Note GET\n\ta token with a alone could GET, now cannot\n",
		},
		{
			"API tokens", "api.Note GET oauth2 a", "api.Note GET apitokens,oauth2 a",
			"[widened] api.Note GET\n\tan API token whose policy allows it could not GET, now can\n",
		},
		{
			"any token will do", "api.Note GET oauth2 a", "api.Note GET authenticated",
			"[widened] api.Note GET\n\ta token without scopes could not GET, now can\n",
		},
		{
			"a scope is needed again", "api.Note GET authenticated", "api.Note GET oauth2 a",
			"[narrowed] api.Note GET\n\ta token without scopes could GET, now cannot\nunmet api.Note GET\n",
		},
		{
			"now public", "api.Note POST oauth2 a", "api.Note POST public",
			"[widened anonymous] api.Note POST\n\ta request without credentials could not POST, now can\n\ta request with a token that is rejected could not POST, now can\n" +
				"\tan API token whose policy allows it could not POST, now can\n\ta token without scopes could not POST, now can\n",
		},
		{
			"public and not just anonymous", "api.Note POST anonymous,apitokens,oauth2 a", "api.Note POST public",
			"[widened] api.Note POST\n\ta request with a token that is rejected could not POST, now can\n\ta token without scopes could not POST, now can\n",
		},
		{
			"an older login will do", "api.Note DELETE oauth2,maxage=5m a", "api.Note DELETE oauth2,maxage=1h a",
			"[widened] api.Note DELETE\n\ta token with a alone, from a login 1h old, could not DELETE, now can\n",
		},
		{
			"any login will do", "api.Note DELETE oauth2,maxage=5m a", "api.Note DELETE apitokens,oauth2 a",
			"[widened] api.Note DELETE\n\tan API token whose policy allows it could not DELETE, now can\n\ta token with a alone, from a login 10m old, could not DELETE, now can\n",
		},
		{
			"another acr value will do", "api.Note DELETE oauth2,acr=gold a or b", "api.Note DELETE oauth2,acr=gold|silver a or b",
			"[widened] api.Note DELETE\n\ta token with a alone, from a login with acr silver, could not DELETE, now can\n",
		},
		{
			"no acr is needed", "api.Note DELETE authenticated,acr=gold,maxage=1h", "api.Note DELETE authenticated,maxage=1h",
			"[widened] api.Note DELETE\n\ta token without scopes, from a login without acr, 1h old, could not DELETE, now can\n",
		},
		{
			"a login is needed", "api.Note DELETE oauth2 a", "api.Note DELETE oauth2,acr=gold,maxage=5m a",
			"[narrowed] api.Note DELETE\n\ta token with a alone, from a login without acr, 10m old, could DELETE, now cannot\n",
		},
		{
			"another scope and login", "api.Note DELETE oauth2,maxage=1h a", "api.Note DELETE oauth2,acr=gold b",
			"[widened narrowed] api.Note DELETE\n\ta token with b alone, from a login with acr gold, could not DELETE, now can\n\ta token with b alone, from a login with acr gold, 2h old, could not DELETE, now can\n" +
				"\ta token with a alone, from a login 1h old, could DELETE, now cannot\n\ta token with a alone, from a login without acr, 1h old, could DELETE, now cannot\n",
		},
		{
			"a session", "api.Note DELETE closed,maxage=5m", "api.Note DELETE closed",
			"[widened] api.Note DELETE\n\ta session without a token, from a login 10m old, could not DELETE, now can\n",
		},
		{"another preference", "api.Note GET oauth2,acr=gold|silver a", "api.Note GET oauth2,acr=silver|gold a", "[text] api.Note GET\n"},
		{
			"a type renamed, whose logins may be older", "api.Note GET oauth2,maxage=5m note:read\nresource api.Note name=note policy=note key=-", "v2.Memo GET oauth2,maxage=6m memo:read\nresource v2.Memo name=memo policy=memo key=-",
			"[widened added] v2.Memo GET\n\ta token with memo:read alone, from a login 6m old, could not GET, now can\n\ta token with memo:read alone, from a login 6m old, could not GET, now can\n[removed] api.Note GET\nunknown api.Note\nunmet v2.Memo GET\n",
		},
		{"a public operation more", "", "api.Note POST/login public", "[anonymous added] api.Note POST/login\n"},
		{"an operation more", "api.Note POST oauth2 a", "api.Note POST oauth2 a\napi.Note POST/archive oauth2 b", "[added] api.Note POST/archive\nunmet api.Note POST/archive\n"},
		{
			"an operation of another scope", "api.Note POST/archive oauth2 a", "api.Note POST/archive oauth2 a or b",
			"[widened] api.Note POST/archive\n\ta token with b alone could not POST/archive, now can\n",
		},
		{"a method more and one less", "api.Note GET oauth2 a\nscope api a", "api.Note PUT oauth2 a\nscope api a", "[removed] api.Note GET\n[added] api.Note PUT\n"},
		{"an anonymous method more", "", "api.Note GET anonymous", "[anonymous added] api.Note GET\n"},
		{
			"a type renamed and widened", note + "api.Note GET oauth2 a", "resource v2.Memo name=note policy=note key=-\nv2.Memo GET oauth2 a or b",
			"[widened] v2.Memo GET\n\ta token with b alone could not GET, now can\n[renamed] resource v2.Memo\nunknown api.Note\n",
		},
		{
			"a type moved, with another name and scope, and widened", note + "api.Note GET oauth2 note:read", "resource v2.Note name=memo policy=memo key=-\nv2.Note GET oauth2 memo:read or x",
			"[widened narrowed] v2.Note GET\n\ta token with memo:read alone could not GET, now can\n\ta token with note:read alone could GET, now cannot\n[renamed] resource v2.Note\nunknown api.Note\n",
		},
		{
			"a type and its name renamed, with the old scopes, and widened", note + "api.Note GET oauth2 note:read", "resource api.Memo name=memo policy=memo key=-\napi.Memo GET anonymous,oauth2 note:read",
			"[widened anonymous] api.Memo GET\n\ta request without credentials could not GET, now can\n[renamed] resource api.Memo\nunknown api.Note\n",
		},
		{
			"a type and all its names renamed, and opened", note + "api.Note GET oauth2 note:read\napi.Note PUT oauth2 note:write", "resource api.Memo name=memo policy=memo key=-\napi.Memo GET anonymous",
			"[widened anonymous added] api.Memo GET\n\ta request without credentials could not GET, now can\n[removed] api.Note GET\n[removed] api.Note PUT\nunknown api.Note\n",
		},
		{
			"a guarded type that takes the name of an open one", note + "api.Note GET anonymous\nresource api.Secret name=secret policy=secret key=-\napi.Secret GET oauth2 admin",
			"resource api.Memo name=note policy=note key=-\napi.Memo GET anonymous",
			"[widened anonymous] api.Memo GET\n\ta request without credentials could not GET, now can\n[removed] api.Secret GET\n[renamed] resource api.Memo\nunknown api.Note\nunknown api.Secret\n",
		},
		{
			"a type and its name renamed", note + "api.Note GET oauth2 a", "resource api.Memo name=memo policy=memo key=-\napi.Memo GET oauth2 a",
			"[renamed] resource api.Memo\nunknown api.Note\n",
		},
		{
			"a scope renamed", "api.Note GET oauth2 a\nscope api a Read", "api.Note GET oauth2 b\nscope api b Read",
			"[widened narrowed renamed] api.Note GET\n\ta token with b alone could not GET, now can\n\ta token with a alone could GET, now cannot\n[renamed] scope b\n",
		},
		{
			"a resource made public", note + "api.Note GET oauth2 a", "public api.Note for all",
			"[unguarded widened anonymous added] public api.Note\n[removed] api.Note GET\n",
		},
		{
			"a method of a resource made public", note + "api.Note GET oauth2 a", note + "api.Note GET oauth2 a\npublic api.Note:ServeHTTP for all",
			"[widened anonymous added] public api.Note:ServeHTTP\n",
		},
		{"something new and public", "", "public api.Health for all", "[anonymous added] public api.Health\n"},
		{"public no more", "public api.Health for all", "", "[removed] public api.Health\n"},
		{"another reason", "public api.Health for all", "public api.Health why not", "[text] public api.Health\n"},
		{"a text", "scope api a Read", "scope api a Read it", "[text] scope a\n"},
		{"a description", note, "resource api.Note name=note policy=note key=- A note.", "[text] resource api.Note\n"},
		{"a policy ID without API tokens", note, "resource api.Note name=note policy=memo key=-", "[text] resource api.Note\n"},
		{
			"a policy ID", note + "api.Note GET apitokens", "resource api.Note name=note policy=memo key=-\napi.Note GET apitokens",
			"[widened narrowed] resource api.Note\n",
		},
		{
			"one super less", tokens + "note+folder key=id+-", tokens + "note key=id",
			"[widened] resource api.Note\n",
		},
		{
			"one super more", tokens + "note key=id", tokens + "note+folder key=id+folder_id",
			"[narrowed] resource api.Note\n",
		},
		{
			"another super", tokens + "note+folder key=id+-", tokens + "note+org key=id+-",
			"[widened narrowed] resource api.Note\n",
		},
		{
			"another key of the super", tokens + "note+folder key=id+folder_id", tokens + "note+folder key=id+-",
			"[widened narrowed] resource api.Note\n",
		},
		{
			"one super less without API tokens", "resource api.Note name=note policy=note+folder key=-+-", "resource api.Note name=note policy=note key=-",
			"[text] resource api.Note\n",
		},
		{
			"a scope that nobody needs any more", "api.Note GET oauth2 a\nscope api a", "api.Note GET anonymous\nscope api a",
			"[widened anonymous narrowed closed] api.Note GET\n\ta request without credentials could not GET, now can\n\ta token with a alone could GET, now cannot\nunused a\n",
		},
		{
			"a requirement that nobody can meet", "api.Note GET oauth2 a + b\nscope api a\nscope x b", "api.Note GET oauth2 a + b\nscope api a",
			"[removed] scope b\nunmet api.Note GET\n",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, describe(compare(t, parse(t, tt.before), parse(t, tt.after)))); diff != "" {
				t.Errorf("report (-want +got):\n%s", diff)
			}
		})
	}
}

// scopes are the scopes of random requirements.
var scopes = []string{"a", "b", "c", "d", "e"}

// TestClassesAgainstBruteForce compares the labels with the answers to tokens of
// all sets of scopes before and after, and tries each example.
func TestClassesAgainstBruteForce(t *testing.T) {
	for seed := range uint64(5000) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		before, after := randomAccess(rnd), randomAccess(rnd)
		report := compare(t, parse(t, before.String()), parse(t, after.String()))
		var got change.Change
		if len(report.Changes) > 0 {
			got = report.Changes[0]
		}
		var want []change.Label
		widened, narrowed := bruteForce(before, after)
		if widened {
			want = append(want, change.Widened)
		}
		if (after.public || after.anonymous) && !(before.public || before.anonymous) {
			want = append(want, change.Anonymous)
		}
		if narrowed {
			want = append(want, change.Narrowed)
		}
		if before.oauth2 && !after.oauth2 && !after.public {
			want = append(want, change.Closed)
		}
		if !slices.Equal(want, got.Labels) {
			t.Fatalf("seed %d: %v\n  -> %v\nlabels %v, want %v", seed, before, after, got.Labels, want)
		}
		for _, e := range got.Examples {
			was, is := allows(before, e.Credentials, e.Scopes, loginOf(e)), allows(after, e.Credentials, e.Scopes, loginOf(e))
			if is != e.Now || was == is {
				t.Fatalf("seed %d: %v\n  -> %v\nexample %q, but was %t, is %t", seed, before, after, e, was, is)
			}
		}
	}
}

// TestRenamesHideNothing renames types at random, changes the access of some and
// removes others. The report must have every type that allows more.
func TestRenamesHideNothing(t *testing.T) {
	rounds := uint64(5000)
	if testing.Short() {
		rounds = 500
	}
	for seed := range rounds {
		rnd := rand.New(rand.NewPCG(seed, 2))
		var before, after string
		var old, now []access
		was := map[string]access{} // by the type of now
		for i := range 1 + rnd.IntN(4) {
			b := randomAccess(rnd)
			b.typ = fmt.Sprintf("api.T%d", i)
			name, policy := fmt.Sprint("t", i), fmt.Sprint("t", i)
			line := func(a access) string {
				return fmt.Sprintf("%v\nresource %s name=%s policy=%s key=-\n", a, a.typ, name, policy)
			}
			before += line(b)
			old = append(old, b)
			if rnd.IntN(5) == 0 {
				continue
			}
			a := randomAccess(rnd)
			if rnd.IntN(3) == 0 {
				a = b
			}
			if a.typ = b.typ; rnd.IntN(3) > 0 {
				a.typ = []string{"v2.T%d", "api.Other%d"}[rnd.IntN(2)]
				a.typ = fmt.Sprintf(a.typ, i)
			}
			if rnd.IntN(2) == 0 {
				name = fmt.Sprint("other", i)
			}
			if rnd.IntN(2) == 0 {
				policy = fmt.Sprint("other", i)
			}
			after += line(a)
			now = append(now, a)
			was[a.typ] = b
		}
		report := compare(t, parse(t, before), parse(t, after))
		for _, a := range now {
			b := was[a.typ]
			if widened, _ := bruteForce(b, a); !widened || a.typ != b.typ && anotherHas(old, b, a) {
				continue
			}
			if !slices.ContainsFunc(report.Changes, func(c change.Change) bool {
				return c.Subject == a.typ+" GET" && c.Has(change.Widened) && (!a.public && !a.anonymous || b.public || b.anonymous || c.Has(change.Anonymous))
			}) {
				t.Fatalf("seed %d: %v\n  -> %v\n%s", seed, b, a, describe(report))
			}
		}
	}
}

// anotherHas reports whether a type besides one had the access of now: by that
// alone it may be the other one, renamed.
func anotherHas(before []access, besides, now access) bool {
	return slices.ContainsFunc(before, func(b access) bool {
		widened, narrowed := bruteForce(b, now)
		return b.typ != besides.typ && !widened && !narrowed
	})
}

// An access is what GET of a type accepts.
type access struct {
	typ                                                 string
	public, anonymous, apiTokens, authenticated, oauth2 bool
	requires                                            [][]string
	acr                                                 []string // any if there is none
	maxAge                                              int      // in minutes, any if 0
}

// A login is how and when a user logged in. Nobody knows when if the age is negative.
type login struct {
	acr string
	age int // in minutes
}

// loginOf returns the login of an example.
func loginOf(e change.Example) login {
	l := login{age: -1}
	if e.ACR != nil {
		l.acr = *e.ACR
	}
	if e.Age != "" {
		age, err := time.ParseDuration(e.Age)
		if err != nil {
			panic(err)
		}
		l.age = int(age / time.Minute)
	}
	return l
}

// String returns the line of a lock file.
func (a access) String() string {
	r := &model.Resource{APITokens: a.apiTokens, OAuth2: a.oauth2}
	m := model.Method{Name: "GET", Public: a.public, Anonymous: a.anonymous, Authenticated: a.authenticated}
	m.StepUp = model.StepUp{ACR: a.acr, MaxAge: time.Duration(a.maxAge) * time.Minute}
	for _, all := range a.requires {
		var refs []model.ScopeRef
		for _, s := range all {
			refs = append(refs, model.ScopeRef{Value: s})
		}
		m.Requires = append(m.Requires, refs)
	}
	return a.typ + " GET " + lockfile.Access(r, m)
}

func randomAccess(rnd *rand.Rand) access {
	a := access{typ: "api.Note", anonymous: rnd.IntN(4) == 0, apiTokens: rnd.IntN(4) == 0, oauth2: rnd.IntN(5) > 0}
	if a.public = rnd.IntN(8) == 0; a.public {
		return access{typ: a.typ, public: true}
	}
	if !a.anonymous && rnd.IntN(3) == 0 {
		a.acr = []string{"gold", "silver", "bronze"}[rnd.IntN(2):][:1+rnd.IntN(2)]
	}
	if !a.anonymous && rnd.IntN(3) == 0 {
		a.maxAge = 1 + rnd.IntN(3)
	}
	if a.authenticated = a.oauth2 && rnd.IntN(4) == 0; a.oauth2 && !a.authenticated {
		for range 1 + rnd.IntN(4) {
			var all []string
			for _, i := range rnd.Perm(len(scopes))[:1+rnd.IntN(3)] {
				all = append(all, scopes[i])
			}
			a.requires = append(a.requires, all)
		}
	}
	return a
}

// bruteForce tries every request with both methods.
func bruteForce(before, after access) (widened, narrowed bool) {
	try := func(kind change.Credentials, held []string) {
		for _, acr := range []string{"", "gold", "silver", "bronze"} {
			for age := -1; age <= 7; age++ {
				was, is := allows(before, kind, held, login{acr, age}), allows(after, kind, held, login{acr, age})
				widened = widened || is && !was
				narrowed = narrowed || was && !is
			}
		}
	}
	try(change.NoCredentials, nil)
	try(change.APIToken, nil)
	try(change.RejectedToken, nil)
	try(change.OtherLogin, nil)
	for set := range 1 << len(scopes) {
		var held []string
		for i, s := range scopes {
			if set&(1<<i) != 0 {
				held = append(held, s)
			}
		}
		try(change.OAuth2Token, held)
	}
	return widened, narrowed
}

// allows reports in the plainest way whether a request is allowed.
func allows(a access, kind change.Credentials, held []string, l login) bool {
	if a.public {
		return true
	}
	switch kind {
	case change.RejectedToken:
		return false
	case change.NoCredentials:
		return a.anonymous
	case change.APIToken:
		return a.apiTokens && a.acr == nil && a.maxAge == 0
	}
	if a.acr != nil && !slices.Contains(a.acr, l.acr) || a.maxAge > 0 && (l.age < 0 || l.age > a.maxAge) {
		return false
	}
	if kind == change.OtherLogin {
		return true
	}
	if a.authenticated {
		return a.oauth2
	}
	for _, all := range a.requires {
		has := 0
		for _, s := range all {
			for _, h := range held {
				if s == h {
					has++
				}
			}
		}
		if a.oauth2 && has == len(all) {
			return true
		}
	}
	return false
}

// A | ends a cell, even in a code span. Elsewhere it has no meaning.
func TestMarkdownOfBars(t *testing.T) {
	r := &change.Report{Changes: []change.Change{{Subject: "scope a|b", Labels: []change.Label{change.Text}}}, Unused: []string{"a|b"}}
	text := r.Markdown()
	for _, want := range []string{"| `scope a\\|b` | text |", "the scope `a|b` any more"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}
