// Package requests sends the requests of docs/adopting.md.
package requests

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// row is a row of the document's table: a request, the scopes of its token, and the
// status before there were guards and after.
var row = regexp.MustCompile("(?m)^\\| `(\\w+) (\\S+)` \\| ([^|]*) \\| (\\d+) \\| (\\d+) \\|$")

// Send sends the requests of the table to both servers, a new one for each.
func Send(t *testing.T, before func() http.Handler, after func(webapi.Verifier) http.Handler) {
	t.Helper()
	guide, err := os.ReadFile("../../../docs/adopting.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := row.FindAllStringSubmatch(string(guide), -1)
	if len(rows) < 8 {
		t.Fatalf("the table has %d rows, want at least 8", len(rows))
	}
	for _, m := range rows {
		t.Run(m[1]+" "+m[2]+" "+m[3], func(t *testing.T) {
			r := httptest.NewRequest(m[1], m[2], nil)
			if m[3] != "none" {
				r.Header.Set("Authorization", "Bearer "+encode.Replace(m[3]))
			}
			for i, server := range []func() http.Handler{before, func() http.Handler { return after(webapi.VerifierFunc(verify)) }} {
				w := httptest.NewRecorder()
				server().ServeHTTP(w, r.Clone(t.Context()))
				if want := m[4+i]; strconv.Itoa(w.Code) != want {
					t.Errorf("%s: got %d, want %s: %s", []string{"before", "after"}[i], w.Code, want, w.Body)
				}
			}
		})
	}
}

// A token is a list of scopes with the characters that RFC 6750 allows (section 2.1).
var encode, decode = strings.NewReplacer("`", "", ":", ".", " ", "+"), strings.NewReplacer(".", ":", "+", " ")

func verify(_ context.Context, token string) (webapi.Token, error) {
	if !strings.HasPrefix(token, "note.") {
		return webapi.Token{}, webapi.ErrLoginFailed
	}
	scopes, err := webapi.ParseScopes(decode.Replace(token))
	return webapi.Token{Scopes: scopes, Expires: time.Now().Add(time.Minute)}, err
}
