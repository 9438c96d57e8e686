package main

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestReadmeConsole asks the server what the README and the pages in docs ask it, and
// compares the answers.
func TestReadmeConsole(t *testing.T) {
	server := httptest.NewServer(newServer())
	t.Cleanup(server.Close)
	calls := readmeConsole(t)
	for _, c := range calls {
		if got := ask(t, server.Listener.Addr().String(), c.question); got != c.answer {
			t.Errorf("%s\ngot  %s\nwant %s", c.question, got, c.answer)
		}
	}
	if len(calls) < 3 {
		t.Errorf("the pages ask %d questions, want at least 3", len(calls))
	}
}

// ask returns what curl prints of the answer of a server, without its date.
func ask(t *testing.T, address, question string) string {
	t.Helper()
	m := curl.FindStringSubmatch(question)
	if m == nil {
		t.Fatalf("no such curl is expected: %s", question)
	}
	withHead, method, header, url := m[1] != "", m[2], m[3], m[4]
	req, err := http.NewRequestWithContext(t.Context(), method, "http://"+url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if name, value, ok := strings.Cut(header, ": "); ok {
		req.Header.Set(name, value)
	}
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if err := req.Write(conn); err != nil {
		t.Fatal(err)
	}
	var raw bytes.Buffer
	res, err := http.ReadResponse(bufio.NewReader(io.TeeReader(conn, &raw)), req)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		t.Fatal(err)
	}
	head, body, _ := strings.Cut(strings.ReplaceAll(raw.String(), "\r\n", "\n"), "\n\n")
	if withHead {
		body = date.ReplaceAllString(head, "") + "\n\n" + body
	}
	return strings.TrimSpace(body)
}

var date = regexp.MustCompile(`\nDate: .*`)

var console = regexp.MustCompile("(?s)<!-- asked of example/notes -->\n```console\n(.*?)```")

// A call is a command of a page and the answer that the page shows.
type call struct{ question, answer string }

func readmeConsole(t *testing.T) []call {
	t.Helper()
	pages, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	var calls []call
	for _, page := range append(pages, "../../README.md") {
		data, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, block := range console.FindAllStringSubmatch(string(data), -1) {
			for part := range strings.SplitSeq("\n"+block[1], "\n$ ") {
				if question, answer, ok := strings.Cut(part, "\n"); ok && question != "" {
					calls = append(calls, call{question, strings.TrimSpace(answer)})
				}
			}
		}
	}
	return calls
}

var curl = regexp.MustCompile(`^curl( -i)?(?: -X (\w+))?(?: -H '([^']*)')? (\S+)$`)
