package webapi_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/webapi-gen/webapi-gen/webapi"
)

func TestForAudience(t *testing.T) {
	const api, other = "https://api.example", "https://other.example"
	down := errors.New("down")
	for _, test := range []struct {
		name      string
		audience  []string
		err       error
		audiences []string
		status    int
		log       string
	}{
		{"good", []string{api}, nil, []string{api}, 200, ""},
		{"one of several", []string{other, api}, nil, []string{"x", api}, 200, ""},
		{"another", []string{other}, nil, []string{api}, 401, "the token is for another audience"},
		{"none", nil, nil, []string{api}, 401, "the token names no audience"},
		{"empty", []string{""}, nil, []string{"", api}, 401, "the token is for another audience"},
		{"nothing is asked for", []string{api}, nil, nil, 401, "the token is for another audience"},
		{"a prefix", []string{api}, nil, []string{api + "/"}, 401, "the token is for another audience"},
		{"case", []string{api}, nil, []string{"https://API.example"}, 401, "the token is for another audience"},
		{"rejected", []string{api}, webapi.ErrLoginFailed, []string{api}, 401, ""},
		{"down", []string{api}, down, []string{api}, 503, "down"},
	} {
		token := holding("note:read")
		token.Audience = test.audience
		v := webapi.VerifierFunc(func(context.Context, string) (webapi.Token, error) { return token, test.err })
		audiences := slices.Clone(test.audiences)
		verifier := webapi.ForAudience(v, audiences...)
		clear(audiences) // has no effect
		var log bytes.Buffer
		cfg := quiet()
		cfg.Logger = slog.New(slog.NewTextHandler(&log, nil))
		got, _ := serve(cfg, "Bearer x", webapi.Bearer(verifier))
		if got.Code != test.status || !strings.Contains(log.String(), test.log) {
			t.Errorf("%s: got %d, want %d; the log has %s", test.name, got.Code, test.status, &log)
		}
		if challenge := got.Header().Get("WWW-Authenticate"); got.Code == 401 && !strings.Contains(challenge, `error="invalid_token"`) {
			t.Errorf("%s: got the challenge %s", test.name, challenge)
		}
	}
	if got, _ := serve(quiet(), "Bearer x", webapi.Bearer(webapi.ForAudience(nil, api))); got.Code != 503 {
		t.Errorf("without a verifier: got %d", got.Code)
	}
}

func TestAudienceFromClaims(t *testing.T) {
	for _, test := range []struct {
		aud  any
		want []string
		err  string
	}{
		{nil, nil, ""},
		{"a b", []string{"a b"}, ""},
		{[]string{"a"}, []string{"a"}, ""},
		{[]any{"a", "b"}, []string{"a", "b"}, ""},
		{[]any{"a", 1.0}, nil, "webapi: claim aud: want a string as element 1, got float64"},
		{1.0, nil, "webapi: claim aud: want a string or a list of strings, got float64"},
	} {
		got, err := webapi.AudienceFromClaims(map[string]any{"aud": test.aud})
		if !slices.Equal(got, test.want) || (err == nil) != (test.err == "") || err != nil && (err.Error() != test.err || !errors.Is(err, webapi.ErrLoginFailed)) {
			t.Errorf("%v: got %q, %v", test.aud, got, err)
		}
	}
}
