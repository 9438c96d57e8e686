package verify_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/webapi-gen/webapi-gen/webapi"

	"github.com/webapi-gen/webapi-gen/example/codereview/internal/verify"
)

func TestIntrospection(t *testing.T) {
	for _, tt := range []struct {
		name, body string
		status     int
		good       bool
		rejected   bool
	}{
		{"good", `{"active":true,"iss":"` + issuer + `","aud":"` + audience + `","exp":4102444800,"sub":"alice","scope":"user:read"}`, 200, true, false},
		{"inactive", `{"active":false}`, 200, false, true},
		{"another issuer", `{"active":true,"iss":"x","aud":"` + audience + `","exp":4102444800}`, 200, false, true},
		{"another audience", `{"active":true,"iss":"` + issuer + `","aud":["x"],"exp":4102444800}`, 200, false, true},
		{"no audience", `{"active":true,"iss":"` + issuer + `","exp":4102444800}`, 200, false, true},
		{"the secret is wrong", `{"error":"invalid_client"}`, 401, false, false},
		{"down", `oops`, 502, false, false},
		{"no JSON", `oops`, 200, false, false},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if id, secret, _ := r.BasicAuth(); id != "api" || secret != "s%2B" || r.FormValue("token") != "the token" {
				t.Errorf("%s: got the credentials %q %q and the token %q", tt.name, id, secret, r.FormValue("token"))
			}
			w.WriteHeader(tt.status)
			_, _ = w.Write([]byte(tt.body))
		}))
		v := &verify.Introspection{URL: server.URL, ClientID: "api", Secret: "s+", Issuer: issuer, Audience: audience, HTTP: server.Client()}
		token, err := v.Verify(t.Context(), "the token")
		if tt.good != (err == nil) || tt.rejected != errors.Is(err, webapi.ErrLoginFailed) {
			t.Errorf("%s: got %v", tt.name, err)
		}
		if tt.good && (token.Subject != "alice" || !token.Scopes.Has("user:read") || token.NoExpiry) {
			t.Errorf("%s: got %+v", tt.name, token)
		}
		server.Close()
	}
}
