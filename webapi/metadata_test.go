package webapi_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/webapi-gen/webapi-gen/webapi"
)

func TestMetadataURL(t *testing.T) {
	const well = "/.well-known/oauth-protected-resource"
	tests := []struct{ resource, url, pattern string }{
		{"https://api.example", "https://api.example" + well, well},
		{"https://api.example/", "https://api.example" + well, well},
		{"https://api.example:8443/v1", "https://api.example:8443" + well + "/v1", well + "/v1"},
		{"https://api.example/v1/", "https://api.example" + well + "/v1/", well + "/v1/{$}"},
		{"https://api.example/a/b%20c", "https://api.example" + well + "/a/b%20c", well + "/a/b%20c"},
		{"https://api.example/v1?tenant=1", "https://api.example" + well + "/v1?tenant=1", well + "/v1"},
		{"https://api.example/?tenant=1", "https://api.example" + well + "?tenant=1", well},
		{"https://API.example/V1", "https://API.example" + well + "/V1", well + "/V1"},
		{"https://[2001:db8::1]/v1", "https://[2001:db8::1]" + well + "/v1", well + "/v1"},
		{"http://localhost:8080/v1", "http://localhost:8080" + well + "/v1", well + "/v1"},
		{"http://127.0.0.1", "http://127.0.0.1" + well, well},
		{"http://[::1]:80", "http://[::1]:80" + well, well},
	}
	for _, test := range tests {
		m, err := webapi.NewMetadata(webapi.ProtectedResource{Resource: test.resource})
		if err != nil {
			t.Errorf("%s: %v", test.resource, err)
			continue
		}
		if m.URL() != test.url || m.Pattern() != test.pattern {
			t.Errorf("%s: got %s, %s, want %s, %s", test.resource, m.URL(), m.Pattern(), test.url, test.pattern)
		}
		mux := http.NewServeMux()
		mux.Handle(m.Pattern(), m)
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest("GET", m.URL(), nil))
		if want := `{"resource":"` + test.resource + `","bearer_methods_supported":["header"]}` + "\n"; w.Code != 200 || w.Body.String() != want {
			t.Errorf("%s: got %d %s", test.resource, w.Code, w.Body)
		}
		w = httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest("GET", strings.TrimSuffix(m.URL(), "/")+"/more", nil))
		if w.Code == 200 && !strings.Contains(test.resource, "?") {
			t.Errorf("%s: a path below is answered", test.resource)
		}
	}
}

func TestMetadataIsValidated(t *testing.T) {
	for _, resource := range []string{
		"", "api", "/v1", "api.example", "//api.example", "https:", "https://", "https:///v1", "https://:443/", "https:api.example",
		"http://api.example", "http://localhost.example", "http://10.0.0.1", "ftp://api.example", "http://localhost@api.example",
		"https://api.example#", "https://api.example/#f", "https://api.example/?a#f", "https://user@api.example", "https://u:p@api.example",
		"https://api.example?", "https://api.example/a//b", "https://api.example//", "https://api.example/./a", "https://api.example/a/../b",
		"https://api.example/%2e%2e/b", "https://api.example/{id}", `https://api.example/"`, "https://api.example/a b", "https://api.example/é",
		"https://api.example/\r\nX: y", "https://api.example/%zz", " https://api.example",
	} {
		if m, err := webapi.NewMetadata(webapi.ProtectedResource{Resource: resource}); err == nil || m != nil {
			t.Errorf("Resource %q is accepted", resource)
		} else if strings.Contains(err.Error(), "u:p") {
			t.Errorf("the error repeats a password: %v", err)
		}
		p := webapi.ProtectedResource{Resource: "https://api.example", AuthorizationServers: []string{"https://login.example", resource}}
		if _, err := webapi.NewMetadata(p); err == nil || !strings.HasPrefix(err.Error(), "webapi: metadata: AuthorizationServers[1]: ") {
			t.Errorf("issuer %q: got %v", resource, err)
		}
	}
	p := webapi.ProtectedResource{Resource: "https://api.example", AuthorizationServers: []string{"https://login.example/?a=b"}}
	if _, err := webapi.NewMetadata(p); err == nil {
		t.Error("an issuer with a query is accepted")
	}
}

func TestMetadata(t *testing.T) {
	var registry webapi.Registry
	if err := registry.Add("app", []webapi.ResourceInfo{repository()}); err != nil {
		t.Fatal(err)
	}
	servers := []string{"https://login.example"}
	m, err := webapi.NewMetadata(webapi.ProtectedResource{
		Resource: "https://api.example/v1", AuthorizationServers: servers, Scopes: &registry,
		Name: "Reviews", Documentation: "https://docs.example",
	})
	if err != nil {
		t.Fatal(err)
	}
	servers[0] = "changed"
	send := func(method string, header ...string) *httptest.ResponseRecorder {
		r, w := httptest.NewRequest(method, m.URL(), nil), httptest.NewRecorder()
		if header != nil {
			r.Header.Set(header[0], header[1])
		}
		m.ServeHTTP(w, r)
		if got := w.Header().Get("Access-Control-Allow-Origin"); got != "*" {
			t.Errorf("%s: got Access-Control-Allow-Origin %q", method, got)
		}
		return w
	}

	got := send("GET")
	want := `{"resource":"https://api.example/v1","authorization_servers":["https://login.example"],` +
		`"scopes_supported":["admin","repository:destroy","repository:read","repository:write"],` +
		`"bearer_methods_supported":["header"],"resource_name":"Reviews","resource_documentation":"https://docs.example"}` + "\n"
	if got.Code != 200 || got.Body.String() != want || got.Header().Get("Content-Type") != "application/json" || got.Header().Get("Cache-Control") != "no-cache" {
		t.Errorf("got %d %s %q", got.Code, got.Body, got.Header())
	}
	tag := got.Header().Get("ETag")
	if head := send("HEAD"); head.Code != 200 || head.Body.Len() > 0 || head.Header().Get("ETag") != tag {
		t.Errorf("HEAD: got %d %s", head.Code, head.Body)
	}
	if same := send("GET", "If-None-Match", tag); same.Code != 304 || same.Body.Len() > 0 {
		t.Errorf("unchanged: got %d %s", same.Code, same.Body)
	}
	for _, method := range []string{"POST", "PUT", "DELETE", "OPTIONS", "get"} {
		if w := send(method); w.Code != 405 || w.Header().Get("Allow") != "GET, HEAD" {
			t.Errorf("%s: got %d, %q", method, w.Code, w.Header())
		}
	}

	if err := registry.Add("ext", extension("ext")); err != nil {
		t.Fatal(err)
	}
	changed := send("GET", "If-None-Match", tag)
	if changed.Code != 200 || !strings.Contains(changed.Body.String(), `"ext:read"`) || changed.Header().Get("ETag") == tag {
		t.Errorf("changed: got %d %s", changed.Code, changed.Body)
	}
}

// TestChallengesPointToMetadata checks that a 401 response has the URL of the
// metadata, which does not depend on the Host header.
func TestChallengesPointToMetadata(t *testing.T) {
	m, err := webapi.NewMetadata(webapi.ProtectedResource{Resource: "https://api.example/v1"})
	if err != nil {
		t.Fatal(err)
	}
	cfg := quiet()
	cfg.ResourceMetadata = m.URL()
	r, w := httptest.NewRequest("GET", "/notes/7", nil), httptest.NewRecorder()
	r.Host = "evil.example"
	r.Header.Set("X-Forwarded-Host", "evil.example")
	cfg.Middleware(rejects(webapi.ErrNoCredentials))(webapi.Handle(notes(), webapi.Views{"GET": ok})).ServeHTTP(w, r)
	want := `Bearer realm="api", scope="note:read", resource_metadata="https://api.example/.well-known/oauth-protected-resource/v1"`
	if got := w.Header().Get("WWW-Authenticate"); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestMetadataBaseline(t *testing.T) {
	var registry webapi.Registry
	offline := webapi.ResourceInfo{Package: "api", Scopes: []webapi.ScopeInfo{{Scope: "offline_access"}}}
	if err := registry.Add("app", []webapi.ResourceInfo{repository(), offline}); err != nil {
		t.Fatal(err)
	}
	if err := registry.Add("ext", extension("ext")); err != nil {
		t.Fatal(err)
	}
	p := webapi.ProtectedResource{Resource: "https://api.example", Scopes: &registry}
	supported := func(want string) {
		t.Helper()
		m, err := webapi.NewMetadata(p)
		if err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		m.ServeHTTP(w, httptest.NewRequest("GET", m.URL(), nil))
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("got %s, want %s", w.Body, want)
		}
	}
	supported(`"scopes_supported":["admin","common","ext:read","repository:destroy","repository:read","repository:write"]`)
	p.Baseline = []webapi.Scope{"repository:read", "ext:read"}
	supported(`"scopes_supported":["ext:read","repository:read"]`)

	m, err := webapi.NewMetadata(p)
	if err != nil {
		t.Fatal(err)
	}
	p.Baseline[0] = "admin" // has no effect
	if err := registry.Remove("ext"); err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	m.ServeHTTP(w, httptest.NewRequest("GET", m.URL(), nil))
	if want := `"scopes_supported":["repository:read"]`; !strings.Contains(w.Body.String(), want) {
		t.Errorf("got %s, want %s", w.Body, want)
	}

	for _, test := range []struct {
		source   webapi.CatalogSource
		baseline webapi.Scope
		want     string
	}{
		{&registry, "repository:raed", `webapi: metadata: Baseline[1]: "repository:raed" is not in the catalogue`},
		{&registry, "offline_access", `webapi: metadata: Baseline[1]: offline_access is a scope of the authorization server`},
		{nil, "repository:read", `webapi: metadata: Baseline[0]: "repository:read" is not in the catalogue`},
	} {
		p := webapi.ProtectedResource{Resource: "https://api.example", Scopes: test.source, Baseline: []webapi.Scope{"repository:read", test.baseline}}
		if _, err := webapi.NewMetadata(p); err == nil || err.Error() != test.want {
			t.Errorf("%s: got %v, want %s", test.baseline, err, test.want)
		}
	}
}

func TestMetadataPreflight(t *testing.T) {
	m, err := webapi.NewMetadata(webapi.ProtectedResource{Resource: "https://api.example"})
	if err != nil {
		t.Fatal(err)
	}
	for _, headers := range []string{"", "mcp-protocol-version", "authorization,mcp-protocol-version,x-y"} {
		r, w := httptest.NewRequest("OPTIONS", m.URL(), nil), httptest.NewRecorder()
		r.Header.Set("Origin", "https://inspector.example")
		r.Header.Set("Access-Control-Request-Method", "GET")
		if headers != "" {
			r.Header.Set("Access-Control-Request-Headers", headers)
		}
		m.ServeHTTP(w, r)
		h := w.Header()
		if w.Code != 204 || w.Body.Len() > 0 || h.Get("Access-Control-Allow-Origin") != "*" || h.Get("Access-Control-Allow-Methods") != "GET, HEAD" ||
			h.Get("Access-Control-Allow-Headers") != headers || h.Get("Vary") != "Access-Control-Request-Headers" {
			t.Errorf("%q: got %d, %q", headers, w.Code, h)
		}
	}
}
