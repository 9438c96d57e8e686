package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/webapi-gen/webapi-gen/example/codereview/internal/demo"
	"github.com/webapi-gen/webapi-gen/example/codereview/internal/store"
)

// TestLoginLimit refuses a username after ten attempts and an address after
// twenty, with the right password as well, and tells nobody whether there is such
// a user.
func TestLoginLimit(t *testing.T) {
	w := newWorld(t, "local", "")
	_, client := newPlainVisitor(t)
	form, _ := open(t, client, w.url+"/login")
	try := func(username, password string, status int) {
		t.Helper()
		fields := hidden(form)
		fields.Set("username", username)
		fields.Set("password", password)
		got := w.post(t, client, "/login", fields, status)
		if !strings.Contains(got.body, `value="`+username+`"`) {
			t.Errorf("the username is not kept:\n%s", got.body)
		}
		if seconds, err := strconv.Atoi(got.header.Get("Retry-After")); status == 429 && (err != nil || seconds < 1) {
			t.Errorf("got Retry-After %q", got.header.Get("Retry-After"))
		}
		if strings.Contains(got.body, password) {
			t.Error("the page has the password")
		}
	}
	for range 5 {
		try("alice", "a wrong guess", 401)
		try("nobody", "a wrong guess", 401)
	}
	for range 4 {
		try("alice", "a wrong guess", 401)
	}
	try("alice", "a wrong guess", 401)
	try("alice", demoPassword, 429)
	for range 4 {
		try("root", "a wrong guess", 401)
	}
	try("bob", demoPassword, 429) // the address
}

// TestSecretLimit refuses an address that guesses secrets of clients, and lets
// resource servers ask.
func TestSecretLimit(t *testing.T) {
	w := newWorld(t, "introspection", "")
	guess := url.Values{"grant_type": {"client_credentials"}, "client_id": {"ci-bot"}, "client_secret": {"a guess"}}
	for range 20 {
		w.post(t, http.DefaultClient, "/oauth/token", guess, 401)
	}
	guess.Set("client_secret", w.seeded.secret)
	got := w.post(t, http.DefaultClient, "/oauth/token", guess, 429)
	if got.header.Get("Retry-After") == "" || got.object(t)["error"] != "temporarily_unavailable" {
		t.Errorf("got %v %s", got.header, got.body)
	}
	w.want(t, http.DefaultClient, "GET", "/api/repositories", w.seeded.token, "", 200, "")
}

// TestVisitLimit bounds what a visitor without credentials has the server store.
func TestVisitLimit(t *testing.T) {
	w := newWorld(t, "local", "")
	for i, request := range []string{"GET /login", "POST /login", "GET /demo/start",
		"GET /oauth/authorize?response_type=code&client_id=dashboard&redirect_uri=http://127.0.0.1/callback&scope=user:read" +
			"&code_challenge_method=S256&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"} {
		refused := 0
		for range 80 {
			method, path, _ := strings.Cut(request, " ")
			r := httptest.NewRequest(method, path, nil)
			r.RemoteAddr = fmt.Sprintf("192.0.2.%d:1", i)
			got := httptest.NewRecorder()
			if w.ServeHTTP(got, r); got.Code == 429 && got.Header().Get("Retry-After") != "" {
				refused++
			}
		}
		if refused == 0 {
			t.Errorf("%s: 80 at once", request)
		}
	}
}

// TestSessions gives a login a session that nobody knows from before, and ends
// the login before it.
func TestSessions(t *testing.T) {
	w := newWorld(t, "local", "")
	_, client := newPlainVisitor(t)
	cookie := func() string {
		t.Helper()
		at, _ := url.Parse(w.url)
		all := client.Jar.Cookies(at)
		if len(all) != 1 {
			t.Fatalf("got the cookies %v", all)
		}
		return all[0].Value
	}
	login := func(username string) {
		t.Helper()
		page, at := open(t, client, w.url+"/login")
		before, form := cookie(), hidden(page).Get("csrf")
		page, at = submit(t, client, at, page, url.Values{"username": {username}, "password": {demoPassword}})
		if at.Path != "/" || !strings.Contains(page, "Logged in as "+username) {
			t.Fatalf("got %s\n%s", at, page)
		}
		if cookie() == before || hidden(page).Get("csrf") == form {
			t.Error("the session or its forms are those from before the login")
		}
	}
	api := func(status int) {
		t.Helper()
		if res, err := client.Get(w.url + "/api/users"); err != nil || res.StatusCode != status {
			t.Errorf("got %v, %v, want %d", res, err, status)
		}
	}
	token := func() string {
		t.Helper()
		ctx, err := w.auth.Sessions.Load(t.Context(), cookie())
		if err != nil {
			t.Fatal(err)
		}
		return w.auth.Sessions.GetString(ctx, "token")
	}
	login("alice")
	first := token()
	login("bob")
	if _, err := w.store.AccessTokenByKey(t.Context(), first); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the token of the login before: got %v", err)
	}
	api(200)

	// A logout is a POST with the token of the session.
	home, _ := open(t, client, w.url+"/")
	if got, err := client.Get(w.url + "/logout"); err != nil || got.StatusCode != 405 {
		t.Errorf("GET: got %v, %v", got, err)
	}
	w.post(t, client, "/logout", url.Values{"csrf": {"a guess"}}, 403)
	w.post(t, client, "/logout", nil, 403)
	api(200) // still logged in
	before := cookie()
	w.post(t, client, "/logout", hidden(home), 200)
	if page, _ := open(t, client, w.url+"/"); strings.Contains(page, "Log out") || !strings.Contains(page, "not logged in") {
		t.Errorf("after the logout:\n%s", page)
	}
	r := httptest.NewRequest("GET", "/api/users", nil)
	r.AddCookie(&http.Cookie{Name: "codereview", Value: before})
	got := httptest.NewRecorder()
	if w.ServeHTTP(got, r); got.Code != 401 {
		t.Errorf("the old cookie: got %d", got.Code)
	}
	w.post(t, client, "/logout", nil, 200) // nothing is left to protect
}

// TestCookie checks what browsers are told of the cookie.
func TestCookie(t *testing.T) {
	for issuer, want := range map[string]string{
		"http://localhost:1":         "codereview=; Path=/; HttpOnly; SameSite=Lax",
		"https://codereview.example": "__Host-codereview=; Path=/; HttpOnly; Secure; SameSite=Lax",
	} {
		s, err := newServer(t.Context(), config{issuer: issuer, verify: "local"})
		if err != nil {
			t.Fatal(err)
		}
		got := httptest.NewRecorder()
		s.ServeHTTP(got, httptest.NewRequest("GET", "/login", nil))
		cookie, err := http.ParseSetCookie(got.Header().Get("Set-Cookie"))
		if err != nil {
			t.Fatal(err)
		}
		cookie.Value = ""
		if cookie.String() != want {
			t.Errorf("%s: got %s, want %s", issuer, cookie, want)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

// wrongPages are what people see when something is wrong.
var wrongPages = []struct {
	path, says string
	status     int
}{
	{"/nowhere", "Page not found", 404},
	{"/pages/", "Page not found", 404},
	{"/logout", "Method not allowed", 405},
	{"/oauth/authorize", "This link does not work", 400},
	{"/oauth/authorize?client_id=nobody", "client_id: no such client", 400},
	{"/oauth/authorize?client_id=" + demo.ClientID + "&redirect_uri=https://evil.example/", "redirect_uri: not registered", 400},
	{"/oauth/authorize?client_id=%3Cscript%3E&max_age=x", "This link does not work", 400},
	{"/oauth/authorize?client_id=" + strings.Repeat("m", 100) + "&max_age=" + strings.Repeat("m", 100), "This link does not work", 400},
	{"/demo/callback?code=a&state=b", "This link has expired", 200},
}

// TestWrongPages answers people with pages, and with no secret in a cache, a
// frame or a Referer.
func TestWrongPages(t *testing.T) {
	w := newWorld(t, "local", "")
	for _, tt := range append(wrongPages, []struct {
		path, says string
		status     int
	}{{"/", "not logged in", 200}, {"/login", "Log in", 200}}...) {
		got, err := call(t.Context(), http.DefaultClient, "GET", w.url+tt.path, "", "")
		if err != nil {
			t.Fatal(err)
		}
		if got.status != tt.status || !strings.Contains(got.body, tt.says) || !strings.Contains(got.body, "</html>") || strings.Contains(got.body, "<script") {
			t.Errorf("%s: got %d\n%s", tt.path, got.status, got.body)
		}
		for name, value := range map[string]string{
			"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
			"Referrer-Policy": "same-origin", "Content-Security-Policy": "frame-ancestors 'none'",
		} {
			if !strings.Contains(got.header.Get(name), value) {
				t.Errorf("%s: got %s: %s", tt.path, name, got.header.Get(name))
			}
		}
	}
}

// TestPagesInChromium looks at every page on small phones and a desktop, light
// and dark: none is wider than the screen. The pictures are kept as those of
// TestFlowInChromium.
func TestPagesInChromium(t *testing.T) {
	tab := newTab(t)
	long := strings.Repeat("m", 60)
	for _, width := range []int64{320, 390, 1280} {
		t.Run(strconv.FormatInt(width, 10), func(t *testing.T) {
			w := newWorld(t, "local", "")
			err := w.store.SaveUser(t.Context(), store.User{Username: long, Name: long}, demoPassword)
			if err != nil {
				t.Fatal(err)
			}
			_, err = w.store.AddReviewRequest(t.Context(), "compiler", store.ReviewRequest{Summary: long, Status: "pending", Author: long})
			if err != nil {
				t.Fatal(err)
			}
			client, err := w.store.Client(t.Context(), demo.ClientID)
			if err != nil {
				t.Fatal(err)
			}
			client.Name = long
			if err := w.store.SaveClient(t.Context(), *client, ""); err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(tab, time.Minute)
			defer cancel()
			do := func(steps ...chromedp.Action[chromedp.Void]) {
				t.Helper()
				if err := chromedp.Do(ctx, steps...); err != nil {
					t.Fatal(err)
				}
			}
			look := func(name, says string) {
				t.Helper()
				do(chromedp.Poll[chromedp.Void](`document.readyState === "complete"`)) // with the style sheet
				for _, scheme := range []string{"dark", "light"} {
					emulate(ctx, t, scheme)
					picture(ctx, t, name+"-"+scheme)
				}
				text, err := chromedp.Run(ctx, chromedp.Evaluate[string]("document.body.innerText"))
				if err != nil || !strings.Contains(text, says) {
					t.Errorf("%s: %v, want %q, got\n%s", name, err, says, text)
				}
				over, err := chromedp.Run(ctx, chromedp.Evaluate[string](`
					[...document.querySelectorAll(":not(input)")].filter(e => e.scrollWidth > document.documentElement.clientWidth).map(e => e.tagName + "." + e.className + " " + e.scrollWidth).join(", ")`))
				if err != nil || over != "" {
					t.Errorf("%s: %v, wider than %d: %s", name, err, width, over)
				}
			}
			button := func(text string) chromedp.Action[chromedp.Void] {
				return chromedp.Click(chromedp.Search(`//*[self::button or self::a][normalize-space()="` + text + `"]`))
			}
			do(chromedp.EmulateViewport(width, 800))
			for i, p := range wrongPages {
				do(chromedp.Navigate(w.url + p.path))
				look("wrong"+strconv.Itoa(i), p.says)
			}
			do(chromedp.Navigate(w.url + "/"))
			look("start", "not logged in")
			do(button("Connect"), chromedp.WaitVisible(chromedp.CSS("#username")))
			look("login", "Log in")
			password := chromedp.CSS("#password")
			do(chromedp.SendKeys(chromedp.CSS("#username"), long), chromedp.SendKeys(password, "a wrong guess"),
				button("Log in"), chromedp.WaitVisible(chromedp.CSS(".problem")))
			look("wrong-password", "Wrong username or password.")
			if name, err := chromedp.Run(ctx, chromedp.Value(chromedp.CSS("#username"))); err != nil || name != long {
				t.Errorf("the username is not kept: %q, %v", name, err)
			}
			do(chromedp.SendKeys(password, demoPassword), button("Log in"), chromedp.WaitVisible(chromedp.CSS("button[value=allow]")))
			look("consent", "wants to access your account")
			consent, err := chromedp.Run(ctx, chromedp.Location())
			if err != nil {
				t.Fatal(err)
			}
			do(chromedp.Evaluate[chromedp.Void](`document.querySelector("form.who input[name=csrf]").value = "old"`),
				button("Use another account"), chromedp.WaitVisible(chromedp.CSS(`a[href="/"]`)))
			look("expired", "This form has expired")
			do(chromedp.Navigate(consent), button("Allow"), chromedp.WaitVisible(chromedp.CSS("#requests")))
			look("granted", "Fold constants before inlining")
			do(chromedp.Navigate(w.url + "/consent?request=none"))
			look("gone", "This request has ended")
			do(chromedp.Navigate(w.url+"/"), button("Log out"), chromedp.WaitVisible(chromedp.CSS(`a[href="/login"]`)))
			look("logged-out", "You are not logged in.")
		})
	}
}
