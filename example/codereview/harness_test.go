package main

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"golang.org/x/crypto/bcrypt"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler)) // the library's; refusals are what is tested
	m.Run()
}

// demoPassword is that of every user.
const demoPassword = "review-me-review-me"

// ways are the ways to verify a token.
var ways = []string{"local", "introspection", "jwt"}

// world is a server that runs on this machine, with what was seeded.
type world struct {
	*server
	seeded
	url string
}

// newWorld starts a server. It ends with the test.
func newWorld(t *testing.T, verify, dsn string) *world {
	t.Helper()
	front := httptest.NewUnstartedServer(nil)
	url := "http://" + front.Listener.Addr().String()
	s, err := newServer(t.Context(), config{
		issuer: url, dsn: dsn, verify: verify, bcryptCost: bcrypt.MinCost, logger: slog.New(slog.NewTextHandler(testLog{t}, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	made, err := s.seed(t.Context(), demoPassword)
	if err != nil {
		t.Fatal(err)
	}
	front.Config.Handler = s
	front.Start()
	t.Cleanup(func() {
		s.client.CloseIdleConnections() // which Close would wait for
		front.Close()
	})
	return &world{server: s, seeded: made, url: url}
}

// testLog fails the test with what the server logs: errors that no client sees.
type testLog struct{ t *testing.T }

func (l testLog) Write(line []byte) (int, error) {
	if strings.Contains(string(line), "level=ERROR") {
		l.t.Errorf("server: %s", line)
	}
	return len(line), nil
}

// reply is what a server answered.
type reply struct {
	status    int
	header    http.Header
	body      string
	challenge string
}

// call sends a request with a bearer token, or none if it is "".
func call(ctx context.Context, client *http.Client, method, url, token, body string) (reply, error) {
	req, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		return reply{}, err
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := client.Do(req)
	if err != nil {
		return reply{}, err
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	return reply{res.StatusCode, res.Header, string(text), res.Header.Get("WWW-Authenticate")}, err
}

// want calls and compares the status and, unless it is "", a part of the
// challenge.
func (w *world) want(t *testing.T, client *http.Client, method, path, token, body string, status int, challenge string) reply {
	t.Helper()
	got, err := call(t.Context(), client, method, w.url+path, token, body)
	if err != nil {
		t.Fatal(err)
	}
	if got.status != status || !strings.Contains(got.challenge, challenge) || challenge == "" && got.challenge != "" {
		t.Errorf("%s %s: got %d, challenge %q, want %d, %q\n%s", method, path, got.status, got.challenge, status, challenge, got.body)
	}
	if strings.HasPrefix(path, "/api/") && status != http.StatusNoContent &&
		(got.header.Get("Cache-Control") != "no-store" || got.header.Get("Content-Type") != "application/json") {
		t.Errorf("%s %s: got the header %v", method, path, got.header)
	}
	return got
}

// object reads the JSON of a reply.
func (r reply) object(t *testing.T) map[string]any {
	t.Helper()
	object := map[string]any{}
	if err := json.Unmarshal([]byte(r.body), &object); err != nil {
		t.Fatalf("%v: %s", err, r.body)
	}
	return object
}
