package adaptertest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// Mount returns the server under test, in which handler serves GET and POST of
// /notes/{id} behind the guard of res. It must not recover panics.
type Mount = func(res webapi.Resource, handler http.Handler) http.Handler

// Streams tests that handlers behind a router's guards have the whole connection, as
// they have with net/http, and that the guard denies before any of it: an upgrade to
// another protocol, events that are flushed one by one, http.ResponseController,
// HTTP/2 with and without TLS, Expect: 100-continue, and panics.
func Streams(t *testing.T, mount Mount) {
	tests := []struct {
		name string
		test func(*testing.T, Mount)
	}{
		{"upgrade", upgrade},
		{"events", func(t *testing.T, mount Mount) { events(t, start(t, mount, eventHandler(t)), 1) }},
		{"events over HTTP/2", func(t *testing.T, mount Mount) { events(t, startHTTP2(t, mount, eventHandler(t)), 2) }},
		{"events over HTTP/2 without TLS", func(t *testing.T, mount Mount) { events(t, startH2C(t, mount, eventHandler(t)), 2) }},
		{"full duplex", func(t *testing.T, mount Mount) { fullDuplex(t, start(t, mount, echoHandler(t))) }},
		{"full duplex over HTTP/2", func(t *testing.T, mount Mount) { fullDuplex(t, startHTTP2(t, mount, echoHandler(t))) }},
		{"deadlines", deadlines},
		{"100-continue", expectContinue},
		{"panic", panics},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { tt.test(t, mount) })
	}
}

// timeout is how long a test waits for what should come at once.
const timeout = 30 * time.Second

// unstarted returns a server that serves handler with mount. Its log is discarded, as
// net/http writes panics there.
func unstarted(t *testing.T, mount Mount, handler http.HandlerFunc) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(Config().Middleware(Bearer())(mount(Notes(), handler)))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	t.Cleanup(server.Close)
	return server
}

func start(t *testing.T, mount Mount, handler http.HandlerFunc) *httptest.Server {
	t.Helper()
	server := unstarted(t, mount, handler)
	server.Start()
	return server
}

func startHTTP2(t *testing.T, mount Mount, handler http.HandlerFunc) *httptest.Server {
	t.Helper()
	server := unstarted(t, mount, handler)
	server.EnableHTTP2 = true
	server.StartTLS()
	return server
}

func startH2C(t *testing.T, mount Mount, handler http.HandlerFunc) *httptest.Server {
	t.Helper()
	server := unstarted(t, mount, handler)
	protocols := new(http.Protocols)
	protocols.SetUnencryptedHTTP2(true)
	server.Config.Protocols = protocols
	server.Start()
	server.Client().Transport = &http.Transport{Protocols: protocols}
	return server
}

// open sends a request for note 7 with a token, until the test ends or timeout has
// passed, and returns the response with its body to be read.
func open(t *testing.T, server *httptest.Server, method, token string, header http.Header, body io.Reader) (*http.Response, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), timeout)
	t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, method, server.URL+"/notes/7", body)
	if err != nil {
		t.Fatal(err)
	}
	for name, values := range header {
		req.Header[name] = values
	}
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := server.Client().Do(req)
	if err == nil {
		t.Cleanup(func() { _ = res.Body.Close() })
	}
	return res, err
}

// mustOpen is [open] for a response that must have a status.
func mustOpen(t *testing.T, server *httptest.Server, method, token string, header http.Header, body io.Reader, status int) *http.Response {
	t.Helper()
	res, err := open(t, server, method, token, header, body)
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != status {
		t.Fatalf("%s by %s: got %s, want %d", method, token, res.Status, status)
	}
	return res
}

// upgrade has a handler that takes over the connection, as those of WebSocket do.
func upgrade(t *testing.T, mount Mount) {
	server := start(t, mount, func(w http.ResponseWriter, _ *http.Request) {
		conn, rw, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Errorf("Hijack: %v", err)
			return
		}
		defer func() { _ = conn.Close() }()
		_, _ = rw.WriteString("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
		_ = rw.Flush()
		line, _ := rw.ReadString('\n')
		_, _ = rw.WriteString(line)
		_ = rw.Flush()
	})
	header := http.Header{"Connection": {"Upgrade"}, "Upgrade": {"echo"}}
	mustOpen(t, server, http.MethodGet, "stranger", header, nil, http.StatusForbidden)
	res := mustOpen(t, server, http.MethodGet, "reader", header, nil, http.StatusSwitchingProtocols)
	conn, ok := res.Body.(io.ReadWriter)
	if !ok {
		t.Fatalf("the body is a %T", res.Body)
	}
	if _, err := io.WriteString(conn, "hello\n"); err != nil {
		t.Fatal(err)
	}
	if got := readLine(t, bufio.NewReader(conn)); got != "hello\n" {
		t.Errorf("got %q", got)
	}
}

// eventHandler returns a handler that sends an event for GET, and a further one for
// each POST meanwhile.
func eventHandler(t *testing.T) http.HandlerFunc {
	t.Helper()
	next := make(chan struct{})
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			select {
			case next <- struct{}{}:
			case <-time.After(timeout):
			}
			return
		}
		w.Header().Set("Content-Type", "text/event-stream")
		for i := range 3 {
			fmt.Fprintf(w, "data: %d\n\n", i)
			if err := http.NewResponseController(w).Flush(); err != nil {
				t.Errorf("Flush: %v", err)
			}
			select {
			case <-next:
			case <-r.Context().Done():
				return
			}
		}
	}
}

// events tests that the client has an event before the next one is written.
func events(t *testing.T, server *httptest.Server, protocol int) {
	mustOpen(t, server, http.MethodGet, "stranger", nil, nil, http.StatusForbidden)
	res := mustOpen(t, server, http.MethodGet, "reader", nil, nil, http.StatusOK)
	if res.ProtoMajor != protocol {
		t.Errorf("got %s", res.Proto)
	}
	body := bufio.NewReader(res.Body)
	for i := range 3 {
		if got, want := readLine(t, body)+readLine(t, body), fmt.Sprintf("data: %d\n\n", i); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		mustOpen(t, server, http.MethodPost, "writer", nil, nil, http.StatusOK)
	}
}

// echoHandler returns a handler that answers each line of the body.
func echoHandler(t *testing.T) http.HandlerFunc {
	t.Helper()
	return func(w http.ResponseWriter, r *http.Request) {
		rc := http.NewResponseController(w)
		if err := rc.EnableFullDuplex(); err != nil {
			t.Errorf("EnableFullDuplex: %v", err)
		}
		_ = rc.Flush()
		for lines := bufio.NewScanner(r.Body); lines.Scan(); {
			fmt.Fprintln(w, lines.Text())
			_ = rc.Flush()
		}
		w.Header().Set(http.TrailerPrefix+"Lines", "done")
	}
}

// fullDuplex tests that a handler can answer while it reads the body.
func fullDuplex(t *testing.T, server *httptest.Server) {
	mustOpen(t, server, http.MethodPost, "reader", nil, strings.NewReader("hello\n"), http.StatusForbidden)
	body, lines := io.Pipe()
	res := mustOpen(t, server, http.MethodPost, "writer", nil, body, http.StatusOK)
	answers := bufio.NewReader(res.Body)
	for _, line := range []string{"hello\n", "again\n"} {
		if _, err := io.WriteString(lines, line); err != nil {
			t.Fatal(err)
		}
		if got := readLine(t, answers); got != line {
			t.Errorf("got %q, want %q", got, line)
		}
	}
	_ = lines.Close()
	if _, err := io.Copy(io.Discard, answers); err != nil {
		t.Error(err)
	}
	if got := res.Trailer.Get("Lines"); got != "done" {
		t.Errorf("got the trailer %q", got)
	}
}

// deadlines has a handler that sets the deadlines of its connection.
func deadlines(t *testing.T, mount Mount) {
	server := start(t, mount, func(w http.ResponseWriter, r *http.Request) {
		rc := http.NewResponseController(w)
		if err := rc.SetWriteDeadline(time.Now().Add(timeout)); err != nil {
			t.Errorf("SetWriteDeadline: %v", err)
		}
		if err := rc.SetReadDeadline(time.Now().Add(-time.Second)); err != nil {
			t.Errorf("SetReadDeadline: %v", err)
		}
		if _, err := io.Copy(io.Discard, r.Body); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("the body after its deadline: got %v", err)
		}
	})
	body, lines := io.Pipe()
	t.Cleanup(func() { _ = lines.Close() })
	mustOpen(t, server, http.MethodPost, "writer", nil, body, http.StatusOK)
}

// expectContinue tests that the server asks for the body of a request which is
// allowed, and not for that of one which is denied.
func expectContinue(t *testing.T, mount Mount) {
	server := start(t, mount, func(_ http.ResponseWriter, r *http.Request) {
		if body, err := io.ReadAll(r.Body); string(body) != "hello" || err != nil {
			t.Errorf("got the body %q, %v", body, err)
		}
	})
	for _, tt := range []struct{ token, first, last string }{
		{"stranger", "HTTP/1.1 403 Forbidden", ""},
		{"writer", "HTTP/1.1 100 Continue", "HTTP/1.1 200 OK"},
	} {
		first, last := expect(t, server, tt.token)
		if first != tt.first || last != tt.last {
			t.Errorf("%s: got %q and %q, want %q and %q", tt.token, first, last, tt.first, tt.last)
		}
	}
}

// expect sends the header of a POST request with "Expect: 100-continue", and returns
// the status line of the answer. If it asks for the body, expect sends "hello" and
// returns the status line of the response as well.
func expect(t *testing.T, server *httptest.Server, token string) (first, last string) {
	t.Helper()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(timeout))
	_, _ = fmt.Fprintf(conn, "POST /notes/7 HTTP/1.1\r\nHost: notes\r\nAuthorization: Bearer %s\r\n"+
		"Content-Length: 5\r\nExpect: 100-continue\r\n\r\n", token)
	answer := bufio.NewReader(conn)
	first = strings.TrimSpace(readLine(t, answer))
	if first != "HTTP/1.1 100 Continue" {
		return first, ""
	}
	readLine(t, answer) // the end of its header
	_, _ = io.WriteString(conn, "hello")
	return first, strings.TrimSpace(readLine(t, answer))
}

// panics tests that a panic of the handler reaches net/http, which closes the
// connection, and that the server goes on.
func panics(t *testing.T, mount Mount) {
	server := start(t, mount, func(w http.ResponseWriter, r *http.Request) {
		switch r.Header.Get("X-Panic") {
		case "":
		case "abort":
			_, _ = io.WriteString(w, "a part")
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		default:
			panic("handler")
		}
	})
	if res, err := open(t, server, http.MethodGet, "reader", http.Header{"X-Panic": {"panic"}}, nil); err == nil {
		t.Errorf("a panic: got %s", res.Status)
	}
	res := mustOpen(t, server, http.MethodGet, "reader", http.Header{"X-Panic": {"abort"}}, nil, http.StatusOK)
	if body, err := io.ReadAll(res.Body); err == nil {
		t.Errorf("http.ErrAbortHandler: got the whole body %q", body)
	}
	mustOpen(t, server, http.MethodGet, "stranger", http.Header{"X-Panic": {"panic"}}, nil, http.StatusForbidden)
	mustOpen(t, server, http.MethodGet, "reader", nil, nil, http.StatusOK)
}

func readLine(t *testing.T, r *bufio.Reader) string {
	t.Helper()
	line, err := r.ReadString('\n')
	if err != nil {
		t.Fatalf("got %q, %v", line, err)
	}
	return line
}
