package adaptertest

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// TokenExpired is the answer to a token that has expired, of a call that reads a note.
var TokenExpired = Answer{16, "104", `Bearer realm="notes", error="invalid_token", scope="note:read"`}

// Clock returns a configuration, and a function that makes it expire the token
// "brief".
func Clock() (cfg *webapi.Config, expire func()) {
	var expired atomic.Bool
	cfg = Config()
	cfg.Now = func() time.Time {
		if expired.Load() {
			return expiry
		}
		return expiry.Add(-time.Second)
	}
	return cfg, func() { expired.Store(true) }
}

func watchUntilExpiry(t *testing.T, serve func(*testing.T, RPCServer) Client) {
	cfg, expire := Clock()
	changes := make(chan string, 1)
	next := serve(t, RPCServer{Config: cfg, Changes: changes}).Watch(t.Context(), "Bearer brief", "7")
	if got := next(); got != (Answer{}) {
		t.Fatalf("the note: got %+v", got)
	}
	changes <- "edited"
	if got := next(); got != (Answer{}) {
		t.Fatalf("a change: got %+v", got)
	}
	expire()
	changes <- "edited after the expiry"
	if got := next(); got != TokenExpired {
		t.Errorf("a change after the expiry: got %+v, want %+v", got, TokenExpired)
	}
}

func watchBeyondExpiry(t *testing.T, serve func(*testing.T, RPCServer) Client) {
	cfg, expire := Clock()
	changes := make(chan string, 1)
	client := serve(t, RPCServer{Config: cfg, Changes: changes, IgnoreExpiry: true})
	next := client.Watch(t.Context(), "Bearer brief", "7")
	if got := next(); got != (Answer{}) {
		t.Fatalf("the note: got %+v", got)
	}
	expire()
	changes <- "edited after the expiry"
	if got := next(); got != (Answer{}) {
		t.Errorf("a change after the expiry: got %+v", got)
	}
	if got := client.Watch(t.Context(), "Bearer brief", "7")(); got != TokenExpired {
		t.Errorf("a call after the expiry: got %+v, want %+v", got, TokenExpired)
	}
}

// silentUntilExpiry has a stream that sends nothing, and a token that expires soon
// by the system's clock.
func silentUntilExpiry(t *testing.T, serve func(*testing.T, RPCServer) Client) {
	next := serve(t, RPCServer{Config: Config()}).Watch(t.Context(), "Bearer momentary", "7")
	got := next()
	if got == (Answer{}) { // the note, unless the machine is slow
		got = next()
	}
	if got != TokenExpired {
		t.Errorf("got %+v, want %+v", got, TokenExpired)
	}
}

func importUntilExpiry(t *testing.T, serve func(*testing.T, RPCServer) Client) {
	cfg, expire := Clock()
	decisions := make(chan webapi.Outcome, 16)
	cfg.OnDecision = func(d webapi.Decision) { decisions <- d.Outcome }
	send, done := serve(t, RPCServer{Config: cfg}).Import(t.Context(), "Bearer brief")
	send()
	for _, of := range []string{"the call", "the first note"} {
		select {
		case got := <-decisions:
			if got != webapi.OutcomeAllowed {
				t.Fatalf("%s: got %s", of, got)
			}
		case <-time.After(30 * time.Second):
			t.Fatalf("%s: nobody decides", of)
		}
	}
	expire()
	send()
	want := Answer{TokenExpired.Status, TokenExpired.Code, `Bearer realm="notes", error="invalid_token", scope="note:write"`}
	if got := done(); got != want {
		t.Errorf("a note after the expiry: got %+v, want %+v", got, want)
	}
}
