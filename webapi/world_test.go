package webapi_test

import (
	"context"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// world is one combination of everything that the decision depends on.
type world struct {
	answered, named       bool
	failure               int // 0, 103, 104
	token                 string
	life                  string
	session               bool
	anonymous, unscoped   bool
	public, authenticated bool
	operation             string // "GET", or a named operation of it
	oauth2, apiTokens     bool
	oneIsEnough           bool // "one or two", else "one and two"
	scopes                string
	policy, object        string // of API tokens; see worlds
	stepUp                bool   // the operation needs a recent login
	login                 string // "recent", "old" or "unknown": that of the token, else of WithLogin

	credentials, expired, held, permitted bool // what follows from the above
}

// model is the table of the package's documentation, written down once more
// without a look at the code: the first row that applies has the code, 0 if
// the view runs.
var model = []struct {
	applies func(world) bool
	code    func(world) int
}{
	{func(w world) bool { return !w.answered }, is(405)},
	{func(w world) bool { return !w.named }, is(101)},
	{func(w world) bool { return w.public }, is(0)},
	{func(w world) bool { return w.failure != 0 }, func(w world) int { return w.failure }},
	{func(w world) bool { return !w.credentials && (w.anonymous || w.unscoped) && w.insufficient() }, is(401)},
	{func(w world) bool { return !w.credentials && (w.anonymous || w.unscoped) }, is(0)},
	{func(w world) bool { return !w.credentials }, is(103)},
	{func(w world) bool { return w.expired && w.session }, is(103)},
	{func(w world) bool { return w.expired }, is(104)},
	{func(w world) bool { return w.token == "api" && !(w.apiTokens && w.permitted) }, is(101)},
	{func(w world) bool { return w.token == "api" && w.stepUp }, is(101)},
	{func(w world) bool { return w.token == "api" }, is(0)},
	{func(w world) bool { return w.token == "unknown" }, is(101)},
	{func(w world) bool { return !w.oauth2 }, is(113)},
	{func(w world) bool { return !w.authenticated && !w.held }, is(112)},
	{func(w world) bool { return w.insufficient() }, is(401)},
	{func(w world) bool { return true }, is(0)},
}

func (w world) insufficient() bool { return w.stepUp && w.login != "recent" }

func is(code int) func(world) int { return func(world) int { return code } }

func predict(w world) int {
	for _, row := range model {
		if row.applies(w) {
			return row.code(w)
		}
	}
	panic("no row applies")
}

// TestEveryWorld compares the decision with the model in every combination.
func TestEveryWorld(t *testing.T) {
	contexts := map[int]context.Context{
		0:   contextOf(t, quiet(), rejects(webapi.ErrNoCredentials)),
		103: contextOf(t, quiet(), rejects(webapi.ErrNotLoggedIn)),
		104: contextOf(t, quiet(), rejects(webapi.ErrLoginFailed)),
	}
	policies := map[string]webapi.Policy{
		"none": {}, "everything": policy(t, `{}`),
		"blocked":    policy(t, `{"resources": {"note": {"*": {"block": ["GET"]}}}}`),
		"the object": policy(t, `{"resources": {"note": {"7": {"allow": ["GET"]}, "*": {"block": ["*"]}}}}`),
		"another":    policy(t, `{"resources": {"note": {"7": {"block": ["GET"]}}}}`),
	}
	seen, count := map[int]int{}, 0
	for w := range worlds() {
		if count++; testing.Short() && count%7 > 0 {
			continue
		}
		ctx := contexts[w.failure]
		if w.credentials {
			token := tokenOf(w)
			token.Policy = policies[w.policy]
			ctx = webapi.WithToken(ctx, token)
		}
		if !w.credentials {
			ctx = webapi.WithLogin(ctx, "", logins[w.login])
		}
		if w.unscoped {
			ctx = webapi.WithUnscopedAccess(ctx)
		}
		want := predict(w)
		if got := code(decideIn(ctx, w)); got != want {
			t.Fatalf("got %d, want %d in %+v", got, want, w)
		}
		seen[want]++
	}
	for _, c := range []int{0, 101, 103, 104, 112, 113, 401, 405} {
		if seen[c] == 0 {
			t.Errorf("no world has the outcome %d", c)
		}
	}
	t.Logf("%d worlds; outcomes: %v", count, seen)
}

func worlds() iter.Seq[world] {
	return func(yield func(world) bool) {
		for bits := range 1 << 10 {
			bit := func(i int) bool { return bits>>i&1 == 1 }
			for _, failure := range []int{0, 103, 104} {
				for _, token := range []string{"none", "oauth2", "api", "unknown"} {
					for _, life := range []string{"future", "now", "past", "zero", "never"} {
						for _, scopes := range []string{"", "other", "one", "both"} {
							w := world{
								answered: bit(0), named: bit(1), session: bit(2), anonymous: bit(3), unscoped: bit(4),
								oauth2: bit(5), apiTokens: bit(6), oneIsEnough: bit(7), public: bit(8), authenticated: bit(9), failure: failure, token: token, life: life, scopes: scopes,
								credentials: token != "none",
								expired:     life != "future" && life != "never",
								held:        scopes == "both" || bit(7) && scopes == "one",
							}
							for w := range withPolicies(w) {
								if w.operation = "GET"; w.oneIsEnough { // which has nothing to do with it
									w.operation = "GET/export"
								}
								for w := range withLogins(w) {
									if !yield(w) {
										return
									}
								}
							}
						}
					}
				}
			}
		}
	}
}

// logins are the times of logins.
var logins = map[string]time.Time{"recent": now.Add(-5 * time.Minute), "old": now.Add(-5*time.Minute - 1), "unknown": {}}

// withLogins returns w without a need of a login, and with one for each login.
func withLogins(w world) iter.Seq[world] {
	return func(yield func(world) bool) {
		if w.login = "unknown"; !yield(w) {
			return
		}
		w.stepUp = true
		for w.login = range logins {
			if !yield(w) {
				return
			}
		}
	}
}

// withPolicies returns w with each policy for each kind of object, if it has an
// API token. Nothing of that concerns another token. An API token with scopes
// is there once, with a policy that lets it through.
func withPolicies(w world) iter.Seq[world] {
	return func(yield func(world) bool) {
		if w.policy, w.object = "none", "7"; w.token != "api" {
			yield(w)
			return
		}
		if w.policy = "the object"; w.scopes != "" {
			w.permitted = true
			yield(w)
			return
		}
		for _, w.policy = range []string{"none", "everything", "blocked", "the object", "another"} {
			for _, w.object = range []string{"7", "8", "unknown", "list", "keyless", "keyless list"} {
				w.permitted = w.policy == "everything" && w.object != "unknown" || w.policy == "the object" && w.object == "7" ||
					w.policy == "another" && (w.object == "8" || w.object == "list" || w.object == "keyless list")
				if !yield(w) {
					return
				}
			}
		}
	}
}

func decideIn(ctx context.Context, w world) error {
	res := resourceOf(w)
	switch w.object {
	case "list", "keyless list":
		return webapi.DecideList(ctx, res, w.operation)
	case "unknown", "keyless":
		return webapi.Decide(ctx, res, w.operation, "")
	default:
		return webapi.Decide(ctx, res, w.operation, w.object)
	}
}

func resourceOf(w world) *resource {
	res := &resource{rules: webapi.AccessRules{Policy: "note", Key: "id", OAuth2: w.oauth2, APITokens: w.apiTokens, Allow: "GET"}}
	if w.named {
		res.rules.Name = "note"
	}
	if strings.HasPrefix(w.object, "keyless") {
		res.rules.Key = ""
	}
	if w.anonymous {
		res.rules.Anonymous = w.operation
	}
	if w.public {
		res.rules.Public = "POST, " + w.operation
	}
	if w.authenticated {
		res.rules.Authenticated = w.operation + ", POST"
	}
	if w.stepUp {
		res.rules.StepUp = func(method string) webapi.StepUp {
			if method != w.operation {
				return webapi.StepUp{}
			}
			return webapi.StepUp{MaxAge: 5 * time.Minute}
		}
	}
	if w.answered {
		need := webapi.AnyOf(webapi.AllOf("one", "two"))
		if w.oneIsEnough {
			need = webapi.AnyOf(webapi.AllOf("one"), webapi.AllOf("two"))
		}
		res.needs = map[string]webapi.Requirement{w.operation: need}
	}
	return res
}

func tokenOf(w world) webapi.Token {
	kinds := map[string]webapi.TokenKind{"oauth2": webapi.OAuth2, "api": webapi.APIToken, "unknown": 200}
	times := map[string]time.Time{"future": future, "now": now, "past": past}
	token := webapi.Token{Kind: kinds[w.token], Expires: times[w.life], NoExpiry: w.life == "never", Session: w.session, AuthTime: logins[w.login]}
	switch w.scopes {
	case "other":
		token.Scopes = webapi.MakeScopes("on", "onetwo")
	case "one":
		token.Scopes = webapi.MakeScopes("one")
	case "both":
		token.Scopes = webapi.MakeScopes("one", "two")
	}
	return token
}
