package export

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

var testScopes = []string{"a:read", "a:write", "b:read", "b.c/d", "true", "it's"}

// pick returns some of a list, in random order.
func pick[T any](r *rand.Rand, list []T, most int) []T {
	some := slices.Clone(list)
	r.Shuffle(len(some), func(i, j int) { some[i], some[j] = some[j], some[i] })
	return some[:r.IntN(min(most, len(some))+1)]
}

func randomRoutes(r *rand.Rand, grants bool) *API {
	api := &API{}
	var calls []Call
	for i := range 1 + r.IntN(4) {
		res := Resource{ID: fmt.Sprint("r", i), OAuth2: r.IntN(5) > 0, APITokens: r.IntN(2) > 0, Grants: map[string][]string{}}
		for _, m := range []string{"GET", "POST", "DELETE", "POST/do"} {
			method, _, _ := strings.Cut(m, "/")
			o := Operation{Name: m, Method: method}
			switch r.IntN(8) {
			case 0:
				o.Public = true
			case 1:
				o.Authenticated = true
			case 2:
				o.Anonymous = true
				fallthrough
			default:
				for range 1 + r.IntN(3) {
					if all := pick(r, testScopes, 3); res.OAuth2 && len(all) > 0 {
						o.Requires = append(o.Requires, all)
					}
				}
			}
			o.APITokens = res.APITokens && !o.Public
			res.Operations = append(res.Operations, o)
			calls = append(calls, Call{res.ID, m})
		}
		if grants {
			for _, s := range testScopes[:3] {
				res.Grants[s] = pick(r, testScopes, 2)
			}
		}
		api.Resources = append(api.Resources, res)
	}
	for i := range 1 + r.IntN(6) {
		guard := []State{Guarded, Guarded, Guarded, Guarded, Public, Unguarded, Wrapped, Unknown}[r.IntN(8)]
		route := Route{Methods: []string{[]string{"GET", "POST", "DELETE"}[r.IntN(3)]}, Pattern: fmt.Sprintf("/api/it's-%d/{id}", i/2), Guard: guard, By: "x", Reason: "y"}
		if guard == Guarded {
			route.By, route.Reason = "", ""
			route.Guards = append(pick(r, calls, 2), calls[r.IntN(len(calls))])
		}
		api.Routes = append(api.Routes, route)
	}
	return api
}

// A caller is a request without credentials, with an API token, or with an OAuth2 token.
type caller struct {
	kind string
	held []string
}

func callers() []caller {
	list := []caller{{kind: "nobody"}, {kind: "key"}}
	for set := range 1 << len(testScopes) {
		c := caller{kind: "oauth2"}
		for i, s := range testScopes {
			if set&(1<<i) != 0 {
				c.held = append(c.held, s)
			}
		}
		list = append(list, c)
	}
	return list
}

// allows reports whether all guards of a route let a request through.
func (api *API) allows(r *Route, c caller) bool {
	for _, call := range r.Guards {
		for i := range api.Resources {
			res := &api.Resources[i]
			for n := range res.Operations {
				o := &res.Operations[n]
				if call != (Call{res.ID, o.Name}) || o.Public {
					continue
				}
				switch c.kind {
				case "nobody":
					if !o.Anonymous {
						return false
					}
				case "key":
					if !o.APITokens {
						return false
					}
				case "oauth2":
					if !res.Opens(o, c.held) {
						return false
					}
				}
			}
		}
	}
	return true
}

// says reports whether a document says that a request is allowed: by the OpenAPI
// specification one of the requirements is met, of which all schemes are, each with all its
// scopes; and there is none if the list is empty.
func says(security []any, c caller) bool {
	if len(security) == 0 {
		return true
	}
	return slices.ContainsFunc(security, func(x any) bool {
		requirement := x.(map[string]any)
		if len(requirement) == 0 {
			return c.kind == "nobody"
		}
		for scheme, scopes := range requirement {
			for _, s := range scopes.([]any) {
				if !slices.Contains(c.held, s.(string)) {
					return false
				}
			}
			if scheme != c.kind {
				return false
			}
		}
		return true
	})
}

// includes reports whether a requirement needs another one's scopes, of the same scheme.
func includes(x, y map[string]any) bool {
	for scheme, scopes := range y {
		have, ok := x[scheme].([]any)
		return ok && !slices.ContainsFunc(scopes.([]any), func(s any) bool { return !slices.Contains(have, s) })
	}
	return false
}

// apply applies the actions of an overlay as its specification says: arrays are added to.
func apply(t *testing.T, overlay string, doc map[string]any) {
	t.Helper()
	var o struct {
		Actions []struct {
			Target string
			Remove bool
			Update any
		}
	}
	if err := yaml.Unmarshal([]byte(overlay), &o); err != nil {
		t.Fatalf("%v in\n%s", err, overlay)
	}
	for _, action := range o.Actions {
		i, j := strings.Index(action.Target, "['"), strings.LastIndex(action.Target, "']")
		path, err := strconv.Unquote(`"` + strings.ReplaceAll(action.Target[i+2:j], `\'`, `'`) + `"`)
		if err != nil || action.Target[:i] != "$.paths" {
			t.Fatalf("target %s: %v", action.Target, err)
		}
		method, security := strings.CutSuffix(action.Target[j+3:], ".security")
		item, _ := doc[path].(map[string]any)
		operation, ok := item[method].(map[string]any)
		switch {
		case !ok:
		case action.Remove && security:
			delete(operation, "security")
		case action.Remove:
			t.Fatalf("%s is removed", action.Target)
		default:
			for name, value := range action.Update.(map[string]any) {
				if list, ok := operation[name].([]any); ok {
					value = append(list, value.([]any)...)
				}
				operation[name] = value
			}
		}
	}
}

// TestOverlayRoundTrip checks that a document says after an overlay whom the guards allow.
func TestOverlayRoundTrip(t *testing.T) {
	compared, kept := 0, 0
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 19))
		grants := seed%4 == 0
		api := randomRoutes(r, grants)
		endpoints, without := Endpoints(api, "/api")
		if len(without) > 0 {
			t.Fatalf("seed %d: routes without a path: %v", seed, without)
		}
		text, exceptions, err := Overlay(api, endpoints, OverlayOptions{Scheme: "oauth2", APITokenScheme: "key"})
		if errors.Is(err, ErrNoAction) {
			text, err = "actions: []\n", nil
		}
		if err != nil {
			t.Fatal(err)
		}
		old := []any{map[string]any{"old": []any{}}}
		doc := map[string]any{"/other": map[string]any{"get": map[string]any{"security": old}}}
		for _, e := range endpoints {
			item, _ := doc[e.Path].(map[string]any)
			if item == nil {
				item = map[string]any{}
				doc[e.Path] = item
			}
			item[strings.ToLower(e.Method)] = map[string]any{"summary": "stays", "security": slices.Clone(old)}
		}
		apply(t, text, doc)
		for _, e := range endpoints {
			operation := doc[e.Path].(map[string]any)[strings.ToLower(e.Method)].(map[string]any)
			if operation["summary"] != "stays" {
				t.Fatalf("seed %d: %v is not what it was", seed, operation)
			}
			security := operation["security"].([]any)
			i := slices.IndexFunc(exceptions, func(x Exception) bool { return x.Path == e.Path && x.Method == e.Method })
			unguarded := slices.ContainsFunc(e.Routes, func(r Route) bool { return r.Guard == Unguarded })
			switch {
			case unguarded != (i >= 0 && exceptions[i].Kind == NotSecured):
				t.Errorf("seed %d: %s %s is unguarded, %t, and the exceptions are %v", seed, e.Method, e.Path, unguarded, exceptions)
			case unguarded:
				if len(security) > 0 {
					t.Errorf("seed %d: %s %s is unguarded and has %v", seed, e.Method, e.Path, security)
				}
				continue
			case i >= 0:
				closed := slices.ContainsFunc(e.Routes, func(r Route) bool {
					return r.Guard == Guarded && !slices.ContainsFunc(callers(), func(c caller) bool { return api.allows(&r, c) })
				})
				if exceptions[i].Why == "no token opens it" && !closed {
					t.Errorf("seed %d: %s, but its guards let through", seed, exceptions[i])
				}
				if kept++; !reflect.DeepEqual(security, old) {
					t.Errorf("seed %d: %s %s is an exception and has %v", seed, e.Method, e.Path, security)
				}
				continue
			}
			for i, x := range security {
				for j, y := range security {
					if i != j && includes(x.(map[string]any), y.(map[string]any)) {
						t.Errorf("seed %d: %s %s has an alternative too many in %v", seed, e.Method, e.Path, security)
					}
				}
			}
			for _, c := range callers() {
				for n := range e.Routes {
					compared++
					got, want := says(security, c), e.Routes[n].Guard == Public || api.allows(&e.Routes[n], c)
					if got && !want || want && !got && !grants {
						t.Fatalf("seed %d: %s %s: the document says %t, the guards %t, of %v:\n%+v\n%v\n%s", seed, e.Method, e.Path, got, want, c, e.Routes[n], security, text)
					}
				}
			}
		}
		if other := doc["/other"].(map[string]any)["get"].(map[string]any)["security"]; !reflect.DeepEqual(other, old) {
			t.Fatalf("seed %d: another operation has now %v", seed, other)
		}
	}
	if compared < 20_000 || kept < 100 {
		t.Errorf("%d decisions are compared, and %d operations are left as they are: too few", compared, kept)
	}
	t.Logf("%d decisions compared, %d operations left as they are", compared, kept)
}
