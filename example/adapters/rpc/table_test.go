package rpc_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/webapi-gen/webapi-gen/webapi"
	"github.com/webapi-gen/webapi-gen/webapi/webapitest"

	"github.com/webapi-gen/webapi-gen/example/adapters/notes"
	"github.com/webapi-gen/webapi-gen/example/adapters/rpc"
)

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
	allowed := "" // the error of a call that may go on
	denied := webapi.ErrPermissionDenied.Error()
	tests := []struct {
		name, procedure string
		messages        []any // nil for Decide
		want            []string
	}{
		{"another object", rpc.Get, []any{"8", "9"}, []string{allowed, allowed}},
		{"a blocked object", rpc.Get, []any{"8", "7", "8"}, []string{allowed, denied, denied}},
		{"no object yet", rpc.Get, []any{nil, "8"}, []string{denied, denied}},
		{"the last object", rpc.Get, []any{"8", nil}, []string{allowed, allowed}},
		{"a message that names no object", rpc.Get, []any{""}, []string{denied}},
		{"a message of another type", rpc.Get, []any{new(emptypb.Empty)}, []string{denied}},
		{"a collection", rpc.List, []any{nil, "7"}, []string{allowed, allowed}},
		{"not in the table", rpc.Backup, []any{nil}, []string{denied}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			call := rpc.NoteTable().Call(not7(t), tt.procedure)
			for i, message := range tt.messages {
				if got := text(say(call, message)); got != tt.want[i] {
					t.Errorf("message %d: got %q, want %q", i, got, tt.want[i])
				}
			}
			if got, want := text(call.Denied()), tt.want[len(tt.want)-1]; got != want {
				t.Errorf("Denied: got %q, want %q", got, want)
			}
		})
	}
}

func say(call *rpc.Call, message any) error {
	switch message := message.(type) {
	case nil:
		return call.Decide()
	case string:
		return call.Received(wrapperspb.String(message))
	default:
		return call.Received(message)
	}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// TestBothWays has both sides of a stream speak at once.
func TestBothWays(t *testing.T) {
	call := rpc.NoteTable().Call(webapi.WithToken(t.Context(), webapitest.Token(t, new(notes.NoteResource), "GET")), rpc.Get)
	var both sync.WaitGroup
	both.Go(func() {
		for range 100 {
			_ = call.Received(wrapperspb.String("8"))
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
	if err := rpc.NoteTable().Call(t.Context(), rpc.Get).Decide(); !errors.Is(err, webapi.ErrNotLoggedIn) {
		t.Errorf("without a token: got %v", err)
	}
}
