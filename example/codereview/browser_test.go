package main

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// A visitor is a person at a browser: it goes to a URL, logs in where it is
// asked to, and presses a button of the consent page. It returns the page.
type visitor func(t *testing.T, url, username, decision string) (consentPage string)

// newPlainVisitor returns a visitor without a browser: it posts the forms that
// the pages have. Its cookies stay from one visit to the next.
func newPlainVisitor(t *testing.T) (visitor, *http.Client) {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar}
	t.Cleanup(client.CloseIdleConnections)
	return func(t *testing.T, start, username, decision string) string {
		t.Helper()
		page, at := open(t, client, start)
		if strings.HasPrefix(at.Path, "/login") {
			page, at = submit(t, client, at, page, url.Values{"username": {username}, "password": {demoPassword}})
		}
		if at.Path != "/consent" {
			t.Fatalf("got %s, want the consent page\n%s", at, page)
		}
		submit(t, client, at, page, url.Values{"decision": {decision}})
		return page
	}, client
}

func open(t *testing.T, client *http.Client, rawURL string) (page string, at *url.URL) {
	t.Helper()
	res, err := client.Get(rawURL)
	if err != nil {
		t.Fatal(err)
	}
	return body(t, res), res.Request.URL
}

// submit sends the first form of a page with its hidden fields.
func submit(t *testing.T, client *http.Client, at *url.URL, page string, form url.Values) (string, *url.URL) {
	t.Helper()
	for name, values := range hidden(page) {
		form[name] = values
	}
	action := regexp.MustCompile(`action="([^"]*)"`).FindStringSubmatch(page)
	if action == nil {
		t.Fatalf("no form at %s\n%s", at, page)
	}
	res, err := client.PostForm(at.ResolveReference(&url.URL{Path: action[1]}).String(), form)
	if err != nil {
		t.Fatal(err)
	}
	return body(t, res), res.Request.URL
}

// hidden returns the hidden fields of the first form.
func hidden(page string) url.Values {
	first, _, _ := strings.Cut(page, "</form>")
	fields := url.Values{}
	for _, m := range regexp.MustCompile(`type="hidden" name="([^"]*)" value="([^"]*)"`).FindAllStringSubmatch(first, -1) {
		fields.Set(m[1], m[2])
	}
	return fields
}

func body(t *testing.T, res *http.Response) string {
	t.Helper()
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
