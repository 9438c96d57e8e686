package webapirpc_test

import (
	"context"
	"errors"
	"maps"
	"sync"
	"testing"
	"time"

	"github.com/webapi-gen/webapi-gen/webapi"
	"github.com/webapi-gen/webapi-gen/webapi/webapirpc"
	"github.com/webapi-gen/webapi-gen/webapi/webapitest"
	"github.com/webapi-gen/webapi-gen/webapi/webapitest/adaptertest"
)

// text is a message of the procedures of adaptertest.
type text string

func (m text) GetValue() string { return string(m) }

// not7 returns a context with an API token that may not see note 7.
func not7(t *testing.T) context.Context {
	t.Helper()
	policy, err := webapi.ParsePolicy([]byte(`{"resources": {"note": {"7": {"block": ["*"]}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	return webapi.WithToken(t.Context(), webapi.Token{Kind: webapi.APIToken, Policy: policy, NoExpiry: true})
}

// TestMessages goes through calls of several messages.
func TestMessages(t *testing.T) {
	allowed := error(nil) // of a call that may go on
	denied := error(webapi.ErrPermissionDenied)
	tests := []struct {
		name, procedure string
		messages        []any // nil for Decide
		want            []error
	}{
		{"another object", adaptertest.Get, []any{text("8"), text("9")}, []error{allowed, allowed}},
		{"a blocked object", adaptertest.Get, []any{text("8"), text("7"), text("8")}, []error{allowed, denied, denied}},
		{"no object yet", adaptertest.Get, []any{nil, text("8")}, []error{denied, denied}},
		{"the last object", adaptertest.Get, []any{text("8"), nil}, []error{allowed, allowed}},
		{"a message that names no object", adaptertest.Get, []any{text("")}, []error{denied}},
		{"a message of another type", adaptertest.Get, []any{8}, []error{denied}},
		{"a collection", adaptertest.List, []any{nil, text("7")}, []error{allowed, allowed}},
		{"not in the table", adaptertest.Backup, []any{nil}, []error{denied}},
	}
	for _, tt := range tests {
		for _, ignoreExpiry := range []bool{false, true} {
			t.Run(tt.name, func(t *testing.T) {
				call := adaptertest.Table().Call(not7(t), tt.procedure, ignoreExpiry)
				for i, message := range tt.messages {
					err := call.Decide
					if message != nil {
						err = func() error { return call.Received(message) }
					}
					if got := err(); !errors.Is(got, tt.want[i]) {
						t.Errorf("message %d: got %v, want %v", i, got, tt.want[i])
					}
				}
				if got, want := call.Denied(), tt.want[len(tt.want)-1]; !errors.Is(got, want) {
					t.Errorf("Denied: got %v, want %v", got, want)
				}
			})
		}
	}
}

// TestExpiry lets a token expire during a call.
func TestExpiry(t *testing.T) {
	for _, ignoreExpiry := range []bool{false, true} {
		token := webapitest.Token(t, adaptertest.Notes(), "GET")
		token.NoExpiry, token.Expires = false, time.Now().Add(time.Hour)
		now := time.Now()
		cfg := &webapi.Config{Now: func() time.Time { return now }}
		ctx, err := cfg.Authenticate()(webapi.WithToken(t.Context(), token), nil)
		if err != nil {
			t.Fatal(err)
		}
		call := adaptertest.Table().Call(ctx, adaptertest.Get, ignoreExpiry)
		if err := call.Received(text("7")); err != nil {
			t.Fatal(err)
		}
		now = now.Add(2 * time.Hour)
		if err := call.Decide(); (err == nil) != ignoreExpiry {
			t.Errorf("ignoreExpiry %v, after the expiry: got %v", ignoreExpiry, err)
		}
		if err := call.Received(text("8")); !errors.Is(err, webapi.ErrLoginFailed) {
			t.Errorf("ignoreExpiry %v, another object after the expiry: got %v", ignoreExpiry, err)
		}
	}
}

// TestBegin tests which calls are decided before their first message.
func TestBegin(t *testing.T) {
	for procedure, want := range map[string]bool{
		adaptertest.List: true, adaptertest.Get: false, adaptertest.Backup: true,
	} {
		decided, err := adaptertest.Table().Call(t.Context(), procedure, false).Begin()
		if decided != want || (err != nil) != want {
			t.Errorf("%s without a token: got %v, %v", procedure, decided, err)
		}
	}
}

// TestBothWays has both sides of a stream send at once.
func TestBothWays(t *testing.T) {
	call := adaptertest.Table().Call(webapi.WithToken(t.Context(), webapitest.Token(t, adaptertest.Notes(), "GET")), adaptertest.Get, false)
	var both sync.WaitGroup
	both.Go(func() {
		for range 100 {
			_ = call.Received(text("8"))
		}
	})
	both.Go(func() {
		for range 100 {
			_ = call.Decide()
		}
	})
	both.Wait()
	if err := call.Denied(); err != nil {
		t.Error(err)
	}
	if err := adaptertest.Table().Call(t.Context(), adaptertest.Get, false).Decide(); !errors.Is(err, webapi.ErrNotLoggedIn) {
		t.Errorf("without a token: got %v", err)
	}
}

func TestInfo(t *testing.T) {
	ctx := webapi.WithToken(t.Context(), webapi.Token{NoExpiry: true, Scopes: webapi.MakeScopes("note:write")})
	denied := webapi.Decide(ctx, adaptertest.Notes(), "DELETE", "7")
	tests := []struct {
		err      error
		code     uint32
		reason   string
		metadata map[string]string
	}{
		{denied, 7, "AUTH_OAUTH2_MISSING_SCOPE", map[string]string{
			"code":            "112",
			"challenge":       `Bearer realm="api", error="insufficient_scope", scope="note:destroy note:write"`,
			"missing_scopes":  "note:destroy",
			"required_scopes": "note:destroy and note:write",
		}},
		{&webapi.Error{Code: 401, Status: 401, Type: "x-webapi-insufficient-user-authentication", StepUp: webapi.StepUp{ACR: "gold silver", MaxAge: 5 * time.Minute}}, 16,
			"X_WEBAPI_INSUFFICIENT_USER_AUTHENTICATION", map[string]string{
				"code":       "401",
				"challenge":  `Bearer realm="api", error="insufficient_user_authentication", acr_values="gold silver", max_age="300"`,
				"acr_values": "gold silver",
				"max_age":    "300",
			}},
		{webapi.ErrMethodNotAllowed, 12, "X_WEBAPI_METHOD_NOT_ALLOWED", map[string]string{"code": "405"}},
		{&webapi.Error{Code: 1, Type: "my own\xff", Status: 404}, 5, "MY_OWN_", map[string]string{"code": "1"}},
		{&webapi.Error{}, 13, "", map[string]string{"code": "0"}},
	}
	for _, tt := range tests {
		var e *webapi.Error
		if !errors.As(tt.err, &e) {
			t.Fatalf("got %v", tt.err)
		}
		reason, metadata := webapirpc.Info(ctx, e)
		if code := webapirpc.Code(e); code != tt.code || reason != tt.reason || !maps.Equal(metadata, tt.metadata) {
			t.Errorf("%v: got %d %q %q, want %d %q %q", tt.err, code, reason, metadata, tt.code, tt.reason, tt.metadata)
		}
	}
}
