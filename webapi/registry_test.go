package webapi_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// extension returns the resources of an extension with one scope of its own and
// one that every extension has.
func extension(name string) []webapi.ResourceInfo {
	own := webapi.Scope(name + ":read")
	return []webapi.ResourceInfo{{
		Package: name, Type: "Resource", Name: name, Policy: name, OAuth2: true,
		Methods: []webapi.MethodInfo{{Method: "GET", Requires: webapi.Alternatives{{own, "common"}}}},
		Scopes:  []webapi.ScopeInfo{{Scope: own}, {Scope: "common"}},
	}}
}

func TestRegistry(t *testing.T) {
	var r webapi.Registry
	scopes := func(want ...string) {
		t.Helper()
		if got := webapi.ScopesSupported(&r); !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	fails := func(err error, want string) {
		t.Helper()
		if err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	scopes()
	fails(r.Remove("a"), `webapi: registry: "a" has not been added`)
	fails(r.Add("", extension("a")), "webapi: registry: no name")
	if err := errors.Join(r.Add("a", extension("a")), r.Add("b", extension("b"), extension("c"))); err != nil {
		t.Fatal(err)
	}
	scopes("a:read", "b:read", "c:read", "common")
	fails(r.Add("a", extension("x")), `webapi: registry: "a" has been added already`)
	scopes("a:read", "b:read", "c:read", "common")

	before := r.Catalog()
	described := extension("a")
	described[0].Scopes[0].Description = "One"
	clash := extension("a")
	clash[0].Package, clash[0].Scopes[0].Description = "d", "Two"
	fails(r.Add("clash", described, clash), `webapi: catalog: scope a:read is "One" in a.Resource but "Two" in d.Resource`)
	if r.Catalog() != before {
		t.Error("a conflict has changed the catalogue")
	}
	fails(r.Remove("clash"), `webapi: registry: "clash" has not been added`)

	if err := r.Remove("b"); err != nil {
		t.Fatal(err)
	}
	scopes("a:read", "common")
	if e, _ := r.Catalog().Lookup("common"); !slices.Equal(e.Resources, []string{"a"}) {
		t.Errorf("got %+v", e)
	}
	if err := errors.Join(r.Remove("a"), r.Add("a")); err != nil {
		t.Fatal(err)
	}
	scopes()
	if len(before.All()) != 4 {
		t.Error("a catalogue that was read has changed")
	}
}

// TestGuardsWhileRegistryChanges is for the race detector: requests are decided
// and the catalogue is read by 200 goroutines while extensions come and go.
func TestGuardsWhileRegistryChanges(t *testing.T) {
	var registry webapi.Registry
	if err := registry.Add("app", []webapi.ResourceInfo{repository()}); err != nil {
		t.Fatal(err)
	}
	metadata, err := webapi.NewMetadata(webapi.ProtectedResource{Resource: "https://api.example", Scopes: &registry})
	if err != nil {
		t.Fatal(err)
	}
	cfg := quiet()
	cfg.ResourceMetadata = metadata.URL()
	mux := http.NewServeMux()
	mux.Handle(metadata.Pattern(), metadata)
	mux.Handle("/notes/{id}", webapi.Handle(notes(), webapi.Views{"GET": ok, "DELETE": ok}))
	server := cfg.Middleware(webapi.Bearer(issued{"good": holding("note:read")}))(mux)

	done := make(chan struct{})
	var writers, readers sync.WaitGroup
	for i := range 4 {
		writers.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-done:
					return
				default:
				}
				name := fmt.Sprint("ext", i)
				if err := errors.Join(registry.Add(name, extension(name)), registry.Remove(name)); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	for range 200 {
		readers.Go(func() {
			for range 20 {
				for _, request := range []struct {
					method, path string
					want         int
				}{{"GET", "/notes/7", 200}, {"DELETE", "/notes/7", 403}, {"GET", "/.well-known/oauth-protected-resource", 200}} {
					r, w := httptest.NewRequest(request.method, request.path, nil), httptest.NewRecorder()
					r.Header.Set("Authorization", "Bearer good")
					server.ServeHTTP(w, r)
					if w.Code != request.want {
						t.Errorf("%s %s: got %d, want %d", request.method, request.path, w.Code, request.want)
					}
				}
				c := registry.Catalog()
				if e, ok := c.Lookup("repository:read"); !ok || e.Description == "" || len(c.All()) != len(webapi.ScopesSupported(c)) {
					t.Error("half a catalogue")
				}
			}
		})
	}
	readers.Wait()
	close(done)
	writers.Wait()
	if got := len(registry.Catalog().All()); got != 4 {
		t.Errorf("%d scopes are left, want 4", got)
	}
}
