package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/webapi-gen/webapi-gen/webapi"

	"github.com/webapi-gen/webapi-gen/example/codereview/internal/demo"
	"github.com/webapi-gen/webapi-gen/example/codereview/internal/store"
)

const clients = 200

// TestLoad has many clients at once while tokens are revoked and extensions
// come and go, for each way to verify tokens, and compares every answer with
// a model. It takes a second each; CODEREVIEW_LOAD=20s makes it longer.
func TestLoad(t *testing.T) {
	for _, way := range ways {
		before := runtime.NumGoroutine()
		t.Run(way, func(t *testing.T) { newWorld(t, way, "").load(t, loadTime(t)) })
		noneLeft(t, before)
	}
}

func loadTime(t *testing.T) time.Duration {
	text := os.Getenv("CODEREVIEW_LOAD")
	if text == "" {
		return time.Second
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// noneLeft waits for the goroutines of a test to end.
func noneLeft(t *testing.T, before int) {
	t.Helper()
	for range 100 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	stacks := make([]byte, 1<<20)
	t.Errorf("%d goroutines are left:\n%s", runtime.NumGoroutine()-before, stacks[:runtime.Stack(stacks, true)])
}

// operation is a request and what the model says of it: the alternatives that
// open it, each a list of scopes, and the status then.
type operation struct {
	method, path, body string
	opens              []string
	status             int
	anonymous          bool
}

var operations = []operation{
	{method: "GET", path: "/api/repositories", opens: []string{"repository:read"}, status: 200, anonymous: true},
	{method: "DELETE", path: "/api/repositories/nowhere", opens: []string{"repository:destroy", "admin"}, status: 404},
	{method: "GET", path: "/api/repositories/compiler/review-requests/1", opens: []string{"review_request:read"}, status: 200},
	{method: "POST", path: "/api/repositories/compiler/review-requests/1/reviews", body: `{"body":"Fine"}`,
		opens: []string{"review:write review_request:read"}, status: 201},
	{method: "GET", path: "/api/users/bob", opens: []string{"user:read"}, status: 200},
	{method: "GET", path: "/api/audit", status: 403},
}

var loadScopes = []string{"repository:read", "repository:destroy", "admin", "review_request:read", "review:write", "user:read"}

// expect is the model: the status for the holder of some scopes.
func (o operation) expect(held map[string]bool) int {
	for _, alternative := range o.opens {
		all := true
		for _, scope := range strings.Fields(alternative) {
			all = all && held[scope]
		}
		if all {
			return o.status
		}
	}
	return http.StatusForbidden
}

// shared is a token that several clients have, one of which revokes it.
type shared struct {
	secret           string
	held             map[string]bool
	revoking, refuse atomic.Bool // the revocation has begun; it is done
}

type load struct {
	*world
	http     *http.Client
	tokens   [clients / 4]atomic.Pointer[shared]
	requests atomic.Int64
	revoked  atomic.Int64
}

func (w *world) load(t *testing.T, d time.Duration) {
	l := &load{world: w, http: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients}}}
	t.Cleanup(l.http.CloseIdleConnections)
	for i := range l.tokens {
		if err := l.renew(t.Context(), i); err != nil {
			t.Fatal(err)
		}
	}
	ctx, stop := context.WithTimeout(t.Context(), d)
	defer stop()
	var all sync.WaitGroup
	each := func(what string, step func(context.Context) error) {
		all.Go(func() {
			for ctx.Err() == nil {
				if err := step(t.Context()); err != nil {
					t.Errorf("%s: %v", what, err)
					return
				}
			}
		})
	}
	for i := range clients {
		each(fmt.Sprintf("client %d", i), l.request)
	}
	for i := range 4 {
		each(fmt.Sprintf("revoker %d", i), l.revoke)
		each(fmt.Sprintf("extension %d", i), func(ctx context.Context) error { return l.extension(ctx, i) })
		each(fmt.Sprintf("reader %d", i), l.metadata)
	}
	all.Wait()
	t.Logf("%d requests, %d tokens revoked", l.requests.Load(), l.revoked.Load())
	if l.requests.Load() == 0 || l.revoked.Load() == 0 {
		t.Error("that is too few to say anything")
	}
}

// renew puts a new token into a place.
func (l *load) renew(ctx context.Context, place int) error {
	s := &shared{held: map[string]bool{}}
	var scopes []webapi.Scope
	for _, scope := range loadScopes {
		if rand.N(2) == 0 {
			s.held[scope] = true
			scopes = append(scopes, webapi.Scope(scope))
		}
	}
	var err error
	s.secret, err = l.auth.Issue(ctx, store.Grant{ID: store.NewSecret(""), ClientID: demo.ClientID, Subject: "alice",
		Scopes: webapi.MakeScopes(scopes...).String()}, time.Hour)
	l.tokens[place].Store(s)
	return err
}

// request sends a request with one of the tokens, now and then with none.
func (l *load) request(ctx context.Context) error {
	o := operations[rand.N(len(operations))]
	l.requests.Add(1)
	if rand.N(8) == 0 {
		want := http.StatusUnauthorized
		if o.anonymous {
			want = o.status
		}
		return l.compare(ctx, o, "", want)
	}
	s := l.tokens[rand.N(len(l.tokens))].Load()
	if s.refuse.Load() { // revoked before the request began
		return l.compare(ctx, o, s.secret, http.StatusUnauthorized)
	}
	got, err := call(ctx, l.http, o.method, l.url+o.path, s.secret, o.body)
	switch want := o.expect(s.held); {
	case err != nil || got.status == want:
		return err
	case got.status == http.StatusUnauthorized && s.revoking.Load():
		return nil // revoked meanwhile
	default:
		return fmt.Errorf("%s %s with %v: got %d, want %d: %s", o.method, o.path, s.held, got.status, want, got.body)
	}
}

func (l *load) compare(ctx context.Context, o operation, token string, want int) error {
	got, err := call(ctx, l.http, o.method, l.url+o.path, token, o.body)
	if err == nil && got.status != want {
		return fmt.Errorf("%s %s: got %d, want %d: %s", o.method, o.path, got.status, want, got.body)
	}
	return err
}

// revoke revokes a token as its client does, and sees it refused.
func (l *load) revoke(ctx context.Context) error {
	place := rand.N(len(l.tokens))
	s := l.tokens[place].Load()
	if s.revoking.Swap(true) {
		return nil // another one does
	}
	res, err := l.http.PostForm(l.url+"/oauth/revoke", url.Values{"client_id": {demo.ClientID}, "token": {s.secret}})
	if err != nil {
		return err
	}
	_ = res.Body.Close()
	if res.StatusCode != 200 {
		return fmt.Errorf("revocation: got %s", res.Status)
	}
	s.refuse.Store(true)
	l.revoked.Add(1)
	if err := l.compare(ctx, operations[0], s.secret, http.StatusUnauthorized); err != nil {
		return err
	}
	return l.renew(ctx, place)
}

// extension adds two scopes, asks whether they are known, and removes them.
func (l *load) extension(_ context.Context, i int) error {
	name := fmt.Sprintf("extension%d", i)
	read, write := webapi.Scope(name+":read"), webapi.Scope(name+":write")
	err := l.registry.Add(name, []webapi.ResourceInfo{{
		Package: name, Type: "Resource", Name: name, ScopeName: name, Policy: name, OAuth2: true,
		Methods: []webapi.MethodInfo{
			{Method: "GET", Action: "read", Requires: webapi.Alternatives{{read}}},
			{Method: "POST", Action: "write", Requires: webapi.Alternatives{{write}}},
		},
		Scopes: []webapi.ScopeInfo{{Scope: read, Description: "See " + name}, {Scope: write}},
	}})
	if err != nil {
		return err
	}
	if _, ok := l.registry.Catalog().Lookup(read); !ok {
		return fmt.Errorf("%s is not in the catalogue", read)
	}
	time.Sleep(5 * time.Millisecond)
	return l.registry.Remove(name)
}

// metadata reads the scopes: all of the API's own, and of each extension both
// or none.
func (l *load) metadata(ctx context.Context) error {
	for _, path := range []string{"/.well-known/oauth-authorization-server", "/.well-known/oauth-protected-resource/api"} {
		got, err := call(ctx, l.http, "GET", l.url+path, "", "")
		if err != nil {
			return err
		}
		var document struct {
			Scopes []string `json:"scopes_supported"`
		}
		if err := json.Unmarshal([]byte(got.body), &document); err != nil {
			return err
		}
		own, parts := 0, map[string]int{}
		for _, scope := range document.Scopes {
			if name, _, _ := strings.Cut(scope, ":"); strings.HasPrefix(name, "extension") {
				parts[name]++
			} else {
				own++
			}
		}
		for name, n := range parts {
			if n != 2 {
				return fmt.Errorf("%s: %d of the 2 scopes of %s", path, n, name)
			}
		}
		if own != 11 {
			return fmt.Errorf("%s: %d of the 11 scopes of the API: %v", path, own, document.Scopes)
		}
	}
	time.Sleep(5 * time.Millisecond) // the clients' turn
	return nil
}
