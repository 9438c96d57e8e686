package main

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"golang.org/x/oauth2"

	"github.com/webapi-gen/webapi-gen/example/codereview/internal/demo"
	"github.com/webapi-gen/webapi-gen/example/codereview/internal/store"
)

// TestAuthorizationRequests has what is wrong with a request told to whom it
// concerns: the person, until the redirect URI is known to be the client's.
func TestAuthorizationRequests(t *testing.T) {
	w := newWorld(t, "local", "")
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	t.Cleanup(client.CloseIdleConnections)
	good := url.Values{
		"response_type": {"code"}, "client_id": {demo.ClientID}, "redirect_uri": {"http://127.0.0.1:7777/callback"},
		"scope": {"repository:read"}, "state": {"s"}, "code_challenge_method": {"S256"},
		"code_challenge": {oauth2.S256ChallengeFromVerifier(oauth2.GenerateVerifier())},
	}
	for _, tt := range []struct{ name, key, value, error string }{
		{"good", "state", "s", ""},
		{"no PKCE", "code_challenge", "", "invalid_request"},
		{"half a challenge", "code_challenge", "E9Melhoa2OwvFrEMTJguC", "invalid_request"},
		{"plain PKCE", "code_challenge_method", "plain", "invalid_request"},
		{"no method of PKCE, which means plain", "code_challenge_method", "", "invalid_request"},
		{"implicit", "response_type", "token", "unauthorized_client"},
		{"unknown scope", "scope", "nobody:read", "invalid_scope"},
		{"OpenID Connect", "scope", "openid", "invalid_scope"},
		{"a scope of another case", "scope", "Repository:read", "invalid_scope"},
		{"another resource", "resource", "https://elsewhere.example", "invalid_target"},
		{"form_post", "response_mode", "form_post", "invalid_request"},
		{"unknown client", "client_id", "nobody", "shown"},
		{"a client that has no users", "client_id", "ci-bot", "shown"},
		{"another host", "redirect_uri", "http://evil.example/callback", "shown"},
		{"another path", "redirect_uri", "http://127.0.0.1:7777/elsewhere", "shown"},
		{"a user in the URI", "redirect_uri", "http://127.0.0.1:7777@evil.example/callback", "shown"},
		{"an encoded URI", "redirect_uri", "http%3A%2F%2F127.0.0.1%2Fcallback", "shown"},
		{"a name for the loopback", "redirect_uri", "http://localhost:7777/callback", "shown"},
	} {
		query := url.Values{}
		for name, values := range good {
			query[name] = values
		}
		query.Set(tt.key, tt.value)
		res, err := client.Get(w.url + "/oauth/authorize?" + query.Encode())
		if err != nil {
			t.Fatal(err)
		}
		text := body(t, res)
		to, _ := url.Parse(res.Header.Get("Location"))
		switch answer := to.Query(); {
		case tt.error == "" && (res.StatusCode != 302 || to.Path != "/consent"):
			t.Errorf("%s: got %d to %s: %s", tt.name, res.StatusCode, to, text)
		case tt.error == "shown" && (res.StatusCode < 400 || to.String() != ""):
			t.Errorf("%s: got %d to %s, want to stay", tt.name, res.StatusCode, to)
		case tt.error != "" && tt.error != "shown" &&
			(to.Host != "127.0.0.1:7777" || answer.Get("error") != tt.error || answer.Get("state") != "s"):
			t.Errorf("%s: got %d to %s, want the error %s: %s", tt.name, res.StatusCode, to, tt.error, text)
		}
	}
}

// TestStolen has a code and a refresh token come twice, and a code come without
// its verifier or from another client.
func TestStolen(t *testing.T) {
	w := newWorld(t, "local", "")
	visit, _ := newPlainVisitor(t)
	a := newApp(t, w)
	exchange := func(code, verifier, clientID string) url.Values {
		return url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {a.RedirectURL},
			"client_id": {clientID}, "code_verifier": {verifier}}
	}

	answer, verifier, _ := a.ask(t, visit, "alice", "allow", "user:read")
	w.post(t, a.http, "/oauth/token", exchange(answer.Get("code"), oauth2.GenerateVerifier(), a.ClientID), 400)
	w.post(t, a.http, "/oauth/token", exchange(answer.Get("code"), verifier, a.ClientID), 400) // spent by the attempt

	other := store.Client{ID: "other", Name: "Other", Public: true, GrantTypes: []string{"authorization_code", "refresh_token"}}
	if err := w.store.SaveClient(t.Context(), other, ""); err != nil {
		t.Fatal(err)
	}
	answer, verifier, _ = a.ask(t, visit, "alice", "allow", "user:read")
	w.post(t, a.http, "/oauth/token", exchange(answer.Get("code"), verifier, "other"), 400)

	answer, verifier, _ = a.ask(t, visit, "alice", "allow", "user:read")
	got := w.post(t, a.http, "/oauth/token", exchange(answer.Get("code"), verifier, a.ClientID), 200).object(t)
	access := got["access_token"].(string)
	if got["id_token"] != nil {
		t.Error("OAuth2 has no id_token")
	}
	w.want(t, a.http, "GET", "/api/users", access, "", 200, "")
	w.post(t, a.http, "/oauth/token", exchange(answer.Get("code"), verifier, a.ClientID), 400)
	w.want(t, a.http, "GET", "/api/users", access, "", 401, "invalid_token") // RFC 6749, section 4.1.2

	// Of many who come with one refresh token at once, one gets a new one, and
	// all of it is revoked then.
	token := a.authorize(t, visit, "alice", "user:read", "review:read")
	refresh := token.RefreshToken
	var won atomic.Int32
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			res, err := a.http.PostForm(w.url+"/oauth/token", url.Values{"grant_type": {"refresh_token"},
				"refresh_token": {refresh}, "client_id": {a.ClientID}})
			if err != nil {
				t.Error(err)
				return
			}
			_ = res.Body.Close()
			if res.StatusCode == 200 {
				won.Add(1)
			}
		})
	}
	all.Wait()
	if won.Load() > 1 {
		t.Errorf("a refresh token was exchanged %d times", won.Load())
	}
	w.want(t, a.http, "GET", "/api/users", token.AccessToken, "", 401, "invalid_token")

	// A refresh may ask for less, and not for more.
	token = a.authorize(t, visit, "alice", "user:read", "review:read")
	ask := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {token.RefreshToken}, "client_id": {a.ClientID}, "scope": {"admin"}}
	w.post(t, a.http, "/oauth/token", ask, 400)
	ask.Set("scope", "review:read")
	ask.Set("client_id", "other")
	w.post(t, a.http, "/oauth/token", ask, 400)
	ask.Set("client_id", a.ClientID)
	less := w.post(t, a.http, "/oauth/token", ask, 200).object(t)
	w.want(t, a.http, "GET", "/api/users", less["access_token"].(string), "", 403, "insufficient_scope")

	// Nobody revokes the token of another client.
	w.post(t, a.http, "/oauth/revoke", url.Values{"client_id": {"web"}, "token": {less["access_token"].(string)}}, 200)
	w.want(t, a.http, "GET", "/api/users", less["access_token"].(string), "", 403, "insufficient_scope")
}

// TestClients authenticates clients.
func TestClients(t *testing.T) {
	w := newWorld(t, "local", "")
	client := http.DefaultClient
	bot := url.Values{"grant_type": {"client_credentials"}, "client_id": {"ci-bot"}, "client_secret": {w.seeded.secret}}
	with := func(form url.Values, key, value string) url.Values {
		changed := url.Values{key: {value}}
		for name, values := range form {
			if name != key {
				changed[name] = values
			}
		}
		return changed
	}
	got := w.post(t, client, "/oauth/token", bot, 200)
	if got.header.Get("Cache-Control") != "no-store" {
		t.Error("a token may be cached")
	}
	access := got.object(t)["access_token"].(string)
	w.want(t, client, "GET", "/api/repositories/compiler/review-requests", access, "", 200, "")
	w.post(t, client, "/oauth/token", with(bot, "scope", "review:read"), 200)
	w.post(t, client, "/oauth/token", with(bot, "scope", "admin"), 400)
	w.post(t, client, "/oauth/token", with(bot, "client_secret", "guess"), 401)
	w.post(t, client, "/oauth/token", with(bot, "client_id", demo.ClientID), 401)
	w.post(t, client, "/oauth/token?client_secret=in-a-log", bot, 400)

	if w.post(t, client, "/oauth/introspect", with(bot, "token", access), 401).header.Get("WWW-Authenticate") == "" {
		t.Error("401 without a challenge")
	}
	asAPI := url.Values{"client_id": {apiClient}, "client_secret": {w.server.secret}, "token": {access}}
	if active := w.post(t, client, "/oauth/introspect", asAPI, 200).object(t); active["active"] != true || active["sub"] != "client:ci-bot" {
		t.Errorf("got %v", active)
	}
	unknown := w.post(t, client, "/oauth/introspect", with(asAPI, "token", "nobody's"), 200)
	if strings.TrimSpace(unknown.body) != `{"active":false}` {
		t.Errorf("got %s, want nothing but that it is not active", unknown.body)
	}
}

// TestForms refuses what another site sends with the browser's cookies.
func TestForms(t *testing.T) {
	w := newWorld(t, "local", "")
	visit, client := newPlainVisitor(t)
	a := newApp(t, w)
	a.authorize(t, visit, "alice", "user:read")

	send := func(path, site string, form url.Values) (int, string) {
		req, err := http.NewRequestWithContext(t.Context(), "POST", w.url+path, strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Sec-Fetch-Site", site)
		res, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		return res.StatusCode, body(t, res)
	}
	a.Scopes = []string{"user:read"}
	page, at := open(t, client, a.AuthCodeURL("s", oauth2.S256ChallengeOption(oauth2.GenerateVerifier())))
	own := hidden(page)
	for name, token := range map[string][]string{"no token": nil, "another token": {"guess"}} {
		if status, text := send("/consent", "same-origin", url.Values{"request": own["request"], "csrf": token}); status != 403 {
			t.Errorf("%s: got %d: %s", name, status, text)
		}
		if page, _ := open(t, client, at.String()); !strings.Contains(page, "wants to access") {
			t.Errorf("%s: the request is answered:\n%s", name, page)
		}
	}
	if status, _ := send("/consent", "cross-site", own); status != 403 {
		t.Errorf("a form of another site: got %d, want 403", status)
	}
	// The session opens the API, though not for another site.
	if status, text := send("/api/repositories", "same-origin", own); status != 400 { // no JSON
		t.Errorf("the session does not reach the API: got %d: %s", status, text)
	}
	if status, _ := send("/api/repositories", "cross-site", own); status != 403 {
		t.Errorf("another site reaches the API: got %d", status)
	}
	if status, _ := send("/logout", "same-origin", own); status != 200 {
		t.Errorf("logout: got %d", status)
	}
	if status, _ := send("/api/repositories", "same-origin", own); status != 401 {
		t.Errorf("after the logout: got %d, want 401", status)
	}
}

// TestFormerAdministrator ends what an administrator could do that is none any
// more, and has a refresh yield no more than the user may do now.
func TestFormerAdministrator(t *testing.T) {
	w := newWorld(t, "local", "")
	visit, client := newPlainVisitor(t)
	a := newApp(t, w)
	token, other := a.authorize(t, visit, "root", "admin", "user:read"), a.authorize(t, visit, "root", "user:read")
	if err := w.store.SaveUser(t.Context(), store.User{Username: "root", Name: "Ruth Root"}, demoPassword); err != nil {
		t.Fatal(err)
	}
	w.want(t, a.http, "GET", "/api/users", token.AccessToken, "", 401, "invalid_token")
	w.want(t, a.http, "GET", "/api/users", other.AccessToken, "", 200, "")
	if res, err := client.Get(w.url + "/api/users"); err != nil || res.StatusCode != 401 {
		t.Errorf("the login session: got %v, %v", res, err)
	}
	refresh := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {token.RefreshToken}, "client_id": {a.ClientID}}
	if got := w.post(t, a.http, "/oauth/token", refresh, 200).object(t); got["scope"] != "user:read" {
		t.Errorf("got %v", got)
	}
}

// TestText has nothing that a client sends end in a failure of the database.
// PostgreSQL keeps no NUL in a text, and nothing that is not UTF-8.
func TestText(t *testing.T) { newWorld(t, "local", "").text(t) }

func (w *world) text(t *testing.T) {
	visit, client := newPlainVisitor(t)
	a := newApp(t, w)
	token := a.authorize(t, visit, "alice", "repository:read", "repository:write", "review_request:read", "review_request:write", "user:read").AccessToken
	for _, bad := range []string{"%00", "%ff", "a%00b"} {
		for _, path := range []string{
			"/api/repositories/" + bad, "/api/users/" + bad, "/api/repositories/" + bad + "/review-requests",
			"/consent?request=" + bad, "/oauth/authorize?client_id=" + bad,
			"/oauth/authorize?response_type=code&client_id=dashboard&redirect_uri=http://127.0.0.1/callback&scope=user:read" +
				"&code_challenge_method=S256&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&state=" + bad,
		} {
			req, err := http.NewRequest("GET", w.url+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasPrefix(path, "/api/") {
				req.Header.Set("Authorization", "Bearer "+token)
			}
			res, err := (&http.Client{Jar: client.Jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(req)
			if err != nil {
				t.Fatal(err)
			}
			if text := body(t, res); res.StatusCode >= 500 || strings.Contains(res.Header.Get("Location"), "server_error") {
				t.Errorf("%s: got %d to %s: %s", path, res.StatusCode, res.Header.Get("Location"), text)
			}
		}
		text, err := url.QueryUnescape(bad)
		if err != nil {
			t.Fatal(err)
		}
		form, _ := open(t, client, w.url+"/login")
		fields := hidden(form)
		fields.Set("username", text)
		w.post(t, client, "/login", fields, 401)
		w.post(t, client, "/oauth/token", url.Values{"grant_type": {"client_credentials"}, "client_id": {text}, "client_secret": {text}}, 401)
	}
	for _, path := range []string{"/api/repositories", "/api/repositories/compiler/review-requests", "/api/repositories/%00/review-requests"} {
		got, err := call(t.Context(), http.DefaultClient, "POST", w.url+path, token, `{"summary": "\u0000"}`)
		if err != nil || got.status >= 500 {
			t.Errorf("%s: got %v, %v", path, got, err)
		}
	}
}

// TestConsentNamesWhatIsGrantedBesides checks that the page says what a scope implies, unless
// the client asks for that too.
func TestConsentNamesWhatIsGrantedBesides(t *testing.T) {
	w := newWorld(t, "local", "")
	visit, _ := newPlainVisitor(t)
	for with, scopes := range map[string][]string{"See reviews": {"review:write"}, "": {"review:write", "review:read"}} {
		_, _, page := newApp(t, w).ask(t, visit, "alice", "deny", scopes...)
		if got := strings.Count(page, "and with it:"); got > 0 != (with != "") || !strings.Contains(page, with) {
			t.Errorf("%v: the page names %d scopes besides, want %q\n%s", scopes, got, with, page)
		}
	}
}
