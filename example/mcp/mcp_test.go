package mcp

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/auth"
	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/modelcontextprotocol/go-sdk/oauthex"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// TestStepUp lets the client of the SDK call tools that need more and more: it finds out
// by itself what to ask for.
func TestStepUp(t *testing.T) {
	var log transcript
	issuer := newIssuer(t, &log)
	resource := serve(t, issuer, &log)

	handler, err := auth.NewAuthorizationCodeHandler(&auth.AuthorizationCodeHandlerConfig{
		PreregisteredClient: &oauthex.ClientCredentials{ClientID: "agent"},
		RedirectURL:         "http://localhost/callback",
		// Instead of a browser, in which the user says yes.
		AuthorizationCodeFetcher: func(ctx context.Context, args *auth.AuthorizationArgs) (*auth.AuthorizationResult, error) {
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, args.URL, nil)
			if err != nil {
				return nil, err
			}
			res, err := http.DefaultTransport.RoundTrip(req) // follows no redirect
			if err != nil {
				return nil, err
			}
			_ = res.Body.Close()
			back, err := res.Location()
			if err != nil {
				return nil, err
			}
			q := back.Query()
			return &auth.AuthorizationResult{Code: q.Get("code"), State: q.Get("state"), Iss: q.Get("iss")}, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	client := mcp.NewClient(&mcp.Implementation{Name: "agent", Version: "1"}, nil)
	session, err := client.Connect(t.Context(), &mcp.StreamableClientTransport{Endpoint: resource, OAuthHandler: handler, DisableStandaloneSSE: true}, nil)
	if err != nil {
		t.Fatal(err, &log)
	}
	call := func(tool string, arguments any) string {
		t.Helper()
		log.add("-- the client calls %s", tool)
		res, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: tool, Arguments: arguments})
		if err != nil || res.IsError {
			t.Fatal(tool, err, &log)
		}
		text, err := json.Marshal(res.StructuredContent)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	call("list_notes", nil)
	call("add_note", note{"buy milk"})
	if got := call("list_notes", nil); got != `{"notes":["buy milk"]}` {
		t.Errorf("got %s", got)
	}
	call("delete_note", note{"buy milk"})
	if got := call("list_notes", nil); got != `{"notes":[]}` {
		t.Errorf("got %s", got)
	}
	_ = session.Close()
	t.Log(&log)

	want := []string{"note:read", "note:read note:write", "note:destroy note:read note:write"}
	if !slices.Equal(issuer.asked, want) {
		t.Errorf("the client has asked for %q, want %q", issuer.asked, want)
	}
	metadata := `resource_metadata="` + strings.Replace(resource, "/mcp", "/.well-known/oauth-protected-resource/mcp", 1) + `"`
	for _, line := range []string{
		`401 Bearer realm="notes", ` + metadata,
		`403 Bearer realm="notes", error="insufficient_scope", scope="note:write", ` + metadata,
		`403 Bearer realm="notes", error="insufficient_scope", scope="note:write note:destroy", ` + metadata,
	} {
		if strings.Count(log.String(), line) != 1 {
			t.Errorf("the transcript has not once %s", line)
		}
	}
}

// TestGuard sends messages to the server as no client does.
func TestGuard(t *testing.T) {
	var log transcript
	issuer := newIssuer(t, &log)
	resource := serve(t, issuer, &log)
	reader, owner := issuer.issue("note:read", resource), issuer.issue("note:read note:write note:destroy", resource)
	call := func(params string) string {
		return `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":` + params + `}`
	}
	const denied = "lacks a scope"
	for _, test := range []struct {
		name, token, body string
		status            int
		want              string
	}{
		{"read", reader, call(`{"name":"list_notes"}`), 200, `"notes":[]`},
		{"write", reader, call(`{"name":"add_note","arguments":{"text":"x"}}`), 403, denied},
		{"no token", "", call(`{"name":"add_note","arguments":{"text":"x"}}`), 401, "login"},
		{"another server's token", issuer.issue("note:read", "https://other.example"), call(`{"name":"list_notes"}`), 401, "not accepted"},
		{"a token for nobody", issuer.issue("note:read"), call(`{"name":"list_notes"}`), 401, "not accepted"},
		{"no such tool", owner, call(`{"name":"x"}`), 200, "unknown tool"},
		{"no JSON", owner, `{`, 400, ""},
		{"repeated name", reader, call(`{"name":"add_note","name":"list_notes","arguments":{"text":"x"}}`), 0, ""},
		{"repeated name, turned", reader, call(`{"name":"list_notes","name":"add_note","arguments":{"text":"x"}}`), 0, ""},
		{"name in another case", reader, call(`{"name":"add_note","NAME":"list_notes","arguments":{"text":"x"}}`), 0, ""},
		{"batch", reader, "[" + call(`{"name":"add_note","arguments":{"text":"x"}}`) + "]", 0, ""},
		{"nothing was written", reader, call(`{"name":"list_notes"}`), 200, `"notes":[]`},
		{"all", owner, call(`{"name":"add_note","arguments":{"text":"x"}}`), 200, "result"},
		{"written", reader, call(`{"name":"list_notes"}`), 200, `"notes":["x"]`},
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, resource, strings.NewReader(test.body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Accept", "application/json, text/event-stream")
		if test.token != "" {
			req.Header.Set("Authorization", "Bearer "+test.token)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if err != nil || test.status != 0 && res.StatusCode != test.status || !strings.Contains(string(body), test.want) {
			t.Errorf("%s: got %d %s, %v, want %d %s", test.name, res.StatusCode, body, err, test.status, test.want)
		}
	}
}

// serve starts the server, whose tokens are those of issuer, and returns its URL.
func serve(t *testing.T, issuer *issuer, log *transcript) string {
	var handler http.Handler
	server := httptest.NewServer(log.of("server", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) })))
	t.Cleanup(server.Close)
	handler, err := NewHandler(server.URL+"/mcp", issuer.url, issuer)
	if err != nil {
		t.Fatal(err)
	}
	return server.URL + "/mcp"
}

// An issuer is an authorization server that grants whatever is asked for, by the
// authorization code flow with PKCE, and a verifier of its tokens.
type issuer struct {
	url    string
	mu     sync.Mutex
	asked  []string              // scopes
	codes  map[string]url.Values // of the requests for them
	tokens map[string]webapi.Token
}

func newIssuer(t *testing.T, log *transcript) *issuer {
	i := &issuer{codes: map[string]url.Values{}, tokens: map[string]webapi.Token{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/oauth-authorization-server", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, map[string]any{
			"issuer": i.url, "authorization_endpoint": i.url + "/authorize", "token_endpoint": i.url + "/token",
			"response_types_supported": []string{"code"}, "code_challenge_methods_supported": []string{"S256"},
			"token_endpoint_auth_methods_supported": []string{"none"}, "authorization_response_iss_parameter_supported": true,
		})
	})
	mux.HandleFunc("GET /authorize", i.authorize)
	mux.HandleFunc("POST /token", i.token)
	server := httptest.NewServer(log.of("issuer", mux))
	t.Cleanup(server.Close)
	i.url = server.URL
	return i
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

func (i *issuer) authorize(w http.ResponseWriter, r *http.Request) {
	q, code := r.URL.Query(), rand.Text()
	i.mu.Lock()
	i.asked, i.codes[code] = append(i.asked, webapi.MakeScopes(scopesOf(q.Get("scope"))...).String()), q
	i.mu.Unlock()
	back := url.Values{"code": {code}, "state": {q.Get("state")}, "iss": {i.url}}
	http.Redirect(w, r, q.Get("redirect_uri")+"?"+back.Encode(), http.StatusFound)
}

func (i *issuer) token(w http.ResponseWriter, r *http.Request) {
	i.mu.Lock()
	q, known := i.codes[r.PostFormValue("code")]
	delete(i.codes, r.PostFormValue("code"))
	i.mu.Unlock()
	verifier := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	if !known || q.Get("code_challenge") != base64.RawURLEncoding.EncodeToString(verifier[:]) || q.Get("resource") != r.PostFormValue("resource") {
		w.WriteHeader(http.StatusBadRequest)
		answer(w, map[string]any{"error": "invalid_grant"})
		return
	}
	answer(w, map[string]any{
		"access_token": i.issue(q.Get("scope"), q["resource"]...), "token_type": "Bearer", "expires_in": 600, "scope": q.Get("scope"),
	})
}

// issue returns a new token with these scopes for an audience.
func (i *issuer) issue(scopes string, audience ...string) string {
	i.mu.Lock()
	defer i.mu.Unlock()
	token := rand.Text()
	i.tokens[token] = webapi.Token{Scopes: webapi.MakeScopes(scopesOf(scopes)...), Expires: time.Now().Add(10 * time.Minute), Audience: audience}
	return token
}

// Verify implements [webapi.Verifier].
func (i *issuer) Verify(_ context.Context, token string) (webapi.Token, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if t, ok := i.tokens[token]; ok {
		return t, nil
	}
	return webapi.Token{}, webapi.ErrLoginFailed
}

func scopesOf(list string) (scopes []webapi.Scope) {
	for _, s := range strings.Fields(list) {
		scopes = append(scopes, webapi.Scope(s))
	}
	return scopes
}

// A transcript is the requests that servers get, with the answers.
type transcript struct {
	mu sync.Mutex
	b  strings.Builder
}

func (t *transcript) add(format string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	fmt.Fprintf(&t.b, format+"\n", args...)
}

func (t *transcript) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return "\n" + t.b.String()
}

// of returns next, which the transcript calls name.
func (t *transcript) of(name string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked := ""
		if q := r.URL.Query(); q.Has("scope") {
			asked = " asks for " + q.Get("scope")
		}
		if tool := r.Header.Get("Mcp-Method"); tool != "" {
			asked = " " + strings.TrimSpace(tool+" "+r.Header.Get("Mcp-Name"))
		}
		line := fmt.Sprintf("%s %s http://%s%s%s", name, r.Method, r.Host, r.URL.Path, asked)
		next.ServeHTTP(&statusWriter{w, false, func(status int) {
			t.add("%s: %d %s", line, status, w.Header().Get("WWW-Authenticate"))
		}}, r)
	})
}

// A statusWriter calls a function before the response begins.
type statusWriter struct {
	http.ResponseWriter
	begun bool
	begin func(status int)
}

func (w *statusWriter) WriteHeader(status int) {
	if !w.begun {
		w.begun = true
		w.begin(status)
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *statusWriter) Write(b []byte) (int, error) {
	if !w.begun {
		w.WriteHeader(http.StatusOK)
	}
	return w.ResponseWriter.Write(b)
}

func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
