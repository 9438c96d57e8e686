package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/bcrypt"

	"github.com/webapi-gen/webapi-gen/example/codereview/internal/demo"
	"github.com/webapi-gen/webapi-gen/example/codereview/internal/store"
)

// TestRun starts the program, does what it says, and stops it.
func TestRun(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	t.Cleanup(http.DefaultClient.CloseIdleConnections)

	ctx, stop := context.WithCancel(t.Context())
	said, saying := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- run(ctx, []string{"-addr", "127.0.0.1:0", "-verify", "jwt"}, saying, io.Discard)
		_ = saying.Close()
	}()
	text := make([]byte, 4096)
	n, err := said.Read(text)
	if err != nil {
		t.Fatal(err)
	}
	go func() { _, _ = io.Copy(io.Discard, said) }()

	line := regexp.MustCompile(`curl -H 'Authorization: Bearer (\S+)' (\S+)`).FindStringSubmatch(string(text[:n]))
	if line == nil {
		t.Fatalf("no curl line:\n%s", text[:n])
	}
	got, err := call(t.Context(), http.DefaultClient, "GET", line[2], line[1], "")
	if err != nil || got.status != 200 || !strings.Contains(got.body, "Fold constants") {
		t.Errorf("the curl line: got %d %s, %v", got.status, got.body, err)
	}

	stop()
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("run: %v", err)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("run does not end")
	}
	if left, _ := filepath.Glob(filepath.Join(os.TempDir(), "codereview-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestFlags(t *testing.T) {
	for _, args := range [][]string{
		{"-verify", "hope", "-addr", "127.0.0.1:0"},
		{"-nonsense"},
		{"-addr", "nowhere"},
		{"-addr", "127.0.0.1:0", "-issuer", "http://codereview.example"}, // not https
	} {
		var out bytes.Buffer
		if err := run(t.Context(), args, &out, io.Discard); err == nil || out.Len() > 0 {
			t.Errorf("%v: got %v, said %q", args, err, &out)
		}
	}
}

// TestRestart keeps what is in a file.
func TestRestart(t *testing.T) {
	cfg := config{issuer: "http://127.0.0.1:1", dsn: filepath.Join(t.TempDir(), "codereview.db"), verify: "local", bcryptCost: bcrypt.MinCost}
	var token string
	for start := range 2 {
		s, err := newServer(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.seed(t.Context(), demoPassword); err != nil {
			t.Fatal(err)
		}
		if start == 0 {
			token, err = s.auth.Issue(t.Context(), store.Grant{ID: "1", ClientID: demo.ClientID, Subject: "alice", Scopes: "user:read"}, time.Minute)
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := s.store.Purge(t.Context()); err != nil {
			t.Error(err)
		}
		r := httptest.NewRequest("GET", "/api/users", nil)
		r.Header.Set("Authorization", "Bearer "+token)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code != 200 {
			t.Errorf("start %d: got %d: %s", start, w.Code, w.Body)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	data, err := os.ReadFile(cfg.dsn)
	if err != nil || strings.Contains(string(data), token) {
		t.Errorf("the database has the token, or cannot be read: %v", err)
	}
}
